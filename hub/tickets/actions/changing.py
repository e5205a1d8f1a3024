"""Changing a ticket: each field by its own rule, all of one demand in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from hub.conversations.actions.reply_addresses import revoke_reply_address
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.models import STAFF_ROLES, Membership, Person, Role
from hub.streams.actions import Unit, unit
from hub.tickets import mail, queries, reaching, rules
from hub.tickets.actions.handing_over import hand_over, reached_at
from hub.tickets.actions.locking import lock_one, lock_with_grouped
from hub.tickets.actions.publishing import check_opening, check_unnamed
from hub.tickets.actions.starting import start
from hub.tickets.actions.telling import keep_change, ring_requester, ring_staff, tell_changed
from hub.tickets.actions.trail import last_change, note_changes
from hub.tickets.drafts import Contact, Place, clean_contact, clean_place
from hub.tickets.models import CLOSED, Priority, Status, Ticket
from hub.tickets.queries import Seen
from hub.tickets.rules import Stance
from hub.tickets.tree import Tree
from hub.towns.models import Service


@dataclass(frozen=True)
class Changes:
    """What is to be otherwise; None: as it is. `service_id`, `assignee_id` 0: nobody."""

    status: str | None = None
    reason: str = ""
    priority: str | None = None
    service_id: int | None = None
    assignee_id: int | None = None
    due_on: date | None = None
    category_id: int | None = None
    title: str | None = None
    public: bool | None = None
    place: Place | None = None
    contact: Contact | None = None
    wants_follow_ups: bool | None = None
    sms_will_do: bool = False  # follow-ups go by SMS to who has no email: programs ask for one (S86)

    @property
    def named(self) -> list[str]:
        """The fields that it changes, in the order in which they are changed: what mails tell of comes before them."""
        asked = [one.name for one in fields(self) if one.name not in _BESIDE and getattr(self, one.name) is not None]
        return sorted(asked, key=lambda name: _LAST.get(name, 0))


_BESIDE = {"reason", "sms_will_do"}
_LAST = {"service_id": 1, "assignee_id": 1, "status": 2}
# What the requester may change too (S81, S96).
_REQUESTERS = frozenset({"place", "contact", "wants_follow_ups"})


@dataclass
class _Change:
    """A change under way. `row`: the ticket, locked."""

    work: Unit
    row: Ticket
    grouped: list[Ticket]  # under it; locked too, when it is to be closed
    actor: Person
    seen: Seen
    wanted: Changes
    at: datetime
    closed: list[Ticket] = field(default_factory=list)  # with it, of those that stand under it
    told: set[str] = field(default_factory=set)  # the numbers that have an SMS of the end

    def keep(self, name: str, before: str, after: str, *, reason: str = "") -> None:
        keep_change(self.row, self.actor, name, before, after, reason=reason, at=self.at)


def change_ticket(*, actor: Person, number: str, changes: Changes, sure: bool = False) -> Ticket:
    """Change what is named. The town's first act begins the treatment (S106).

    `sure`: even though everybody will read in it who asked. Raises `NotFound`, `Forbidden` (S108, S111: the call centre
    after the transfer; a requester what is not theirs), `Invalid` with the field, `Conflict` (a duplicate),
    `NamesRequester` (staff who are not `sure`), `RateLimited` (a requester).
    """
    seen = queries.access_ticket(actor, number)
    _check_may(seen, changes.named)
    if seen.stance == Stance.REQUESTER:
        limits.hit(limits.TICKET_ACTS, actor.pk)
    with unit() as work:
        row, grouped = lock_with_grouped(seen.ticket) if changes.status in CLOSED else (lock_one(seen.ticket), [])
        since = last_change()
        _check_may(replace(seen, ticket=row), changes.named)  # others may have changed it meanwhile
        change = _Change(work, row, grouped, actor, seen, changes, now())
        moved = [name for name in changes.named if _APPLY[name](change)]
        if moved:
            if seen.works and not sure:
                _check_unnamed(change, moved)
            _finish(change, moved)
            for one in (row, *change.closed):
                note_changes(one, since)
    return Ticket.objects.select_related(*queries.WITH).get(pk=seen.ticket.pk) if moved else seen.ticket


def _check_may(seen: Seen, named: list[str]) -> None:
    if seen.stance == Stance.REQUESTER and set(named) <= _REQUESTERS and not seen.ticket.anonymous:
        return
    if seen.stance == Stance.READER or seen.stance == Stance.REQUESTER:
        raise Forbidden
    if seen.ticket.merged:
        raise Conflict(_("Cette requête est réunie avec une autre : agissez sur celle-là."))
    if "priority" in named and not rules.may_set_priority(seen.ticket, seen.stance):
        raise Forbidden
    if not rules.may_change(seen.ticket, seen.stance) and not set(named) <= rules.CORRECTIONS:
        raise Forbidden(_("Cette requête est transférée : la mairie seule la traite."))


def _finish(change: _Change, moved: list[str]) -> None:
    row = change.row
    row.changed_at = change.at
    tree = Tree(row.town)
    category = tree.get(row.category_id)
    row.words = rules.search_words(row, [one.name for one in tree.path(category)] if category else ())
    row.save()
    started = "status" not in moved and start(change.work, row, change.actor, change.seen.stance)
    if not started:
        tell_changed(change.work, row)


def _check_unnamed(change: _Change, moved: list[str]) -> None:
    row = change.row
    if "public" in moved and row.public:
        check_opening(row)
    written = {"title": row.title, "place": row.address, "status": row.refusal_reason}
    texts = [text for name, text in written.items() if name in moved and text]
    check_unnamed(change.actor, row, texts, change.closed)


# Each field: whether it moved.


def _set_status(change: _Change) -> bool:
    row, wanted = change.row, change.wanted
    if wanted.status == row.status:
        return False
    if wanted.status not in Status.values:
        raise Invalid(field="status")
    reason = rules.clean_reason(wanted.reason)
    rules.check_status(row, wanted.status, reason)
    before, row.status = row.status, wanted.status
    change.keep("status", before, row.status, reason=reason)
    _AFTER[Status(row.status)](change, before)
    return True


def _transferred(change: _Change, before: str) -> None:
    change.row.transferred_at = change.at
    if change.row.service_id:
        mail.send_assigned(change.row, by=change.actor)


def _in_progress(change: _Change, before: str) -> None:
    row = change.row
    row.started_at = row.started_at or change.at
    if before in CLOSED:
        row.closed_at, row.refusal_reason, row.settled, row.settled_at = None, "", None, None
        mail.send_reopened(row, by=change.actor)
        ring_requester(change.work, row, "ticket_reopened", change.actor)
    else:
        mail.send_started(row, by=change.actor)
        ring_requester(change.work, row, "ticket_started", change.actor)


def _done(change: _Change, before: str) -> None:
    _close(change, "ticket_closed")


def _refused(change: _Change, before: str) -> None:
    change.row.refusal_reason = rules.clean_reason(change.wanted.reason)
    _close(change, "ticket_refused")


def _close(change: _Change, code: str) -> None:
    row = change.row
    row.closed_at, row.answered_at = change.at, None
    row.transferred_at = row.transferred_at or change.at
    mail.send_closed(row, by=change.actor, told=change.told)
    ring_requester(change.work, row, code, change.actor, row.refusal_reason)
    _close_grouped(change)


def _close_grouped(change: _Change) -> None:
    """One incident, many neighbours: what is closed here is closed for all of them."""
    for other in change.grouped:
        if other.merged or other.closed:
            continue
        before, other.status = other.status, change.row.status
        other.refusal_reason, other.closed_at, other.answered_at = change.row.refusal_reason, change.at, None
        other.changed_at = change.at
        other.save()
        keep_change(other, change.actor, "status", before, other.status, reason=other.refusal_reason, at=change.at)
        mail.send_closed(other, by=change.actor, told=change.told)
        ring_requester(
            change.work, other, "ticket_refused" if other.refusal_reason else "ticket_closed", change.actor,
            other.refusal_reason,
        )  # fmt: skip
        tell_changed(change.work, other)
        change.closed.append(other)


_AFTER: dict[Status, Callable[[_Change, str], None]] = {
    Status.TRANSFERRED: _transferred,
    Status.IN_PROGRESS: _in_progress,
    Status.CLOSED_DONE: _done,
    Status.CLOSED_REFUSED: _refused,
}


def _set_priority(change: _Change) -> bool:
    wanted = rules.priority_named(change.wanted.priority or "")
    if wanted == change.row.priority:
        return False
    change.keep("priority", change.row.priority_name, wanted.name.lower())
    change.row.priority = Priority(wanted)
    return True


def _set_service(change: _Change) -> bool:
    row, wanted = change.row, change.wanted.service_id or None
    if wanted == row.service_id:
        return False
    service = Service.objects.filter(town=row.town, pk=wanted).first() if wanted else None
    if wanted and service is None:
        raise Invalid(_("Ce service n’existe pas."), field="service")
    change.keep("service", row.service.name if row.service else "", service.name if service else "")
    row.service = service
    if service is not None and row.status != Status.NOT_TRANSFERRED and not row.closed:
        mail.send_assigned(row, by=change.actor)
    return True


def _set_assignee(change: _Change) -> bool:
    row, wanted = change.row, change.wanted.assignee_id or None
    if wanted == row.assignee_id:
        return False
    held = Membership.objects.filter(town=row.town, role__in=STAFF_ROLES - {Role.OPERATOR}, person__is_active=True)
    member = held.filter(person=wanted).select_related("person").first() if wanted else None
    if wanted and member is None:
        raise Invalid(_("Cette personne ne travaille pas pour cette mairie."), field="assignee")
    person = member.person if member else None
    change.keep("assignee", row.assignee.name if row.assignee else "", person.name if person else "")
    row.assignee = person
    if person is not None:
        ring_staff(change.work, row, "ticket_assigned", {person.pk}, change.actor)
    return True


def _set_due_on(change: _Change) -> bool:
    row, wanted = change.row, change.wanted.due_on
    if wanted == row.due_on or wanted is None:
        return False
    if wanted < queries.today_in(row.town, row.created_at):
        raise Invalid(_("L’échéance ne peut pas précéder la demande."), field="due_on")
    change.keep("due_on", row.due_on.isoformat() if row.due_on else "", wanted.isoformat())
    row.due_on = wanted
    return True


def _set_category(change: _Change) -> bool:
    row = change.row
    if change.wanted.category_id == row.category_id:
        return False
    tree = Tree(row.town)
    category = tree.chosen(change.wanted.category_id or 0, by_citizens=False)
    if row.public and not category.public_allowed:
        raise Invalid(
            _("Cette requête est publique, et la commune ne publie pas celles de cette catégorie. Rendez-la privée."),
            field="category",
        )
    change.keep("category", row.category.name, category.name)
    row.category = category
    return True


def _set_title(change: _Change) -> bool:
    title = " ".join((change.wanted.title or "").replace("\x00", "").split())
    if not title or len(title) > rules.MAX_TITLE:
        raise Invalid(_("Donnez un titre de 80 caractères au plus."), field="title")
    if title == change.row.title:
        return False
    change.keep("title", change.row.title, title)
    change.row.title = title
    return True


def _set_public(change: _Change) -> bool:
    row, wanted = change.row, bool(change.wanted.public)
    if wanted == row.public:
        return False
    if wanted:
        rules.check_public(allowed=row.category.public_allowed, internal=row.internal)
    change.keep("public", _yes(row.public), _yes(wanted))
    row.public = wanted
    return True


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _set_place(change: _Change) -> bool:
    row, place = change.row, clean_place(change.wanted.place or Place())
    if (place.address, place.lat, place.lon) == (row.address, row.lat, row.lon):
        return False
    change.keep("place", row.address, place.address)
    row.address, row.lat, row.lon = place.address, place.lat, place.lon
    return True


_CONTACT = ("first_name", "last_name", "email", "phone", "phone2")


def _set_contact(change: _Change) -> bool:
    row = change.row
    if row.anonymous:
        raise Invalid(_("Cette demande est anonyme."), field="contact")
    contact = clean_contact(change.wanted.contact or Contact(), row.town.country)
    before = tuple(getattr(row, name) for name in _CONTACT)
    after: tuple[Any, ...] = tuple(getattr(contact, name) for name in _CONTACT)
    if before == after:
        return False
    wants = row.wants_follow_ups if change.wanted.wants_follow_ups is None else change.wanted.wants_follow_ups
    _check_follow_ups(change, wants, contact)
    # What it was is not kept: details are corrected, or taken away, for good.
    changed = [name for name, old, new in zip(_CONTACT, before, after, strict=True) if old != new]
    change.keep("contact", "", ", ".join(changed))
    former = reached_at(row)
    if "email" in changed and row.email:
        revoke_reply_address(row.conversation_id, row.email)
    for name, value in zip(_CONTACT, after, strict=True):
        setattr(row, name, value)
    if change.seen.works:
        hand_over(row, former)
    return True


def _set_wants_follow_ups(change: _Change) -> bool:
    row, wanted = change.row, bool(change.wanted.wants_follow_ups)
    if wanted == row.wants_follow_ups:
        return False
    _check_follow_ups(change, wanted, row)
    row.wants_follow_ups = wanted
    return True


def _check_follow_ups(change: _Change, wanted: bool, who: Ticket | Contact) -> None:
    """Who hears of it by SMS already may go on so."""
    row = change.row
    by_sms = change.wanted.sms_will_do or (row.wants_follow_ups and not row.email)
    mobile = reaching.sms_instead(who, row.town.country) if by_sms else None
    rules.check_follow_ups(wanted=wanted, anonymous=row.anonymous, email=who.email, mobile=mobile)


_APPLY: dict[str, Callable[[_Change], bool]] = {
    "status": _set_status,
    "priority": _set_priority,
    "service_id": _set_service,
    "assignee_id": _set_assignee,
    "due_on": _set_due_on,
    "category_id": _set_category,
    "title": _set_title,
    "public": _set_public,
    "place": _set_place,
    "contact": _set_contact,
    "wants_follow_ups": _set_wants_follow_ups,
}
