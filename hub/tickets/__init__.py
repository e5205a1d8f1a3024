"""Tickets: a workflow over a conversation, from what a citizen reports to what the town answers."""
