"""Reading a town's trail, and whether it is still what was written."""

from django.db.models import QuerySet

from hub.audit import rules
from hub.audit.models import Entry, Trail
from hub.towns.models import Town


def entries_of(town: Town, *, acts: str = "") -> QuerySet[Entry]:
    """The town's entries, the latest first. `acts`: only those whose name begins so ("message.")."""
    found = Entry.objects.filter(town=town).order_by("-number")
    return found.filter(act__startswith=acts) if acts else found


def first_broken(town: Town) -> int | None:
    """The number of the first entry that is not what was written, or is missing; None when all hold together."""
    former, number = rules.BEGINNING, 0
    for entry in Entry.objects.filter(town=town).order_by("number").iterator(chunk_size=1_000):
        number += 1
        if entry.number != number or entry.former != former or entry.digest != _digest(entry):
            return number
        former = entry.digest
    end = Trail.objects.filter(town=town).first()
    return number + 1 if end is not None and (end.number, end.digest) != (number, former) else None


def _digest(entry: Entry) -> str:
    return rules.digest(
        former=entry.former, town_id=entry.town_id, number=entry.number, at=entry.at, actor_id=entry.actor_id,
        actor_name=entry.actor_name, act=entry.act, subject=entry.subject, what=entry.what,
    )  # fmt: skip
