"""Words compared without case, accents or ligatures: « Sœur Élodie » is found by `soeur elodie`.

The database has the same under the name `parvis_folded`: PostgreSQL by a migration (a function of its own, because
`unaccent` is an extension that not every server has, and is not immutable, as an index needs), SQLite by each
connection.
"""

import unicodedata
from typing import Any

from django.db.models import CharField, Func

# What Unicode does not take apart.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "’": "'"})


class Folded(Func):
    """The database's own `folded`, for queries: `Folded("last_name")`."""

    function = "parvis_folded"
    arity = 1
    output_field = CharField()


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
