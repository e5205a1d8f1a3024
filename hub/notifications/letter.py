"""A mail before it is laid out: plain parts, for text and HTML alike (`mail/letter.txt`, `mail/letter.html`)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One thing to know, under its name. `copied`: people type it elsewhere, sign by sign."""

    name: str
    value: str
    copied: bool = False


@dataclass(frozen=True)
class Quote:
    """Words that somebody wrote, line by line, and who. `note`: when."""

    author: str
    lines: list[str]
    note: str = ""


@dataclass(frozen=True)
class Button:
    """Something to press."""

    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """One thing of several. `late`: its date is past."""

    title: str
    url: str
    line: str
    late: bool = False


@dataclass(frozen=True)
class Section:
    """What belongs together under a heading of its own: one conversation, one town. `more`: what is not shown."""

    heading: str
    quotes: Sequence[Quote] = ()
    items: Sequence[Item] = ()
    more: str = ""
    button: Button | None = None


@dataclass(frozen=True)
class Letter:
    """One mail in plain parts, in the order in which they are read.

    `mark`: what stands before all else, in red. `opening`: words of the town's own, and `own` their name where it has
    some (`hub.tickets.mail_texts`). `code`: to be typed. `leave`: where one stops getting it. `if_answered`: what an
    answer by mail does, said where one arrives (`answerable`); `if_lost`: what to do where none does.
    """

    subject: str
    reason: str = ""
    mark: str = ""
    greeting: str = ""
    opening: Sequence[str] = ()
    before: Sequence[str] = ()
    code: str = ""
    quote: Quote | None = None
    sections: Sequence[Section] = ()
    items: Sequence[Item] = ()
    facts: Sequence[Fact] = ()
    question: str = ""
    said: Sequence[str] = ()  # after facts and question, before the buttons
    buttons: Sequence[Button] = ()
    links: Sequence[Button] = ()
    after: Sequence[str] = ()
    own: str = ""
    leave: Button | None = None
    if_answered: str = ""
    if_lost: str = ""
    answerable: bool = False

    @property
    def why(self) -> str:
        """Why it came, and whether an answer arrives."""
        return " ".join(filter(None, [self.reason, self.if_answered if self.answerable else self.if_lost]))
