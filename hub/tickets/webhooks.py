"""Other programs are told of a town's tickets: calls are written with their cause, and made after it."""

from collections.abc import Mapping
from typing import Any

from hub.tickets.models import Ticket


def enqueue(ticket: Ticket, event: str, what: Mapping[str, Any]) -> None:
    """One call for each webhook of the town that wants this event, in the caller's transaction."""
