"""Who saw and changed what is known of people, in the town's trail.

It stays for ever: citizens are named there by number alone, and of what was changed it says that it was, never what it
is. An entry holds the town's trail until the transaction ends: it is written last.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache

from hub.audit.actions import note
from hub.people.models import Person, Role
from hub.towns.models import Town

SEEN_AGAIN_S = 3_600
_PROFILE = ("title", "first_name", "last_name", "birth_date", "language", "email")


def note_seen(*, actor: Person, town: Town, person: Person) -> None:
    """Staff opened a citizen's record: told once an hour for each of them and record."""
    if cache.add(f"person-seen-{town.pk}-{person.pk}-{actor.pk}", True, SEEN_AGAIN_S):
        note(town_id=town.pk, actor=actor, act="person.seen", subject=_subject(person), what={})


def note_registered(*, actor: Person, town: Town, person: Person) -> None:
    """Staff put a citizen on the list (S1)."""
    note(town_id=town.pk, actor=actor, act="person.register", subject=_subject(person), what={})


def note_changed(*, actor: Person, town: Town, person: Person, before: Mapping[str, Any]) -> None:
    """Staff corrected what is known of a citizen (S12). `before`: of `details_of`, then."""
    after = details_of(person)
    changed = ", ".join(name for name, value in after.items() if value != before[name])
    if changed:
        note(town_id=town.pk, actor=actor, act="person.change", subject=_subject(person), what={"changed": changed})


def details_of(person: Person) -> dict[str, Any]:
    """What staff can change, as the database has it now, to be compared."""
    kept = Person.objects.select_related("address").get(pk=person.pk)
    place = getattr(kept, "address", None)
    return {
        **{name: getattr(kept, name) for name in _PROFILE},
        "phones": [phone.number for phone in kept.phones.all()],
        "address": (place.number, place.street, place.postal_code, place.city) if place else ("", "", "", ""),
    }


def note_role(*, actor: Person | None, person: Person, town: Town, role: Role, given: bool) -> None:
    """Somebody got or lost a role at the town hall. The installation itself (`actor` None) tells nothing."""
    if actor is not None:
        what = {"name": person.name, "role": str(role)}
        note(
            town_id=town.pk, actor=actor, act="role.grant" if given else "role.revoke", subject=_subject(person),
            what=what,
        )  # fmt: skip


def note_services(*, actor: Person | None, person: Person, town: Town, services: Sequence[str]) -> None:
    """The services, by name, whose tickets somebody now sees."""
    if actor is not None:
        what = {"name": person.name, "services": ", ".join(services)}
        note(town_id=town.pk, actor=actor, act="role.services", subject=_subject(person), what=what)


def _subject(person: Person) -> str:
    return f"person.{person.pk}"
