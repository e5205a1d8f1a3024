"""Citizens' pages: what they want to be told, their number, the link in each message."""
