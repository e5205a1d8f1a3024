"""Who is on the phone: found as staff type a name, a number, an address (S85)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from hub.core import typography
from hub.core.errors import Forbidden
from hub.people.models import Person
from hub.people.queries import citizens_of
from hub.tickets.finding import holding
from hub.tickets.models import Ticket
from hub.tickets.queries import desk_settings, desk_tickets
from hub.towns.models import Town

MOST = 8
_LOOKED_AT = 60


@dataclass(frozen=True)
class Found:
    """Somebody who may be the requester. `requester`: their number, for who is a citizen of the town."""

    first_name: str
    last_name: str
    email: str
    phone: str
    address: str
    requester: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def details(self) -> str:
        """One line that tells apart people of the same name."""
        phone = typography.phone(self.phone) if self.phone else ""
        return " · ".join(part for part in (phone, self.email, self.address) if part)

    def fields(self) -> dict[str, object]:
        """As a page's script puts them into the form."""
        return {**asdict(self), "name": self.name, "details": self.details}


def find_requesters(actor: Person, town: Town, text: str) -> list[Found]:
    """Citizens of the town first, then who asked for something before without an account. Eight at most."""
    text = _asked(text)
    if len(text) < 2:
        return []
    found: dict[tuple[str, str], Found] = {}
    for one in (*_citizens(actor, town, text), *_earlier(actor, town, text)):
        found.setdefault((one.name.casefold(), one.email or one.phone), one)
        if len(found) == MOST:
            break
    return list(found.values())


def _asked(text: str) -> str:
    """A number as one word, however it is spaced."""
    text = text.replace("\x00", "")
    number = "".join(letter for letter in text if letter not in " .-()\u00a0\u202f")
    return number if number.removeprefix("+").isdigit() else text.strip()


def _citizens(actor: Person, town: Town, text: str) -> Iterator[Found]:
    try:
        people = citizens_of(actor, town, text).select_related("address")[:MOST]
    except Forbidden:
        return
    for person in people:
        phones = [phone.number for phone in person.phones.all()]
        address = getattr(person, "address", None)
        where = f"{address.number} {address.street}".strip() if address else ""
        yield Found(
            person.first_name, person.last_name, person.email, phones[0] if phones else "", where, requester=person.pk
        )


def _earlier(actor: Person, town: Town, text: str) -> Iterator[Found]:
    """By what the desk's own tickets say of their requesters."""
    code = desk_settings(town).code
    held = desk_tickets(actor, town).filter(holding(text, code), internal=False, anonymous=False)
    rows = held.exclude(last_name="", first_name="").order_by("-created_at")[:_LOOKED_AT]
    for ticket in rows:
        if _fits(ticket, text):
            yield Found(ticket.first_name, ticket.last_name, ticket.email, ticket.phone, ticket.address)


def _fits(ticket: Ticket, text: str) -> bool:
    """Whether it is the requester who is found by the text, and not what they wrote."""
    details = f"{ticket.first_name} {ticket.last_name} {ticket.email} {ticket.phone} {ticket.address}".casefold()
    digits = "".join(letter for letter in text if letter.isdigit())
    return all(word in details for word in text.casefold().split()) or (
        len(digits) > 3 and digits.lstrip("0") in details
    )
