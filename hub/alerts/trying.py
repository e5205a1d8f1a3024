"""« Me l’envoyer d’abord »: an alert's own texts to its author alone, by its own means, marked as a test."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hub.alerts import saying
from hub.alerts.alert_queries import access_alert
from hub.alerts.models import Alert
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
    said = saying.said(alert, channel, actor.language)
    with translation.override(actor.language):
        mark = _("ESSAI")
    text, subject = f"{mark}. {_without_links(said.text)}", f"{mark} : {said.subject}"
    if channel == Channel.EMAIL:
        queue_email(
            cause="alert.try", to=actor.email, subject=subject, text=_without_links(said.text),
            html=_without_links(said.html), person=actor, headers={"From": said.headers["From"]},
        )  # fmt: skip
        return True
    if channel == Channel.PUSH:
        devices = list(Device.objects.filter(person=actor, retired_at=None))
        for device in devices:
            queue_push(
                cause="alert.try", device=device, title=subject, text=_without_links(said.text), lane=Lane.TRANSACTIONAL
            )
        return bool(devices)
    first = actor.phones.order_by("position", "pk").first()
    if first is None or not first.trusted:
        return False
    queue = queue_sms if channel == Channel.SMS else queue_call
    queue(cause="alert.try", to=first.number, text=text, person=actor)
    return True


def _without_links(text: str) -> str:
    """A test confirms nothing and leaves nothing: each one's own links lead to the site."""
    return text.replace(LEAVE, settings.LINK_BASE).replace(CONFIRM, settings.LINK_BASE)
