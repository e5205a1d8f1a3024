"""Who a ticket says has asked, and who may take that away (S98)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.core.errors import Conflict, Forbidden, Invalid, ParvisError
from hub.people.queries import has_proven_address
from hub.people.rules import may_manage_town
from hub.tickets.models import Ticket
from hub.tickets.queries import Seen
from hub.tickets.rules import Stance

CONTACT = ("first_name", "last_name", "email", "phone", "phone2")


def is_known(ticket: Ticket) -> bool:
    """Whether anything says who asked."""
    person = ticket.requester
    named = person.email or person.first_name or person.last_name
    return bool(named) or any(getattr(ticket, name) for name in CONTACT)


def theirs(ticket: Ticket) -> QuerySet[Ticket]:
    """The requester's tickets in the same town, this one among them."""
    found = Ticket.objects.filter(requester=ticket.requester_id, town=ticket.town_id)
    return found.filter(internal=False, anonymous=False)


def check_erasable(seen: Seen) -> None:
    """Who asked may be erased by this member of staff.

    Raises `Forbidden` (only who answers for the town may), `Invalid` (it is anonymous or internal), `Conflict` (they
    have an account, which they close themselves).
    """
    if seen.stance != Stance.STAFF or not may_manage_town(seen.roles):
        raise Forbidden
    if seen.ticket.internal or seen.ticket.anonymous:
        raise Invalid(_("Cette requête n’a pas de demandeur à effacer."))
    if has_proven_address(seen.ticket.requester):
        raise Conflict(
            _("Cette personne a un compte : elle le ferme elle-même, et son identité quitte alors ses demandes.")
        )


def is_erasable(seen: Seen) -> bool:
    """Whether there is somebody whom this member of staff may erase."""
    try:
        check_erasable(seen)
    except ParvisError:
        return False
    return is_known(seen.ticket)
