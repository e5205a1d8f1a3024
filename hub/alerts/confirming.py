"""« J’ai bien reçu »: somebody whom an alert has reached says so, and is told it by nothing more."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hub.alerts import tasks
from hub.alerts.dispatches import numbers_of
from hub.alerts.models import Alert, Recipient
from hub.core.clock import now
from hub.deliveries.models import Channel, Delivery, InboundSms, State

CONFIRMED = "confirmed"  # why a delivery did not leave
ANSWERED_WITHIN = timedelta(hours=24)
_LEFT = (State.SENDING, State.UNKNOWN, State.SENT, State.DELIVERED)


def alert_of(delivery: Delivery) -> Alert | None:
    """The alert that it is of, which has left."""
    found = Alert.objects.filter(Q(dispatch=delivery.dispatch_id) | Q(calls=delivery.dispatch_id))
    return found.select_related("town", "theme").first()


def confirm(delivery: Delivery) -> Alert | None:
    """It came to this address: all whom it is of have it, and nothing more is sent to them. Calling it again changes
    nothing. None: it is of no alert."""
    alert = alert_of(delivery)
    if alert is None:
        return None
    with transaction.atomic():
        at = now()
        news = _recipients(alert, delivery).filter(confirmed_at=None)
        if news.update(confirmed_at=at, reached_at=Coalesce("reached_at", at)):
            let_be(alert)
            transaction.on_commit(lambda: tasks.tell(alert.pk), robust=True)
    return alert


def hear_sms(words: InboundSms) -> bool:
    """The answer « 1 » to an alert of the last day. Whether it was one."""
    if words.text.strip().rstrip(".! ").strip() != "1":
        return False
    alerts = Alert.objects.filter(dispatch=OuterRef("dispatch"), emergency=True)
    sent = Delivery.objects.filter(
        Exists(alerts), channel=Channel.SMS, address=words.sender, state__in=_LEFT, sent_at__gt=now() - ANSWERED_WITHIN
    )
    last = sent.order_by("-sent_at", "-pk").first()
    return last is not None and confirm(last) is not None


def let_be(alert: Alert) -> int:
    """What still waits for who has confirmed does not leave, unless somebody who has not shares the address."""
    waiting = Delivery.objects.filter(dispatch__in=numbers_of(alert), state=State.QUEUED, lease_until=None)
    stopped = 0
    for channel in Channel:
        theirs = Recipient.objects.filter(alert=alert, **_same(channel))
        done = theirs.filter(confirmed_at__isnull=False)
        some = waiting.filter(Exists(done), ~Exists(theirs.filter(confirmed_at=None)), channel=channel)
        stopped += some.update(state=State.SUPPRESSED, reason=CONFIRMED, ended_at=now())
    return stopped


def _same(channel: str) -> dict[str, OuterRef]:
    return {"person": OuterRef("person")} if channel == Channel.PUSH else {channel: OuterRef("address")}


def _recipients(alert: Alert, delivery: Delivery) -> "QuerySet[Recipient]":
    """Whose address it is."""
    theirs = Recipient.objects.filter(alert=alert)
    if delivery.channel == Channel.PUSH:
        return theirs.filter(person=delivery.person_id) if delivery.person_id else theirs.none()
    return theirs.filter(**{delivery.channel: delivery.address})
