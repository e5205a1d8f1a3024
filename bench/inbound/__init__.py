"""What comes in by mail: how many, how soon, at which cost."""
