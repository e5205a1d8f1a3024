"""A mail about tickets before it is laid out: plain parts, for text and HTML alike."""

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
    """Words that somebody wrote, line by line, and who."""

    author: str
    lines: list[str]


@dataclass(frozen=True)
class Button:
    """Something to press."""

    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """One ticket of several. `late`: its date is past."""

    title: str
    url: str
    line: str
    late: bool = False


@dataclass(frozen=True)
class Letter:
    """One mail in plain parts, in the order in which they are read.

    `code`: of the town's own words (`hub.tickets.mail_texts`), which stand between
    `greeting` and `before`. `leave`: where one stops getting it.
    """

    subject: str
    reason: str
    greeting: str = ""
    before: Sequence[str] = ()
    quote: Quote | None = None
    items: Sequence[Item] = ()
    facts: Sequence[Fact] = ()
    question: str = ""
    said: Sequence[str] = ()  # after facts and question, before the buttons
    buttons: Sequence[Button] = ()
    after: Sequence[str] = ()
    code: str = ""
    leave: str = ""
