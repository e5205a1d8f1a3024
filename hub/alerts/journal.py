"""What happened to an alert, moment by moment: from the town's trail, and the alert's own milestones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hub.alerts.models import Alert, Recipient, Status
from hub.audit.models import Entry
from hub.conversations.moderation_words import trail_line
from hub.core.typography import count, locale_name


@dataclass(frozen=True)
class Line:
    """One moment, in words."""

    at: datetime
    words: str


def journal_of(alert: Alert) -> list[Line]:
    """The latest first."""
    acts = Entry.objects.filter(town=alert.town_id, subject=f"alert.{alert.pk}")
    lines = [Line(entry.at, trail_line(entry, alert.town).sentence) for entry in acts]
    return sorted([*lines, *_milestones(alert)], key=lambda line: line.at, reverse=True)


def _milestones(alert: Alert) -> list[Line]:
    lines = []
    if alert.started_at is not None:
        number = len(alert.channels)
        words = ngettext("Envoi lancé sur un moyen.", "Envoi lancé sur %(number)d moyens.", number)
        lines.append(Line(alert.started_at, words % {"number": number}))
    if alert.expanded_at is not None:
        told: Mapping[str, int] = alert.told
        people = max(Recipient.objects.filter(alert=alert).count(), told.get("total", 0))
        words = ngettext(
            "%(number)s personne inscrite parmi les destinataires.",
            "%(number)s personnes inscrites parmi les destinataires.",
            people,
        )
        locale = locale_name((get_language() or "fr")[:2], alert.town.country)
        lines.append(Line(alert.expanded_at, words % {"number": count(people, locale)}))
    if alert.called_at is not None:
        lines.append(Line(alert.called_at, _("Appels lancés vers les personnes non jointes.")))
    if alert.ended_at is not None and alert.status == Status.DONE:
        lines.append(Line(alert.ended_at, _("Envoi terminé.")))
    return lines
