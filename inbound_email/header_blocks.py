"""The block of headers that Outlook and many others put above the mail they answer.

    De : Ville de Bellerive <suivi@…>
    Envoyé : lundi 16 novembre 2026 09:12
    À : Jeanne Martin
    Objet : Votre signalement

A person also writes « De : rue des Lilas / À : place du Marché », and heads a letter with « De : Jeanne Martin
(jeanne@…) / Date : 16 novembre ». A program always says from whom and when, and to the minute, or it sets the address
in angle brackets or the names in bold; a person's own list lacks one of them.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from inbound_email.languages import HEADER_NAMES, Role
from inbound_email.lines import Line

_ADDRESS = re.compile(r"[^\s<>@]{1,80}@[^\s<>@]{1,120}|\[mailto:")
_SET_BY_PROGRAM = re.compile(r"\*|.*(?:<[^\s<>@]{1,80}@[^\s<>]{1,120}>|\[mailto:)")
_MINUTE = re.compile(r"\d{1,2}\s?[:.hH時点시]\s?\d{2}|\d\s?[時点시时]")
_ORANGE = re.compile(r"message du \d{1,2}/\d{1,2}/\d{2,4}", re.IGNORECASE)  # « Message du 16/11/26 09:12 »
_ZONE = re.compile(r"\d\d:\d\d:\d\d [+-]\d{4}\b")
_AROUND = "*_>|• \t"
_MOST_LINES = 40
_MOST_WRAPPED = 3


def header_of(plain: str) -> tuple[Role, str] | None:
    """(what it tells, its value) of a header line in any known language."""
    if _ORANGE.match(plain.lstrip(_AROUND)):
        return Role.DATE, plain
    name, colon, _ = plain[:80].partition(":")
    if not colon:
        return None
    role = HEADER_NAMES.get(name.strip(_AROUND).lower())
    return None if role is None else (role, plain[len(name) + 1 :].strip(_AROUND))


def is_header_line(plain: str) -> bool:
    """Whether a line is such a header."""
    return header_of(plain) is not None


def find_header_block(lines: Sequence[Line], start: int, *, ruled: bool = False) -> tuple[int, int]:
    """(where the block that begins with lines[start] ends, or 0 when none does; before which line none begins).

    `ruled`: a rule or an announcement stands above it, which persons don't write: less is asked of the block then.
    What begins within a block that isn't one says even less, and need not be asked.
    """
    if start < len(lines) and _are_on_one_line(lines[start].plain):
        return start + 1, start + 1
    first = header_of(lines[start].plain) if start < len(lines) else None
    if first is None or first[0] is Role.OTHER:
        return 0, start + 1
    told: dict[Role, str] = {}
    end = here = start
    while here < min(len(lines), start + _MOST_LINES):
        found = header_of(lines[here].plain)
        if found is None:
            here = _next_header(lines, here)
            if not here:
                break
            continue
        told.setdefault(found[0], found[1])
        here += 1
        end = here
    whole = " ".join(line.plain for line in lines[start:end])
    return (end if _is_program(told, whole, ruled=ruled) else 0), end


def _are_on_one_line(plain: str) -> bool:
    """« De : Ville <…> Date : 16/11/2026 09:12 À : … Objet : … »: a program that forgot the line breaks."""
    if not is_header_line(plain) or not _ADDRESS.search(plain):
        return False
    told: dict[Role, str] = {}
    pieces = plain.split(":")
    for before, value in pairwise(pieces):
        words = before.split()[-3:]
        names = (" ".join(words[at:]).strip(_AROUND).lower() for at in range(len(words)))
        if role := next((HEADER_NAMES[name] for name in names if name in HEADER_NAMES), None):
            told.setdefault(role, value)
    return {Role.FROM, Role.DATE, Role.SUBJECT} <= told.keys() and bool(_MINUTE.search(plain))


def _next_header(lines: Sequence[Line], here: int) -> int:
    """The next header when only an empty line, or the rest of a long header, lies between; else 0."""
    blank = 0
    for place in range(here, min(len(lines), here + _MOST_WRAPPED)):
        if is_header_line(lines[place].plain):
            return place
        blank += lines[place].blank
        if blank > 1 or (blank and place > here):
            return 0
    return 0


def _is_program(told: dict[Role, str], whole: str, *, ruled: bool) -> bool:
    address = bool(_ADDRESS.search(whole))
    if Role.FROM not in told:  # « 00:15:02 -0600 »: nobody writes seconds and a zone
        return address and len(told) >= 2 and bool(_ZONE.search(told.get(Role.DATE, "")))
    if ruled:
        return len(told) >= 2
    if told[Role.FROM][:1].isdigit() and not address:  # « De : 8h30 »
        return False
    when = told.get(Role.DATE, "")
    if not address and next(iter(told)) is not Role.FROM:
        return False  # Without addresses it is Outlook's, which begins so.
    exact = _MINUTE.search(when) or _SET_BY_PROGRAM.match(whole)
    return bool(when and exact) and (address or len(told) >= 3)
