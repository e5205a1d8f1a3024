"""A proof as PDF, in the reader's language and at the town's hour. Loaded only when one is asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.alerts.models import Alert, Purpose, Status
from hub.alerts.proof.facts import Facts, Times
from hub.alerts.proof.letters import fonts
from hub.alerts.proof.sheet import Sheet
from hub.core import typography
from hub.deliveries.models import Channel
from hub.people.models import Language

_POINTS = 60  # of an outline's positions, so many are written out


def write(facts: Facts, *, at: datetime) -> bytes:
    """The whole document: once as a draft, to learn which letters it needs, and once with these in it."""
    with fonts(_written(facts, at, {}).letters) as files:
        return _written(facts, at, files).bytes_of()


def _written(facts: Facts, at: datetime, files: Mapping[str, Path]) -> Sheet:
    alert = facts.alert
    language = (get_language() or "fr")[:2]
    title = _("Preuve de l’alerte %(number)s") % {"number": alert.number}
    sheet = Sheet(
        language=f"{language}-{alert.town.country}", title=f"{title} – {alert.town.name}", author=alert.town.name,
        band=_("EXERCICE") if alert.exercise else "", at=at,
        foot=f"{alert.town.name} · {alert.number} · {_moment(alert, at)}", fonts=files,
    )  # fmt: skip
    sheet.heading(title, first=True)
    sheet.line_of(f"{alert.town.name} – {alert.said('title', language)}")
    for part in (_decided, _said, _whom, _reached, _journal):
        part(sheet, facts)
    return sheet


def _decided(sheet: Sheet, facts: Facts) -> None:
    alert = facts.alert
    sheet.heading(_("Qui a décidé, et quand"))
    kind = _("Mesures d’urgence") if alert.emergency else _("Alerte")
    sheet.pair(_("Nature :"), " · ".join([kind, str(Purpose(alert.purpose).label), str(Status(alert.status).label)]))
    if alert.danger:
        sheet.pair(_("Ce qui se passe :"), alert.get_danger_display())
    acts = (
        (_("Écrite par"), alert.author, alert.created_at), (_("Soumise par"), alert.author, alert.submitted_at),
        (_("Accord donné par"), alert.approver, alert.approved_at), (_("Arrêtée par"), alert.stopper, alert.ended_at),
    )  # fmt: skip
    for name, who, when in acts:
        if when and (who or name != _("Arrêtée par")):
            sheet.pair(name, f"{who.name if who else _('compte effacé')}, {_moment(alert, when)}")
    for name, when in (
        (_("Départ :"), alert.started_at), (_("Tous les destinataires inscrits :"), alert.expanded_at),
        (_("Appels :"), alert.called_at), (_("Fin de l’envoi :"), alert.ended_at),
    ):  # fmt: skip
        if when:
            sheet.pair(name, _moment(alert, when))


def _said(sheet: Sheet, facts: Facts) -> None:
    alert = facts.alert
    sheet.heading(_("Ce qui a été dit"))
    for language in sorted(alert.title, key=lambda one: (one != "fr", one)):  # the database keeps no order
        sheet.pair(f"{Language(language).label} :", alert.title[language])
        for name, said in ((_("Texte :"), alert.body), (_("SMS :"), alert.sms), (_("Appel :"), alert.voice)):
            if words := said.get(language):
                sheet.line_of(f"{name} {words}")


def _whom(sheet: Sheet, facts: Facts) -> None:
    sheet.heading(_("Pour qui"))
    for line in facts.audience:
        sheet.line_of(line)
    if not facts.shapes:
        return
    sheet.ln(2)
    sheet.sketch([ring for _name, rings in facts.shapes for ring in rings])
    for name, rings in facts.shapes:
        for ring in rings:
            points = "; ".join(f"{lat:.5f}, {lon:.5f}" for lon, lat in ring[:_POINTS])
            more = "; …" if len(ring) > _POINTS else ""
            said = {"name": name, "points": f"{points}{more}"}
            sheet.line_of(_("%(name)s, points (latitude, longitude) : %(points)s") % said, small=True)


def _reached(sheet: Sheet, facts: Facts) -> None:
    found = facts.figures
    sheet.heading(_("Qui a été joint"))
    sheet.pair(_("Personnes concernées :"), str(found.total))
    sheet.pair(_("Jointes par un moyen au moins :"), str(found.reached))
    sheet.pair(_("Non jointes :"), str(facts.not_reached))
    sheet.pair(_("Ont confirmé avoir reçu :"), str(facts.confirmed))
    heads = [
        _("Moyen"), _("En attente"), _("Parti"), _("Remis"), _("Échec"), _("Retenu"), _("Premier départ"),
        _("Dernier départ"), _("Dernière réponse"),
    ]  # fmt: skip
    rows = [
        [
            str(Channel(channel).label),
            *(str(counts[name]) for name in ("queued", "sent", "delivered", "failed", "suppressed")),
            *_clocks(facts.alert, facts.times.get(channel)),
        ]
        for channel, counts in found.by_channel.items()
    ]
    sheet.rows(heads, rows, (22, 18, 14, 14, 14, 15, 25, 25, 27))
    sheet.line_of(
        _("Parti : le relais l’a pris. Remis : l’appareil ou la personne l’a. Retenu : rien n’est parti."), small=True
    )
    if facts.lost:
        sheet.pair(_("Échecs par cause :"), str(sum(number for _why, number in facts.lost)))
        for why, number in facts.lost:
            sheet.line_of(f"{number} – {why}")


def _clocks(alert: Alert, times: Times | None) -> Sequence[str]:
    if times is None:
        return ("", "", "")
    return [_clock(alert, when) if when else "" for when in (times.first, times.last, times.ended)]


def _journal(sheet: Sheet, facts: Facts) -> None:
    sheet.heading(_("Journal"))
    sheet.line_of(
        _("Chaque ligne porte l’empreinte (SHA-256) de la précédente : ce qui serait changé après coup se verrait."),
        small=True,
    )
    if facts.broken is None:
        sheet.line_of(_("Vérifié à l’instant : le journal de la commune est entier, sans ligne changée ni manquante."))
    else:
        sheet.line_of(_("ATTENTION : le journal de la commune est rompu à la ligne %(line)s.") % {"line": facts.broken})
    for act in facts.acts:
        sheet.ln(1)
        sheet.line_of(f"{act.entry.number} · {_moment(facts.alert, act.entry.at)} · {act.sentence}")
        sheet.mono(f"{act.entry.former}\n{act.entry.digest}")


def _moment(alert: Alert, at: datetime) -> str:
    """« samedi 21 novembre 2026, 17:40:05 », there: a proof tells seconds and the zone."""
    there = at.astimezone(ZoneInfo(alert.town.time_zone))
    locale = typography.locale_name((get_language() or "fr")[:2], alert.town.country)
    return f"{format_date(there.date(), 'full', locale=locale)}, {there:%H:%M:%S} ({there:%Z})"


def _clock(alert: Alert, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(alert.town.time_zone)):%d/%m %H:%M:%S}"
