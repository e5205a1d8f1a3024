"""Words by which people stop SMS, take them up again, or ask how to reach the town. Pure.

STOP is the law's in France (article L34-5 of the code des postes); the others are what networks of North America expect
(CTIA, Messaging Principles and Best Practices, 5.1.2).
"""

import re
from enum import StrEnum

from hub.core.folding import folded


class Word(StrEnum):
    """What they ask for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


# With the language that they tell of the writer; "" where both say so.
_WORDS: dict[str, tuple[Word, str]] = {
    "stop": (Word.STOP, ""),
    "stopall": (Word.STOP, ""),
    "arret": (Word.STOP, "fr"),
    "unsubscribe": (Word.STOP, "en"),
    "cancel": (Word.STOP, "en"),
    "end": (Word.STOP, "en"),
    "quit": (Word.STOP, "en"),
    "start": (Word.START, "en"),
    "unstop": (Word.START, "en"),
    "reprendre": (Word.START, "fr"),
    "aide": (Word.HELP, "fr"),
    "help": (Word.HELP, "en"),
    "info": (Word.HELP, ""),
}
_BETWEEN = re.compile(r"[\W_]+")


def read(text: str) -> tuple[Word, str] | None:
    """What these words ask for, and the language that they tell; None for anything else.

    Alone, in any case, with or without accents, and whatever signs stand around: « Arrêt ! », « STOP ALL ». In a
    sentence it is a word like any other.
    """
    return _WORDS.get(_BETWEEN.sub("", folded(text)))
