"""Finding people by what one types: a part of a name, an address, a phone; accents and case apart."""

from django.db.models import Q, QuerySet

from hub.core.folding import folded
from hub.people.models import Person, Phone

_MOST_WORDS = 6
_MEANT_AS_SPACES = " .-()\u00a0\u202f"


def holding(people: QuerySet[Person], search: str) -> QuerySet[Person]:
    """Those of `people` in whom each word is found: in their name, email or postal address, or as a phone.

    A phone number is one word, however it is spaced. Nothing to look for finds everybody.
    """
    words = _words(search)
    if not words:
        return people
    for word in words:
        found = Q(words__contains=word) | Q(address__words__contains=word)
        # A national number is written with a leading 0 that E.164 drops.
        part = word.removeprefix("+").removeprefix("0")
        if len(part) >= 3 and part.isdigit():
            found |= Q(pk__in=Phone.objects.filter(number__contains=part).values("person"))
        people = people.filter(found)
    return people


def _words(search: str) -> list[str]:
    number = "".join(letter for letter in search if letter not in _MEANT_AS_SPACES)
    return [number] if number.removeprefix("+").isdigit() else folded(search).split()[:_MOST_WORDS]
