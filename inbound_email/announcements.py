"""The lines that announce a quoted mail: « Le lun. 16 nov. 2026 à 09:12, Ville de Bellerive <…> a écrit : ».

What a program writes there, in any language, is some of: when (date, hour), who (name, address), « wrote », a colon. A
person writes such things too (« Le 12 mars à 18h, mon voisin a écrit : »), but not together with an address or an hour
to the minute. So:

* an address, a date and an hour, and a colon at the end: a program, in whatever language;
* « wrote » after an address, or after a date with its hour: a program;
* « wrote » after a date only: a program when a quoted line (>) follows, else a person.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inbound_email.header_blocks import is_header_line
from inbound_email.languages import OPENERS, WROTE
from inbound_email.lines import Line, Mark

ADDRESS = re.compile(r"[^\s<>@,;:()\[\]\"]{1,80}@[^\s<>@,;()\[\]\"]{1,120}")
# To the minute. With a dot only after the word that says it is an hour: 12.50 may be a price.
HOUR = re.compile(
    r"\b\d{1,2}\s?:\s?\d{2}(?!\d)|\b\d{1,2}\s?h\s?\d{2}\b|\d{1,2}\s?[時点시时]"
    r"|(?:kl|klo|alle|ore|um|о|в|at|,)\.? \d{1,2}[.:]\d{2}\b"
)
DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}月|\d{1,2}월"
    r"|\b\d{1,2}\.?(?: de)? (?:jan|feb|fév|fev|mar|apr|avr|abr|may|mai|jun|jui|jul|aug|aoû|aou|ago|sep|set|oct|okt|out"
    r"|nov|dec|déc|dez|dic)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Without « wrote », an address is set apart, or stands right after the hour: in a person's line it is a part of it.
_STANDS_ALONE = re.compile(
    r"[<(] ?\S{1,80}@[^\s<>()]{1,120}[>)]|\d(?:[ ,]{1,2}(?:de|from|von|da|van|от))? \S{1,80}@\S{1,120}\Z"
)
# « reply On Wed, Apr 4, 2012 at 3:59 PM, bob@example.com wrote: »: some programs forget the line break.
_IN_THE_MIDDLE = re.compile(
    r"(?:(?<=\s)|(?<=--))"
    r"(?=(?:On|Le|Am|El|Op|Den|Il|Em) (?:\w{2,9}[.,]{0,2} )?(?:\d{1,2}|[A-Z][a-z]{2,8}\.? \d{1,2})\b)"
)
_BEGINS_WITH_DATE = re.compile(r"\(?(?:\w{1,14}[.,]{0,2} {1,2}){0,2}[^\w\s]{0,2}\d")
# « Quoting Jane <jane@…>: »: what stands before a name instead of « wrote » after it.
_QUOTING = re.compile(
    r"(?:quoting|zitat von|zitiere|citando(?: a)?|citaat van|citerar|citation de|selon|cytowanie|missatge de|message de"
    r"|mensaje de) "
)
# « 2016-03-03 17:21 GMT+01:00 Jane Roe: », the years after, its address on the next line or left out.
_DATE_AND_ZONE = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d gmt[+-]\d\d:\d\d [^.!?]{1,80}")
_IN_PARENTHESES = re.compile(r"\(\S{1,80}@")  # a person's: « Selon M. Petit (petit@…) : »
# « 2011/4/7 Jane <jane@example.org> »: Gmail until 2013, without a word or a colon.
_DATE_AND_ADDRESS = re.compile(r"\d{4}[/-]\d{1,2}[/-]\d{1,2},? [^<>]{0,100}<[^\s<>]{1,100}@[^\s<>]{1,100}>")
# Whom a person writes about, and a program never: it puts a name or an address.
_SOMEBODY = re.compile(
    r"(?:mon|ma|mes|notre|nos|votre|vos|le|la|les|l'|un|une|des|ce|cet|cette|vous|nous|on|il|elle|ils|elles|tu|j'|je|celui|ton|ta"
    r"|my|our|your|the|a|an|he|she|they|you|we|somebody|someone|i"
    r"|(?:habe?n?|hat|heeft|heb|hebben) (?:ich|wir|sie|er|mein|meine|der|die|das|ein|eine|ik|wij|mijn|onze|de|het|een)"
    r"|mein|meine|unser|unsere|der|die|das|er|sie|wir|ihr|ich|mijn|onze|ik|de|het|hij|zij|wij"
    r"|mi|su|el|la|ella|usted|yo|il|lo|lei|mio|mia|io|o|os|as|meu|minha|eu|ele|ela)\b"
)
# « m'a écrit », « wrote to me »: programs never say to whom.
_TO_SOMEBODY = re.compile(
    r"(?<!\w)(?:m'|t'|nous |lui |leur )(?:a|ont|avait|avez) écrit\b|wrote (?:to )?(?:me|us|him|her|them)\b"
    r"|schrieb (?:mir|uns|ihm|ihr)\b|\b(?:mir|uns|ihm|ihr|mij|ons|me|nos|mi|ci) .{0,40}(?:geschrieben|geschreven)\b"
    r"|\b(?:me|nos|mi|ci) (?:ha |han )?(?:escribió|escrito|escreveu|scritto|scrisse)\b"
    r"|schreef (?:mij|me|ons|hem|haar)\b"
)
_OPENING_QUOTE = ("«", "“", "„", '"', "‹", "「", "'")
_MOST_LINES, _LONGEST = 5, 600
_AROUND = " -–—*_>|\t"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Lines [start, end) announce. `words` of the first line come before it and are the person's; `quoted` follows."""

    start: int
    end: int
    words: str = ""
    quoted: str = ""


def find_announcement(lines: Sequence[Line], last: int) -> Announcement | None:
    """The one whose last line is lines[last]: of the ways to read it, the one with the fewest lines."""
    if _DATE_AND_ZONE.fullmatch(lines[last].low):
        return Announcement(last, last + 1)
    if _DATE_AND_ADDRESS.fullmatch(lines[last].plain):
        return Announcement(last, last + 1) if _quoted_follows(lines, last + 1) else None
    named: Announcement | None = None
    window = ""
    for start in range(last, max(last - _MOST_LINES, -1), -1):
        line = lines[start]
        if line.blank and window.startswith("<") and start + 1 < last + 1 and not _begins_with_date(window):
            continue  # Polymail sets the address apart
        if line.blank or line.mark is not Mark.WORDS or len(line.plain) + len(window) > _LONGEST:
            break
        window = f"{line.plain} {window}".strip()
        if found := _read(lines, start, last, window):
            if found.words or _begins_with_date(window):
                return found if found.words else _whole(lines, found)
            named = named or _whole(lines, found)
    return named


def _whole(lines: Sequence[Line], found: Announcement) -> Announcement:
    """With the line above when that one stops in the middle: « Jane Roe < », « On Nov 21, 2014, »."""
    above = lines[found.start - 1] if found.start else None
    if above is None or above.mark is not Mark.WORDS or len(above.plain) >= 80:
        return found
    if above.plain.endswith("<") or (above.plain.endswith(",") and _begins_with_date(above.plain)):
        return replace(found, start=found.start - 1)
    return found


def may_end_announcement(line: Line) -> bool:
    """Whether a line is worth asking about: a quick look."""
    if line.plain.rstrip(_AROUND).endswith(":") or WROTE.search(line.low):
        return True
    return line.low[:2] == "20" and bool(_DATE_AND_ZONE.match(line.low) or _DATE_AND_ADDRESS.match(line.plain))


def _read(lines: Sequence[Line], start: int, last: int, window: str) -> Announcement | None:
    window, words = _cut_words(window)
    window, quoted = _cut_quoted(window)
    low = window.strip(_AROUND).lower()
    wrote = _last(WROTE.finditer(low))
    if not (low.endswith(":") or (wrote and _ends_so(low, wrote, lines, last))):
        return None
    follows = quoted.startswith(">") or _quoted_follows(lines, last + 1)
    if _is_program(low, wrote, follows=follows) and not (_is_person(low, wrote, lines, last) and not follows):
        return Announcement(start, last + 1, words, quoted)
    return None


def _last(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    return next(iter(deque(found, maxlen=1)), None)


def _cut_words(window: str) -> tuple[str, str]:
    middle = _last(_IN_THE_MIDDLE.finditer(window))
    if middle is None or middle.start() == 0 or not ADDRESS.search(window, middle.start()):
        return window, ""
    words = window[: middle.start()].rstrip(" -–—>*")
    if not words or words.lower() in OPENERS:  # « El El vie, 3 de marzo »
        return window[middle.start() :], ""
    return window[middle.start() :], words


def _cut_quoted(window: str) -> tuple[str, str]:
    """Programs of phones put the quoted mail on the same line, after the colon."""
    for found in WROTE.finditer(window.lower()):
        after = window[found.end() :].lstrip()
        if after.startswith(":") and after.strip(_AROUND + ":") and ADDRESS.search(window, 0, found.start()):
            return window[: found.end()] + ":", after[1:].strip()
    return window, ""


def _ends_so(low: str, wrote: re.Match[str], lines: Sequence[Line], last: int) -> bool:
    """Without a colon: « wrote » is the last word, or headers follow at once."""
    return wrote.end() == len(low) or (last + 1 < len(lines) and is_header_line(lines[last + 1].plain))


def _is_program(low: str, wrote: re.Match[str] | None, *, follows: bool) -> bool:
    address, hour, day = ADDRESS.search(low), HOUR.search(low), DAY.search(low)
    if not _begins_well(low, wrote, address):
        return False
    if wrote:
        if (address and (day or hour)) or (day and hour) or (address and _is_name_only(low, address, wrote)):
            return True
        return follows and (bool(day or hour) or _is_name_only(low, None, wrote))
    if _QUOTING.match(low):
        return bool(address) and not _IN_PARENTHESES.search(low)
    return bool(address and day and hour and _STANDS_ALONE.search(low))


def _begins_well(low: str, wrote: re.Match[str] | None, address: re.Match[str] | None) -> bool:
    if _begins_with_date(low) or _QUOTING.match(low):
        return True
    # « Erlend Sogge Heggen <meta@…> schrieb am Di., 16. Aug. 2016 um 12:52 Uhr: »: the name comes first.
    name = low[: min(address.start() if address else len(low), wrote.start() if wrote else len(low))]
    return bool(wrote) and len(name.split()) <= 7 and not re.search(r"[.!?…] ", name)


def _begins_with_date(window: str) -> bool:
    """With a date, or with the little word before it and a date soon after."""
    low = window.strip(_AROUND + "\"'").lower()
    opener, _, rest = low.partition(" ")
    if opener.rstrip("(),.") in OPENERS or re.match(r"[在於于בب]", low):
        rest = rest if rest else low
        return bool(DAY.search(rest[:60]) or HOUR.search(rest[:60]) or re.match(r"\S{0,12} ?\d", rest))
    return bool(_BEGINS_WITH_DATE.match(low)) and bool(DAY.search(low[:60]) or HOUR.search(low[:60]))


def _is_name_only(low: str, address: re.Match[str] | None, wrote: re.Match[str]) -> bool:
    """« Some One <info@example.org> wrote: » and nothing else."""
    name = low[: address.start() if address else wrote.start()]
    return not low[wrote.end() :].strip(" :") and len(name.split()) <= 6 and not re.search(r"[.!?;:] ", name)


def _is_person(low: str, wrote: re.Match[str] | None, lines: Sequence[Line], last: int) -> bool:
    """Somebody tells what somebody wrote, not a program: without an address, about « my neighbour », in quotes."""
    if wrote is None:
        return False
    if _TO_SOMEBODY.search(low):
        return True
    if ADDRESS.search(low, 0, wrote.start()):
        return False
    following = next((line.plain for line in lines[last + 1 : last + 4] if not line.blank), "")
    if following.startswith(_OPENING_QUOTE):
        return True
    before = low[: wrote.start()].rstrip(" ,")
    when = _last(HOUR.finditer(before)) or _last(DAY.finditer(before))
    author = before[when.end() :].strip(" ,.") if when else before
    author = re.sub(r"^(?:am|pm|uhr|cet|cest|utc|gmt)?[+\-:\d ]*,?\s*", "", author)
    return bool(_SOMEBODY.match(author or low[wrote.end() :].strip()))


def _quoted_follows(lines: Sequence[Line], here: int) -> bool:
    for line in lines[here : here + 6]:
        if not line.blank:
            return line.mark is Mark.QUOTE
        if line.mark is Mark.QUOTE:
            return True
    return False


def announces_by_you(lines: Sequence[Line], last: int) -> bool:
    """« On Nov 26, 2013 you wrote: », alone between two empty lines: how older English programs answer."""
    low = lines[last].plain.lower()
    if not (low.startswith(("on ", "at ")) and low.endswith("you wrote:") and YEAR.search(low) and len(low) < 60):
        return False
    alone = last == 0 or lines[last - 1].blank
    return alone and last + 1 < len(lines) and (lines[last + 1].blank or lines[last + 1].mark is Mark.QUOTE)
