"""What can be asked of the ways out."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings

from hub.core.clock import now
from hub.deliveries.models import Channel, Delivery, State, Suppression, Why

_LEFT = (State.SENDING, State.UNKNOWN, State.SENT, State.DELIVERED)
_WAITED = timedelta(days=5)  # the longest that an SMS may wait before it leaves


def channel_is_open(channel: str) -> bool:
    """Whether this hub has a way out by that means of contact: an adapter is set for it."""
    return bool(settings.ADAPTERS.get(channel))


def sms_stopped(numbers: Collection[str]) -> dict[str, datetime]:
    """Which of these numbers answered STOP, and when: no SMS goes there any more."""
    stopped = Suppression.objects.filter(channel=Channel.SMS, why=Why.STOPPED, address__in=list(numbers))
    return dict(stopped.order_by("at").values_list("address", "at"))


def last_told_by_sms(number: str, kind: str, *, within: timedelta) -> list[str]:
    """What SMS to this number were about, of that kind (`Dispatch.about`), the last one first, each once."""
    since = now() - within
    told = Delivery.objects.filter(
        channel=Channel.SMS, address=number, created_at__gt=since - _WAITED, sent_at__gt=since, state__in=_LEFT,
        dispatch__about__has_key=kind,
    )  # fmt: skip
    about = told.order_by("-sent_at", "-pk").values_list("dispatch__about", flat=True)
    return list(dict.fromkeys(str(one[kind]) for one in about))
