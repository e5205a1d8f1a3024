"""The words that a person wrote in a mail: without the mail they answer, signatures, footers, banners.

    extract_reply(raw) -> "Bonjour, c'est au 14."
    reply_of(read_mail(raw)) -> Reply(words, kind, cut…)

What is in doubt stays: a line too much is read over, a word lost is lost. The whole mail is kept elsewhere, and always
one click away.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inbound_email.announcements import find_announcement, may_end_announcement
from inbound_email.closings import is_closing
from inbound_email.footers import mark_footers
from inbound_email.header_blocks import find_header_block, is_header_line
from inbound_email.html_text import html_lines
from inbound_email.languages import ANSWERS_WITHIN
from inbound_email.lines import Line, Mark, lines_of
from inbound_email.mime import Body, Mail, read_mail
from inbound_email.multipart import Bounds
from inbound_email.quotes import MARKERS, mark_quotes
from inbound_email.signatures import mark_signatures

__all__ = ["MARKERS", "Kind", "Reply", "extract_reply", "reply_of"]

_LETTERS = re.compile(r"[^\W_]")
_LEAKED_HEADER = re.compile(
    r"(?:received|delivered-to|return-path|message-id|mime-version|dkim-signature|x-[a-z-]+)\s?:", re.I
)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}\s?:|\s+\S")
_ENOUGH_LEAKED = 2
_MOST_AFTER = 2  # lines after « mes réponses ci-dessous », beside a sign-off: a name, a firm


class Kind(StrEnum):
    """Where the person's words stand."""

    ALONE = "alone"  # nothing is quoted
    TOP = "top"
    BOTTOM = "bottom"
    INTERLEAVED = "interleaved"
    NONE = "none"  # only others' words, or none at all


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person wrote (`words`), and what was cut. `forwarded`: they handed on a mail, as text or as a part."""

    words: str
    kind: Kind
    quote: str = ""
    signature: str = ""
    footer: str = ""
    forwarded: bool = False


def extract_reply(raw: bytes, bounds: Bounds | None = None) -> str:
    """The words of the person in this mail; "" when there are none. Raises MailError only."""
    return reply_of(read_mail(raw, bounds)).words


def reply_of(mail: Mail) -> Reply:
    """The same, with what was cut and why. Never raises."""
    lines: list[Line] = []
    for body in mail.bodies:
        lines += [*_body_lines(body), Line("")]
    _mark_leaked_headers(lines)
    return _reply(_marked(lines), handed_on=bool(mail.forwarded))


def _body_lines(body: Body) -> list[Line]:
    """The plain words; the HTML when there are none, or when only the HTML tells where the quote begins."""
    if not _LETTERS.search(body.text):
        return html_lines(body.html) if body.html.strip() else lines_of(body.text)
    if body.html.strip():
        plain = _marked(lines_of(body.text))
        if not any(line.mark in {Mark.QUOTE, Mark.FORWARD} for line in plain):
            return _told_by_html(body) or lines_of(body.text)
    return lines_of(body.text)


def _told_by_html(body: Body) -> list[Line]:
    """The HTML's lines, when it has a box for the quote and says the same words as the text, no more and no less."""
    lines = html_lines(body.html)
    quoted = _words(line.text for line in lines if line.mark is Mark.QUOTE)
    own = _words(line.text for line in lines if line.mark is not Mark.QUOTE)
    text = _words([body.text])
    same = not (own - text) and sum((quoted - text).values()) <= sum(quoted.values()) // 10
    return lines if quoted and own and same else []


def _words(texts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(re.findall(r"[^\W_]+", text))
    return found


def _marked(lines: Sequence[Line]) -> list[Line]:
    marked = mark_quotes(lines)
    _give_back_answers(marked)
    mark_signatures(marked)
    mark_footers(marked)
    return marked


def _give_back_answers(lines: Sequence[Line]) -> None:
    """Who says « mes réponses en rouge ci-dessous », and then nothing that could be these, wrote them into the quote:
    as text they can't be told from it. It stays, up to the next mail in it."""
    quoted = next((at for at, line in enumerate(lines) if line.mark is Mark.QUOTE and not line.blank), 0)
    own = [line for line in lines[:quoted] if line.mark is Mark.WORDS and not line.blank]
    said = next((at for at, line in enumerate(own) if ANSWERS_WITHIN.search(line.low)), len(own))
    answered_above = sum(not is_closing(line.plain) for line in own[said + 1 :]) > _MOST_AFTER
    if said == len(own) or answered_above or any(line.mark is Mark.WORDS and line.plain for line in lines[quoted:]):
        return
    begins = next((at for at in range(quoted, len(lines)) if not _announces(lines, at)), len(lines))
    for at in range(begins, len(lines)):
        if find_header_block(lines, at)[0] or (may_end_announcement(lines[at]) and find_announcement(lines, at)):
            break
        lines[at].mark = Mark.WORDS


def _announces(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    return line.blank or is_header_line(line.plain) or "@" in line.plain or may_end_announcement(line)


def _mark_leaked_headers(lines: Sequence[Line]) -> None:
    """Headers at the top of the words: a relay put an empty line among them, so that the rest became words."""
    begun = next((at for at, line in enumerate(lines) if not line.blank), 0)
    end = begun
    while end < len(lines) and end - begun < 200 and _HEADER.match(lines[end].text):
        end += 1
    if sum(bool(_LEAKED_HEADER.match(line.text)) for line in lines[begun:end]) >= _ENOUGH_LEAKED:
        for line in lines[begun:end]:
            line.mark = Mark.BANNER


def _reply(lines: Sequence[Line], *, handed_on: bool) -> Reply:
    words = _joined(lines, {Mark.WORDS})
    forwarded = handed_on or any(line.mark is Mark.FORWARD for line in lines)
    return Reply(
        words=_trimmed(words),
        kind=_kind(lines),
        quote=_joined(lines, {Mark.QUOTE, Mark.FORWARD}),
        signature=_joined(lines, {Mark.SIGNATURE}),
        footer=_joined(lines, {Mark.FOOTER, Mark.BANNER}),
        forwarded=forwarded,
    )


def _joined(lines: Sequence[Line], marks: set[Mark]) -> str:
    """The lines of these marks. What was cut between two of them leaves an empty line."""
    out: list[str] = []
    for line in lines:
        text = line.text.rstrip() if line.mark in marks and line.plain else ""
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip("\n")


def _trimmed(words: str) -> str:
    """Without rules and dashes that stand alone at the edges, where something was cut."""
    lines = words.split("\n")
    while lines and not _says_something(lines[-1]):
        lines.pop()
    while lines and not _says_something(lines[0]):
        lines.pop(0)
    return "\n".join(lines).rstrip()


def _says_something(line: str) -> bool:
    return any(letter.isalnum() or (ord(letter) > 0x2100 and not letter.isspace()) for letter in line)


def _kind(lines: Sequence[Line]) -> Kind:
    told = [line.mark in {Mark.QUOTE, Mark.FORWARD} for line in lines if not line.blank and line.mark not in _ASIDE]
    if not any(not quoted for quoted in told):
        return Kind.NONE
    turns = [quoted for at, quoted in enumerate(told) if at == 0 or told[at - 1] != quoted]
    if turns == [False]:
        return Kind.ALONE
    if turns == [False, True]:
        return Kind.TOP
    return Kind.BOTTOM if turns == [True, False] else Kind.INTERLEAVED


_ASIDE = frozenset({Mark.SIGNATURE, Mark.FOOTER, Mark.BANNER})
