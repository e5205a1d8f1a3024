"""The devices on which one's news are shown: what the page says of them, and a first one sent to try it."""

from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_adapters.vapid import public_key
from hub.core import limits
from hub.deliveries.actions import queue_push
from hub.deliveries.models import Channel, Lane
from hub.deliveries.queries import channel_is_open
from hub.people.models import Device, Person
from hub.people.queries import access_device, devices_of

_WORTH = timedelta(minutes=15)


def shown(person: Person) -> dict[str, Any] | None:
    """What the page says of the person's devices, and the key that a browser subscribes with. None where no
    notification ever leaves."""
    if not channel_is_open(Channel.PUSH):
        return None
    return {"key": server_key(), "devices": list(devices_of(person))}


def server_key() -> str:
    """The public half of our own key (RFC 8292), as `applicationServerKey`."""
    return _public(settings.VAPID_PRIVATE_KEY)


def try_device(*, actor: Person, device_id: int) -> Device:
    """Send one notification to this device of the actor's, which says that it works. Raises `NotFound`,
    `RateLimited`."""
    device = access_device(actor, device_id)
    limits.hit(limits.DEVICE_TRIES, actor.pk)
    title, text = test_words()
    queue_push(
        cause="device_test",
        device=device,
        title=title,
        text=text,
        link=reverse("notification_preferences"),
        lane=Lane.TRANSACTIONAL,
        expires_in=_WORTH,
    )
    return device


def test_words() -> tuple[str, str]:
    """Title and text of such a try."""
    return (
        _("Les notifications fonctionnent"),
        _("C’est un essai. Les alertes de votre mairie s’afficheront ainsi."),
    )


_public = cache(public_key)
