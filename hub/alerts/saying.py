"""What an alert says by each means, in each language, and on the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hub.alerts import lifecycle
from hub.alerts.events import AlertPublished
from hub.alerts.models import Alert, Purpose
from hub.deliveries.actions import sender_named
from hub.deliveries.models import Channel
from hub.streams import topics
from hub.streams.actions import Unit


@dataclass(frozen=True)
class Said:
    """One text for all who read one language."""

    text: str
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def said(alert: Alert, channel: Channel, language: str) -> Said:
    """By this means, in this language. `{leave}` stands for each recipient's own link."""
    with translation.override(language), timezone.override(alert.town.time_zone):
        title, body = _title(alert, language), alert.said("body", language)
        if channel == Channel.SMS:
            return Said(_marked(alert, alert.said("sms", language) or lifecycle.short(alert.town.name, title, body)))
        if channel == Channel.VOICE:
            return Said(_marked(alert, alert.said("voice", language) or lifecycle.spoken(title, body)), title)
        if channel == Channel.PUSH:
            return Said(body, f"{alert.town.name} : {title}"[:200])
        return _mail(alert, title, body)


def _title(alert: Alert, language: str) -> str:
    """An exercise and a further word say what they are, first of all."""
    title = alert.said("title", language)
    if alert.purpose == Purpose.END:
        title = _("Fin d’alerte : %(title)s") % {"title": title}
    elif alert.purpose == Purpose.UPDATE:
        title = _("Précision : %(title)s") % {"title": title}
    return _("EXERCICE : %(title)s") % {"title": title} if alert.exercise else title


def _marked(alert: Alert, text: str) -> str:
    """Written words of an exercise say so too."""
    mark = _("EXERCICE.")
    return f"{mark} {text}" if alert.exercise and not text.startswith(_("EXERCICE")) else text


def _mail(alert: Alert, title: str, body: str) -> Said:
    words = {
        "subject": title, "alert": alert, "lines": [line for line in body.splitlines() if line.strip()],
        "town": alert.town, "site": settings.LINK_BASE, "leave": "{leave}",
        "page": f"{settings.LINK_BASE}{reverse('alert', args=[alert.town.slug, alert.number])}",
    }  # fmt: skip
    text, html = (render_to_string(f"alerts/mail/alert.{kind}", words) for kind in ("txt", "html"))
    headers = {"From": sender_named(alert.town.name)}
    if not alert.emergency:
        headers["List-Unsubscribe"] = "<{leave}>"
        if settings.LINK_BASE.startswith("https://"):
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Said(text, title, html, headers)


def publish(unit: Unit, alert: Alert, *, path: str) -> None:
    """On the town's topic, for every page that is open."""
    title = {language: _title(alert, language) for language in alert.title}
    unit.publish(
        topics.town(alert.town.slug),
        lambda _seq: AlertPublished(
            id=alert.pk, purpose=alert.purpose, emergency=alert.emergency, exercise=alert.exercise, title=title,
            path=path,
        ),
    )  # fmt: skip
