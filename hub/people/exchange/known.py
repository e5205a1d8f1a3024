"""Whom a town knows already: looked up for many rows at once, by email address, else by name and phone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from hub.core.folding import folded
from hub.people.exchange import more
from hub.people.exchange.more import Stands
from hub.people.models import Address, Membership, Person, Phone, Role
from hub.towns.models import Town

CHUNK = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """Somebody of this hub. What is theirs is only read when they are of the town."""

    person: Person
    roles: frozenset[str]  # in this town
    proven: bool
    phones: tuple[str, ...] = ()
    address: Address | None = None
    more: tuple[Stands | None, ...] = ()  # of rooms above, in their order

    @property
    def waits_for_proof(self) -> bool:
        """They signed up with an address that they have not shown to be theirs: nothing of it is used."""
        return self.person.self_registered and not self.proven

    @property
    def is_citizen(self) -> bool:
        """Whether they are in the town's list."""
        return Role.CITIZEN in self.roles and not self.waits_for_proof


def naming(first_name: str, last_name: str) -> str:
    """A name as names are compared."""
    return f"{folded(first_name)} {folded(last_name)}".strip()


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterable[list[T]]:
    """The values, `size` at a time."""
    each = iter(values)
    while chunk := list(islice(each, size)):
        yield chunk


@dataclass
class Register:
    """A town's people as far as a file needs them. `lock`: their records wait for this transaction's end."""

    town: Town
    lock: bool = False
    by_email: dict[str, Known] = field(default_factory=dict)
    _by_name_and_phone: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def look_up_emails(self, emails: Iterable[str]) -> None:
        """Learn of all whom these addresses lead to: a few queries for some hundreds."""
        for some in chunks(dict.fromkeys(emails)):
            self._learn_addresses(some)

    def look_up_phones(self, numbers: Iterable[str]) -> None:
        """Learn of the town's citizens who have one of these numbers: a few queries for some hundreds."""
        for some in chunks(dict.fromkeys(numbers)):
            self._learn_phones(some)

    def called(self, name: str, phones: Iterable[str]) -> list[Known]:
        """The town's citizens of that name (`naming`) who have one of these numbers."""
        found = {known.person.pk: known for phone in phones for known in self._by_name_and_phone.get((name, phone), ())}
        return list(found.values())

    def _learn_addresses(self, emails: list[str]) -> None:
        theirs = (
            EmailAddress.objects.alias(low=Lower("email"))
            .filter(low__in=emails, verified=True)
            .values_list("user_id", Lower("email"))
        )
        owners = {pk for pk, _email in theirs}
        people = Person.objects.alias(low=Lower("email")).exclude(email="").filter(low__in=emails)
        found: dict[int, Person] = {person.pk: person for person in people}
        found |= Person.objects.in_bulk(owners - found.keys())
        known = self._known(found)
        self.by_email |= {found[pk].email.lower(): known[pk] for pk in found}
        self.by_email |= {email: known[pk] for pk, email in theirs}  # who has proven it comes first

    def _learn_phones(self, numbers: list[str]) -> None:
        owners = Phone.objects.filter(
            number__in=numbers, person__is_active=True, person__memberships__town=self.town,
            person__memberships__role=Role.CITIZEN,
        )  # fmt: skip
        people = Person.objects.filter(pk__in=owners.values("person"))
        for known in self._known({person.pk: person for person in people}).values():
            if known.is_citizen:
                name = naming(known.person.first_name, known.person.last_name)
                for phone in known.phones:
                    self._by_name_and_phone[name, phone].append(known)

    def _known(self, people: dict[int, Person]) -> dict[int, Known]:
        roles: dict[int, set[str]] = defaultdict(set)
        for person_id, role in Membership.objects.filter(town=self.town, person__in=people).values_list(
            "person_id", "role"
        ):
            roles[person_id].add(role)
        if self.lock:
            ours = Person.objects.select_for_update(no_key=True).filter(pk__in=roles).order_by("pk")
            people |= {person.pk: person for person in ours}
        phones: dict[int, list[str]] = defaultdict(list)
        for person_id, number in Phone.objects.filter(person__in=roles).values_list("person_id", "number"):
            phones[person_id].append(number)
        addresses = {address.person_id: address for address in Address.objects.filter(person__in=roles)}
        proven = set(EmailAddress.objects.filter(user__in=people, verified=True).values_list("user_id", flat=True))
        rooms = more.standing(self.town, roles.keys(), lock=self.lock)
        return {
            pk: Known(
                person, frozenset(roles.get(pk, ())), pk in proven, tuple(phones.get(pk, ())), addresses.get(pk),
                tuple(room.get(pk) for room in rooms),
            )
            for pk, person in people.items()
        }  # fmt: skip
