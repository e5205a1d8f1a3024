"""Finding tickets by their words: an index of full text on PostgreSQL, word by word on SQLite; accents apart."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Q

from hub.core.clock import now
from hub.core.folding import words_of
from hub.tickets.rules import number_of, read_number

MAX_WORDS = 8
PHONE_DIGITS = 6  # fewer may be anything: a house, a year
_LAST_OF_NUMBER = re.compile(r"[0-9]{3,5}")  # one or two digits are a house's number more often


class _Holds(Func):
    """Whether the folded words of a ticket hold all of these; the last letters of each may be missing. `few`: it is
    asked of few rows, one by one: to look is quicker there than to take each text apart."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: Any, words: list[str], few: bool) -> None:
        super().__init__(column)
        self.words = words
        self.few = few

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        like = " AND ".join([f"(' ' || {column}) LIKE %s"] * len(self.words))
        return f"({like})", [value for word in self.words for value in (*params, f"% {word}%")]

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        if self.few:
            return self.as_sql(compiler, connection)
        column, params = compiler.compile(self.source_expressions[0])
        asked = " & ".join(f"{word}:*" for word in self.words)
        return f"(to_tsvector('simple', {column}) @@ to_tsquery('simple', %s))", [*params, asked]


class In(Func):
    """Whether a column has one of some codes, written out: only then is an index over part of the rows used for sure,
    whatever plan the database keeps. Codes are the program's own."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, codes: Iterable[str]) -> None:
        listed = ", ".join(f"'{code}'" for code in codes)
        super().__init__(F(column), template=f"(%(expressions)s IN ({listed}))")


def holding(text: str, code: str = "", *, few: bool = False) -> Q:
    """Tickets with every word of `text`; nothing when it has no word. A phone number may be written with spaces or
    without. Also the one of that number, as people write it: `code` are the letters of the town's numbers, which may be
    left out (SA26-12, 26-12, 2612, and 283 alone: this year's or last year's). `few`: as above."""
    words = words_of(text, most=MAX_WORDS)
    if not words:
        return Q(pk__in=())
    found = Q(_Holds(F("words"), words, few))
    joined = "".join(words)
    if len(words) > 1 and joined.isdecimal() and len(joined) >= PHONE_DIGITS:
        found |= Q(_Holds(F("words"), [joined], few))
    numbers = {number for written in (text, code + text.strip()) if (number := read_number(written))}
    if code and _LAST_OF_NUMBER.fullmatch(text.strip()):
        numbers |= {number_of(code, year, int(text)) for year in (now().year, now().year - 1)}
    return found | Q(number__in=numbers) if numbers else found
