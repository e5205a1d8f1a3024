"""What a page shows of somebody's subscription to a town's alerts, and what its form says."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from hub.alerts import rules
from hub.alerts.models import Theme
from hub.alerts.queries import first_phone, has_said, themes_of, wanted_of
from hub.alerts.rules import Wanted
from hub.core.phones import takes_sms
from hub.core.typography import phone as readable
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.people.models import Person, Phone
from hub.people.queries import devices_of
from hub.towns.models import Town


@dataclass(frozen=True)
class ThemeRow:
    """One theme, and whether it is chosen."""

    theme: Theme
    on: bool


@dataclass(frozen=True)
class MeansRow:
    """One means of contact: where it goes, and where that is changed. `lacks`: it is wanted, and goes nowhere."""

    channel: str
    label: str
    detail: str
    on: bool
    lacks: bool = False
    path: str = ""
    change: str = ""


@dataclass(frozen=True)
class Shown:
    """A person's subscription in one town. `whose`: "own", "link" (opened by whoever holds it) or "desk"; `silent`:
    they never said, and this is what holds for them."""

    town: Town
    all_themes: bool
    themes: list[ThemeRow]
    means: list[MeansRow]
    whose: str
    path: str = ""
    silent: bool = False


def shown(person: Person | None, town: Town, *, whose: str, path: str = "", typed: Wanted | None = None) -> Shown:
    """How it stands, or as it was typed; None: of somebody who is not registered yet."""
    wanted = typed or (wanted_of(person, town) if person else rules.NOTHING)
    phone = first_phone(person) if person else None
    themes = [ThemeRow(theme, theme.pk in wanted.themes) for theme in themes_of(town)]
    silent = person is not None and typed is None and not has_said(person, town)
    return Shown(town, wanted.all_themes, themes, list(_means(person, phone, wanted, whose)), whose, path, silent)


def said(form: QueryDict) -> Wanted:
    """What a form says. What is no number, and no means, was not typed on our page, and is left out."""
    themes = {int(one) for one in form.getlist("themes") if one.isascii() and one.isdigit() and len(one) < 18}
    channels = set(form.getlist("channels")) & set(rules.CHANNELS)
    return Wanted(frozenset(themes), "all_themes" in form, frozenset(channels))


def labels(whose: str) -> dict[str, str]:
    """The means as people call them (S28)."""
    push = _("Notification sur mes appareils") if whose == "own" else _("Notification sur ses appareils")
    return {
        Channel.SMS: _("Message texte"),
        Channel.EMAIL: _("Courriel"),
        Channel.PUSH: push,
        Channel.VOICE: _("Appel"),
    }


def _means(person: Person | None, phone: Phone | None, wanted: Wanted, whose: str) -> list[MeansRow]:
    tell: dict[str, Callable[[], tuple[str, bool]]] = {
        Channel.SMS: lambda: _sms(phone, whose),
        Channel.EMAIL: lambda: _email(person, whose),
        Channel.PUSH: lambda: _push(person, whose),
        Channel.VOICE: lambda: _voice(phone, whose),
    }
    rows = []
    for channel, label in labels(whose).items():
        detail, lacks = tell[channel]()
        path, change = _way(channel, person, phone) if whose == "own" else ("", "")
        on = channel in wanted.channels
        rows.append(MeansRow(channel, label, detail, on, on and lacks, path, change))
    return rows


def _sms(phone: Phone | None, whose: str) -> tuple[str, bool]:
    if phone is None:
        return _no_number(whose), True
    number = _number(phone, whose)
    if not takes_sms(phone.number):
        return _("%(number)s n’est pas un portable") % {"number": number}, True
    if not phone.trusted:
        return _("%(number)s, à vérifier avant de recevoir les alertes") % {"number": number}, True
    if not channel_is_open(Channel.SMS):
        return _("%(number)s. Ce site n’envoie pas encore de SMS.") % {"number": number}, True
    if phone.verified_at is None:
        return _("%(number)s, donné à la mairie, autorise les SMS d’alerte") % {"number": number}, False
    return _("%(number)s, ce numéro autorise les SMS d’alerte") % {"number": number}, False


def _voice(phone: Phone | None, whose: str) -> tuple[str, bool]:
    if phone is None:
        return _no_number(whose), True
    number = _number(phone, whose)
    if not phone.trusted:
        return _("En cas d’urgence seulement, au %(number)s, à vérifier d’abord") % {"number": number}, True
    return _("En cas d’urgence seulement, au %(number)s") % {"number": number}, False


def _email(person: Person | None, whose: str) -> tuple[str, bool]:
    if person is None or not person.email:
        return ("" if person is None else _("Aucune adresse")), person is not None
    return (rules.masked_email(person.email) if whose == "link" else person.email), False


def _push(person: Person | None, whose: str) -> tuple[str, bool]:
    if person is None:
        return "", False
    count = devices_of(person).count()
    if not count:
        return _("Aucun appareil pour l’instant"), True
    return ", ".join(device.name for device in devices_of(person)[:3]) if whose == "own" else "", False


def _number(phone: Phone, whose: str) -> str:
    return rules.masked_number(phone.number) if whose == "link" else readable(phone.number)


def _no_number(whose: str) -> str:
    return _("Aucun numéro : donnez un portable pour être alerté par SMS") if whose == "own" else _("Aucun numéro")


def _way(channel: str, person: Person | None, phone: Phone | None) -> tuple[str, str]:
    """Where a means is changed, and the word that leads there."""
    if channel in rules.BY_PHONE:
        if phone is None:
            return reverse("account_contact"), _("Ajouter")
        if not phone.trusted and rules.ways_to(phone.number):
            return reverse("phone_verify", args=[phone.pk]), _("Vérifier")
        return reverse("account_contact"), _("Changer")
    return (reverse("account_email"), _("Changer")) if channel == Channel.EMAIL else ("", "")
