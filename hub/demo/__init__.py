"""The demo: two towns, nine people one may be, eighteen more who talk and answer, 600 tickets; nothing leaves it."""
