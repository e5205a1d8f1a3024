"""Guarded reads for letters: whose a scan is, and which requests of the town it may join."""

from collections.abc import Iterable
from uuid import UUID

from hub.core.errors import NotFound
from hub.files.actions import unattached
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.tickets import rules
from hub.tickets.models import Ticket
from hub.tickets.queries import access_work
from hub.towns.models import Town

SCANS = ("pdf", *rules.PICTURES)


def access_scan(person: Person, file_id: UUID) -> StoredFile:
    """A letter that this person has dropped, and that stands on a ticket or on nothing yet. Raises `NotFound`."""
    scan = StoredFile.objects.select_related("ticket_file__ticket__town").filter(pk=file_id, owner=person).first()
    if scan is None or not (scan.is_picture or scan.content_type == "application/pdf"):
        raise NotFound
    if joined(scan) is None and not unattached().filter(pk=scan.pk).exists():
        raise NotFound  # it is of a conversation, say
    return scan


def joined(scan: StoredFile) -> Ticket | None:
    """The ticket on which it stands already."""
    placed = getattr(scan, "ticket_file", None)
    return placed.ticket if placed is not None else None


def tickets_named(person: Person, town: Town, numbers: Iterable[str]) -> list[Ticket]:
    """Those of the town that are this person's work and take the requester's words.

    Another town's, or one out of reach, is as good as none.
    """
    found: dict[int, Ticket] = {}
    for number in numbers:
        try:
            seen = access_work(person, number)
        except NotFound:
            continue
        ticket = seen.ticket
        if rules.takes_letters(ticket) and ticket.town_id == town.pk:
            found.setdefault(ticket.pk, ticket)
    return list(found.values())
