"""What stands in a cell as what is kept: names, phones, days. A `ValueError` says what is wrong, in words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Invalid
from hub.core.folding import folded
from hub.core.phones import normal_phone
from hub.people.asked import PHONES
from hub.people.models import Address, Person
from hub.people.rules import plausible_birth_date
from hub.towns.models import Country

Clean = Callable[[Any], Any]

_LANGUAGES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}
_TITLES = {
    "mme": "mme", "madame": "mme", "mrs": "mme", "ms": "mme", "mlle": "mme", "mademoiselle": "mme", "m": "m",
    "monsieur": "m", "mr": "m",
}  # fmt: skip
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
_POSTAL_CODES = {
    Country.FRANCE: re.compile(r"\d{5}"),
    Country.CANADA: re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d"),
}
_KEPT_AS_TEXT = "'"  # what our own files, and spreadsheets, put before what would be a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_of(cell: Any) -> str:
    """A cell's words on one line; the apostrophe that keeps them from being a formula left out."""
    words = " ".join(str("" if cell is None else cell).split())
    return words[1:] if words.startswith(_KEPT_AS_TEXT) and words[1:].startswith(_FORMULA) else words


def cleaners(country: str) -> dict[str, Clean]:
    """What cleans each field of a town's file. Each takes a cell that holds something."""
    lengths = {field.name: field.max_length for model in (Person, Address) for field in model._meta.fields}
    plain = ("first_name", "last_name", "number", "street", "city")
    return {
        **{name: partial(_line, most=lengths[name] or 0) for name in plain},
        "email": _email,
        "title": partial(_one_of, known=_TITLES, said=_("Madame ou Monsieur")),
        "language": partial(_one_of, known=_LANGUAGES, said=_("français ou anglais")),
        "birth_date": _birth_date,
        "postal_code": partial(_postal_code, country=country),
        **dict.fromkeys(PHONES, partial(_phone, country=country)),
    }


def _line(cell: Any, *, most: int) -> str:
    words = text_of(cell)
    if not words.isprintable():
        raise ValueError(_("Ce texte contient des caractères illisibles."))
    if len(words) > most:
        raise ValueError(
            _("Ce texte est trop long : %(count)s caractères, pour %(most)s au plus.")
            % {"count": len(words), "most": most}
        )
    return words


def _email(cell: Any) -> str:
    address = text_of(cell).removeprefix("mailto:").lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(_("Ce n’est pas une adresse de courriel.")) from None
    if len(address) > 254:
        raise ValueError(_("Cette adresse est trop longue."))
    return address


def _phone(cell: Any, *, country: str) -> str:
    try:
        return normal_phone(text_of(cell), country)
    except Invalid:
        raise ValueError(_("Ce n’est pas un numéro de téléphone.")) from None


def _one_of(cell: Any, *, known: dict[str, str], said: str) -> str:
    found = known.get(folded(text_of(cell)).rstrip("."))
    if found is None:
        raise ValueError(_("Cette valeur n’est pas connue ; on attend %(choices)s.") % {"choices": said})
    return found


def _birth_date(cell: Any) -> date:
    day = cell if isinstance(cell, date) else _day(text_of(cell).removesuffix(" 00:00:00"))
    if day is None:
        raise ValueError(_("Ce n’est pas une date ; on attend 14/03/1971 ou 1971-03-14."))
    if not plausible_birth_date(day, now().date()):
        raise ValueError(_("Cette date de naissance n’est pas possible."))
    return day


def _day(words: str) -> date | None:
    for written_as in _DAYS:
        try:
            return datetime.strptime(words, written_as).date()
        except ValueError:
            continue
    return None


def _postal_code(cell: Any, *, country: str) -> str:
    """Of France or of Canada, wherever the town is: people may live elsewhere."""
    words = "".join(text_of(cell).split()).replace("-", "").upper()
    if country == Country.FRANCE and re.fullmatch(r"\d{4}", words):
        words = f"0{words}"  # a spreadsheet took it for a number
    if _POSTAL_CODES[Country.FRANCE].fullmatch(words):
        return words
    if _POSTAL_CODES[Country.CANADA].fullmatch(words):
        return f"{words[:3]} {words[3:]}"
    raise ValueError(_("Ce n’est pas un code postal."))
