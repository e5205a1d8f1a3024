"""What an alert says by each means, in each language, and on the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hub.alerts import lifecycle
from hub.alerts.events import AlertPublished
from hub.alerts.models import Alert, Purpose
from hub.deliveries import links
from hub.deliveries.actions import sender_named
from hub.deliveries.links import CONFIRM, LEAVE
from hub.deliveries.models import Channel
from hub.deliveries.writing import KEYS, LINK
from hub.notifications import words
from hub.notifications.letter import Button, Letter
from hub.notifications.mail import laid_out
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
    """By this means, in this language. `{leave}` and `{confirm}` stand for each recipient's own links."""
    with translation.override(language), timezone.override(alert.town.time_zone):
        title, body = _title(alert, language), alert.said("body", language)
        if channel == Channel.SMS:
            text = _marked(alert, alert.said("sms", language) or lifecycle.short(alert.town.name, title, body))
            return Said(_with_link(text) if alert.emergency else text)
        if channel == Channel.VOICE:
            return _call(alert, _marked(alert, alert.said("voice", language) or lifecycle.spoken(title, body)), title)
        if channel == Channel.PUSH:
            page = CONFIRM if alert.emergency else reverse("alert", args=[alert.town.slug, alert.number])
            return Said(body, f"{alert.town.name} : {title}"[:200], headers={LINK: page})
        return _mail(alert, title, body)


def notice(alert: Alert, channel: Channel, language: str) -> Said:
    """That there is a new alert, for who asks to be told of each (S30): by mail, or on a device. It confirms nothing,
    and is left as news are (`{leave}`)."""
    with translation.override(language), timezone.override(alert.town.time_zone):
        page, body = reverse("alert", args=[alert.town.slug, alert.number]), alert.said("body", language)
        if channel == Channel.PUSH:
            return Said(body, f"{alert.town.name} : {_title(alert, language)}"[:200], headers={LINK: page})
        reason = _("Vous recevez ce courriel parce que vous avez choisi d’apprendre ainsi chaque alerte de %(town)s.")
        letter = Letter(
            subject=words.said("alert", town=alert.town, actor="", what=noted(alert)).sentence,
            before=[line for line in body.splitlines() if line.strip()],
            buttons=[Button(_("Lire l’alerte sur le site"), f"{settings.LINK_BASE}{page}")],
            reason=reason % {"town": alert.town.name},
            leave=Button(_("Choisir ce qui vous prévient, et où"), LEAVE),
        )
        mail = laid_out(letter, alert.town)
        return Said(mail.text, mail.subject, mail.html, {"From": sender_named(alert.town.name), **links.LEAVING})


def _with_link(text: str) -> str:
    """The text of an emergency with each one's link to confirm it, where that costs no further SMS."""
    asking = _("Confirmez : %(link)s")
    own = lifecycle.room_for(text, asking % {"link": links.confirmation(10**9)})
    return f"{text}\n{asking % {'link': CONFIRM}}" if own else text


def _call(alert: Alert, text: str, title: str) -> Said:
    """A call about a danger asks for a key; one to the register asks how people are."""
    if not alert.emergency:
        return Said(text, title)
    if lifecycle.checks_in(alert):
        text = f"{text.rstrip()} {_('Tapez 1 si vous allez bien, 2 pour être rappelé.')}"
        return Said(text, title, headers={KEYS: lifecycle.CHECK_IN_KEYS})
    return Said(text, title, headers={KEYS: lifecycle.HEARD})


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
    mail = laid_out(_letter(alert, title, body), alert.town)
    headers = {"From": sender_named(alert.town.name)}
    if not alert.emergency:
        headers |= links.LEAVING
    return Said(mail.text, title, mail.html, headers)


def _letter(alert: Alert, title: str, body: str) -> Letter:
    named = {"town": alert.town.name, "phone": alert.town.phone}
    if alert.emergency:
        reason = _("Vous recevez ce courriel parce que %(town)s prévient tous ceux que ce danger concerne.")
    else:
        reason = _("Vous recevez ce courriel parce que vous avez demandé les alertes de %(town)s.")
    page = f"{settings.LINK_BASE}{reverse('alert', args=[alert.town.slug, alert.number])}"
    return Letter(
        subject=title,
        mark=_("Mesures d’urgence") if alert.emergency else "",
        before=[line for line in body.splitlines() if line.strip()],
        buttons=[Button(_("Lire l’alerte sur le site"), page)],
        links=[Button(_("J’ai bien reçu"), CONFIRM)] if alert.emergency else [],
        after=[_("Une question ? Mairie : %(phone)s.") % named] if alert.town.phone else [],
        reason=reason % named,
        leave=Button(_("Choisir vos alertes, ou les arrêter"), LEAVE),
    )


def publish(unit: Unit, alert: Alert, *, path: str) -> None:
    """On the town's topic, for every page that is open."""
    title = {language: _title(alert, language) for language in alert.title}
    unit.publish(
        topics.town(alert.town.slug),
        lambda _seq: AlertPublished(
            id=alert.pk, purpose=alert.purpose, emergency=alert.emergency, exercise=alert.exercise, title=title,
            path=path, plain=alert.title, about=alert.about_id,
        ),
    )  # fmt: skip


def noted(alert: Alert) -> dict[str, str]:
    """What the notification on the site says: fields of the code `alert` (`hub.notifications.words`)."""
    first = alert.about or alert
    word = alert.purpose if alert.purpose != Purpose.ALERT else "emergency" if first.emergency else "alert"
    return {"word": word, "title": alert.said("title", "fr"), "title_en": alert.title.get("en", "")}
