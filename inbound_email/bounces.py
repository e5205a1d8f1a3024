"""What a delivery report says: who wasn't reached, why, for good or for now, and which of our mails it was.

    bounce_of(mail) -> Bounce | None

RFC 3464 when the server keeps to it; else what daemons have always written (`flufl.bounce` knows their letters, and
Exim's and Google's own header says it). RFC 5965 for complaints: a person pressed « spam ».
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flufl.bounce import all_failures

from inbound_email.addresses import normal_email, read_addresses
from inbound_email.headers import take_headers
from inbound_email.html_text import html_lines
from inbound_email.mime import Mail

_LOOKED_AT = 262_144  # bytes of a daemon's letter: it says first what went wrong
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ -](?=[#(A-Za-z<5\d])")
_ID = re.compile(r"^[> ]*message-id:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_DELAY = re.compile(
    r"delay|warning|retard|différé|pas encore|not yet been delivered|still being retried|verzögert", re.IGNORECASE
)
# Amazon's notices are mails with JSON in them, or with JSON in a text in JSON.
_JSON_TYPE = re.compile(
    r'"(?:notificationType|eventType)"\s{0,9}:\s{0,9}"(Bounce|Complaint|Delivery|DeliveryDelay|Reject)"'
)
_JSON_TO = re.compile(r'"destination"\s{0,9}:\s{0,9}\[([^\]]{0,20000})\]')
_JSON_LIST = re.compile(r'"(?:bounced|complained)Recipients"\s{0,9}:\s{0,9}\[([^\]]{0,20000})\]')
_JSON_WHO = re.compile(r'"emailAddress"\s{0,9}:\s{0,9}"([^"\s]{3,254})"')
_COMPLAINT = re.compile(r"complaint about message from ", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9_.+'=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
# Where the mail that it brings back begins.
_RETURNED = re.compile(
    r"^[> ]*(?:received|return-path|x-original-to):|(?:copy of|original|returned|your) message.{0,40}:[ \t]*$"
    r"|(?:copy of|original|returned) message[ \t]*$"
    r"|message headers follow|-{3,} ?.{0,30}(?:original|returned|copy|message)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER_LINE = re.compile(r"^[> ]*[A-Za-z-]{2,40}:.*(?:\n[ \t].*)*", re.MULTILINE)
_OF_SERVERS = re.compile(r"(?:mailer-daemon|postmaster|abuse|support|help|helpdesk|noreply|no-reply)@")
STATUS_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_HEADER_REPORTS = frozenset({"text/rfc822-headers", "message/global-headers"})


class Fate(StrEnum):
    """What became of a mail that we sent."""

    FAILED = "failed"  # for good
    DELAYED = "delayed"  # they go on trying, or it may work another time
    DELIVERED = "delivered"
    COMPLAINED = "complained"


_JSON_FATES = {
    "Bounce": Fate.FAILED,
    "Reject": Fate.FAILED,
    "Complaint": Fate.COMPLAINED,
    "Delivery": Fate.DELIVERED,
    "DeliveryDelay": Fate.DELAYED,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient. `status` as 5.1.1, "" when not said; `diagnostic` in the server's words, at most 500 letters."""

    recipient: str
    fate: Fate
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def permanent(self) -> bool:
        return self.fate is Fate.FAILED


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report. `message_id` is our mail's, with its brackets, "" when it isn't there."""

    failures: tuple[Failure, ...] = ()
    message_id: str = ""
    fate: Fate = field(default=Fate.FAILED)

    @property
    def permanent(self) -> bool:
        return self.fate is Fate.FAILED


def bounce_of(mail: Mail) -> Bounce | None:
    """What this mail reports; None when it names nobody and refers to nothing. Whether it is a report at all is
    `inbound_email.automatic.sender_kind`'s to say. Never raises."""
    failures = [*_by_report(mail), *_by_complaint(mail)] or [*_by_header(mail)] or [*_by_letter(mail)]
    message_id = _original_id(mail)
    if not failures and not message_id:
        return None
    fates = {failure.fate for failure in failures}
    fate = next((fate for fate in (Fate.COMPLAINED, Fate.FAILED, Fate.DELAYED, Fate.DELIVERED) if fate in fates), None)
    return Bounce(tuple(failures), message_id, fate or _fate_of_letter(mail, ""))


def _by_report(mail: Mail) -> Iterator[Failure]:
    for report in mail.reports:
        if report.content_type not in STATUS_REPORTS:
            continue
        for block in re.split(r"\n[ \t]*\n", report.text):
            fields = _fields(block)
            who = _recipient(fields.get("original-recipient", "")) or _recipient(fields.get("final-recipient", ""))
            if who:
                yield _failure(who, fields)


def _fields(block: str) -> dict[str, str]:
    data = block.strip().encode("utf-8")[:60_000]
    headers, _ = take_headers(data, 0, len(data), most=5_000, longest=60_000)
    told: dict[str, str] = {}
    for name, value in headers:
        told.setdefault(name, value)
    return told


def _recipient(value: str) -> str:
    """`rfc822; <jean@example.fr>` → jean@example.fr"""
    found = read_addresses(value.partition(";")[2] or value)
    return normal_email(found[0].email) if found else ""


def _failure(who: str, fields: dict[str, str]) -> Failure:
    action = fields.get("action", "").lower().split(" ")[0]
    told_why = fields.get("diagnostic-code", "")
    diagnostic = " ".join(told_why.partition(";")[2].split()) or told_why
    told = _STATUS.search(fields.get("status", ""))
    status = told[1] if told else ""
    if status in {"", "5.0.0", "4.0.0"} and (finer := _STATUS.search(diagnostic)):
        status = finer[1]
    return Failure(who, _fate(action, status), action, status, diagnostic[:500])


def _fate(action: str, status: str) -> Fate:
    """Their action, unless the code says that it was for now only: Exchange calls both « failed »."""
    if action in {"delivered", "relayed", "expanded"}:
        return Fate.DELIVERED
    if action == "delayed" or status.startswith("4."):
        return Fate.DELAYED
    return Fate.FAILED


def _by_complaint(mail: Mail) -> Iterator[Failure]:
    """RFC 5965, and Hotmail's older letters of the same sense."""
    for report in mail.reports:
        if report.content_type == "message/feedback-report":
            fields = _fields(report.text)
            who = _recipient(fields.get("original-rcpt-to", "")) or _recipient(fields.get("removal-recipient", ""))
            who = who or _first_recipient(mail)
            yield Failure(who, Fate.COMPLAINED, "complaint", "", fields.get("feedback-type", ""))
    if not mail.reports and _COMPLAINT.match(mail.subject):
        yield Failure(_first_recipient(mail), Fate.COMPLAINED, "complaint")


def _first_recipient(mail: Mail) -> str:
    return next((normal_email(to.email) for inner in mail.forwarded for to in inner.to), "")


def _by_header(mail: Mail) -> Iterator[Failure]:
    """Exim, Google, Mail.ru: X-Failed-Recipients."""
    for who in read_addresses(mail.headers.all("x-failed-recipients")):
        yield _of_letter(mail, normal_email(who.email))


def _by_letter(mail: Mail) -> Iterator[Failure]:
    letter = letter_of(mail)
    json = _as_json(letter)
    if told := _JSON_TYPE.search(json):
        fate = _JSON_FATES[told[1]]
        listed = _JSON_LIST.search(json)
        destination = _JSON_TO.search(json)
        found = (
            _JSON_WHO.findall(listed[1]) if listed else re.findall(r'"([^"]+)"', destination[1] if destination else "")
        )
        for who in dict.fromkeys(found):
            yield Failure(normal_email(who), fate)
        return
    temporary, permanent = found_by_flufl(mail.raw)
    found = sorted(permanent) or ([] if temporary else _by_words(mail, letter))
    for who in found:
        yield _of_letter(mail, who)
    for who in sorted(temporary - permanent):
        yield replace(_of_letter(mail, who), fate=Fate.DELAYED)


def letter_of(mail: Mail) -> str:
    """What the daemon says to people, at most so much of it."""
    if mail.text.strip():
        return mail.text[:_LOOKED_AT]
    return "\n".join(line.text for line in html_lines(mail.html[:_LOOKED_AT]))


def _as_json(letter: str) -> str:
    return letter.replace("!\n ", "").replace('\\"', '"')


def tells_bounce_in_json(mail: Mail) -> bool:
    """Whether it is one of Amazon's notices of a bounce or a complaint."""
    return bool(_JSON_TYPE.search(_as_json(mail.text[:_LOOKED_AT])))


def _by_words(mail: Mail, letter: str) -> list[str]:
    """The addresses in a letter that no detector knows: above the mail it brings back, else beside its headers, and
    neither ours nor its own; else whom the mail that it brings back was for."""
    own = {normal_email(to.email) for to in (*mail.to, *mail.cc)} | {
        normal_email(mail.sender.email) if mail.sender else ""
    }
    returned = _RETURNED.search(letter)
    above = letter[: returned.start() if returned else 3_000]
    for said in (above, _HEADER_LINE.sub("", letter[:3_000])):
        found = (normal_email(who.strip(".'")) for who in _EMAIL.findall(said))
        if others := [who for who in dict.fromkeys(found) if who not in own and not _OF_SERVERS.match(who)]:
            return others[:20]
    return [who] if (who := _first_recipient(mail)) else []


def _of_letter(mail: Mail, who: str) -> Failure:
    """The code and the words that stand near the address in a letter written for people."""
    text = letter_of(mail)
    at = text.lower().find(who)
    near = text[max(at - 300, 0) : at + 1_500] if at >= 0 else text[:3_000]
    status = _STATUS.search(near)
    line = next((line.strip() for line in near.split("\n") if _STATUS.search(line) or _REPLY.search(line)), "")
    code = status[1] if status else ""
    return Failure(who, _fate_of_letter(mail, code or line), "", code, line[:500])


def _fate_of_letter(mail: Mail, code: str) -> Fate:
    first = _REPLY.search(code)
    if code.startswith("4.") or (first and first[1].startswith("4")) or _DELAY.search(mail.subject):
        return Fate.DELAYED
    return Fate.FAILED


def found_by_flufl(raw: bytes) -> tuple[set[str], set[str]]:
    """(for now, for good): addresses in a daemon's letter, by Mailman's own detectors."""
    try:
        # Each byte as one letter: of headers beyond ASCII, bytes would give what detectors stumble over.
        temporary, permanent = all_failures(email.message_from_string(raw[:_LOOKED_AT].decode("latin-1")))
    except Exception:  # old detectors over strangers' bytes: what they can't read, they didn't find
        return set(), set()
    return _emails(temporary), _emails(permanent)


def _emails(found: object) -> set[str]:
    assert isinstance(found, set | frozenset)
    texts = (item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item) for item in found)
    return {normal_email(text) for text in texts if "@" in text}


def _original_id(mail: Mail) -> str:
    """The Message-ID of the mail that it is about: of the mail or the headers it brings back, else as it quotes it."""
    for inner in mail.forwarded:
        if inner.message_id:
            return inner.message_id
    for report in mail.reports:
        if report.content_type in _HEADER_REPORTS and (found := _ID.search(report.text)):
            return found[1]
    if found := _ID.search(mail.text[:_LOOKED_AT]):
        return found[1]
    return next(iter(mail.in_reply_to), "") or next(iter(reversed(mail.references)), "")
