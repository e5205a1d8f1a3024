"""What can be asked of the ways out."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from hub.deliveries.models import Channel, Suppression, Why


def channel_is_open(channel: str) -> bool:
    """Whether this hub has a way out by that means of contact: an adapter is set for it."""
    return bool(settings.ADAPTERS.get(channel))


def sms_stopped(numbers: Collection[str]) -> dict[str, datetime]:
    """Which of these numbers answered STOP, and when: no SMS goes there any more."""
    stopped = Suppression.objects.filter(channel=Channel.SMS, why=Why.STOPPED, address__in=list(numbers))
    return dict(stopped.order_by("at").values_list("address", "at"))
