"""Canned replies: texts with fields in braces that are filled in for each ticket. Pure."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.core.errors import Invalid
from hub.core.folding import folded

FIELDS: dict[str, "str | Promise"] = {
    "prenom": gettext_lazy("le prénom du demandeur"),
    "nom": gettext_lazy("son nom"),
    "numero": gettext_lazy("le numéro de la requête"),
    "titre": gettext_lazy("son titre"),
    "adresse": gettext_lazy("le lieu"),
    "service": gettext_lazy("le service qui s’en occupe"),
    "echeance": gettext_lazy("la date promise"),
}

# Letters only: other braces are the author's own.
_FIELD = re.compile(r"\{ *([^\W\d_]+) *\}")
# A field without a value takes the space before it along: « Bonjour {prenom}, » becomes « Bonjour, ».
_FIELD_AND_SPACE = re.compile(r"([ \u00a0\u202f]?)\{ *([^\W\d_]+) *\}")


def fill(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields filled in from `fields`, by their names in `FIELDS`.

    {Prénom} is {prenom}. One without a value leaves no gap; one that is unknown stays as it is. Values are not read
    again: braces in them are mere words.
    """

    def value(found: re.Match[str]) -> str:
        name = folded(found[2])
        if name not in FIELDS:
            return found[0]
        return f"{found[1]}{given}" if (given := fields.get(name, "")) else ""

    return _FIELD_AND_SPACE.sub(value, text)


def unknown_fields(text: str) -> list[str]:
    """The fields of the text that nobody knows, as they are written, each once."""
    return list(dict.fromkeys(found[1] for found in _FIELD.finditer(text) if folded(found[1]) not in FIELDS))


def check_fields(text: str, *, field: str) -> None:
    """Raises `Invalid`, naming those that are known, when the text has unknown ones. `field`: what to mend."""
    if unknown := unknown_fields(text):
        raise Invalid(
            _("Champ inconnu : %(unknown)s. Vous pouvez écrire : %(known)s.")
            % {"unknown": _named(unknown), "known": _named(FIELDS)},
            field=field,
        )


def _named(names: "list[str] | Mapping[str, object]") -> str:
    return ", ".join(f"{{{name}}}" for name in names)
