"""The demo: two towns, nine people one may be, ten more who talk in groups; nothing leaves it."""
