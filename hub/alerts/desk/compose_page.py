"""What the form of an alert shows, and the parts of it that change as one writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hub.alerts import audience, composing, outlines, ready_texts, saying
from hub.alerts.alert_queries import rules_of
from hub.alerts.asking import approvers_of
from hub.alerts.cap.origin import origins_of
from hub.alerts.composing import Fields
from hub.alerts.estimate import Estimate, estimate
from hub.alerts.models import Alert, Danger, Theme, Vulnerable, Zone
from hub.alerts.trying import without_links
from hub.core.clock import now
from hub.core.errors import Invalid, ParvisError
from hub.core.typography import count, locale_name
from hub.deliveries import meter
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.people.models import Person
from hub.towns.maps import map_at, middle_of
from hub.towns.models import Service, Town

APPROVERS_SHOWN = 4


@dataclass(frozen=True)
class Means:
    """One way to reach people: its name, what it does, how many it reaches; `off`: this hub has no such way out."""

    channel: str
    label: str
    about: str
    number: str
    checked: bool
    off: bool


def page(
    request: HttpRequest, person: Person, town: Town, fields: Fields, alert: Alert | None, *,
    error: ParvisError | None = None,
) -> HttpResponse:  # fmt: skip
    """The whole of it. What could not be kept is shown as it was typed."""
    zones = list(Zone.objects.filter(town=town))
    streets = sorted({*audience.streets_of(town), *fields.streets}, key=str.casefold)
    shown: dict[str, Any] = {
        **parts(town, fields, alert, error=error),
        "dangers": Danger.choices, "zones": zones, "streets": streets, "languages": composing.LANGUAGES,
        "services": Service.objects.filter(town=town).order_by("name"),
        "themes": Theme.objects.filter(town=town, archived_at=None), "map": map_at(*middle_of(town)),
        "registered": Vulnerable.objects.filter(town=town).count(), "english": _english(fields),
        "approvers": approvers_of(town, besides=person.pk)[:APPROVERS_SHOWN], "alone": rules_of(town).alone,
        "author": person, "at": now(), "origin": origins_of([alert]).get(alert.pk) if alert else None,
        "data": {
            "shapes": {str(zone.pk): outlines.rings_of(zone.shape) for zone in zones},
            "ready": {language: {danger: ready_texts.ready(danger, language, town=town.name) for danger in
                      Danger.values} for language in composing.LANGUAGES},
            "words": _script_words(),
        },
    }  # fmt: skip
    return render(request, "alerts/desk/compose.html", shown, status=error.status if error else 200)


def _english(fields: Fields) -> bool:
    return bool(fields.words.get("title_en", "").strip() and fields.words.get("body_en", "").strip())


def _script_words() -> dict[str, str]:
    return {
        "english_ready": _("Version anglaise : prête"), "english_empty": _("Version anglaise : à écrire"),
        "unsaved": _("Pas encore enregistré"), "offline": _("Pas de connexion : ce texte n’est pas enregistré."),
        "points": _("Zone de {count} points."), "moved": _("Centre de la carte : {lat}, {lon}. Entrée l’ajoute."),
    }  # fmt: skip


def state(
    request: HttpRequest, town: Town, fields: Fields, alert: Alert | None, *, error: ParvisError | None = None,
    told: str = "",
) -> HttpResponse:  # fmt: skip
    """The parts that change alone, for the page's script."""
    shown = {**parts(town, fields, alert, error=error), "told": told}
    return render(request, "alerts/desk/compose_state.html", shown, status=error.status if error else 200)


def parts(town: Town, fields: Fields, alert: Alert | None, *, error: ParvisError | None) -> dict[str, Any]:
    """What is counted of it, in words. What can't be read yet is counted without."""
    kept = alert or Alert(town=town, channels=fields.channels, emergency=fields.emergency)
    found = estimate(kept)
    locale = locale_name((get_language() or "fr")[:2], town.country)
    people = 0 if fields.nobody and kept.about_id is None else found.counts["people"]
    return {
        "town": town, "alert": alert, "fields": fields, "v": fields.words, "error": error,
        "error_field": error.field if isinstance(error, Invalid) else "",
        "url": _url(town, alert),
        "people": count(people, locale), "nobody": not people, "homes": _homes(found, people, locale),
        "refused": _refused(found, people, locale),
        "where": where(kept, fields), "ledger": ledger(found, locale), "total": money(found.total, locale),
        "duration": duration(found.minutes), "preview": _preview(kept),
        "means": _means(fields, found, people, locale), "saved_at": alert.changed_at if alert else None,
        **{
            name: meter.read(
                fields.words.get(f"sms_{language}", ""), locale=locale,
                each=found.each.get(language, {}) if people else {},
            )
            for name, language in (("meter", "fr"), ("meter_en", "en"))
        },
    }  # fmt: skip


def _preview(alert: Alert) -> str:
    """The SMS as it will leave; "" while nothing is written."""
    if not (alert.sms.get("fr") or alert.title.get("fr") or alert.body.get("fr")):
        return ""
    return without_links(saying.said(alert, Channel.SMS, "fr").text)


def _url(town: Town, alert: Alert | None) -> str:
    """Where the form is sent."""
    return reverse("desk_alert", args=[town.slug, alert.pk]) if alert else reverse("desk_alert_new", args=[town.slug])


def _homes(found: Estimate, people: int, locale: str) -> str:
    """« 5 138 adresses, 12 630 personnes, dont 12 400 joignables »."""
    homes = found.counts["homes"] if people else 0
    reachable = found.counts["reachable"] if people else 0
    named = {"homes": count(homes, locale), "people": count(people, locale), "reachable": count(reachable, locale)}
    return _("Adresses : %(homes)s. Personnes : %(people)s, dont %(reachable)s joignables par ces moyens.") % named


def _refused(found: Estimate, people: int, locale: str) -> str:
    """How many nothing will reach, because they want it so; "" for nobody."""
    number = found.counts["refused"] if people else 0
    sentence = ngettext(
        "%(number)s personne a refusé tous les moyens : rien ne lui parviendra, même en cas de danger.",
        "%(number)s personnes ont refusé tous les moyens : rien ne leur parviendra, même en cas de danger.",
        number,
    )
    return sentence % {"number": count(number, locale)} if number else ""


def where(alert: Alert, fields: Fields | None = None) -> str:
    """« secteur Nord-Est, rue du Four »: whom it is for, in a few words."""
    if alert.about is not None:
        return _("les mêmes que l’alerte %(number)s") % {"number": alert.about.number}
    if fields is not None and fields.nobody:
        return _("personne n’est choisi")
    said: Mapping[str, Any] = alert.audience
    parts_named = list(
        Zone.objects.filter(pk__in=said.get("zones", []), town=alert.town).values_list("name", flat=True)
    )
    parts_named += [_("zone dessinée")] if said.get("shape") else []
    streets = said.get("streets", [])
    parts_named += streets if len(streets) < 3 else [_("%(number)d rues") % {"number": len(streets)}]
    services = Service.objects.filter(pk__in=said.get("services", []), town=alert.town)
    parts_named += list(services.values_list("name", flat=True))
    parts_named += [_("registre des personnes vulnérables")] if said.get("register") else []
    named = ", ".join(parts_named) or _("toute la commune")
    if not alert.emergency and alert.theme is not None:
        return _("%(where)s, abonnés à « %(theme)s »") % {"where": named, "theme": alert.theme.label}
    return named


def ledger(found: Estimate, locale: str) -> list[tuple[str, str]]:
    """What each means costs."""
    sms = ngettext("Messages texte, %(number)d SMS chacun", "Messages texte, %(number)d SMS chacun", found.segments) % {
        "number": found.segments
    }
    calls = ngettext("Appels, %(number)d minute", "Appels, %(number)d minutes", found.call_minutes) % {
        "number": found.call_minutes
    }
    lines = []
    if found.counts["voice"]:
        lines.append((calls, money(found.cost[Channel.VOICE], locale)))
    if found.counts["sms"]:
        lines.append((sms, money(found.cost[Channel.SMS], locale)))
    return [*lines, (_("Courriels et notifications"), money({}, locale))]


def money(sums: Mapping[str, Decimal], locale: str) -> str:
    """« 144,63 $ », of each currency."""
    spent = {currency: amount for currency, amount in sums.items() if amount}
    if not spent:
        currency = "CAD" if locale.endswith("CA") else "EUR"
        return str(format_currency(Decimal(0), currency, locale=locale))
    return " + ".join(str(format_currency(amount, currency, locale=locale)) for currency, amount in spent.items())


def duration(minutes: int) -> str:
    """« moins d’une minute », « environ 19 min »."""
    if minutes <= 1:
        return _("moins d’une minute")
    if minutes < 90:
        return _("environ %(number)d min") % {"number": minutes}
    return _("environ %(number)d h") % {"number": round(minutes / 60)}


def _means(fields: Fields, found: Estimate, people: int, locale: str) -> list[Means]:
    about = {
        Channel.VOICE: (_("Appel"), _("Mesures d’urgence : qui n’est joint par rien d’autre, 2 essais")),
        Channel.SMS: (_("Message texte"), _("Le premier numéro de chaque personne")),
        Channel.EMAIL: (_("Courriel"), _("Français ou anglais, selon la personne")),
        Channel.PUSH: (_("Notification push"), _("Sur les appareils inscrits")),
    }
    return [
        Means(
            channel.value, label, words, count(found.counts[channel] if people else 0, locale),
            channel in fields.channels, not channel_is_open(channel),
        )
        for channel, (label, words) in about.items()
    ]  # fmt: skip
