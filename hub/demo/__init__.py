"""The demo: two towns, nine people, a few conversations; nothing leaves it."""
