"""The files that we write: the list taken out, refused rows, an empty file to fill in. CSV or XLSX."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from tablib import Dataset

from hub.core.typography import NBSP
from hub.people.asked import ADDRESS, PHONES
from hub.people.exchange.columns import COLUMNS, head
from hub.people.exchange.known import chunks
from hub.people.exchange.more import room_of, rooms
from hub.people.exchange.report import Row
from hub.people.models import Language, Person, Phone
from hub.towns.models import Country, Town

_CALLING_CODE = {Country.FRANCE: 33, Country.CANADA: 1}

# What is known of somebody, without a model: their objects hold each other, and thousands would stay until the garbage
# collector looks at all there is.
Known = Mapping[str, Any]
_AT_ONCE = 1_000
_KNOWN = ("pk", "first_name", "last_name", "email", "language", "self_registered", "birth_date", "joined_at")


# The list.


def known_of(people: QuerySet[Person]) -> Iterator[Known]:
    """What the table needs of `people` (of `queries.citizens_of`), read as it is wanted."""
    plain = people.prefetch_related(None).values(*_KNOWN, *(f"address__{name}" for name in ADDRESS))
    read: Iterator[Known] = plain.iterator(chunk_size=_AT_ONCE)
    return read


def _phones_of(people: Sequence[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    numbers = Phone.objects.filter(person__in=people).order_by("position", "id")
    for person_id, number in numbers.values_list("person_id", "number"):
        found[person_id].append(number)
    return found


class CitizenTable:
    """The columns of the list as columns of a file, which can be read back, in the language that is active.

    `names`: of `fields_of`.
    """

    def __init__(self, town: Town, names: Sequence[str]) -> None:
        language = get_language() or "fr"
        self.headers = [head(name, language) for name in names]
        self._names = names
        self._town = town
        self._zone = ZoneInfo(town.time_zone)
        self._calling_code = _CALLING_CODE.get(Country(town.country))
        self._yes_or_no = {True: _("oui"), False: _("non")}
        self._languages = {language.value: str(language.label) for language in Language}

    def rows(self, people: Iterable[Known]) -> Iterator[list[Any]]:
        """Each person's cells, one person after the other. `people`: of `known_of`."""
        for some in chunks(people, _AT_ONCE):
            numbers = [person["pk"] for person in some]
            phones, said = _phones_of(numbers), self._said(numbers)
            for person in some:
                pk = person["pk"]
                yield [self._value(name, person, phones[pk], said.get(pk, {})) for name in self._names]

    def _said(self, people: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
        """What rooms above know of these, where the file has columns of theirs."""
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for room in rooms():
            if room.names.keys() & set(self._names):
                for person_id, stands in room.standing(self._town, people).items():
                    found[person_id] |= {name: room.shown(name, value) for name, value in stands.items()}
        return found

    def _value(self, name: str, person: Known, numbers: Sequence[str], said: Mapping[str, str]) -> Any:
        if room_of(name):
            return said.get(name, "")
        if name in PHONES:
            place = PHONES.index(name)
            return self._phone(numbers[place]) if place < len(numbers) else ""
        if name in ADDRESS:
            return person[f"address__{name}"] or ""
        if name == "language":
            return self._languages[person["language"]]
        if name == "account":
            return self._yes_or_no[person["self_registered"]]
        if name == "registered":
            return person["joined_at"].astimezone(self._zone).date()
        return person[name]

    def _phone(self, number: str) -> str:
        """As the town's country reads it; a foreign one with its country, so that it is read back."""
        parsed = phonenumbers.parse(number, None)
        here = parsed.country_code == self._calling_code
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(parsed, form.NATIONAL if here else form.INTERNATIONAL)


_FIELDS = ("first_name", "last_name", "email", *PHONES, *ADDRESS, "language", "account", "birth_date", "registered")
_OF_COLUMN = {
    "name": ("first_name", "last_name"),
    "address": ("number", "street", "city"),
}


def fields_of(columns: Iterable[str], most_phones: int) -> list[str]:
    """The file's columns for those of the list. `most_phones`: how many numbers somebody has at most."""
    chosen: set[str] = set()
    for column in columns:
        chosen |= set(PHONES[: max(1, most_phones)] if column == "phone" else _OF_COLUMN.get(column, (column,)))
    theirs = [name for room in rooms() if room.column.key in chosen for name in room.names]
    return [name for name in _FIELDS if name in chosen] + theirs


# What goes back to who sent a file, and what they may begin with.


def refused(headers: Sequence[str], report: Iterable[Row]) -> Dataset:
    """Refused rows as they came, with their number and why, to be mended and sent again."""
    language = get_language() or "fr"
    dataset = Dataset(headers=[*headers, head("row", language), head("reason", language)])
    width = len(headers)
    for row in report:
        if cells := row.get("cells"):
            why = " ".join(dict.fromkeys(_reason(told, language) for told in row["told"]))
            dataset.append([*cells[:width], *[""] * (width - len(cells)), str(row["row"]), why])
    return dataset


def _reason(told: Sequence[str], language: str) -> str:
    field, _value, why = told
    return f"{head(field, language)}{NBSP}: {why}" if field else why


def template() -> Dataset:
    """The headers that we read, and nothing else."""
    language = get_language() or "fr"
    names = [name for column in COLUMNS for name in (PHONES[:2] if column == "phone" else (column,))]
    return Dataset(headers=[head(name, language) for name in names])
