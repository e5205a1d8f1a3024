"""What leaves of an alert: its messages, the calls to those whom they did not reach, and a second call to who did not
answer.

A second call is a delivery of its own, of a dispatch of its own: how the first one ended never goes back, and what is
said of it later, ten times or in any order, is said of the first.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from hub.alerts.models import Alert
from hub.deliveries.models import Channel, Delivery, Dispatch, State

# Their relays say nothing more once they have taken it.
_TAKEN_IS_THERE = (Channel.EMAIL, Channel.PUSH)


def there() -> Q:
    """Deliveries that have reached somebody: shown or picked up where the provider says so; else taken."""
    told = Q(state=State.DELIVERED)
    return told | Q(state=State.SENT, channel__in=_TAKEN_IS_THERE) | Q(state=State.SENT, provider="capture")


def again_key(alert: Alert) -> str:
    """Of the dispatch of an alert's second calls: whatever happens twice, there is one."""
    return f"alert.{alert.pk}.calls.again"


def again_of(alert: Alert) -> int | None:
    """The number of that dispatch; None where nobody had to be called again."""
    if alert.calls_id is None:
        return None
    return Dispatch.objects.filter(key=again_key(alert)).values_list("pk", flat=True).first()


def numbers_of(alert: Alert) -> list[int]:
    """The numbers of all its dispatches."""
    return [one for one in (alert.dispatch_id, alert.calls_id, again_of(alert)) if one]


def deliveries_of(alert: Alert) -> QuerySet[Delivery]:
    """Everything that leaves, or has left, of it; where somebody is called again, that call alone."""
    again = again_of(alert)
    all_of_it = Delivery.objects.filter(dispatch__in=[one for one in (alert.dispatch_id, alert.calls_id, again) if one])
    if again is None:
        return all_of_it
    # One that was no longer needed was never made: the first one stands.
    second = Delivery.objects.filter(dispatch=again, address=OuterRef("address")).exclude(state=State.SUPPRESSED)
    made_anew = Q(dispatch=alert.calls_id, state=State.FAILED) & Exists(second)
    return all_of_it.exclude(made_anew).exclude(dispatch=again, state=State.SUPPRESSED)


def times_of(alert: Alert) -> Mapping[str, tuple[datetime | None, datetime | None, datetime | None]]:
    """By each means: when the first and the last thing left, and when the last end was known."""
    if alert.kept:
        return {
            channel: (_at(first), _at(last), _at(ended))
            for channel, (first, last, ended) in alert.kept["times"].items()
        }
    rows = deliveries_of(alert).order_by().values_list("channel")
    found = rows.annotate(Min("sent_at"), Max("sent_at"), Max("ended_at"))
    return {channel: (first, last, ended) for channel, first, last, ended in found}


def _at(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
