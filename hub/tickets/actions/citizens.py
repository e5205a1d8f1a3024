"""What citizens do with a ticket that is there: say that it is settled, reopen it, follow a public one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Message, Via
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.core.ids import new_secret
from hub.people.models import Language, Person
from hub.streams.actions import unit
from hub.tickets import mail, queries, rules
from hub.tickets.actions.following_up import add_answer
from hub.tickets.actions.locking import lock_one
from hub.tickets.actions.telling import keep_change, ring_staff, tell_changed
from hub.tickets.actions.trail import last_change, note_changes
from hub.tickets.models import Follower, Status, Ticket


def settle(*, actor: Person, number: str, settled: bool, comment: str = "", reopen: bool = False) -> Ticket:
    """« C'est réglé ? » The requester says yes or no, and may reopen it, for some days after it was closed.

    Raises `NotFound`, `Forbidden` (not the requester; too late), `Invalid` (comment too long), `RateLimited`.
    """
    seen = queries.access_ticket(actor, number)
    if seen.ticket.requester_id != actor.pk:
        raise Forbidden
    days = queries.desk_settings(seen.ticket.town).reopen_days
    if not rules.may_settle(seen.ticket, now(), days=days):
        raise Forbidden(_("Il est trop tard pour rouvrir cette demande. Faites-en une nouvelle."))
    words = rules.clean_reason(comment, most=rules.MAX_COMMENT)
    limits.hit(limits.TICKET_ACTS, actor.pk)
    with unit() as work:
        row, since, at = lock_one(seen.ticket), last_change(), now()
        row.settled, row.settled_comment, row.settled_at, row.changed_at = settled, words, at, at
        keep_change(row, actor, "settled", "", "yes" if settled else "no", reason=words, at=at)
        if reopen and not settled and row.closed:
            _open_again(row, actor, at)
        row.save()
        if row.closed_at is None:
            ring_staff(work, row, "ticket_answered", queries.staff_with_news(row), actor, words)
        tell_changed(work, row)
        note_changes(row, since)
        if row.closed_at is None and words and not row.anonymous:
            add_answer(actor=actor, number=number, body=words)
        elif row.closed_at is None:
            mail.send_assigned(row, by=actor)
    return row


def reopen_with(
    *, actor: Person, number: str, body: str, via: Via = Via.WEB, files: Iterable[tuple[str, Any]] = (), key: str = "",
    known: Ticket | None = None,
) -> Message:  # fmt: skip
    """The requester's own words on a ticket that is closed, which take it up again, for some days after it was. A
    duplicate goes on in another: it is no more than written on, while that one is open.

    Safe to call again with the same key as long as nobody has closed it anew. `known`: as `queries.access_ticket`
    takes it. Raises as `add_answer`, and `Forbidden` once it is too late (`too_late`).
    """
    seen = queries.access_ticket(actor, number, known=known)
    if seen.ticket.requester_id != actor.pk:
        raise Forbidden
    days = queries.desk_settings(seen.ticket.town).reopen_days
    goes_on = seen.ticket.merged and rules.takes_words(seen.ticket)
    if seen.ticket.closed and not goes_on and not rules.may_settle(seen.ticket, now(), days=days):
        raise Forbidden(_("Il est trop tard pour rouvrir cette demande. Faites-en une nouvelle."), code="too_late")
    with unit() as work:
        said = add_answer(actor=actor, number=number, body=body, via=via, files=files, key=key, known=seen.ticket)
        row, since, at = lock_one(seen.ticket), last_change(), now()
        if row.closed and not row.merged:
            _open_again(row, actor, at)
            row.changed_at = at
            row.save()
            tell_changed(work, row)
            note_changes(row, since)
    return said


def _open_again(row: Ticket, actor: Person, at: datetime) -> None:
    before, row.status, row.closed_at = row.status, Status.IN_PROGRESS, None
    row.refusal_reason, row.started_at = "", row.started_at or at
    keep_change(row, actor, "status", before, row.status, at=at)


def follow(*, ticket: Ticket, person: Person | None = None, email: str = "", language: str = "") -> Follower:
    """Follow a public ticket (S75): with an account at once, by an address once it is confirmed. Safe to call again.

    Raises `NotFound` (it is not public), `Invalid` (no address), `RateLimited`: whoever asks, and however many they
    are, one address gets few mails. The edge limits how often one may ask.
    """
    if not rules.is_open_to_all(ticket):
        raise NotFound
    if person is not None:
        return _follow(ticket, {"person": person}, person.language, confirmed=True)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(_("« %(email)s » n’est pas un courriel.") % {"email": email}, field="email") from None
    limits.hit(limits.FOLLOWS, address)
    wanted = language or (get_language() or "fr")[:2]
    wanted = wanted if wanted in Language.values else settings.LANGUAGE_CODE[:2]
    follower = _follow(ticket, {"email": address}, wanted, confirmed=False)
    if follower.confirmed_at is None:
        mail.send_confirmation(follower)
    return follower


def _follow(ticket: Ticket, who: dict[str, object], language: str, *, confirmed: bool) -> Follower:
    known = Follower.objects.filter(ticket=ticket, **who).first()
    if known is not None:
        return known
    at = now() if confirmed else None
    try:
        with transaction.atomic():
            made = Follower.objects.create(
                ticket=ticket, **who, language=language, secret=new_secret(), confirmed_at=at
            )
            if confirmed:
                _count(ticket, 1)
    except IntegrityError:  # the same, at the same time
        return Follower.objects.get(ticket=ticket, **who)
    return made


def confirm_follow(*, secret: str) -> Follower:
    """The address is theirs: they follow. Safe to call again. Raises `NotFound`."""
    found = Follower.objects.select_related("ticket__town").filter(secret=secret).first()
    if found is None or not rules.is_open_to_all(found.ticket):
        raise NotFound
    with transaction.atomic():
        if Follower.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=now()):
            _count(found.ticket, 1)
    return found


def forget_unconfirmed(*, older_than: timedelta) -> int:
    """Forget addresses that nobody confirmed in that time: anyone can type anyone's. How many. Safe to repeat."""
    waiting = Follower.objects.filter(confirmed_at=None, created_at__lt=now() - older_than)
    return waiting.delete()[0]


def unfollow(*, ticket: Ticket | None = None, person: Person | None = None, secret: str = "") -> None:
    """No more of it: by who is signed in, or by the secret of a mail's link. Safe to call again."""
    by_account = Follower.objects.filter(ticket=ticket, person=person, person__isnull=False)
    found = Follower.objects.filter(secret=secret) if secret else by_account
    with transaction.atomic():
        for follower in found:
            if follower.delete()[0] and follower.confirmed_at is not None:
                Ticket.objects.filter(pk=follower.ticket_id, follower_count__gt=0).update(
                    follower_count=F("follower_count") - 1
                )


def _count(ticket: Ticket, by: int) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(follower_count=F("follower_count") + by)
