"""An alert leaves: who it concerns is written down first, then a delivery for each by each means, some at a time.

    step: people ─▶ push ─▶ email ─▶ sms ─▶ notices ─▶ everything is written

Where it stands (`step`, `reached_id`) moves by a conditional UPDATE in the transaction of what it writes: a second
worker finds it moved and leaves, a dead one takes its last rows with it, and the clock calls another. What comes
after is told in `hub.alerts.calls`.
"""

import time
from collections.abc import Callable, Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.urls import reverse

from hub.alerts import audience, lifecycle, notices, saying
from hub.alerts.current import forget
from hub.alerts.models import Alert, Recipient, Status
from hub.alerts.saying import Said
from hub.core.clock import shared_now
from hub.deliveries.expanding import Leaves, expand
from hub.deliveries.models import Channel, Content, Dispatch, Lane
from hub.deliveries.tasks import nudge
from hub.notifications.actions import broadcast
from hub.notifications.models import Kind
from hub.people.models import Language
from hub.streams.actions import unit

AT_ONCE = 10_000
_PEOPLE = "people"
WRITTEN = "written"

_RECIPIENTS = """
INSERT INTO alerts_recipient (alert_id, person_id, language, email, sms, voice, devices, follow_up)
SELECT %s, r.id, r.language, r.to_email, r.to_sms, r.to_voice, r.to_devices, '' FROM ({people}) AS r WHERE {everybody}
ORDER BY r.id
ON CONFLICT (alert_id, person_id) DO NOTHING
"""


def work(alert_id: int, *, for_s: float) -> bool:
    """Take an alert further, for `for_s` seconds at most. Whether there is more to write now."""
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        alert = Alert.objects.select_related("town", "dispatch").filter(pk=alert_id).first()
        if alert is None or alert.status != Status.SENDING or alert.step == WRITTEN:
            return False
        _further(alert)
    return True


def start_due() -> list[int]:
    """Start what was scheduled for now. Returns what there is to work on."""
    at = shared_now()
    for alert_id in Alert.objects.filter(status=Status.SCHEDULED, send_at__lte=at).values_list("pk", flat=True):
        waiting = Alert.objects.filter(pk=alert_id, status=Status.SCHEDULED)
        waiting.update(status=Status.SENDING, started_at=at)
    return list(Alert.objects.filter(status=Status.SENDING).values_list("pk", flat=True))


def _further(alert: Alert) -> None:
    """The next some thousand rows."""
    step = alert.step or _PEOPLE
    with transaction.atomic():
        last = _write_step(alert, step)
        following, reached = (step, last) if last is not None else (_next(alert, step), 0)
        moved = Alert.objects.filter(
            pk=alert.pk, step=alert.step, reached_id=alert.reached_id, status=Status.SENDING
        ).update(
            step=following, reached_id=reached, **({"expanded_at": shared_now()} if following == WRITTEN else {})
        )  # fmt: skip
        if not moved:
            transaction.set_rollback(True)
            return
        if step == _PEOPLE and last is None:
            _publish(alert)
    if step != _PEOPLE:
        nudge(notices.STEPS.get(step, step))


def _write_step(alert: Alert, step: str) -> int | None:
    """Some of it. Behind whom to go on; None: nothing is left of this step."""
    if step == _PEOPLE:
        return _write_people(alert)
    return _write_notices(alert, notices.STEPS[step]) if step in notices.STEPS else _write_rows(alert, Channel(step))


def _next(alert: Alert, step: str) -> str:
    """The means that comes after; calls come later, when others were not enough."""
    first = [channel.value for channel in lifecycle.ORDER if channel in alert.channels]
    others = [channel for channel in first if channel != Channel.VOICE] + notices.steps_of(alert)
    following = others[others.index(step) + 1 :] if step in others else others
    return following[0] if following else WRITTEN


def _write_people(alert: Alert) -> int | None:
    """Whom it concerns. A further word goes to those of the first. Behind whom to go on; None: everybody is there."""
    if alert.about_id is not None:
        _repeat(alert)
        return None
    people = audience.with_addresses(alert)
    numbers = people.order_by("pk").filter(pk__gt=alert.reached_id).values_list("pk", flat=True)
    last = next(iter(numbers[AT_ONCE - 1 : AT_ONCE]), None)
    some = people.filter(pk__gt=alert.reached_id)
    some = some if last is None else some.filter(pk__lte=last)
    fields = ("id", "language", "to_email", "to_sms", "to_voice", "to_devices")
    try:
        sql, given = some.order_by().values(*fields).query.sql_with_params()
    except EmptyResultSet:
        return None
    statement = _RECIPIENTS.format(people=sql, everybody="TRUE" if connection.vendor == "postgresql" else "1")
    with connection.cursor() as cursor:
        cursor.execute(statement, [alert.pk, *given])
    return last


def _repeat(alert: Alert) -> None:
    """The same people as the first word, by the means that this one uses."""
    before = Recipient.objects.filter(alert=alert.about_id).exclude(person=None)
    Recipient.objects.bulk_create(
        (
            Recipient(
                alert=alert, person_id=row.person_id, language=row.language,
                email=row.email if Channel.EMAIL in alert.channels else "",
                sms=row.sms if Channel.SMS in alert.channels else "",
                voice=row.voice if Channel.VOICE in alert.channels else "",
                devices=row.devices if Channel.PUSH in alert.channels else 0,
            )
            for row in before.iterator()
        ),
        batch_size=2_000, ignore_conflicts=True,
    )  # fmt: skip


def _write_rows(alert: Alert, channel: Channel) -> int | None:
    assert alert.dispatch is not None
    people = audience.recipients_by(alert, channel)
    contents = contents_of(alert, alert.dispatch, channel)
    leaves = leaves_by(alert, channel)
    _new, last = expand(alert.dispatch, leaves, people, contents, after=alert.reached_id, size=AT_ONCE)
    return last


def _write_notices(alert: Alert, channel: Channel) -> int | None:
    at, dispatch = shared_now(), notices.dispatch_of(alert)
    contents = contents_of(alert, dispatch, channel, say=saying.notice)
    leaves = Leaves(channel, Lane.NOTIFICATION, at, at + lifecycle.WORTH)
    _new, last = expand(
        dispatch, leaves, notices.readers(alert, channel), contents, after=alert.reached_id, size=AT_ONCE
    )
    return last


def leaves_by(alert: Alert, channel: Channel) -> Leaves:
    """How, and until when, it leaves by this means."""
    at = shared_now()
    worth = lifecycle.WORTH_OF_A_CALL if channel == Channel.VOICE else lifecycle.WORTH
    return Leaves(channel, Lane.EMERGENCY if alert.emergency else Lane.NOTIFICATION, at, at + worth)


def contents_of(
    alert: Alert, dispatch: Dispatch, channel: Channel, *, say: Callable[[Alert, Channel, str], Said] = saying.said
) -> Mapping[str, Content]:
    """What it says by this means, once for each language that it has."""
    there = {row.language: row for row in Content.objects.filter(dispatch=dispatch, channel=channel)}
    for language in Language.values:
        if language in there or (language != "fr" and language not in alert.title):
            continue
        said = say(alert, channel, language)
        there[language] = Content.objects.create(
            dispatch=dispatch, channel=channel, language=language, subject=said.subject, text=said.text,
            html=said.html, headers=said.headers,
        )  # fmt: skip
    return there


def _publish(alert: Alert) -> None:
    """Who follows the town learns of it at once, on the site too; of an exercise nobody but those it names."""
    if alert.exercise:
        return
    path = reverse("alert", args=[alert.town.slug, alert.number])
    with unit() as work_unit:
        saying.publish(work_unit, alert, path=path)
        broadcast(
            work_unit, town=alert.town, kind=Kind.NEW_ALERT, code="alert", actor=None, path=path,
            what=saying.noted(alert),
        )  # fmt: skip
    transaction.on_commit(lambda: forget(alert.town_id), robust=True)
