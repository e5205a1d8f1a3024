"""Who may see and do what with a ticket, and what follows (S97 to S117). Pure: no query, no clock."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.core.folding import folded
from hub.people.models import Role
from hub.people.rules import Roles, is_staff
from hub.tickets.models import CLOSED, Priority, Status, Ticket

MAX_DESCRIPTION = 10_000
MAX_TITLE = 80
MAX_REASON = 2_000
MAX_COMMENT = 1_000
MAX_FILES = 10
DEPTH = 3  # category, event, sub-event (S92)
NEAR_M = 150
CORRECTIONS = frozenset({"place", "contact"})  # what `may_correct` is about
SECRET_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105 (letters, none that looks like another)
SECRET_LENGTH = 10

# S83, S117: what is taken, ten at most of 10 MB each; S84: a citizen on the web may add no .pdf and no .msg.
PICTURES = ("jpg", "jpeg", "png", "webp")
STAFF_FILES = (*PICTURES, "pdf", "msg", "xlsx", "xls", "doc", "docx", "odt", "ods", "txt")
ANSWER_FILES = tuple(kind for kind in STAFF_FILES if kind != "msg")
WEB_FILES = tuple(kind for kind in STAFF_FILES if kind not in {"pdf", "msg"})


class Stance(StrEnum):
    """What somebody is to a ticket."""

    STAFF = "staff"  # of the town hall, with this ticket in their reach
    OPERATOR = "operator"  # of the call centre
    REQUESTER = "requester"
    READER = "reader"  # anybody, of a public ticket


@dataclass(frozen=True)
class Reader:
    """Who asks: their roles in the ticket's town, and the services they belong to there."""

    person_id: int | None
    roles: Roles = frozenset()
    services: frozenset[int] = frozenset()


NOBODY = Reader(None)


def stance(ticket: Ticket, who: Reader) -> Stance | None:
    """What `who` is to the ticket; None: for them there is no such ticket (S97, S102, S103, S104)."""
    if _in_reach(ticket, who):
        return Stance.STAFF
    if Role.OPERATOR in who.roles and not ticket.internal:
        return Stance.OPERATOR
    if who.person_id is not None and who.person_id == ticket.requester_id and not ticket.internal:
        return Stance.REQUESTER
    return Stance.READER if is_open_to_all(ticket) else None


def _in_reach(ticket: Ticket, who: Reader) -> bool:
    """The mayor and who manages: all. Agents: their services', what is nobody's or theirs; without service: all."""
    if who.roles & {Role.MAYOR, Role.MANAGER}:
        return True
    if ticket.public and is_staff(who.roles - {Role.OPERATOR}):  # S102
        return True
    if Role.AGENT not in who.roles:
        return False
    theirs = who.person_id is not None and who.person_id in {ticket.assignee_id, ticket.created_by_id}
    return not who.services or ticket.service_id is None or ticket.service_id in who.services or theirs


def is_open_to_all(ticket: Ticket) -> bool:
    """Whether anybody may read it (S101): never what is internal, with the call centre still, or a duplicate."""
    return ticket.public and not ticket.internal and not ticket.merged and ticket.status != Status.NOT_TRANSFERRED


def shows_everybody(ticket: Ticket) -> bool:
    """Whether what the town says on it is for everybody to read (S115), at once or once it is transferred."""
    return ticket.public and not ticket.internal and not ticket.merged


def works_on(stance: Stance | None) -> bool:
    """Whether it is somebody's work: the desk's pages are open to them."""
    return stance in {Stance.STAFF, Stance.OPERATOR}


def may_change(ticket: Ticket, stance: Stance) -> bool:
    """Status, service, due date …: the town hall; the call centre until it has transferred it (S111)."""
    if ticket.merged:
        return False
    return stance == Stance.STAFF or (stance == Stance.OPERATOR and ticket.status == Status.NOT_TRANSFERRED)


def may_correct(ticket: Ticket, stance: Stance) -> bool:
    """Place and requester's details: town hall and call centre, at any time (S81, S96)."""
    return works_on(stance) and not ticket.merged


def may_take_out(ticket: Ticket, stance: Stance) -> bool:
    """Separate it from the one that it stands under: the town hall."""
    return stance == Stance.STAFF and ticket.parent_id is not None


def may_set_priority(ticket: Ticket, stance: Stance) -> bool:
    """The town hall alone: operators normally don't (S108)."""
    return stance == Stance.STAFF and not ticket.merged


def may_follow_up(ticket: Ticket, stance: Stance) -> bool:
    """Write follow-ups, internal or external: town hall and call centre (S113, S114)."""
    return works_on(stance) and not ticket.merged


def boxes_of(ticket: Ticket) -> list[str]:
    """The addresses that several of the town hall read, and at which it is told of this ticket: its service's own, the
    town's."""
    return [box for box in (ticket.service.email if ticket.service else "", ticket.town.email) if box]


def may_see_internal(stance: Stance | None) -> bool:
    """Read internal follow-ups (S113)."""
    return works_on(stance)


def takes_words(ticket: Ticket) -> bool:
    """Whether its requester's words may stand on it: on a duplicate too, where they read what is answered on the one
    in which it goes on (S99, S118), as long as that one is open."""
    goes_on = not ticket.merged or (ticket.parent is not None and not ticket.parent.closed)
    return goes_on and not ticket.anonymous


def may_answer(ticket: Ticket, stance: Stance) -> bool:
    """The requester's own words."""
    return stance == Stance.REQUESTER and takes_words(ticket)


def takes_letters(ticket: Ticket) -> bool:
    """Whether a letter that bears its number may be put there, as its requester's words (S77)."""
    return takes_words(ticket) and not ticket.internal


def may_note_words(ticket: Ticket, stance: Stance) -> bool:
    """Write down what the requester said otherwise: town hall and call centre."""
    return works_on(stance) and takes_words(ticket)


def may_write_to_requester(ticket: Ticket) -> bool:
    """Whether an external follow-up would reach somebody: there is none for anonymous and internal ones (S99, S104)."""
    return not ticket.anonymous and not ticket.internal


def may_write_outside(ticket: Ticket, *, neighbours: bool) -> bool:
    """The same, or those who asked for what stands under it: an anonymous one hears nothing, its neighbours do."""
    return may_write_to_requester(ticket) or (neighbours and not ticket.internal)


def starts(ticket: Ticket, stance: Stance) -> bool:
    """Whether this act begins the treatment (S106): the town's first on a transferred ticket."""
    return stance == Stance.STAFF and ticket.status == Status.TRANSFERRED


_NEXT: dict[str, frozenset[str]] = {
    Status.NOT_TRANSFERRED: frozenset({Status.TRANSFERRED, *CLOSED}),
    Status.TRANSFERRED: frozenset({Status.IN_PROGRESS, *CLOSED}),
    Status.IN_PROGRESS: frozenset(CLOSED),
    Status.CLOSED_DONE: frozenset({Status.IN_PROGRESS}),
    Status.CLOSED_REFUSED: frozenset({Status.IN_PROGRESS}),
}


def next_statuses(ticket: Ticket) -> list[Status]:
    """Where the ticket may go from here, in the order of the statuses (S105)."""
    return [status for status in Status if status in _NEXT[ticket.status]]


def check_status(ticket: Ticket, status: str, reason: str) -> None:
    """Raises `Invalid`: there is no such way, or a refusal without its reason (S107)."""
    if status not in _NEXT[ticket.status]:
        raise Invalid(
            _("Une requête « %(now)s » ne peut pas devenir « %(wanted)s ».")
            % {"now": Status(ticket.status).label, "wanted": Status(status).label},
            field="status",
        )
    if status == Status.CLOSED_REFUSED and not reason:
        raise Invalid(_("Dites pourquoi la requête est refusée : le demandeur recevra cette raison."), field="reason")


def check_public(*, allowed: bool, internal: bool) -> None:
    """Raises `Invalid` when it can't be public (S101, S104)."""
    if internal:
        raise Invalid(_("Une requête interne ne peut pas être publique."), field="public")
    if not allowed:
        raise Invalid(_("La commune ne publie pas les demandes de cette catégorie."), field="public")


def check_anonymous(*, allowed: bool) -> None:
    """Raises `Invalid` where the town wants names (S99)."""
    if not allowed:
        raise Invalid(_("Cette commune n’accepte pas les demandes anonymes."), field="anonymous")


def check_follow_ups(*, wanted: bool, anonymous: bool, email: str, mobile: str | None = None) -> None:
    """Raises `Invalid`: follow-ups need an address (S86), and nobody follows what is anonymous (S99).

    `mobile`: the number that they may go to instead, "" for none; None where nothing stands in for an email.
    """
    if wanted and anonymous:
        raise Invalid(_("Une demande anonyme ne peut pas être suivie par courriel."), field="wants_follow_ups")
    if wanted and not email and mobile is None:
        raise Invalid(_("Donnez votre courriel pour recevoir les suivis."), field="email")
    if wanted and not email and not mobile:
        raise Invalid(_("Pour recevoir les suivis, il faut un courriel ou un numéro de mobile."), field="email")


def clean_description(text: str) -> str:
    """The description as it is kept (S82). Raises `Invalid`."""
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not cleaned:
        raise Invalid(_("Décrivez ce qui se passe."), field="description")
    if len(cleaned) > MAX_DESCRIPTION:
        raise Invalid(
            _("Cette description est trop longue : %(count)d caractères, pour %(max)d au plus.")
            % {"count": len(cleaned), "max": MAX_DESCRIPTION},
            field="description",
        )
    return cleaned


_SENTENCE = re.compile(r"(?<=[.!?…])\s|\n")


def title_of(description: str) -> str:
    """A title made of the first sentence, 80 characters at most, cut between words."""
    first = " ".join(_SENTENCE.split(description.strip(), maxsplit=1)[0].split())
    if len(first) <= MAX_TITLE:
        return first.rstrip(" .")
    return first[: MAX_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def number_of(code: str, year: int, last: int) -> str:
    """A ticket's number (S94): « SA26-00042 »."""
    return f"{code}{year % 100:02d}-{last:05d}"


_NUMBER = re.compile(r"([A-Z]{2,4})\s*(\d{2})\s*[-–—]?\s*(\d{1,6})")


def read_number(text: str) -> str:
    """A number as somebody types it: any case, with or without hyphen and zeros. Empty when it can't be one."""
    found = _NUMBER.fullmatch(text.strip().upper())
    return number_of(found[1], int(found[2]), int(found[3])) if found else ""


def read_secret(text: str) -> str:
    """The secret of a receipt as somebody types it."""
    return "".join(letter for letter in text.upper() if letter in SECRET_LETTERS)[:SECRET_LENGTH]


def search_words(ticket: Ticket, path: Sequence[str] = ()) -> str:
    """What the board finds it by: folded, words apart. `path`: the names of its category's way."""
    phones = [phone for number in (ticket.phone, ticket.phone2) if number for phone in _written(number)]
    parts = [ticket.number, ticket.number.replace("-", ""), ticket.title, ticket.description, ticket.address]
    named = [ticket.first_name, ticket.last_name, ticket.email, *phones, *path]
    text = folded(" ".join(part for part in (*parts, *named) if part))
    plain = "".join(letter if letter.isalnum() else " " for letter in text)
    return " ".join(dict.fromkeys(plain.split()))


def _written(number: str) -> tuple[str, ...]:
    """A number in E.164 as people type it: with its country, and as at home."""
    digits = number.lstrip("+")
    national = digits[1:] if digits.startswith("1") else digits[2:]
    return digits, national, f"0{national}"


def longest_delay(delays: Iterable[int | None], default: int) -> int:
    """The delay that counts, in working days: the longest on the category's way, else the town's (S109)."""
    return max((delay for delay in delays if delay is not None), default=default)


def is_late(ticket: Ticket, today: date) -> bool:
    """Whether it is open past its due date."""
    return not ticket.closed and ticket.due_on is not None and ticket.due_on < today


def may_settle(ticket: Ticket, at: datetime, *, days: int) -> bool:
    """Whether the requester may still say if it is settled, or reopen it: for so many days after closing."""
    if not ticket.closed or ticket.closed_at is None or ticket.merged or ticket.internal:
        return False
    return at - ticket.closed_at <= timedelta(days=days)


def priority_named(name: str) -> Priority:
    """« urgent » and so on. Raises `Invalid`."""
    try:
        return Priority[name.upper()]
    except KeyError:
        raise Invalid(_("Cette priorité n’existe pas."), field="priority") from None


def clean_reason(text: str, *, most: int = MAX_REASON) -> str:
    """A reason or a comment as it is kept. Raises `Invalid` when it is too long."""
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(cleaned) > most:
        raise Invalid(_("C’est trop long : %(max)d caractères au plus.") % {"max": most}, field="reason")
    return cleaned
