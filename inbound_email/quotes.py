"""Which lines of a mail are another mail: quoted under it, above it, between its lines, or handed on.

The forms, by how much they say:

* our own line « Répondez au-dessus de cette ligne »: from there on, nothing is the person's;
* lines with > before them: quoted, wherever they stand, and what is between them is an answer;
* an announcement or a block of headers (`announcements`, `header_blocks`), or a rule (-----Message d'origine-----):
  when lines with > follow, these are the quote; else the rest of the mail is, for such programs put it last;
  but at the very top, where nothing of the person's stands before it, what follows stays: it may be their answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inbound_email.announcements import HOUR, Announcement, announces_by_you, find_announcement, may_end_announcement
from inbound_email.closings import is_closing
from inbound_email.header_blocks import find_header_block, is_header_line
from inbound_email.languages import BEGIN_FORWARD, FORWARDS, ORIGINALS, WROTE
from inbound_email.lines import DATE_OR_ADDRESS, Line, Mark, bounded, is_sentence

#: The line to put above what may be answered, by the language of the mail. Also known when a program changed its signs.
MARKERS = {
    "fr": "—— Répondez au-dessus de cette ligne ——",
    "en": "—— Please reply above this line ——",
}
# A line of its own, between whatever signs: who asks « où répondre au-dessus de cette ligne ? » says more.
_OUR_LINE = re.compile(
    r"[^\w?]*(?:(?:merci de|veuillez|prière de|please) )?(?:enter |type |write )?(?:your )?"
    r"(?:(?:r[ée]pond(?:re|ez)|[ée]cri(?:re|vez)) au[- ]dessus de cette ligne"
    r"|(?:reply|respond|write|type|answer)(?: \w+)? above this line(?: to (?:reply|respond))?)\s?(?:[-–—=_#*~|\]]|\Z)"
)
_QUOTED = re.compile(r"\s{0,8}>")
_IN_BRACKETS = re.compile(r"<[^\s<>@]{1,80}@[^\s<>]{1,120}>")  # so write programs, not people
_ARROWS = re.compile(r"<{2,}\s*$")
_RULE = re.compile(r"[-_=—–*]{2,}\s*([^-_=—–*].{0,118}?)\s*[-_=—–]{2,}\*?")
# Samsung's, where its line breaks were lost: -------- Message d'origine --------De : …
_RULE_AND_MORE = re.compile(r"[-_=—–]{2,}\s*([^-_=—–].{0,60}?)\s*[-_=—–]{2,}\s*(?=[^\s-])")
_LOOSE_RULE = re.compile(r"-{1,3}\s?(?:reply|original|forwarded) message\s?-{3,}")  # Android's own misprint
_BY_PROGRAM = re.compile(r"(?:original message|originalnachricht|message d'origine) processed by ")
_LINE_ABOVE = re.compile(r"[_=\-—–]{5,}|[_*]{3,}")
_LONG_LINE = re.compile(r"_{20,}")
_MOST_ANNOUNCEMENTS = 500  # lines looked at as one: no thread is that long
_NESTED = re.compile(r"> ?>")
_MOST_NAMED = 8  # lines of a signature
_SET_LINE = 55  # letters: a line that a program broke, or a sentence
_WRAPPED_AT = 65  # a quoted line shorter than this was not cut by a relay


def mark_quotes(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of other mails marked. Some are cut in two, where a program put both on one line."""
    search = _Search(bounded(lines))
    _mark_arrows(search.lines)
    here = 0
    while here < len(search.lines):
        line = search.lines[here]
        if search.words_seen and line.mark is Mark.QUOTE and _are_headers_alone(search.lines, here):
            for below in search.lines[here:]:
                below.mark = Mark.QUOTE
            break
        if line.mark is Mark.WORDS and not line.blank:
            if _OUR_LINE.match(line.low):
                _cut_at_our_line(search.lines, here)
                search.announced = True
                break
            if found := search.find(here):
                here = search.take(*found)
                search.announced = True
                continue
            search.words_seen = True
        here += 1
    if not search.announced:
        _keep_own_arrows(search.lines)
    return search.lines


def _mark_arrows(lines: list[Line]) -> None:
    """Mark lines with > before them, and their ends that a relay wrapped to a line of their own."""
    quoted = [here for here, line in enumerate(lines) if _is_quoted(lines, here)]
    if len(quoted) == 1 and _stands_between(lines, quoted[0]):
        return
    for here in quoted:
        if lines[here].mark is Mark.WORDS:
            lines[here].mark = Mark.QUOTE
    for here in quoted[:-1]:
        if here + 2 < len(lines) and _is_wrapped_end(lines, here + 1):
            lines[here + 1].mark = Mark.QUOTE


def _are_headers_alone(lines: Sequence[Line], here: int) -> bool:
    """Arrows before a block of headers, and before nothing else: Orange puts none before the mail itself."""
    if lines[here - 1].mark is Mark.QUOTE or not _QUOTED.match(lines[here].text):
        return False
    end, _ = find_header_block(lines, here)
    below = lines[end:] if end else ()
    return bool(end) and not any(line.mark is Mark.QUOTE and line.plain.strip("> ") for line in below)


def _keep_own_arrows(lines: Sequence[Line]) -> None:
    """Nothing announces a quote: lines with > may be somebody's list. Programs quote empty and long lines too, and
    quotes in quotes, and what announced these; where none of that is, the lines stay. So do those that the person
    announces in words alone: « L'article dit : »."""
    arrows = [line for line in lines if line.mark is Mark.QUOTE and _QUOTED.match(line.text)]
    by_programs = any(_is_programs(line) for line in arrows)
    said, introduced = "", False  # the person's last line above; whether it announces
    for line in lines:
        if line.mark is Mark.WORDS:
            said = line.plain or said
        elif line.mark is Mark.QUOTE and _QUOTED.match(line.text):
            introduced = (introduced and not said) or (said.endswith(":") and not DATE_OR_ADDRESS.search(said))
            said = ""
            if introduced or not by_programs:
                line.mark = Mark.WORDS


def _is_programs(line: Line) -> bool:
    said = line.plain.lstrip("> ")
    return (
        not said
        or len(said) >= _SET_LINE
        or bool(_NESTED.match(line.plain))
        or is_header_line(said)
        or (said.endswith(":") and "@" in said)
        or bool(_rule_kind(said.lower()) or _OUR_LINE.match(said.lower()))
    )


def _is_quoted(lines: Sequence[Line], here: int) -> bool:
    """A > before the line; not the end of an address that was wrapped: « Jane Roe <jane@example.org » and « >: »."""
    line = lines[here]
    if not _QUOTED.match(line.text) or _ARROWS.search(line.plain):
        return False
    before = lines[here - 1].plain if here else ""
    if "@" in before and WROTE.match(line.low.lstrip("> ")):
        return False
    return not (before.rfind("<") > before.rfind(">") and "@" in before and line.plain.endswith(":"))


def _stands_between(lines: Sequence[Line], here: int) -> bool:
    """One > between two lines of words, and no other in the mail: somebody's arrow, no program quotes so."""
    around = [*lines[here - 1 : here], *lines[here + 1 : here + 2]]
    return len(around) == 2 and all(line.plain and not line.plain.endswith(":") for line in around)


def _is_wrapped_end(lines: Sequence[Line], here: int) -> bool:
    """Between two quoted lines, after one that fills its line, going on in the middle of a sentence."""
    before, line, after = lines[here - 1], lines[here], lines[here + 1]
    return (
        line.mark is Mark.WORDS
        and after.mark is Mark.QUOTE
        and line.plain[:1].islower()
        and len(before.plain) >= _WRAPPED_AT
        and not before.plain.endswith((".", "!", "?", ":"))
    )


def _cut_at_our_line(lines: list[Line], here: int) -> None:
    """Our line and all below is ours; so is what announces our mail right above, in whatever language."""
    start = here
    above = here - 1
    while above >= 0 and here - above <= 8 and lines[above].blank:
        above -= 1
    first = above
    while first >= 0 and above - first < 8 and not lines[first].blank:
        first -= 1
    paragraph = lines[first + 1 : above + 1]
    if paragraph and _announces_ours(paragraph):
        start = next((first + 1 + at for at, line in enumerate(paragraph) if _begins_ours(line)), above)
    for line in lines[start:]:
        line.mark = Mark.QUOTE


def _announces_ours(paragraph: Sequence[Line]) -> bool:
    whole = " ".join(line.plain for line in paragraph)
    return (
        whole.endswith(":")
        or any(is_header_line(line.plain) for line in paragraph)
        or bool(_IN_BRACKETS.search(whole) and HOUR.search(whole))
    )


def _begins_ours(line: Line) -> bool:
    return "@" in line.plain or is_header_line(line.plain) or _rule_kind(line.low) is not None


@dataclass(slots=True)
class _Search:
    """One mail searched from the top: its lines, and how far the costly questions have been answered."""

    lines: list[Line]
    words_seen: bool = False
    announced: bool = False
    no_block_before: int = 0  # the block of headers that goes on to here was looked at, and is none
    announcements_left: int = _MOST_ANNOUNCEMENTS

    def find(self, here: int) -> tuple[int, int, Mark] | None:
        """What announces another mail at this line: (first line, line after, kind)."""
        lines, line = self.lines, self.lines[here]
        kind = _rule_kind(line.low)
        if kind is not None:
            following = _next_words(lines, here + 1)
            return here, max(find_header_block(lines, following, ruled=True)[0], here + 1), kind
        if BEGIN_FORWARD.fullmatch(line.low.strip("*_ ")):
            return here, here + 1, Mark.FORWARD
        if here >= self.no_block_before:
            ruled = here > 0 and bool(_LINE_ABOVE.fullmatch(lines[here - 1].plain))
            end, self.no_block_before = find_header_block(lines, here, ruled=ruled)
            if end:
                return here, end, Mark.QUOTE
        if announces_by_you(lines, here):
            return here, here + 1, Mark.QUOTE
        if self.announcements_left and may_end_announcement(line):
            self.announcements_left -= 1
            if announced := find_announcement(lines, here):
                return *self._span(announced), Mark.QUOTE
        if _LONG_LINE.fullmatch(line.plain) and _after_closing(lines, here):
            return here, here + 1, Mark.QUOTE
        return None

    def _span(self, announced: Announcement) -> tuple[int, int]:
        if announced.words or announced.quoted:
            _unjoin(self.lines, announced.start, announced.end, announced.words, announced.quoted)
            self.words_seen |= bool(announced.words)
            start = announced.start + bool(announced.words)
            return start, start + 1
        block, _ = find_header_block(self.lines, announced.end, ruled=True)
        return announced.start, max(announced.end, block)

    def take(self, start: int, end: int, kind: Mark) -> int:
        """Mark what is announced. Says where to look on."""
        lines = self.lines
        for line in lines[_with_rule_above(lines, start) : end]:
            line.mark = kind
        following = next((line for line in lines[end : end + 6] if not line.blank), None)
        if following is not None and following.mark is not Mark.WORDS:
            if kind is Mark.FORWARD:
                _hand_on(lines, end)
            return end
        if not (self.words_seen and any(line.mark is Mark.WORDS and not line.blank for line in lines[:start])):
            return end
        for line in lines[end:]:
            line.mark = kind
        return len(lines)


def _hand_on(lines: Sequence[Line], here: int) -> None:
    for line in lines[here:]:
        if line.mark is Mark.QUOTE:
            line.mark = Mark.FORWARD


def _with_rule_above(lines: Sequence[Line], start: int) -> int:
    """Where the rule (____) begins that stands right above; else the same line."""
    above = start - 1
    while above >= 0 and lines[above].blank and start - above <= 2:
        above -= 1
    if above >= 0 and lines[above].mark is Mark.WORDS and _LINE_ABOVE.fullmatch(lines[above].plain):
        return above
    return start


def _rule_kind(low: str) -> Mark | None:
    """-----Message d'origine----- and its kind."""
    if _LOOSE_RULE.match(low) or _BY_PROGRAM.match(low):
        return Mark.QUOTE
    bare = low.strip("*> \t")
    found = _RULE.fullmatch(bare)
    if found is None and (found := _RULE_AND_MORE.match(bare)) and not is_header_line(bare[found.end() :]):
        found = None
    if found is None:
        return None
    said = found[1].strip()
    if FORWARDS.search(said):
        return Mark.FORWARD
    if ORIGINALS.search(said):
        return Mark.QUOTE
    return None


def _next_words(lines: Sequence[Line], here: int) -> int:
    """The next line that isn't empty, three further on at most; else the last line."""
    for place in range(here, min(here + 3, len(lines))):
        if not lines[place].blank:
            return place
    return min(here, len(lines) - 1)


def _after_closing(lines: Sequence[Line], here: int) -> bool:
    """Whether a sign-off stands just above, and no sentence below: what comes after a rule then is a signature."""
    above = [line for line in lines[max(here - 8, 0) : here] if not line.blank and line.mark is Mark.WORDS]
    below = [line for line in lines[here + 1 :] if not line.blank][:_MOST_NAMED]
    return any(is_closing(line.plain) for line in above[-3:]) and not any(is_sentence(line.plain) for line in below)


def _unjoin(lines: list[Line], start: int, end: int, words: str, quoted: str) -> None:
    """Give what was written on one line a line each: the person's words, the announcement, the quote."""
    whole = " ".join(line.plain for line in lines[start:end])
    middle = whole[len(words) : len(whole) - len(quoted)].strip()
    pieces = [Line(words)] if words else []
    pieces.append(Line(middle))
    if quoted:
        pieces.append(Line(quoted, Mark.QUOTE if quoted.startswith(">") else Mark.WORDS))
    lines[start:end] = pieces
