"""Finding people by what one types: a part of a name, an address, a phone; accents and case apart."""

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from hub.core.folding import Folded, folded
from hub.people.models import Person

_MOST_WORDS = 6
_MEANT_AS_SPACES = " .-()\u00a0\u202f"


def holding(people: QuerySet[Person], search: str) -> QuerySet[Person]:
    """Those of `people` in whom each word is found: in their name, email or postal address, or as a phone.

    A phone number is one word, however it is spaced. Nothing to look for finds everybody.
    """
    words = _words(search)
    if not words:
        return people
    people = people.alias(known_as=Folded(_all_words()))
    for word in words:
        people = people.filter(Q(known_as__contains=word) | Q(pk__in=_owners_of_phone(word)))
    return people


def _words(search: str) -> list[str]:
    number = "".join(letter for letter in search if letter not in _MEANT_AS_SPACES)
    return [number] if number.removeprefix("+").isdigit() else folded(search).split()[:_MOST_WORDS]


def _all_words() -> Concat:
    """Name, email and address on one line."""
    space = Value(" ")
    address = [
        Coalesce(f"address__{name}", Value(""), output_field=CharField())
        for name in ("number", "street", "postal_code", "city")
    ]
    parts = ["first_name", "last_name", "email", *address]
    spaced = [part for name in parts for part in (name, space)]
    return Concat(*spaced, output_field=CharField())


def _owners_of_phone(word: str) -> QuerySet[Person, int]:
    # A national number is written with a leading 0 that E.164 drops.
    part = word.removeprefix("+").removeprefix("0")
    if len(part) < 3 or not part.isdigit():
        return Person.objects.none().values_list("pk", flat=True)
    return Person.objects.filter(phones__number__contains=part).values_list("pk", flat=True)
