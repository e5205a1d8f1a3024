"""What is written to services and their people, in the town's first language or their own. Called in `mail.written`.

The requester's details are left out: they are on the desk, for who may see them.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.conversations.models import Message, Via
from hub.conversations.rules import excerpt
from hub.notifications.letter import Button, Fact, Item, Letter, Quote
from hub.tickets import letters, links, queries, rules
from hub.tickets.models import Priority, Ticket, TicketKind
from hub.tickets.tree import path_name
from hub.towns.models import Service

DESCRIPTION = 600  # characters of it
LISTED = 20  # tickets told of in one reminder; the others are counted


def assigned(ticket: Ticket) -> Letter:
    """It is the service's to treat (S110)."""
    service = ticket.service.name if ticket.service else ""
    return Letter(
        subject=_urgent(ticket, _new(ticket) % {"title": ticket.title}),
        before=[_("Elle est confiée au service « %(service)s ».") % {"service": service}],
        quote=Quote("", excerpt(ticket.description, limit=DESCRIPTION).splitlines()),
        facts=_facts(ticket),
        buttons=[_open(ticket)],
        reason=_("Ce courriel part au service « %(service)s » quand une requête lui est confiée.")
        % {"service": service},
        **_answers(),
    )


def internal(ticket: Ticket, message: Message) -> Letter:
    """A colleague wrote an internal follow-up (S113)."""
    return Letter(
        subject=_("Suivi interne : « %(title)s »") % {"title": ticket.title},
        before=[_("Le demandeur ne voit pas ce suivi.")],
        quote=_quoted(ticket, message),
        facts=[*_attached(message), *_facts(ticket)],
        buttons=[_open(ticket)],
        reason=_as_staff(ticket),
        **_answers(),
    )


def answered(ticket: Ticket, message: Message, *, duplicate: Ticket | None = None) -> Letter:
    """The requester's words (S116), whoever wrote them down. `duplicate`: on which they were written."""
    by = duplicate or ticket
    return Letter(
        subject=_("Réponse du demandeur : « %(title)s »") % {"title": ticket.title},
        before=list(filter(None, [_written_on(duplicate), _way(by, message)])),
        quote=Quote(by.requester_name or _("Le demandeur"), message.body.splitlines()),
        facts=[*_attached(message), *_facts(ticket)],
        buttons=[_open(ticket)],
        reason=_as_staff(ticket),
        **_answers(),
    )


def _written_on(duplicate: Ticket | None) -> str:
    if duplicate is None:
        return ""
    return _("Écrit sur la requête %(number)s, un doublon de celle-ci.") % {"number": duplicate.number}


def due_soon(service: Service, tickets: Sequence[Ticket]) -> Letter:
    """Some days before the due date: one ticket, or all of that morning (S109). The most urgent first."""
    town, count = service.town, len(tickets)
    today = queries.today_in(town)
    first = tickets[0]
    if count == 1 and not rules.is_late(first, today):
        subject = _("Échéance le %(day)s : « %(title)s »") % {"day": _due(first), "title": first.title}
    elif count == 1:
        subject = _("Échéance dépassée : « %(title)s »") % {"title": first.title}
    else:
        subject = ngettext(
            "%(count)d requête arrive à échéance", "%(count)d requêtes arrivent à échéance", count
        ) % {"count": count}  # fmt: skip
    more = count - LISTED
    others = ngettext("et %(count)d autre requête.", "et %(count)d autres requêtes.", max(more, 1)) % {"count": more}
    return Letter(
        subject=subject,
        before=[_("Le service « %(service)s » doit encore les traiter.") % {"service": service.name}]
        if count > 1
        else [_("Le service « %(service)s » doit encore la traiter.") % {"service": service.name}],
        items=[_item(ticket, late=rules.is_late(ticket, today)) for ticket in tickets[:LISTED]],
        said=[others] if more > 0 else [],
        buttons=[_open(first)] if count == 1 else [Button(_("Ouvrir le bureau"), links.board(town.slug))],
        reason=_("Ce courriel part au service « %(service)s » quelques jours avant une échéance.")
        % {"service": service.name},
    )


def _quoted(ticket: Ticket, message: Message) -> Quote:
    """Colleagues are told which of them wrote it."""
    service = (message.system or {}).get("service", "")
    named = [queries.describe(ticket, message).name, service]
    return Quote(" · ".join(dict.fromkeys(filter(None, named))), message.body.splitlines())


def _item(ticket: Ticket, *, late: bool) -> Item:
    said = _("En retard : échéance le %(day)s") if late else _("Échéance le %(day)s")
    parts = [ticket.number, said % {"day": _due(ticket)}]
    if ticket.priority >= Priority.VERY_IMPORTANT:
        parts.append(str(Priority(ticket.priority).label))
    return Item(ticket.title, links.desk(ticket), " · ".join(parts), late)


def _due(ticket: Ticket) -> str:
    return letters.told(ticket.due_on, ticket.town) if ticket.due_on else ""


def _new(ticket: Ticket) -> str:
    if ticket.internal:
        return _("Tâche interne : « %(title)s »")
    if ticket.kind == TicketKind.COMPLAINT:
        return _("Nouvelle plainte : « %(title)s »")
    if ticket.kind == TicketKind.PERMIT:
        return _("Nouvelle demande de permis : « %(title)s »")
    return _("Nouvelle requête : « %(title)s »")


def _urgent(ticket: Ticket, subject: str) -> str:
    return _("Urgent. %(subject)s") % {"subject": subject} if ticket.priority == Priority.URGENT else subject


def _way(ticket: Ticket, message: Message) -> str:
    """How the words came, when it was not by the site."""
    noted_by = queries.describe(ticket, message).noted_by
    if noted_by:
        via = Via(message.via).label
        return _("Reçu par : %(via)s. Noté par %(name)s.") % {"via": via, "name": noted_by}
    return ""


def _facts(ticket: Ticket) -> list[Fact]:
    facts = [Fact(_("Numéro"), ticket.number), Fact(_("Catégorie"), path_name(ticket.category))]
    if ticket.address:
        facts.append(Fact(_("Lieu"), ticket.address))
    facts.append(Fact(_("Priorité"), str(Priority(ticket.priority).label)))
    if ticket.due_on:
        facts.append(Fact(_("Échéance"), _due(ticket)))
    return facts


def _attached(message: Message) -> list[Fact]:
    names = [one.file.name for one in message.ticket_files.all()]
    return [Fact(_("Pièces jointes, sur le bureau"), ", ".join(names))] if names else []


def _open(ticket: Ticket) -> Button:
    return Button(_("Ouvrir la requête"), links.desk(ticket))


def _as_staff(ticket: Ticket) -> str:
    return _(
        "Vous recevez ce courriel parce que la requête %(number)s est confiée à votre service ou à vous, ou que vous "
        "la surveillez."
    ) % {"number": ticket.number}


def _answers() -> dict[str, Any]:
    return {
        "if_answered": _(
            "Votre réponse à ce courriel devient un suivi interne. Pour qu’elle parte au demandeur, écrivez #public "
            "seul sur la première ligne."
        ),
        "if_lost": _("Une réponse à ce courriel n’arriverait à personne."),
    }
