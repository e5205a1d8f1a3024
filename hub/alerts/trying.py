"""« Me l’envoyer d’abord »: an alert's own texts to its author alone, by its own means, marked as a test."""

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hub.alerts import saying
from hub.alerts.alert_queries import access_alert
from hub.alerts.models import Alert
from hub.alerts.saying import Said
from hub.core.errors import Conflict, Invalid
from hub.core.limits import Limit, hit
from hub.deliveries.actions import queue_call, queue_email, queue_push, queue_sms
from hub.deliveries.links import CONFIRM, LEAVE
from hub.deliveries.models import Channel, Lane
from hub.deliveries.queries import channel_is_open
from hub.people.models import Device, Person

TRIES = Limit("alert_tries", 20, 3600)


def send_to_me(*, actor: Person, alert_id: int) -> list[Channel]:
    """By which means it has left; by none where the actor has no such address.

    Raises `NotFound`, `Forbidden`, `Invalid` without words or means, `Conflict` when nothing can leave, `RateLimited`.
    """
    alert = access_alert(actor, alert_id)
    if not alert.title.get("fr") or not alert.body.get("fr"):
        raise Invalid(_("Écrivez un titre et un texte en français."), field="body")
    if not alert.channels:
        raise Invalid(_("Choisissez au moins un moyen."), field="channels")
    hit(TRIES, actor.pk)
    with transaction.atomic():
        left = [channel for channel in map(Channel, alert.channels) if channel_is_open(channel)]
        left = [channel for channel in left if _send(alert, actor, channel)]
    if not left:
        raise Conflict(_("Votre fiche n’a ni adresse, ni numéro, ni appareil pour ces moyens."))
    return left


def _send(alert: Alert, actor: Person, channel: Channel) -> bool:
    said = tried(alert, channel, actor.language)
    if channel == Channel.EMAIL:
        queue_email(
            cause="alert.try", to=actor.email, subject=said.subject, text=said.text, html=said.html, person=actor,
            headers={"From": said.headers["From"]},
        )  # fmt: skip
        return True
    if channel == Channel.PUSH:
        devices = list(Device.objects.filter(person=actor, retired_at=None))
        for device in devices:
            queue_push(cause="alert.try", device=device, title=said.subject, text=said.text, lane=Lane.TRANSACTIONAL)
        return bool(devices)
    first = actor.phones.order_by("position", "pk").first()
    if first is None or not first.trusted:
        return False
    queue = queue_sms if channel == Channel.SMS else queue_call
    queue(cause="alert.try", to=first.number, text=said.text, person=actor)
    return True


def tried(alert: Alert, channel: Channel, language: str) -> Said:
    """What it says by this means as a test: marked as one, and with nobody's own links."""
    said = saying.said(alert, channel, language)
    with translation.override(language):
        mark = _("ESSAI")
    spoken = f"{mark}. " if channel in {Channel.SMS, Channel.VOICE} else ""
    return replace(
        said, subject=f"{mark} : {said.subject}", text=f"{spoken}{without_links(said.text)}",
        html=without_links(said.html),
    )  # fmt: skip


def without_links(text: str) -> str:
    """What is said, with the site in the place of each one's own links: a test confirms nothing, and leaves nothing."""
    return text.replace(LEAVE, f"{settings.LINK_BASE}/m/").replace(CONFIRM, f"{settings.LINK_BASE}/a/")
