"""What citizens read about a ticket: where it stands, what happened to it, who answers for it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Message, Via
from hub.core import typography
from hub.tickets.models import Source, Status, Ticket
from hub.tickets.queries import today_in
from hub.towns.models import Grammar, Town


@dataclass(frozen=True)
class State:
    """Where a ticket stands: a word and an icon. `live`: the town still works on it."""

    word: str
    icon: str
    live: bool


def state_of(ticket: Ticket) -> State:
    """Its tag on citizens' pages."""
    if ticket.merged:
        return State(_("Réunie"), "copy", live=False)
    return {
        Status.NOT_TRANSFERRED: State(_("Reçue"), "clock", live=True),
        Status.TRANSFERRED: State(_("Transférée"), "clock", live=True),
        Status.IN_PROGRESS: State(_("En traitement"), "clock", live=True),
        Status.CLOSED_DONE: State(_("Traitée"), "check", live=False),
        Status.CLOSED_REFUSED: State(_("Refusée"), "x", live=False),
    }[Status(ticket.status)]


def by_which_way(ticket: Ticket) -> str:
    """« par téléphone »: how the requester brought it (S77); "" when it says nothing to them."""
    return {
        Source.WEB: _("par le site"),
        Source.API: _("par une autre application"),
        Source.PHONE: _("par téléphone"),
        Source.COUNTER: _("au guichet"),
        Source.LETTER: _("par lettre"),
        Source.EMAIL: _("par courriel"),
        Source.SMS: _("par SMS"),
    }.get(Source(ticket.source), "")


def entrusted_to(service: str) -> str:
    """« Confiée au service technique », « Confiée au service « Voirie » »."""
    if not service:
        return _("Transférée à la mairie")
    if service.lower().startswith("service "):
        return _("Confiée au %(service)s") % {"service": service[0].lower() + service[1:]}
    return _("Confiée au service « %(service)s »") % {"service": service}


def requesters_words(message: Message, *, noted: bool) -> str:
    """What their own words are called. `noted`: the town hall wrote them down."""
    said = {
        Via.EMAIL: _("Votre courriel"),
        Via.SMS: _("Votre SMS"),
        Via.PHONE: _("Ce que vous avez dit par téléphone"),
        Via.LETTER: _("Votre lettre"),
        Via.DESK: _("Ce que vous avez dit à la mairie"),
    }.get(Via(message.via), "")
    if said:
        return said
    return _("Ce que vous avez dit à la mairie") if noted else _("Vous avez écrit")


def under_whom(town: Town, *, named: bool) -> str:
    """« Sous la responsabilité de la maire ». `named`: of a person whom the town names instead (S139)."""
    if named:
        return _("Sous la responsabilité de")
    if town.mayor_grammar == Grammar.FEMININE:
        return _("Sous la responsabilité de la maire")
    return _("Sous la responsabilité du maire")


def told_day(day: date, town: Town) -> str:
    """« vendredi 27 novembre »."""
    locale = typography.locale_name((get_language() or "fr")[:2], town.country)
    return typography.plain_day(day, locale, today=today_in(town))
