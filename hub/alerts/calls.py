"""The end of an alert: calls to those whom nothing else has reached, a second one to who did not answer, and over.

everything is written ─▶ calls, some minutes later ─▶ once more, minutes after each that nobody took ─▶ over
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from hub.alerts import audience, leaving, lifecycle
from hub.alerts.alert_queries import rules_of
from hub.alerts.dispatches import again_key, again_of, numbers_of, there
from hub.alerts.models import Alert, Recipient, Status
from hub.core.clock import shared_now
from hub.deliveries.expanding import expand
from hub.deliveries.models import Channel, Delivery, Dispatch, State
from hub.deliveries.tasks import nudge

log = structlog.get_logger(__name__)

REACHED = "reached"  # why a second call was not made


def go_on(alert: Alert) -> bool:
    """Call those whom nothing else has reached, when it is time, and close what is over. Whether something changed."""
    if alert.status != Status.SENDING or alert.step != leaving.WRITTEN:
        return False
    at = shared_now()
    if Channel.VOICE in alert.channels and alert.emergency and alert.called_at is None:
        return _are_due(alert, at) and _call(alert)
    changed = alert.calls_id is not None and _spare(alert) + _call_again(alert, at) > 0
    if _is_on_its_way(alert, at):
        return changed
    ended = Alert.objects.filter(pk=alert.pk, status=Status.SENDING).update(status=Status.DONE, ended_at=at)
    return bool(ended) or changed


def _are_due(alert: Alert, at: datetime) -> bool:
    assert alert.started_at is not None
    # An SMS has reached nobody before its provider says so, which it may do in the next seconds.
    unsaid = Delivery.objects.filter(dispatch=alert.dispatch_id, channel=Channel.SMS, state=State.SENT).exclude(there())
    return lifecycle.calls_are_due(
        alert.started_at, at, rules_of(alert.town).call_after_min,
        others_ended=not (_is_on_its_way(alert, at) or unsaid.exists()),
        others=any(channel != Channel.VOICE for channel in alert.channels),
    )  # fmt: skip


def _is_on_its_way(alert: Alert, at: datetime) -> bool:
    """Whether something is still to leave, or to be asked about; or a call rings, as far as is known."""
    all_of_it = Delivery.objects.filter(dispatch__in=numbers_of(alert))
    rings = all_of_it.filter(
        channel=Channel.VOICE, state=State.SENT, sent_at__gt=at - lifecycle.CALLS_END_WITHIN
    ).exclude(there())
    return (
        all_of_it.filter(state__in=[State.QUEUED, State.SENDING]).exists()
        or all_of_it.filter(state=State.UNKNOWN, ask_at__isnull=False).exists()
        or rings.exists()
    )


def _call(alert: Alert) -> bool:
    """One call to each who was not reached."""
    with transaction.atomic():
        if (held := _hold(alert)) is None or held.called_at is not None:
            return False
        calls, _made = Dispatch.objects.get_or_create(
            key=f"alert.{alert.pk}.calls", defaults={"cause": "alert", "town": alert.town}
        )
        contents, after = leaving.contents_of(alert, calls, Channel.VOICE), 0
        leaves, people = leaving.leaves_by(alert, Channel.VOICE), audience.recipients_by(alert, Channel.VOICE)
        found: int | None = after
        while found is not None:
            _new, found = expand(calls, leaves, people, contents, after=found, size=leaving.AT_ONCE)
        Alert.objects.filter(pk=alert.pk).update(calls=calls, called_at=shared_now())
    nudge(Channel.VOICE)
    log.info("alerts.calls", alert=alert.pk)
    return True


def _call_again(alert: Alert, at: datetime) -> int:
    """A second call to each who did not answer the first, in some minutes. How many."""
    known = Delivery.objects.filter(dispatch__key=again_key(alert), address=OuterRef("address"))
    missed = Delivery.objects.filter(
        Exists(_waiting(alert)), dispatch=alert.calls_id, channel=Channel.VOICE, state=State.FAILED,
        cause__in=lifecycle.NOT_ANSWERED,
    ).exclude(Exists(known))  # fmt: skip
    if not missed.exists():
        return 0
    with transaction.atomic():
        if _hold(alert) is None:
            return 0
        again, _made = Dispatch.objects.get_or_create(
            key=again_key(alert), defaults={"cause": "alert", "town": alert.town}
        )
        rows = [
            Delivery(
                dispatch=again, content_id=one.content_id, person_id=one.person_id, channel=one.channel, lane=one.lane,
                address=one.address, attempts=1, next_at=at + lifecycle.CALL_AGAIN_AFTER, expires_at=one.expires_at,
            )
            for one in missed.order_by("pk")
        ]  # fmt: skip
        Delivery.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    log.info("alerts.calls_again", alert=alert.pk, calls=len(rows))
    return len(rows)


def _spare(alert: Alert) -> int:
    """Who was reached in the meantime is not called again. How many."""
    second = Delivery.objects.filter(dispatch=again_of(alert), state=State.QUEUED, lease_until=None)
    needless = second.exclude(Exists(_waiting(alert)))
    return needless.update(state=State.SUPPRESSED, reason=REACHED, ended_at=shared_now())


def _waiting(alert: Alert) -> "QuerySet[Recipient]":
    """Those with a call's number whom nothing has reached."""
    return Recipient.objects.filter(alert=alert, voice=OuterRef("address"), reached_at=None, confirmed_at=None)


def _hold(alert: Alert) -> Alert | None:
    """Its row until the transaction ends; None when it was stopped meanwhile."""
    return Alert.objects.select_for_update(of=("self",)).filter(pk=alert.pk, status=Status.SENDING).first()
