"""The mail of the day: for who prefers one at six in the evening to each of the news at once.

What would have left by mail is gathered, in the transaction of its cause; the clock asks whose hour has come. Whoever
moves `Rhythm.next_at` from where it was seen writes the mail and takes what was gathered away, in one transaction: two
clocks tell nobody twice, and a worker that dies leaves all as it was. What was read meanwhile is left out (`seen`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core.clock import now
from hub.deliveries.actions import queue_emails, sender_named
from hub.deliveries.links import LEAVE
from hub.notifications import rules, words
from hub.notifications.letter import Button, Item, Letter, Section
from hub.notifications.mail import laid_out
from hub.notifications.models import Gathered, Rhythm
from hub.notifications.queries import zone_of
from hub.notifications.seen import seen
from hub.people.models import Membership, Person
from hub.people.queries import may_be_mailed
from hub.towns.models import Town

log = structlog.get_logger(__name__)

CAUSE = "digest"
WORTH = timedelta(hours=20)  # before the next one
LISTED = 30  # of each town; the others are counted
AT_ONCE = 1_000


def who_gathers(kind: str, people: Collection[int]) -> set[int]:
    """Which of these get mails of this kind once a day. Holds their choice until the transaction ends."""
    if kind not in rules.GATHERED:
        return set()
    chosen = Rhythm.objects.select_for_update(no_key=True).filter(person__in=people).order_by("person_id")
    return {one.person_id for one in chosen if one.daily}


def gather(
    people: Iterable[int], *, town: Town, kind: str, code: str, actor_id: int | None, what: Mapping[str, str],
    path: str, at: datetime,
) -> None:  # fmt: skip
    """Keep it for the mail of the day of each of these (`who_gathers`), in the caller's transaction. Fields as of
    `notify`."""
    Gathered.objects.bulk_create(
        Gathered(
            person_id=person_id, town=town, kind=kind, code=code, actor_id=actor_id, what=dict(what),
            path=rules.check_path(path), at=at,
        )
        for person_id in people
    )  # fmt: skip


def send_due() -> int:
    """Write the mail of everybody whose hour has come. Returns how many mails. Safe to call twice at once."""
    due = Rhythm.objects.filter(next_at__lte=now()).order_by("next_at").values_list("person_id", "next_at")
    mails = sum(_try(person_id, at) for person_id, at in due[:AT_ONCE] if at)
    if mails:
        log.info("notifications.digests", mails=mails)
    return mails


def _try(person_id: int, expected: datetime) -> bool:
    """One mail that can't be written keeps nobody else's back; it is tried again at the next ring."""
    try:
        return _send(person_id, expected)
    except Exception:
        log.exception("notifications.digest_failed", person=person_id)
        return False


def _send(person_id: int, expected: datetime) -> bool:
    """Whether there was something to tell, and nobody else told it."""
    after = rules.next_digest(now(), zone_of(person_id))
    onwards = Case(When(daily=True, then=Value(after)), default=None, output_field=DateTimeField())
    with transaction.atomic():
        # Who has gone back to « at once » gets what was gathered before, and then no more of these.
        if not Rhythm.objects.filter(person=person_id, next_at=expected).update(next_at=onwards):
            return False
        gathered = Gathered.objects.filter(person=person_id).select_related("town", "actor")
        waiting = list(gathered.order_by("at", "pk"))
        followed = set(Membership.objects.filter(person=person_id).values_list("town", flat=True))
        read = seen(person_id, waiting)
        told = [one for one in waiting if one.town_id in followed and one.pk not in read]
        Gathered.objects.filter(pk__in=[one.pk for one in waiting]).delete()
        person = Person.objects.filter(may_be_mailed(), pk=person_id).first()
        if not told or person is None:
            return False
        _queue(person, told)
    return True


def _queue(person: Person, told: Sequence[Gathered]) -> None:
    towns = list(dict.fromkeys(one.town for one in told))
    with translation.override(person.language), timezone.override(towns[0].time_zone):
        mail = laid_out(letter(told), towns[0] if len(towns) == 1 else None)
    about: dict[str, Any] = {"kinds": sorted({one.kind for one in told})}
    headers = {"From": sender_named(towns[0].name)} if len(towns) == 1 else {}
    queue_emails(cause=CAUSE, to=[(person, mail)], headers=headers, expires_in=WORTH, leave=(towns[0], about))


def letter(told: Sequence[Gathered]) -> Letter:
    """All that came, town by town, in the words of the list of notifications and the language that is active."""
    towns = dict.fromkeys(one.town for one in told)
    subject = ngettext("%(count)d nouvelle aujourd’hui", "%(count)d nouvelles aujourd’hui", len(told))
    return Letter(
        subject=subject % {"count": len(told)},
        sections=[_section(town, [one for one in told if one.town == town]) for town in towns],
        buttons=[Button(_("Voir toutes mes notifications"), f"{settings.LINK_BASE}{reverse('notifications')}")],
        reason=_("Vous recevez ce courriel une fois par jour, à 18 h, parce que vous l’avez choisi ainsi."),
        leave=Button(_("Choisir ce qui vous prévient, et où"), LEAVE),
    )


def _section(town: Town, told: Sequence[Gathered]) -> Section:
    more = len(told) - LISTED
    others = ngettext("et %(count)d autre nouvelle.", "et %(count)d autres nouvelles.", max(more, 1))
    return Section(
        heading=town.name,
        items=[_item(one) for one in told[:LISTED]],
        more=others % {"count": more} if more > 0 else "",
    )


def _item(one: Gathered) -> Item:
    said = words.of(one)
    return Item(said.sentence, f"{settings.LINK_BASE}{one.path}", said.detail)
