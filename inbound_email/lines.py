"""Lines of a mail, each with what it is: the person's words, or what a program or a habit put around them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    """What a line is. All but WORDS is left out of what the person wrote."""

    WORDS = "words"
    QUOTE = "quote"  # the mail that is answered, and what announces it
    FORWARD = "forward"  # a mail that is handed on, and what announces it
    SIGNATURE = "signature"  # after "-- ", or where the program says it begins
    FOOTER = "footer"  # "Sent from my phone", disclaimers, adverts of mail programs
    BANNER = "banner"  # what a mail server put above the words


@dataclass(slots=True)
class Line:
    """One line. `plain` is its text made comparable, without what can't be seen; `low` the same in small letters."""

    text: str
    mark: Mark = Mark.WORDS
    plain: str = field(init=False)
    low: str = field(init=False)

    def __post_init__(self) -> None:
        self.plain = comparable(self.text) if self.text else ""
        self.low = self.plain.lower()

    @property
    def blank(self) -> bool:
        return not self.plain


# Not seen by people, put by programs: joiners, marks of direction, soft hyphens, byte order marks, fillers, a mail
# tracker's dot.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u1427\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe0f\ufeff\uffa0]"
)
_CURLY = str.maketrans(
    {"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\uff1a": ":", "\uff0c": ",", "\u0130": "I", "\u0000": None}
)
# A program's line above a quote has a date or an address; a person's (« Le règlement dit : ») has neither.
DATE_OR_ADDRESS = re.compile(r"[\d@]")
_LONGEST = 2_000  # of a line that is looked at: no program's own line is longer


def comparable(text: str, longest: int = _LONGEST) -> str:
    """A line's beginning as rules compare it: one kind of space, apostrophe and colon, nothing unseen."""
    text = text[:longest]
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_CURLY)
    return " ".join(text.split())


STOPS = (".", "!", "?")


def is_sentence(plain: str) -> bool:
    """Whether a line says something, rather than who somebody is."""
    return plain.endswith(STOPS) and len(plain.split()) > 3


MOST_LINES = 20_000


def lines_of(text: str) -> list[Line]:
    """The lines of a plain text. Nobody writes more than MOST_LINES: what is beyond comes as one, and is not lost."""
    texts = text.split("\n", MOST_LINES)
    return [Line(line) for line in texts]


def bounded(lines: Sequence[Line]) -> list[Line]:
    """The lines, those beyond MOST_LINES put together: the words as one line, the rest as another."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    beyond = lines[MOST_LINES:]
    kept = "\n".join(line.text for line in beyond if line.mark is Mark.WORDS)
    cut = "\n".join(line.text for line in beyond if line.mark is not Mark.WORDS)
    return [*lines[:MOST_LINES], Line(kept), Line(cut, Mark.QUOTE)]
