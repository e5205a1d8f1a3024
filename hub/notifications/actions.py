"""Telling people, and what they do with what they were told.

Rows are locked before the numbers of inboxes, always: whoever holds a person's number waits for no row of theirs.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from hub.core.clock import now
from hub.notifications import queries, rules, seen, statements
from hub.notifications.events import (
    Actor,
    NotificationAdded,
    NotificationsChanged,
    PreferencesChanged,
    TownNotified,
)
from hub.notifications.models import Broadcast, Kind, Notification, Preference, Rhythm
from hub.notifications.rules import Wish
from hub.notifications.statements import Standing, Told
from hub.notifications.tasks import nudge
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import Unit, unit
from hub.towns.models import Town

_PRUNED_AT_ONCE = 1_000


def notify(
    work: Unit,
    *,
    town_id: int,
    kind: Kind,
    code: str,
    people: Collection[int],
    actor: Person | None,
    what: Mapping[str, str],
    path: str,
    subject: str = "",
) -> None:
    """Tell these people, 500 at most, on the site: those who want this kind, and never the actor.

    `code` and `what`: the sentence and its fields (`hub.notifications.words`); `path`: where on this site it
    happened. What comes about the same `subject` while unread renews the row, and the count of unread ones stays.
    Call it in the body of the unit or in the `build` of a conversation, in a unit whose body publishes on no inbox.
    """
    told_people = {person_id for person_id in people if actor is None or person_id != actor.pk}
    if not told_people:
        return
    told = statements.tell(
        told_people, town_id=town_id, kind=kind, code=code, actor_id=actor.pk if actor else None, what=what,
        path=rules.check_path(path), subject=subject, at=now(),
    )  # fmt: skip
    _tell_of_new(work, kind, [row for row in told if row.count == 1])


def _tell_of_new(work: Unit, kind: Kind, told: Sequence[Told]) -> None:
    standings: dict[int, Standing] = {}

    def added(row: Told, _number: int) -> NotificationAdded:
        # With the number taken: whoever writes to the same inbox at the same time has committed, or waits.
        if not standings:
            standings.update(statements.standing([one.person_id for one in told]))
        standing = standings[row.person_id]
        return NotificationAdded(id=row.id, kind=kind, unread=standing.unread, towns=standing.numbers)

    for row in told:
        work.publish(topics.inbox(row.person_id), partial(added, row))


def settle(work: Unit, *, person_id: int, subject: str) -> None:
    """The person has seen what their notifications about `subject` tell of: they are read. Safe to call again."""
    if statements.settle(person_id, subject, now()):
        _tell_count(work, person_id)


def unsay(*, people: Collection[int], message_id: int) -> None:
    """What these people were told of a message (`what`: its number) no longer quotes it: it is not shown any more."""
    for row in Notification.objects.filter(person__in=people, what__message=str(message_id)):
        Notification.objects.filter(pk=row.pk).update(what={**row.what, "excerpt": ""})


def _tell_count(work: Unit, person_id: int) -> None:
    """To all pages and devices of the person: how many they have not read now."""

    def changed(_number: int) -> NotificationsChanged:
        standing = queries.standing(person_id)
        return NotificationsChanged(unread=standing.unread, towns=standing.numbers)

    work.publish(topics.inbox(person_id), changed)


def broadcast(
    work: Unit, *, town: Town, kind: Kind, code: str, actor: Person | None, what: Mapping[str, str], path: str
) -> Broadcast:
    """Tell everybody who follows the town: open pages at the commit, everybody's own list soon after, by a worker.

    The broadcast is stored at the end of the unit, with the number of the town's topic taken: it has no id before.
    """
    told = Broadcast(
        town=town, kind=kind, code=code, actor=actor, what=dict(what), path=rules.check_path(path), at=now()
    )

    def notified(_number: int) -> TownNotified:
        told.save()
        transaction.on_commit(lambda: nudge(told.pk), robust=True)
        who = Actor(id=actor.pk, name=actor.name) if actor else None
        return TownNotified(id=told.pk, kind=kind, code=code, actor=who, what=what, path=path, at=told.at)

    work.publish(topics.town(town.slug), notified)
    return told


def catch_up(person: Person) -> None:
    """Write what a worker has still to write for this one person. Call it before their rows are listed or changed.

    It costs one small query when there is nothing; calling twice changes nothing.
    """
    if queries.being_written_for(person):
        with transaction.atomic():
            statements.write_own(person.pk)


def mark_read(*, actor: Person, notification_ids: Collection[int] | None = None) -> None:
    """The actor has read these, or all (None): all their pages and devices agree. Ids of others' are ignored."""
    catch_up(actor)
    unread = Notification.objects.filter(person=actor, read_at=None)
    if notification_ids is not None:
        unread = unread.filter(pk__in=notification_ids)
    with unit() as work:
        if unread.update(read_at=now()):
            _tell_count(work, actor.pk)


def delete_all(*, actor: Person) -> None:
    """Take away all that the actor was told, read or not. Safe to call again."""
    catch_up(actor)
    mine = Notification.objects.filter(person=actor, deleted_at=None)
    with unit() as work:
        seen.forget_listed(actor.pk)
        kept = mine.filter(broadcast__done_at=None, broadcast__isnull=False)
        gone = kept.update(deleted_at=now(), read_at=Coalesce(F("read_at"), now()))
        gone += mine.delete()[0]
        if gone:
            _tell_count(work, actor.pk)


def set_preferences(*, actor: Person, wishes: Mapping[Kind, Wish]) -> None:
    """What the actor wants from now on; kinds left out stay as they are, and devices of which nothing is said. What
    they were told already stays told."""
    catch_up(actor)
    with unit() as work:
        for kind, wish in wishes.items():
            said = {"site": wish.site, "email": wish.email}
            said |= {} if wish.push is None else {"push": wish.push}
            Preference.objects.update_or_create(person=actor, kind=kind, defaults=said)
        work.publish(topics.inbox(actor.pk), lambda _number: PreferencesChanged(kinds=queries.kinds_on_site(actor)))


def set_rhythm(*, actor: Person, daily: bool) -> None:
    """Whether the actor's mails of news come once a day, or each at once. Safe to call again. What was gathered before
    they went back to « at once » comes at its hour all the same."""
    if daily:
        after = rules.next_digest(now(), queries.zone_of(actor.pk))
        _row, new = Rhythm.objects.get_or_create(person=actor, defaults={"daily": True, "next_at": after})
        if not new:
            Rhythm.objects.filter(person=actor).update(daily=True, next_at=Coalesce(F("next_at"), Value(after)))
    else:
        Rhythm.objects.filter(person=actor).update(daily=False)


def prune() -> int:
    """Forget what was read six months ago or told a year ago, and what was deleted. Returns how many.

    Goes by the thousand: it may be stopped at any time, and goes on the next night.
    """
    at = now()
    old = Q(read_at__isnull=False, at__lt=at - rules.KEEP_READ) | Q(at__lt=at - rules.KEEP_UNREAD)
    deleted = Q(deleted_at__isnull=False) & ~Q(broadcast__done_at=None)
    forgotten = _forget(Notification.objects.filter(old | deleted))
    Broadcast.objects.filter(done_at__lt=at - rules.KEEP_UNREAD - timedelta(days=1)).delete()
    return forgotten


def _forget(rows: QuerySet[Notification]) -> int:
    forgotten = 0
    while ids := list(rows.values_list("pk", flat=True)[:_PRUNED_AT_ONCE]):
        forgotten += Notification.objects.filter(pk__in=ids).delete()[0]
    return forgotten
