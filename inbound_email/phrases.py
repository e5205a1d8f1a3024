"""Tables of phrases, as people can read them, made into rules."""

import re

_BETWEEN = re.compile(r"\s+\|\s+|\n")


def phrases(table: str) -> list[str]:
    """The entries of a table: one per line, or several with « | » between; spaces around don't count."""
    return [entry.strip() for entry in _BETWEEN.split(table) if entry.strip()]


def any_of(table: str) -> str:
    """A group that matches any entry, each a regular expression; the longer ones are tried first."""
    return "(?:" + "|".join(sorted(phrases(table), key=len, reverse=True)) + ")"
