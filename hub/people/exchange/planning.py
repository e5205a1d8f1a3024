"""What becomes of each row of a file of citizens: somebody new, a record that changes, nothing, or a refusal and why.

The rules (S7): people are known by their email address, else by name and phone. Who has an account of their own keeps
every detail: only gaps are filled. An email address is never replaced. Whom only another town knows is not touched.
Pure, but for what `known.Register` has read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hub.people.asked import ADDRESS, PHONES
from hub.people.exchange import more
from hub.people.exchange.known import Known, Register, naming
from hub.people.exchange.more import Given
from hub.people.rules import PHONES_MAX
from hub.towns.models import Town

PERSON = ("title", "first_name", "last_name", "birth_date", "language")
NEW, UPDATE, SKIP, REFUSED = "new", "update", "skip", "refused"
KINDS = (NEW, UPDATE, SKIP, REFUSED)


@dataclass(frozen=True)
class Fault:
    """Why a row is refused. `field`: which column, or "" for the whole row; `value`: what stands there."""

    field: str
    value: str
    why: str


@dataclass(frozen=True)
class Entry:
    """One row, cleaned: what it gives, under our names; what is wrong with it."""

    number: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()

    @property
    def phones(self) -> list[str]:
        """Its numbers in order, each once."""
        return list(dict.fromkeys(self.values[name] for name in PHONES if name in self.values))

    @property
    def email(self) -> str:
        return str(self.values.get("email", ""))

    @property
    def name(self) -> str:
        """As it stands there; without one, the address."""
        full = f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()
        return full or self.email


@dataclass
class Plan:
    """What becomes of a row. `changes`: `(field, before, after)`; a list of phones counts as one field, `phones`;
    `citizen` is somebody of the town hall who comes into the list."""

    entry: Entry
    kind: str
    known: Known | None = None
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """Whom it is about."""
        return self.entry.name or (self.known.person.name if self.known else "")

    def __str__(self) -> str:
        return self.name

    @property
    def pk(self) -> int | None:
        """Of whom we know."""
        return self.known.person.pk if self.known else None

    @property
    def after(self) -> dict[str, Any]:
        """What will stand in each field that changes."""
        return {name: after for name, _before, after in self.changes}


@dataclass
class Planner:
    """Says what becomes of rows, one after the other; it remembers whom the former ones were about."""

    town: Town
    register: Register
    _emails: dict[str, int] = field(default_factory=dict)
    _called: dict[tuple[str, str], int] = field(default_factory=dict)
    _people: dict[int, int] = field(default_factory=dict)

    def plan(self, entry: Entry) -> Plan:
        """What becomes of this row."""
        known, fault = self._whom(entry)
        fault = fault or self._said_before(entry, known)
        if entry.faults or fault:
            return Plan(entry, REFUSED, faults=(*entry.faults, *([fault] if fault else ())))
        plan = _changed(entry, known) if known else self._made(entry)
        if plan.kind != REFUSED:
            self._remember(entry, known)
        return plan

    def _whom(self, entry: Entry) -> tuple[Known | None, Fault | None]:
        if found := self.register.by_email.get(entry.email) if entry.email else None:
            return found, _why_not_by_address(found, entry)
        name = _key(entry)
        alike = self.register.called(name, entry.phones) if name else []
        if len(alike) > 1:
            return None, Fault("", "", _("Plusieurs fiches ont ce nom et ce téléphone : réunissez-les d’abord."))
        if alike and entry.email and alike[0].person.email:
            return None, Fault(
                "email", entry.email,
                _("Une fiche a ce nom et ce téléphone, mais un autre courriel : vérifiez-la à la main."),
            )  # fmt: skip
        return (alike[0] if alike else None), None

    def _said_before(self, entry: Entry, known: Known | None) -> Fault | None:
        name = _key(entry)
        before = [
            self._emails.get(entry.email) if entry.email else None,
            self._people.get(known.person.pk) if known else None,
            *(self._called.get((name, phone)) for phone in entry.phones if name),
        ]
        number = next((number for number in before if number), None)
        if number is None:
            return None
        return Fault("", "", _("Cette personne est déjà à la ligne %(row)s.") % {"row": number})

    def _remember(self, entry: Entry, known: Known | None) -> None:
        if entry.email:
            self._emails[entry.email] = entry.number
        if known:
            self._people[known.person.pk] = entry.number
        self._called |= {(_key(entry), phone): entry.number for phone in entry.phones}

    def _made(self, entry: Entry) -> Plan:
        faults = tuple(_missing(entry))
        if faults:
            return Plan(entry, REFUSED, faults=faults)
        given = {name: entry.values[name] for name in (*PERSON, "email", *ADDRESS) if name in entry.values}
        given = {"language": self.town.languages[0] if self.town.languages else "fr"} | given
        changes: list[tuple[str, Any, Any]] = [(name, "", given[name]) for name in (*PERSON, "email") if name in given]
        changes += [("phones", [], entry.phones)] if entry.phones else []
        changes += [(name, "", given[name]) for name in ADDRESS if name in given]
        return Plan(entry, NEW, changes=changes + _of_rooms(entry, None))


def _key(entry: Entry) -> str:
    return naming(str(entry.values.get("first_name", "")), str(entry.values.get("last_name", "")))


def _missing(entry: Entry) -> list[Fault]:
    """What nobody can be registered without: their name, and a way to reach them."""
    faults = [
        Fault(name, "", said)
        for name, said in (("first_name", _("Le prénom manque.")), ("last_name", _("Le nom manque.")))
        if name not in entry.values
    ]
    if not entry.email and not entry.phones:
        faults.append(Fault("", "", _("Ni courriel ni téléphone : on ne pourrait pas joindre cette personne.")))
    return faults


def _why_not_by_address(known: Known, entry: Entry) -> Fault | None:
    """Nobody may learn here what others know of somebody: neither their name nor where they are."""
    if not known.roles:
        return Fault(
            "email", entry.email,
            _("Cette adresse a un compte qui ne suit pas votre commune : cette personne seule peut la suivre."),
        )  # fmt: skip
    if known.waits_for_proof:
        return Fault("email", entry.email, _("Une inscription en ligne attend que cette adresse soit confirmée."))
    if not known.person.is_active:
        return Fault("email", entry.email, _("Le compte de cette adresse est fermé."))
    return None


# What changes.


def _changed(entry: Entry, known: Known) -> Plan:
    changes: list[tuple[str, Any, Any]] = []
    if known.is_citizen:
        changes += _of_person(entry, known)
        changes += _of_phones(entry, known)
        changes += _of_address(entry, known)
        changes += _of_rooms(entry, known)
    else:
        changes.append(("citizen", "", ""))  # of the town hall: nothing else of theirs is the file's to know
    if len(next((after for name, _before, after in changes if name == "phones"), ())) > PHONES_MAX:
        return Plan(entry, REFUSED, known, faults=(Fault("phone_1", entry.name, _("Six numéros au plus.")),))
    return Plan(entry, UPDATE if changes else SKIP, known, changes)


def _of_person(entry: Entry, known: Known) -> list[tuple[str, Any, Any]]:
    person = known.person
    found = []
    for name in PERSON:
        before, after = getattr(person, name) or "", entry.values.get(name, "")
        if after and after != before and not (known.proven and before):
            found.append((name, before, after))
    if entry.email and not person.email:
        found.append(("email", "", entry.email))
    return found


def _of_phones(entry: Entry, known: Known) -> list[tuple[str, Any, Any]]:
    """The file's numbers come first, in its order; those that it does not name stay behind them."""
    before = list(known.phones)
    if not entry.phones or (known.proven and before):
        return []
    after = list(dict.fromkeys([*entry.phones, *before]))
    return [("phones", before, after)] if after != before else []


def _of_address(entry: Entry, known: Known) -> list[tuple[str, Any, Any]]:
    """Another street is another address, and replaces the whole of it; else its parts one by one."""
    before = {name: getattr(known.address, name, "") or "" for name in ADDRESS}
    given = {name: entry.values[name] for name in ADDRESS if name in entry.values}
    if not given or (known.proven and any(before.values())):
        return []
    moved = bool(before["street"]) and given.get("street", before["street"]) != before["street"]
    after = {name: given.get(name, "" if moved else before[name]) for name in ADDRESS}
    return [(name, before[name], after[name]) for name in ADDRESS if after[name] != before[name]]


def _of_rooms(entry: Entry, known: Known | None) -> list[tuple[str, Any, Any]]:
    """What rooms above make of their columns; what somebody with an account has said there stays as it is."""
    email = (known.person.email if known else "") or entry.email
    had = list(known.phones) if known else []
    numbers = had if known and known.proven and had else [*entry.phones, *had]
    given = Given(entry.values, email, numbers[0] if numbers else "")
    found: list[tuple[str, Any, Any]] = []
    for at, room in enumerate(more.rooms()):
        stands = known.more[at] if known else None
        if stands is None or not (known and known.proven):
            found += room.changes(given, stands)
    return found


def as_text(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
