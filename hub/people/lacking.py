"""What a town would reach somebody by in danger, and does not know yet: it is asked for, and nobody has to (S15)."""

from hub.people.asked import shown_when_known
from hub.people.forms import known_details
from hub.people.models import Person
from hub.people.queries import towns_of
from hub.towns.citizen_fields import Ask, Asked, asked_by_any


def asked_of(person: Person) -> Asked:
    """What the person's towns ask for in an account (S11), and what is known already."""
    return shown_when_known(asked_by_any(towns_of(person), "account"), known_details(person))


def lacks(person: Person) -> set[str]:
    """Of address and phone, those that a town of theirs asks for and that are not known yet."""
    asked, known = asked_by_any(towns_of(person), "account"), known_details(person)
    return {detail for detail in ("address", "phone") if asked[detail] != Ask.HIDDEN and detail not in known}
