"""A mail as it came in, bytes, and what it holds: who, when, about what; its words; its files; what it reports.

    mail = read_mail(raw)
    mail.sender, mail.subject, mail.bodies, mail.attachments, mail.forwarded, mail.reports

Pure: no Django, no clock, no network. The words that a person wrote in it: `inbound_email.reply_text`; whether it was a
person at all: `inbound_email.automatic`.

Not Python's `email`, for two reasons. It is not bounded: 100,000 parts take it 20 s and more, 1,500 levels a
RecursionError, a Subject of 280 KB 2.7 GB (`multipart` and `headers` say how it is done here). And it loses what people
wrote where their programs err: of the 44 odd forms in tests/inbound_email/test_mime.py it reads 16 otherwise, among
them no word of a mail whose boundary isn't the one it names. A date is read by it.

Errors, all of one tree (`inbound_email.errors`): MailError > TooMuch > TooManyBytes, TooManyParts, TooDeep,
TooManyHeaders, HeaderTooLong. Nothing else is raised, whatever the bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain

from inbound_email.addresses import Address, first_address, read_addresses
from inbound_email.charsets import decode_bytes
from inbound_email.flowed import join_flowed
from inbound_email.headers import Headers, on_one_line
from inbound_email.multipart import Bounds, Part, read_parts
from inbound_email.tnef import is_tnef, unpack_tnef

_ID = re.compile(r"<[^<>\s]{1,995}>")
_BREAK = re.compile(r"\r\n|\r|\n|\u2028|\u2029")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.+-]{1,40})", re.IGNORECASE)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_WORDS = frozenset({"text/plain"}) | _HTML
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
_MAILS = frozenset({"message/rfc822", "message/global"})
_NAMES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
}
_MOST_WORDS = 2_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """One stretch of words, in the forms in which the mail gives it; one of both may be empty."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. `content_id` is how the HTML calls a picture; `inline`: shown among the words, not beside them."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a machine says to machines (RFC 3464, 8098, 5965), or the headers of the mail it is about."""

    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, read. Ids are with their brackets; `date` is in UTC, None for one that can't be read.

    `raw` is the whole, as it came; b"" for one that lies in another.
    """

    headers: Headers
    content_type: str
    subject: str
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    bodies: tuple[Body, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Attachment, ...] = ()
    forwarded: tuple["Mail", ...] = ()
    reports: tuple[Report, ...] = ()
    raw: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """The plain words, all stretches together."""
        return "\n".join(body.text for body in self.bodies if body.text)

    @property
    def html(self) -> str:
        return "\n".join(body.html for body in self.bodies if body.html)


def read_mail(raw: bytes, bounds: Bounds | None = None) -> Mail:
    """The mail in these bytes. Raises MailError, and nothing else."""
    return replace(_mail_of(read_parts(raw, bounds or Bounds())), raw=raw)


def _mail_of(part: Part) -> Mail:
    headers = part.headers
    found = _Found()
    _collect(part, found, top=True)
    unpacked = _unpacked(found)
    inline, beside = _sorted([*found.files, *unpacked], "".join(body.html for body in found.bodies))
    return Mail(
        headers=headers,
        content_type=part.content_type,
        subject=on_one_line(headers.get("subject")),
        sender=first_address(headers.raw("from")) or first_address(headers.raw("sender")),
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        reply_to=_addresses(headers, "reply-to"),
        date=_read_date(headers.raw("date")),
        message_id=next(iter(_ids(headers, "message-id")), ""),
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        bodies=tuple(found.bodies),
        attachments=tuple(beside),
        pictures=tuple(inline),
        forwarded=tuple(found.mails),
        reports=tuple(found.reports),
    )


@dataclass(slots=True)
class _Found:
    bodies: list[Body] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)


def _collect(part: Part, found: _Found, *, top: bool = False) -> None:
    """Put what this part holds where it belongs."""
    if part.content_type in _MAILS and not top:
        found.mails += [_mail_of(inner) for inner in part.parts]
    elif part.content_type == "multipart/alternative":
        found.bodies += _alternatives(part, found)
    elif part.parts:
        for inner in part.parts:
            _collect(inner, found)
    elif part.content_type in _REPORTS:
        found.reports.append(Report(part.content_type, text_of(part)))
    elif _is_words(part):
        html = part.content_type in _HTML
        found.bodies.append(Body(html=text_of(part)) if html else Body(text=text_of(part)))
    elif part.data:
        found.files.append(_file(part, len(found.files)))


def _alternatives(part: Part, found: _Found) -> list[Body]:
    """The same words several times: one body with all its forms. Files between them are files like others."""
    own = _Found(files=found.files, mails=found.mails, reports=found.reports)
    for inner in part.parts:
        _collect(inner, own)
    text = "\n".join(body.text for body in own.bodies if body.text.strip())
    html = "\n".join(body.html for body in own.bodies if body.html.strip())
    return [Body(text, html)] if text or html else []


def _is_words(part: Part) -> bool:
    """Words to be read, not a file: a program that gives a text a name, or calls it an attachment, means a file; and
    nobody writes two megabytes."""
    if len(part.data) > _MOST_WORDS:
        return False
    return part.content_type in _WORDS and part.disposition != "attachment" and not part.filename


def _file(part: Part, number: int) -> Attachment:
    main = part.content_type.partition("/")[0]
    content_id = part.headers.raw("content-id").strip("<> ")
    name = clean_name(part.filename) or f"{main}-{number + 1}.{_NAMES.get(part.content_type, 'bin')}"
    inline = main == "image" and part.disposition == "inline"
    return Attachment(name, part.content_type, part.data, content_id, inline)


def clean_name(name: str) -> str:
    """A file's name without folders, control characters, or what turns its letters around (RLO); 150 at most."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(letter for letter in name if letter.isprintable() and letter not in _TURNING)
    name = " ".join(name.split()).strip(". ")
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = stem[: 150 - len(ending) - 1] + dot + ending if dot and len(ending) < 10 else name[:150]
    return name


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _unpacked(found: _Found) -> list[Attachment]:
    """What Outlook packed into winmail.dat. It goes itself when something came out of it; else it stays, named."""
    out: list[Attachment] = []
    for packed in [file for file in found.files if is_tnef(file.content_type, file.data)]:
        content = unpack_tnef(packed.data)
        if content.files or content.text:
            found.files.remove(packed)
        if content.text and not any(body.text or body.html for body in found.bodies):
            found.bodies.append(Body(text=content.text))
        for number, (name, data) in enumerate(content.files):
            out.append(Attachment(clean_name(name) or f"file-{number + 1}.bin", "application/octet-stream", data))
    return out


def _sorted(files: list[Attachment], html: str) -> tuple[list[Attachment], list[Attachment]]:
    """(pictures among the words, files beside them): a picture that the HTML calls by its id is among the words."""
    inline: list[Attachment] = []
    beside: list[Attachment] = []
    for file in files:
        called = bool(file.content_id) and f"cid:{file.content_id}" in html
        among = file.content_type.startswith("image/") and (called or file.inline)
        (inline if among else beside).append(replace(file, inline=among))
    return inline, beside


def text_of(part: Part) -> str:
    """The characters of a text part: lines end with \\n, soft ends of lines are joined."""
    charset = part.parameters.get("charset")
    if not charset and part.content_type in _HTML and (found := _META_CHARSET.search(part.data[:4_000])):
        charset = found[1].decode("ascii")
    text = _BREAK.sub("\n", decode_bytes(part.data, charset))
    if part.parameters.get("format", "").lower() == "flowed" and part.content_type == "text/plain":
        text = join_flowed(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    return read_addresses(decode_bytes(value) for known, value in headers.fields if known == name)


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    """Message-IDs, each once, in their order; a lone one without brackets is given them."""
    told = headers.all(name)
    ids = list(dict.fromkeys(chain.from_iterable(_ID.findall(value) for value in told)))
    lone = told[0].strip("<> \t") if told else ""
    if not ids and lone and "@" in lone and len(lone.split()) == 1:
        ids = [f"<{lone}>"]
    return tuple(ids)


def _read_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value[:100])
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def all_mails(mail: Mail) -> Iterator[Mail]:
    """This one and those in it, from the outside in."""
    yield mail
    for inner in mail.forwarded:
        yield from all_mails(inner)
