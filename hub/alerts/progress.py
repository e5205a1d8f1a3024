"""How far an alert is: counted from its deliveries, and told to who watches it, twice a second at most."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When

from hub.alerts import calls, lifecycle
from hub.alerts.dispatches import deliveries_of, there
from hub.alerts.events import AlertProgress
from hub.alerts.models import Alert, Recipient, Status
from hub.core.clock import shared_now
from hub.deliveries.models import Channel, State
from hub.streams import topics
from hub.streams.actions import unit

EVERY_S = 0.5
_QUIET_S = 2.0  # while nothing happens: a second call is minutes away
_LEASE = timedelta(seconds=15)
_BY_ADDRESS = (Channel.EMAIL, Channel.SMS, Channel.VOICE)
_TOLD_LATER = (Channel.SMS, Channel.VOICE)


@dataclass(frozen=True)
class Progress:
    """`total` people; `reached` by one means at least; `by_channel` as `lifecycle.counted`."""

    status: str
    total: int
    reached: int
    by_channel: dict[str, dict[str, int]]

    @property
    def failed(self) -> int:
        """How many deliveries did not get through."""
        return sum(row["failed"] + row["suppressed"] for row in self.by_channel.values())


def progress_of(alert: Alert) -> Progress:
    """As it stands now."""
    people = Recipient.objects.filter(alert=alert).aggregate(
        total=Count("pk"), reached=Count("pk", filter=Q(reached_at__isnull=False))
    )
    # What a demo keeps instead of sending is there as soon as it is taken.
    kept = When(state=State.SENT, provider="capture", channel__in=_TOLD_LATER, then=Value(State.DELIVERED))
    stands = deliveries_of(alert).annotate(stands=Case(kept, default=F("state"), output_field=CharField()))
    rows = stands.order_by().values_list("channel", "stands").annotate(Count("pk"))
    by_channel = {channel: dict.fromkeys(lifecycle.SHOWN, 0) for channel in alert.channels}
    return Progress(alert.status, people["total"], people["reached"], {**by_channel, **lifecycle.counted(list(rows))})


def standing(alert: Alert) -> Progress:
    """The same; of one that is over as it was told last: what left is forgotten after a month, how it ended is not."""
    told: Any = alert.kept or alert.told
    if alert.kept:
        return Progress(alert.status, told["total"], told["reached"], told["by_channel"])
    if alert.status in (Status.DONE, Status.STOPPED) and told and not deliveries_of(alert).exists():
        by_channel = {channel: dict(row) for channel, row in told["by_channel"].items()}
        return Progress(alert.status, told["total"], told["reached"], by_channel)
    return progress_of(alert)


def mark_reached(alert: Alert) -> int:
    """Write down who has been reached since the last time, by any address of theirs, and who confirmed; and who was
    not after all: what a relay took may come back. How many were reached."""
    at = shared_now()
    arrived = deliveries_of(alert).filter(there())
    by_any: Any = Q(devices__gt=0) & Exists(arrived.filter(channel=Channel.PUSH, person=OuterRef("person")))
    for channel in _BY_ADDRESS:
        same = arrived.filter(channel=channel, address=OuterRef(channel.value))
        by_any |= ~Q(**{channel.value: ""}) & Exists(same)
    people = Recipient.objects.filter(alert=alert)
    found = people.filter(by_any, reached_at=None).update(reached_at=at)
    back = deliveries_of(alert).filter(
        channel=Channel.EMAIL, state__in=(State.FAILED, State.UNDELIVERABLE), sent_at__isnull=False
    )
    if back.exists():
        theirs = people.filter(email__in=back.values("address"), reached_at__isnull=False, confirmed_at=None)
        theirs.exclude(by_any).update(reached_at=None)
    pressed = deliveries_of(alert).filter(pressed=lifecycle.HEARD, channel=Channel.VOICE, address=OuterRef("voice"))
    Recipient.objects.filter(Exists(pressed), alert=alert, confirmed_at=None).exclude(voice="").update(confirmed_at=at)
    return found


def watch(alert_id: int, *, for_s: float) -> bool:
    """Count and tell, until it is over or for so long; one worker at a time. Whether somebody is to go on."""
    end, token, pause_s = time.monotonic() + for_s, None, EVERY_S
    while True:
        token = _hold(alert_id, token)
        if token is None:
            return False
        alert = Alert.objects.select_related("town").filter(pk=alert_id).first()
        if alert is None:
            return False
        mark_reached(alert)
        if calls.go_on(alert):
            alert.refresh_from_db()
        pause_s = EVERY_S if tell(alert) else min(2 * pause_s, _QUIET_S)
        if alert.status != Status.SENDING:
            return False
        if time.monotonic() >= end:
            Alert.objects.filter(pk=alert_id, watched_until=token).update(watched_until=None)
            return True
        time.sleep(pause_s)


def _hold(alert_id: int, held: datetime | None) -> datetime | None:
    """Take, or keep, the watch over it. None: it is somebody else's, or over."""
    at = shared_now()
    free = Q(watched_until=held) if held else Q(watched_until=None) | Q(watched_until__lt=at)
    until = at + _LEASE
    return until if Alert.objects.filter(free, pk=alert_id).update(watched_until=until) else None


def tell(alert: Alert) -> bool:
    """Say on `alert.ID` how far it is, when that is news.

    Counted while nobody else tells of it: what was counted before is never said after.
    """
    with unit() as work:
        held = Alert.objects.select_for_update(of=("self",), no_key=True).filter(pk=alert.pk).first()
        if held is None:
            return False
        found = progress_of(held)
        said: dict[str, Any] = {
            "status": found.status, "total": found.total, "reached": found.reached, "by_channel": found.by_channel,
        }  # fmt: skip
        if said == held.told:
            return False
        work.publish(topics.alert(alert.pk), lambda _seq: AlertProgress(id=alert.pk, **said))
        Alert.objects.filter(pk=alert.pk).update(told=said)
    alert.told = said
    return True
