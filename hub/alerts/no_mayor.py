"""While a town's mayor has not joined, each new resident reminds the town hall that people look for them (S17).

At most once a day for a town; how many they are, and nothing of who they are.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core.clock import now
from hub.deliveries.actions import queue_email
from hub.deliveries.models import Dispatch
from hub.notifications.letter import Button, Letter
from hub.notifications.mail import laid_out
from hub.people.models import Person, Role
from hub.people.queries import mayor_of, residents_of
from hub.towns.models import Grammar, Town

CAUSE = "no_mayor"
_WORTH = timedelta(days=2)


def on_proof(email_address: EmailAddress, **_signal: Any) -> None:
    """Somebody has proven the address that they signed up with: from now on they count."""
    person = email_address.user
    if isinstance(person, Person) and person.self_registered:
        for town in Town.objects.filter(memberships__person=person, memberships__role=Role.CITIZEN).exclude(email=""):
            remind(town)


def remind(town: Town) -> bool:
    """Tell the town hall, unless the mayor is there, or it was told today. Returns whether it is told now."""
    if not town.email or mayor_of(town) is not None:
        return False
    today = now().astimezone(ZoneInfo(town.time_zone)).date()
    key = f"{CAUSE}.{town.pk}.{today}"
    with transaction.atomic():
        Town.objects.select_for_update(no_key=True).get(pk=town.pk)  # two at once: one tells
        if Dispatch.objects.filter(key=key).exists():
            return False
        with translation.override(town.languages[0] if town.languages else "fr"):
            delivery = _queue(town, residents_of(town).count())
        Dispatch.objects.filter(pk=delivery.dispatch_id).update(key=key, town=town)
    return True


def _queue(town: Town, residents: int) -> Any:
    mail = laid_out(letter(town, residents), None)
    return queue_email(
        cause=CAUSE, to=town.email, subject=mail.subject, text=mail.text, html=mail.html, expires_in=_WORTH
    )


def letter(town: Town, residents: int) -> Letter:
    """What it says, in the language that is active."""
    named = {"town": town.name, "count": residents}
    waiting = ngettext(
        "%(count)d habitant de %(town)s s’est inscrit sur Parvis et attend votre mairie.",
        "%(count)d habitants de %(town)s se sont inscrits sur Parvis et attendent votre mairie.",
        residents,
    )
    feminine = town.mayor_grammar == Grammar.FEMININE
    return Letter(
        subject=_("Des habitants de %(town)s cherchent leur maire") % named,
        greeting=_("Bonjour,"),
        before=[
            waiting % named,
            _("La maire n’a pas encore rejoint la plateforme : personne ne peut lui écrire.")
            if feminine
            else _("Le maire n’a pas encore rejoint la plateforme : personne ne peut lui écrire."),
        ],
        buttons=[Button(_("Voir la page de la commune"), f"{settings.LINK_BASE}{reverse('town', args=[town.slug])}")],
        after=[
            _("La personne qui gère la commune l’invite depuis « Équipe », dans l’espace de la mairie."),
            _("Vous recevez ce message une fois par jour au plus, quand quelqu’un s’inscrit."),
        ],
    )
