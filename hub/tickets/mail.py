"""What is written to requesters, followers and services about tickets. Called in the transaction of the cause."""

from hub.conversations.models import Message
from hub.tickets.models import Follower, Ticket


def send_receipt(ticket: Ticket) -> None:
    """To the requester: reference, link, who is accountable, the date promised (S88, S132, S139)."""


def send_started(ticket: Ticket) -> None:
    """To the requester: treatment has begun (S112)."""


def send_follow_up(ticket: Ticket, message: Message) -> None:
    """To the requester who wants follow-ups (S114), and to followers when it is public: an external follow-up."""


def send_closed(ticket: Ticket) -> None:
    """To the requester (and followers): it is treated, or refused and why (S107); « C'est réglé ? »."""


def send_reopened(ticket: Ticket) -> None:
    """To the requester: it is open again, by the town."""


def send_assigned(ticket: Ticket) -> None:
    """To the service, on assignment (S110)."""


def send_internal(ticket: Ticket, message: Message) -> None:
    """To the service: an internal follow-up (S113)."""


def send_answered(ticket: Ticket, message: Message) -> None:
    """To the service: the requester's words (S116)."""


def send_due_soon(ticket: Ticket) -> None:
    """To the service, some days before the due date (S109)."""


def send_confirmation(follower: Follower) -> None:
    """To who wants to follow a public ticket by an address: the link that confirms it."""
