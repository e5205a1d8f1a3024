"""Staff's pages about people, under /mairie/SLUG/."""
