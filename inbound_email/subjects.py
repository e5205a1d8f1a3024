"""Subjects of mails, compared as people mean them: « RE : [#SA26-00042] Lampadaire » is about the same. Pure."""

import re
from collections.abc import Iterable

from hub.core.folding import folded
from inbound_email.headers import on_one_line

_TAG = re.compile(r"\[#\s*([A-Z]{2,4}\d{2}-\d{1,6})\s*\]", re.IGNORECASE)
# What programs, and people, put before the subject of the mail that they answer or hand on.
_PREFIX = re.compile(
    r"\s*(?:re|ré|rép|réf|ref|tr|fw|fwd|wg|aw|sv|vs|antw|odp|rv|enc|res|rif|i|r)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:\s*",
    re.IGNORECASE,
)
_SAYS_SOMETHING = 6  # letters
_BRACKETED = re.compile(r"\[(?:extern[ae]?l?|externe|spam|ext)\]", re.IGNORECASE)


def plain_subject(subject: str) -> str:
    """Without prefixes, tags and what filters put in; as people typed it."""
    text = _BRACKETED.sub(" ", _TAG.sub(" ", subject))
    while (found := _PREFIX.match(text)) is not None and found.end() < len(text):
        text = text[found.end() :]
    text = "" if _PREFIX.fullmatch(text) else text
    return on_one_line(text).strip(" -–—:")


def numbers_in(subject: str) -> list[str]:
    """The tickets that it names by our tag, in its order."""
    return [number.upper() for number in _TAG.findall(subject)]


def is_another(subject: str, *, number: str, known: Iterable[str]) -> bool:
    """Whether a mail that answers ours is about something else: it has neither the number nor a subject that is known.

    All that we write about a ticket has its number in the subject, so that an answer has it too.
    """
    numbers = numbers_in(subject)
    if numbers:
        return number.upper() not in numbers
    said = _compared(subject)
    if not said:
        return False
    return not any(_alike(said, other) for other in map(_compared, known))


def _alike(one: str, other: str) -> bool:
    """The same, or one cut short or added to."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SAYS_SOMETHING and short in long)


def _compared(subject: str) -> str:
    return "".join(letter for letter in folded(plain_subject(subject)) if letter.isalnum())
