"""What is written to requesters, in their language. Called inside `mail.written`.

Whoever makes a ticket may type a stranger's address. What leaves before anyone at the town hall has seen it therefore
holds no word that they typed: the receipt, and the mail that asks a follower to confirm.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Message, Side, Visibility
from hub.core import typography
from hub.notifications.letter import Button, Fact, Letter, Quote
from hub.people.queries import has_proven_address
from hub.tickets import links, naming, queries
from hub.tickets.attached import sent_with
from hub.tickets.models import DeskSettings, Status, Ticket, TicketKind
from hub.tickets.tree import path_name
from hub.towns.models import Grammar, Town

_ONE_ACT = timedelta(minutes=1)  # what is said as it is closed comes moments before


def locale_of(town: Town) -> str:
    """The Babel name of how the town writes to the reader."""
    return typography.locale_name((get_language() or "fr")[:2], town.country)


def told(day: date, town: Town) -> str:
    """« vendredi 27 novembre »."""
    return typography.plain_day(day, locale_of(town), today=queries.today_in(town))


def receipt(ticket: Ticket, settings: DeskSettings) -> Letter:
    """It has arrived: number, code, link, who is accountable, the date promised (S88, S139)."""
    known = _is_known(ticket)
    facts = [Fact(_("Numéro"), ticket.number, copied=True), Fact(_("Code de suivi"), ticket.secret, copied=True)]
    facts.append(Fact(_("Catégorie"), path_name(ticket.category)))
    if known:
        facts.append(Fact(_("Objet"), ticket.title))
    page = {"page": links.track_by_code()}
    return Letter(
        subject=_received(ticket),
        greeting=_greeting(ticket if known else None),
        before=[
            " ".join(filter(None, [_who_treats(ticket), accountable(ticket.town, settings), promised(ticket)])),
            danger(ticket.town),
        ],
        facts=facts,
        buttons=[_track(ticket)],
        after=[
            _("Sans ce lien, le numéro et le code suffisent : %(page)s") % page,
            _wanted(ticket),
        ],
        reason=_(
            "Vous recevez ce courriel parce que cette adresse a été donnée avec la demande %(number)s. "
            "Ce n’était pas vous ? Ignorez-le."
        )
        % {"number": ticket.number},
        **_answers(),
        own="receipt",
    )


def _received(ticket: Ticket) -> str:
    if ticket.kind == TicketKind.COMPLAINT:
        return _("Votre plainte est bien reçue")
    if ticket.kind == TicketKind.PERMIT:
        return _("Votre demande de permis est bien reçue")
    return _("Votre demande est bien reçue")


def started(ticket: Ticket) -> Letter:
    """Its treatment begins (S112)."""
    return Letter(
        subject=_("Votre demande « %(title)s » est en traitement") % {"title": ticket.title},
        greeting=_greeting(ticket),
        before=[" ".join(filter(None, [_who_treats(ticket), promised(ticket)]))],
        facts=facts_of(ticket),
        buttons=[_track(ticket)],
        reason=_as_asked(ticket),
        **_answers(),
        own="started",
    )


def reopened(ticket: Ticket) -> Letter:
    """The town takes it up again."""
    return Letter(
        subject=_("Votre demande « %(title)s » est rouverte") % {"title": ticket.title},
        greeting=_greeting(ticket),
        before=[
            " ".join(filter(None, [_("La mairie la reprend."), _who_treats(ticket), promised(ticket)])),
        ],
        facts=facts_of(ticket),
        buttons=[_track(ticket)],
        reason=_as_asked(ticket),
        **_answers(),
        own="reopened",
    )


def follow_up(ticket: Ticket, message: Message) -> Letter:
    """An external follow-up, with what came along, and where to answer (S114)."""
    return Letter(
        subject=_("La mairie vous répond : « %(title)s »") % {"title": ticket.title},
        greeting=_greeting(ticket),
        quote=quoted(ticket, message),
        facts=[*attached(message), *facts_of(ticket)],
        buttons=[Button(_("Lire et répondre"), links.answering(ticket))],
        reason=_as_asked(ticket),
        **_answers(),
        own="follow_up",
    )


def closed(ticket: Ticket, settings: DeskSettings) -> Letter:
    """It is treated: what was said last, and « C’est réglé ? »."""
    last = last_words(ticket)
    return Letter(
        subject=_("Votre demande « %(title)s » est traitée") % {"title": ticket.title},
        greeting=_greeting(ticket),
        before=[_("La mairie l’a traitée, et l’a fermée.")],
        quote=quoted(ticket, last) if last else None,
        facts=[*(attached(last) if last and said_as_it_ended(ticket, last) else []), *facts_of(ticket)],
        question=_("C’est réglé ?"),
        said=[
            _("Dites-le avant le %(day)s : si ce n’est pas réglé, vous pouvez rouvrir la demande.")
            % {"day": settled_until(ticket, settings)}
        ],
        buttons=[
            Button(_("Oui, c’est réglé"), links.settling(ticket, "oui")),
            Button(_("Non, pas encore"), links.settling(ticket, "non")),
        ],
        reason=_as_asked(ticket),
        **_answers(),
        own="closed",
    )


def refused(ticket: Ticket, settings: DeskSettings) -> Letter:
    """It is not the town's, or the town declines: why (S107)."""
    return Letter(
        subject=_("Votre demande « %(title)s » est refusée") % {"title": ticket.title},
        greeting=_greeting(ticket),
        before=[_("La mairie ne peut pas y donner suite. Voici pourquoi :")],
        quote=Quote(service_or_hall(ticket), ticket.refusal_reason.splitlines()),
        facts=facts_of(ticket),
        said=[
            _("Il manque quelque chose, ou vous n’êtes pas d’accord ? Écrivez-le avant le %(day)s.")
            % {"day": settled_until(ticket, settings)}
        ],
        buttons=[Button(_("Répondre"), links.answering(ticket))],
        reason=_as_asked(ticket),
        **_answers(),
        own="refused",
    )


# Parts that several have.


def quoted(ticket: Ticket, message: Message) -> Quote:
    """What the town's message says, under its service's name as on the pages: never the agent's."""
    return Quote(naming.speaker_of(message, ticket.town), message.body.splitlines())


def accountable(town: Town, settings: DeskSettings) -> str:
    """« La maire, Hélène Carpentier, en est responsable. »; "" while there is nobody (S139)."""
    named = {"name": queries.accountable(town, settings)}
    if not named["name"]:
        return ""
    if settings.accountable:
        return _("%(name)s en est responsable.") % named
    if town.mayor_grammar == Grammar.FEMININE:
        return _("La maire, %(name)s, en est responsable.") % named
    return _("Le maire, %(name)s, en est responsable.") % named


def promised(ticket: Ticket) -> str:
    """« Elle sera traitée au plus tard le vendredi 27 novembre. »"""
    if ticket.due_on is None or ticket.due_on < queries.today_in(ticket.town):
        return ""
    return _("Elle sera traitée au plus tard le %(day)s.") % {"day": told(ticket.due_on, ticket.town)}


def danger(town: Town) -> str:
    """Whoever is in danger must not wait for a ticket."""
    return _("En cas de danger immédiat, appelez le %(number)s.") % {"number": town.emergency_number}


def _who_treats(ticket: Ticket) -> str:
    if ticket.service is None:
        return _("La mairie s’en occupe.")
    named = {"service": ticket.service.name}
    if ticket.status == Status.NOT_TRANSFERRED:
        return _("Le centre d’appels la transmet au service « %(service)s ».") % named
    return _("Le service « %(service)s » s’en occupe.") % named


def service_or_hall(ticket: Ticket) -> str:
    return ticket.service.name if ticket.service else naming.town_hall(ticket.town)


def facts_of(ticket: Ticket) -> list[Fact]:
    facts = [Fact(_("Numéro"), ticket.number)]
    return [*facts, Fact(_("Lieu"), ticket.address)] if ticket.address else facts


def last_words(ticket: Ticket) -> Message | None:
    """What the town said last to the requester."""
    said = Message.objects.filter(conversation=ticket.conversation_id, removed_at=None)
    return said.filter(side=Side.TOWN, visibility=Visibility.EXTERNAL).order_by("-seq").first()


def said_as_it_ended(ticket: Ticket, message: Message) -> bool:
    """Whether the act that closed the ticket said it: no mail of its own told of these words. Not of a former end."""
    ended = ticket.closed_at or message.at
    return (message.system or {}).get("with") == queries.THE_END and ended - message.at < _ONE_ACT


def attached(message: Message) -> list[Fact]:
    """The names of the files that were sent along: they wait on the page, for who may have them."""
    names = [one.file.name for one in sent_with(message)]
    return [Fact(_("Pièces jointes, sur la page de suivi"), ", ".join(names))] if names else []


def _greeting(ticket: Ticket | None) -> str:
    if ticket is not None and ticket.first_name:
        return _("Bonjour %(name)s,") % {"name": ticket.first_name}
    return _("Bonjour,")


def _is_known(ticket: Ticket) -> bool:
    """Whether the address is that of the requester's own account, proven: nobody else typed it."""
    person = ticket.requester
    return bool(person.email) and person.email.lower() == ticket.email.lower() and has_proven_address(person)


def _wanted(ticket: Ticket) -> str:
    if ticket.wants_follow_ups:
        return _("Vous recevrez à cette adresse chaque réponse de la mairie.")
    return _("Vous n’avez pas demandé à recevoir les suivis : les réponses sont sur la page de suivi.")


def _track(ticket: Ticket) -> Button:
    return Button(_("Suivre ma demande"), links.tracking(ticket))


def settled_until(ticket: Ticket, settings: DeskSettings) -> str:
    """The last whole day on which it may be reopened."""
    closed_at = ticket.closed_at or timezone.now()
    return told(timezone.localdate(closed_at + timedelta(days=settings.reopen_days)), ticket.town)


def _as_asked(ticket: Ticket) -> str:
    return _("Vous recevez ce courriel parce que vous avez demandé à recevoir les suivis de la demande %(number)s.") % {
        "number": ticket.number
    }


def _answers() -> dict[str, Any]:
    return {
        "if_answered": _("Pour écrire à la mairie, répondez à ce courriel, ou ouvrez la page de suivi."),
        "if_lost": _(
            "Pour écrire à la mairie, ouvrez la page de suivi ; une réponse à ce courriel n’arriverait à personne."
        ),
    }
