"""Words compared without case, accents or ligatures: « Sœur Élodie » is found by `soeur elodie`.

The database has the same under the name `parvis_folded`: PostgreSQL by a migration (a function of its own, because
`unaccent` is an extension that not every server has, and is not immutable, as an index needs), SQLite by each
connection.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, TextField

# What Unicode does not take apart.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "’": "'"})


class FoldedField(TextField):  # type: ignore[type-arg]
    """The folded words of other fields of a row, in that order: found by `contains`, ordered without accents.

    Kept by every save and by `bulk_create`; `bulk_update` must be told of it, `update` leaves it as it was.
    """

    def __init__(self, *of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"editable": False, "blank": True, "default": "", **options})

    def deconstruct(self) -> Any:
        """As migrations write it."""
        name, path, _of, options = super().deconstruct()
        return name, path, list(self.of), options

    def pre_save(self, model_instance: Model, add: bool) -> str:
        """The words as they are when the row is written."""
        value = folded(" ".join(str(getattr(model_instance, name)) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value

    @classmethod
    def renew(cls, instance: Model) -> None:
        """Bring an instance's words up to date, for a `bulk_update` of them."""
        for field in instance._meta.fields:
            if isinstance(field, cls):
                field.pre_save(instance, add=False)

    @classmethod
    def with_words(cls, instance: Model, update_fields: Iterable[str] | None) -> Iterable[str] | None:
        """What a save must write when it writes these fields: their words too."""
        if update_fields is None:
            return None
        named = set(update_fields)
        fields = (field for field in instance._meta.fields if isinstance(field, cls))
        return named | {field.name for field in fields if named & set(field.of)}


def folded(text: str) -> str:
    """Lower case, no accents, ligatures written out."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str, *, most: int = 6) -> list[str]:
    """The folded words of a search, at most `most`: letters and digits only, so that they are nobody's syntax."""
    plain = "".join(letter if letter.isalnum() else " " for letter in folded(text))
    return plain.split()[:most]


def teach(connection: Any, **_signal: object) -> None:
    """Give a new SQLite connection the function; a receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("parvis_folded", 1, lambda text: folded(text or ""), deterministic=True)
