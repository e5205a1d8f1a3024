"""One incident, many neighbours; duplicates; one demand that is two."""

from dataclasses import replace

from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.models import Person
from hub.streams.actions import Unit, unit
from hub.tickets import queries, reaching, rules
from hub.tickets.actions.locking import lock_one, locked
from hub.tickets.actions.making import create_ticket
from hub.tickets.actions.starting import start
from hub.tickets.actions.telling import keep_change, tell_changed
from hub.tickets.actions.trail import last_change, note_changes
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import Source, Status, Ticket
from hub.tickets.queries import Seen


def group_under(*, actor: Person, number: str, parent: str, merged: bool = False) -> Ticket:
    """Put a ticket under another: what is answered on that one is answered on each of those under it.

    It is an act of the town on both (S106). `merged`: it is the same demand twice; it is closed, and goes on there.
    Returns the parent. Raises `NotFound`, `Forbidden`, `Invalid` (itself, of another town, one that has others under it
    or stands under another).
    """
    child, over = _access(actor, number), _access(actor, parent)
    _check_pair(child.ticket, over.ticket)
    with unit() as work:
        rows, since = {row.pk: row for row in _lock(child.ticket, over.ticket)}, last_change()
        row, top = rows[child.ticket.pk], rows[over.ticket.pk]
        if row.merged:
            raise Conflict
        _check_pair(row, top)  # others may have put them elsewhere meanwhile
        row.parent, row.merged, row.changed_at = top, merged, now()
        if merged and not row.closed:
            before, row.status, row.closed_at = row.status, Status.CLOSED_DONE, row.changed_at
            keep_change(row, actor, "status", before, row.status, at=row.changed_at)
        row.save()
        keep_change(row, actor, "merged" if merged else "group", "", top.number, at=row.changed_at)
        keep_change(top, actor, "grouped", "", row.number, at=row.changed_at)
        for one, seen in ((row, child), (top, over)):
            start(work, one, actor, seen.stance)
        _tell(work, since, row, top)
    return over.ticket


def ungroup(*, actor: Person, number: str) -> Ticket:
    """Take a ticket out from under another; a merged one is open again. Raises as `group_under`."""
    seen = queries.access_work(actor, number)
    parent = seen.ticket.parent
    if parent is None:
        return seen.ticket
    if not rules.may_take_out(seen.ticket, seen.stance):
        raise Forbidden
    with unit() as work:
        rows, since = {row.pk: row for row in _lock(seen.ticket, parent)}, last_change()
        row, top = rows[seen.ticket.pk], rows[parent.pk]
        if row.parent_id != top.pk:
            raise Conflict
        if row.merged:
            before, row.status, row.closed_at = row.status, Status.IN_PROGRESS, None
            row.started_at = row.started_at or now()
            keep_change(row, actor, "status", before, row.status)
        row.parent, row.merged, row.changed_at = None, False, now()
        row.save()
        keep_change(row, actor, "group", top.number, "")
        _tell(work, since, row, top)
    return queries.access_work(actor, number).ticket


def split_ticket(*, actor: Person, number: str, draft: Draft) -> Ticket:
    """Make a second ticket of what is two demands: same requester, a description and category of its own.

    `draft`: category, description, title, key. Raises as `create_ticket` and `NotFound`, `Forbidden`.
    """
    seen = _access(actor, number)
    origin = seen.ticket
    contact = Contact(origin.first_name, origin.last_name, origin.email, origin.phone, origin.phone2)
    draft = replace(
        draft, contact=contact, place=Place(origin.address, origin.lat, origin.lon), internal=origin.internal,
        language=origin.language, source=Source(origin.source), sms_will_do=True,
        wants_follow_ups=origin.wants_follow_ups and reaching.is_reached(origin),
    )  # fmt: skip
    with unit() as work:
        lock_one(origin)  # before the trail, which a new ticket holds
        made = create_ticket(actor=actor, town=origin.town, draft=draft)
        if made.split_from_id is None:
            since = last_change()
            made.split_from, made.requester, made.anonymous = origin, origin.requester, origin.anonymous
            made.save(update_fields=["split_from", "requester", "anonymous"])
            keep_change(made, actor, "split", origin.number, made.number)
            keep_change(origin, actor, "split", origin.number, made.number)
            start(work, origin, actor, seen.stance)  # an act of the town on it (S106)
            _tell(work, since, made, origin)
    return made


def ask_again(*, actor: Person, number: str, draft: Draft, came_by: Source | None = None) -> Ticket:
    """The requester goes on about a ticket that is closed for good: a new one, at the same place, which says of which
    it is the sequel.

    `draft`: category, description, key, files. Safe to call again with the same key. Raises as `create_ticket`, and
    `NotFound`, `Forbidden` (not the requester).
    """
    origin = queries.access_ticket(actor, number).ticket
    if origin.requester_id != actor.pk or origin.anonymous:
        raise Forbidden
    contact = Contact(origin.first_name, origin.last_name, origin.email, origin.phone, origin.phone2)
    draft = replace(
        draft, contact=contact, place=Place(origin.address, origin.lat, origin.lon), language=origin.language
    )
    with unit() as work:
        lock_one(origin)  # before the trail, which a new ticket holds
        made = create_ticket(actor=actor, town=origin.town, draft=draft, came_by=came_by)
        if made.split_from_id is None:
            since = last_change()
            made.split_from, made.wants_follow_ups = origin, origin.wants_follow_ups and reaching.is_reached(origin)
            made.save(update_fields=["split_from", "wants_follow_ups"])
            keep_change(made, actor, "sequel", origin.number, made.number)
            keep_change(origin, actor, "sequel", origin.number, made.number)
            _tell(work, since, made, origin)
    return made


def _access(actor: Person, number: str) -> Seen:
    seen = queries.access_work(actor, number)
    if not rules.may_change(seen.ticket, seen.stance):
        raise Forbidden
    return seen


def _check_pair(child: Ticket, parent: Ticket) -> None:
    if child.pk == parent.pk:
        raise Invalid(_("Une requête ne peut pas être réunie avec elle-même."), field="parent")
    if child.town_id != parent.town_id:
        raise Invalid(_("Ces requêtes ne sont pas de la même commune."), field="parent")
    if parent.parent_id is not None:
        raise Invalid(
            _("La requête %(number)s est déjà réunie avec une autre : choisissez celle-là.")
            % {"number": parent.number},
            field="parent",
        )
    if child.internal != parent.internal:
        raise Invalid(_("Une requête interne et une demande d’habitant ne se réunissent pas."), field="parent")
    if child.grouped.exists():
        raise Invalid(
            _("D’autres requêtes sont réunies sous %(number)s : réunissez dans l’autre sens.")
            % {"number": child.number},
            field="parent",
        )


def _lock(*tickets: Ticket) -> list[Ticket]:
    """The rows, in the order of their ids."""
    return locked(Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]), tickets[0].town)


def _tell(work: Unit, since: int, *rows: Ticket) -> None:
    for row in rows:
        tell_changed(work, row)
    for row in rows:
        note_changes(row, since)
