"""Which details of citizens a town asks for, and where (S11). Pure.

A name is always asked for, and whoever signs up gives an email address. Of the rest each town says, for each of three
places, whether it is not shown, may be given, or must be.
"""

from collections.abc import Iterable, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.core.errors import Invalid
from hub.towns.models import Town

Asked = dict[str, str]


class Ask(TextChoices):
    """How a detail is asked for; the stronger comes later."""

    HIDDEN = "hidden", gettext_lazy("Masqué")
    OPTIONAL = "optional", gettext_lazy("Facultatif")
    REQUIRED = "required", gettext_lazy("Obligatoire")


# Where: the desk's form, the sign-up page, one's own account.
PLACES = ("desk", "sign_up", "account")
FIELDS = ("title", "birth_date", "language", "email", "phone", "address", "postal_code")

_NOT_SET = {("sign_up", "email"), ("account", "email")}  # one signs in by it
_ALL = (Ask.HIDDEN, Ask.OPTIONAL, Ask.REQUIRED)
_SHOWN_OR_NOT = (Ask.HIDDEN, Ask.OPTIONAL)  # a language is always chosen, be it by itself
_SHORT_SIGN_UP = {"language": Ask.OPTIONAL}


def choices_of(place: str, field: str) -> tuple[Ask, ...]:
    """What a town may say of a detail at a place; nothing where it has no say."""
    if (place, field) in _NOT_SET:
        return ()
    if field == "language":
        return _SHOWN_OR_NOT
    # Staff must be able to reach people: somebody without a phone is reached by mail.
    return (Ask.OPTIONAL, Ask.REQUIRED) if (place, field) == ("desk", "email") else _ALL


def asked_by(town: Town, place: str) -> Asked:
    """`{field: hidden | optional | required}` at that place: what the town has said, else our defaults."""
    said = town.citizen_fields.get(place, {})
    return {
        field: said[field] if said.get(field) in choices else _default(place, field)
        for field in FIELDS
        if (choices := choices_of(place, field))
    }


def _default(place: str, field: str) -> str:
    if place == "sign_up":
        return _SHORT_SIGN_UP.get(field, Ask.HIDDEN).value
    return Ask.OPTIONAL.value


def asked_by_any(towns: Iterable[Town], place: str) -> Asked:
    """The same for who is of several towns: what one of them needs is asked for. Without a town, our defaults."""
    each = [asked_by(town, place) for town in towns] or [asked_by(Town(), place)]
    strength = [ask.value for ask in _ALL]
    return {field: max((asked[field] for asked in each), key=strength.index) for field in each[0]}


def clean_citizen_fields(said: Mapping[str, Mapping[str, str]]) -> dict[str, Asked]:
    """What a town says, as it is kept: all places, all details. Raises `Invalid` for what is no choice there."""
    cleaned: dict[str, Asked] = {}
    for place in PLACES:
        cleaned[place] = {}
        for field in FIELDS:
            if choices := choices_of(place, field):
                ask = said.get(place, {}).get(field, "")
                if ask not in choices:
                    raise Invalid(_("Ce choix n’existe pas."), field=f"{place}_{field}")
                cleaned[place][field] = str(ask)
    return cleaned
