"""Who wrote: a person, a machine on somebody's behalf, or a mail server that reports.

    sender_kind(raw) -> "human" | "auto" | "bounce"
    may_be_answered(mail) -> whether a machine of ours may answer it at all

Headers first: what programs say of themselves (RFC 3834, 3464, 8098, 5965, and the older X- ones). Words only together
with another sign: a person may well write about « une réponse automatique ». In doubt it is a person: a machine's
letter read by somebody costs a minute, a person's letter thrown away costs a person.
"""

import re
from typing import Literal

from inbound_email.announcements import ADDRESS
from inbound_email.bounces import STATUS_REPORTS, found_by_flufl, letter_of, tells_bounce_in_json
from inbound_email.headers import take_parameters
from inbound_email.lines import comparable
from inbound_email.machine_words import (
    ACKNOWLEDGING_SUBJECT,
    AUTO_SUBJECT,
    AUTO_WORDS,
    AWAY_SUBJECT,
    AWAY_WORDS,
    BOUNCE_SUBJECT,
    BOUNCE_WORDS,
    COMPLAINT_SUBJECT,
    DAEMON,
    DAEMON_NAME,
    NO_REPLY,
    OFFICE,
    POSTMASTER,
)
from inbound_email.mime import Mail, read_mail
from inbound_email.multipart import Bounds
from inbound_email.reply_text import reply_of

SenderKind = Literal["human", "auto", "bounce"]

_LOOKED_AT = 20_000
# Headers by which programs that answer by themselves say so, of dozens of makers. Their value is "yes", a name, a
# number: anything but no. X-Auto-Response-Suppress is none of them: Exchange puts it on people's mail too.
_AUTO_HEADER = re.compile(
    r"x-(?:[a-z-]{0,20}-)?auto[-_]?(?:matic[-_]?)?(?:repl|respon(?!se-suppress)|generat|answer|submit)"
    r"|x-(?:[a-z-]{0,20}-)?(?:vacation|out-?of-?office|away-?message)|x-cron-env|x-fc-machinegenerated"
    r"|x-ms-exchange-(?:generated-message-source|inbox-rules-loop)"
)
_CODE = re.compile(r"(?<!\d)[45]\d\d[ -]|[45]\.\d\.\d{1,3}")
_QUESTION = re.compile(r"\w[ \u00a0\u202f]?\?(?:\s|\Z)|\b(?:mon|ma|mes|my|mein\w{0,2}|mio|meu|mijn)\b", re.IGNORECASE)
_NO = frozenset({"", "no", "false", "0", "none"})
_AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
_BULK = frozenset({"bulk", "junk"})
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list")


def sender_kind(raw: bytes, bounds: Bounds | None = None) -> SenderKind:
    """Who wrote this mail. Raises MailError only."""
    return kind_of(read_mail(raw, bounds))


def kind_of(mail: Mail) -> SenderKind:
    """The same, of a mail that is read. Never raises."""
    if _is_receipt(mail):  # RFC 5429: a filter that refuses a mail says so in the form of a receipt
        return "bounce" if BOUNCE_SUBJECT.match(_subject(mail)) else "auto"
    if _is_report(mail):
        return "bounce"
    says_auto = _says_auto(mail)
    if _is_daemons_letter(mail, says_auto=says_auto):
        return "bounce"
    if says_auto or _is_bulk(mail) or _sounds_automatic(mail):
        return "auto"
    return "human"


def may_be_answered(mail: Mail) -> bool:
    """Whether an automatic mail of ours may go back: never to machines, lists, or nobody (RFC 3834, section 2)."""
    if kind_of(mail) != "human" or mail.sender is None or _null_path(mail):
        return False
    if any(name in mail.headers for name in _LIST_HEADERS) or _precedence(mail) in _BULK | {"list"}:
        return False
    return not NO_REPLY.search(mail.sender.local.lower())


def _subject(mail: Mail) -> str:
    return comparable(mail.subject).lower()


def _report_type(mail: Mail) -> str:
    content_type, parameters = take_parameters(mail.headers.raw("content-type"))
    return parameters.get("report-type", "").lower() if content_type == "multipart/report" else ""


def _is_report(mail: Mail) -> bool:
    """RFC 3464 and 5965: by their parts. In a mail that somebody forwards they lie one level deeper."""
    kinds = {report.content_type for report in mail.reports}
    if mail.content_type == "multipart/report":
        return True
    return bool(kinds & STATUS_REPORTS) or "message/feedback-report" in kinds


def _is_receipt(mail: Mail) -> bool:
    """RFC 8098: « lu »."""
    kinds = {report.content_type for report in mail.reports}
    return _report_type(mail) == "disposition-notification" or any("disposition-notification" in kind for kind in kinds)


def _says_auto(mail: Mail) -> bool:
    submitted = mail.headers.raw("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(_AUTO_HEADER.match(name) and value.lower() not in _NO for name, value in mail.headers):
        return True
    if _precedence(mail) in _AUTO_PRECEDENCE or "challenge" in mail.headers.raw("x-mailinblack").lower():
        return True
    told = " ".join(mail.headers.raw(name) for name in ("delivered-to", "x-post-messageclass", "x-apple-action"))
    return "autoresp" in told.lower() or "vacation" in told.lower()


def _precedence(mail: Mail) -> str:
    told = mail.headers.raw("precedence") or mail.headers.raw("x-precedence")
    return told.strip().lower()


def _null_path(mail: Mail) -> bool:
    return "return-path" in mail.headers and mail.headers.raw("return-path").replace(" ", "") in {"<>", ""}


def _is_daemons_letter(mail: Mail, *, says_auto: bool) -> bool:
    """A report as servers wrote them before RFC 3464, and many still do."""
    subject = _subject(mail)
    if "x-failed-recipients" in mail.headers or tells_bounce_in_json(mail):
        return True
    if COMPLAINT_SUBJECT.match(subject) or _is_list_refusing(mail):
        return True
    postmaster = mail.sender is not None and bool(POSTMASTER.fullmatch(mail.sender.local.lower()))
    reports = bool(BOUNCE_SUBJECT.match(subject.lstrip("[(*-#<> ")))
    impersonal = mail.sender is None or _null_path(mail) or says_auto
    if _is_daemon(mail):
        return True
    if (postmaster or _is_called_daemon(mail)) and (reports or impersonal or _tells_of_failure(mail, coded=False)):
        return True
    gives_back = bool(mail.forwarded) and (
        impersonal or bool(mail.sender and NO_REPLY.search(mail.sender.local.lower()))
    )
    if gives_back and _tells_of_failure(mail, coded=False):
        return True
    if (impersonal or (reports and not _asks(mail))) and _tells_of_failure(mail):
        return True
    if reports and impersonal:
        return True
    return (reports or postmaster or says_auto or _is_office(mail)) and any(found_by_flufl(mail.raw))


def _is_daemon(mail: Mail) -> bool:
    sender = mail.sender
    if sender is None:  # From: MAILER-DAEMON <>
        return bool(DAEMON.match(mail.headers.get("from").lower().strip(' "<')))
    return bool(DAEMON.match(sender.local.lower()))


def _is_called_daemon(mail: Mail) -> bool:
    """By its name only. An answer in a thread comes from a program that people use, whatever name its owner chose."""
    return mail.sender is not None and bool(DAEMON_NAME.match(mail.sender.name.lower())) and not mail.in_reply_to


def _tells_of_failure(mail: Mail, *, coded: bool = True) -> bool:
    """A code of SMTP and what it means. Only asked about what no person sent, or what announces itself as a report."""
    said = comparable(letter_of(mail), _LOOKED_AT).lower()
    return bool(BOUNCE_WORDS.search(said)) and not (coded and not _CODE.search(said))


def _asks(mail: Mail) -> bool:
    """Whether somebody asks about a report, or tells of one as of « mon mail », or without the address it is about: no
    program does."""
    said = letter_of(mail)[:_LOOKED_AT]
    return bool(_QUESTION.search(said)) or not ADDRESS.search(said)


def _is_list_refusing(mail: Mail) -> bool:
    """A list's program (fml) that gives back what a stranger sent to the list."""
    local = mail.sender.local.lower() if mail.sender else ""
    return "x-mlserver" in mail.headers and "x-mail-count" not in mail.headers and local.endswith(("-admin", "-ctl"))


def _is_office(mail: Mail) -> bool:
    """Sent by a box that machines use, and not as an answer."""
    return mail.sender is not None and bool(OFFICE.search(mail.sender.local.lower())) and not mail.in_reply_to


def _is_bulk(mail: Mail) -> bool:
    """Newsletters, and the older vacation programs. Posts of a list that people talk on (List-Post) are people's."""
    if "list-post" in mail.headers:
        return False
    if not any(name in mail.headers for name in _LIST_HEADERS):
        return _precedence(mail) in _BULK
    return not mail.in_reply_to and (_precedence(mail) in _BULK or "feedback-id" in mail.headers)


def _sounds_automatic(mail: Mail) -> bool:
    """No header says it. Two signs of three: nobody to answer to; the subject; the words. Who is away may say so
    themselves: that counts only in an answer."""
    if _null_path(mail):
        return True
    nobody = mail.sender is not None and bool(NO_REPLY.search(mail.sender.local.lower()))
    suppress = mail.headers.raw("x-auto-response-suppress").lower()
    suppressed = any(word in suppress for word in ("all", "oof", "autoreply"))  # Exchange: on many people's mail, too
    bare = _subject(mail).lstrip("[(*-# ")
    subject = bool(AUTO_SUBJECT.match(bare))
    acknowledges, away = bool(ACKNOWLEDGING_SUBJECT.match(bare)), bool(AWAY_SUBJECT.fullmatch(bare))
    suspect = subject or acknowledges or away
    if (suspect and nobody) or (subject and suppressed) or (acknowledges and "all" in suppress):
        return True
    words = comparable(reply_of(mail).words, _LOOKED_AT).lower()
    if AUTO_WORDS.search(words):
        return nobody or suspect
    answers = away and bool(mail.in_reply_to or mail.references)
    return (nobody or subject or answers) and bool(AWAY_WORDS.search(words))
