"""What is written to those who follow a public ticket, in their language. Called inside `mail.written`.

Never the requester's words nor name (S100); its title is made of their words, too.
"""

from django.utils.translation import gettext as _

from hub.conversations.models import Message
from hub.notifications.letter import Button, Fact, Letter, Quote
from hub.tickets import letters, links
from hub.tickets.models import Follower, Status, Ticket
from hub.tickets.tree import path_name


def news(ticket: Ticket, message: Message) -> Letter:
    """What the town said on a public ticket (S115)."""
    return Letter(
        subject=_("Du nouveau : %(what)s") % {"what": _about(ticket)},
        before=[_("La mairie a répondu à une demande que vous suivez.")],
        quote=letters.quoted(ticket, message),
        facts=[*letters.attached(message), *letters.facts_of(ticket)],
        buttons=[_see(ticket)],
        reason=_as_follower(ticket),
    )


def ended(ticket: Ticket) -> Letter:
    """A public ticket is closed, with what was said as it was."""
    refusal = ticket.status == Status.CLOSED_REFUSED
    last = None if refusal else letters.last_words(ticket)
    said = last if last and letters.said_as_it_ended(ticket, last) else None
    named = {"what": _about(ticket)}
    return Letter(
        subject=(_("Demande refusée : %(what)s") if refusal else _("Demande traitée : %(what)s")) % named,
        before=[
            _("La mairie ne peut pas donner suite à une demande que vous suivez. Voici pourquoi :")
            if refusal
            else _("La mairie a traité une demande que vous suivez.")
        ],
        quote=_why(ticket) if refusal else letters.quoted(ticket, said) if said else None,
        facts=[*(letters.attached(said) if said else []), *letters.facts_of(ticket)],
        buttons=[_see(ticket)],
        reason=_as_follower(ticket),
    )


def _why(ticket: Ticket) -> Quote:
    return Quote(letters.service_or_hall(ticket), ticket.refusal_reason.splitlines())


def confirmation(follower: Follower) -> Letter:
    """Whoever typed this address wants to follow a public ticket by it: is it theirs?"""
    ticket = follower.ticket
    named = {"number": ticket.number, "town": ticket.town.name}
    return Letter(
        subject=_("Voulez-vous suivre cette demande ?"),
        before=[
            _(
                "Quelqu’un, vous sans doute, veut recevoir à cette adresse les réponses de la mairie de %(town)s "
                "à la demande publique %(number)s."
            )
            % named
        ],
        facts=[Fact(_("Catégorie"), path_name(ticket.category))],
        buttons=[Button(_("Confirmer"), links.following(follower))],
        after=[_("Ce n’était pas vous ? Ignorez ce courriel : sans votre accord, il n’y en aura pas d’autre.")],
        reason=_("Vous recevez ce courriel parce que cette adresse a été donnée pour suivre une demande."),
    )


def way_out(follower: Follower) -> Button:
    """Where one stops following it."""
    return Button(_("Ne plus la suivre"), links.following(follower))


def _about(ticket: Ticket) -> str:
    """« Éclairage, 12, rue du Four »."""
    return ", ".join(filter(None, [ticket.category.label, ticket.address]))


def _see(ticket: Ticket) -> Button:
    return Button(_("Voir la demande"), links.public_page(ticket))


def _as_follower(ticket: Ticket) -> str:
    return _("Vous recevez ce courriel parce que vous suivez la demande publique %(number)s.") % {
        "number": ticket.number
    }
