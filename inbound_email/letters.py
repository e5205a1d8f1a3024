"""Letters on paper that a scanner of the town hall sends by mail (S77).

A scanner signs nothing, but its address can't be guessed. Whose letter it is, only somebody who reads it can say: it
waits at the desk, beside the request that it names, if it bears a number or a code of ours.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from hub.tickets import queries, rules
from hub.tickets.models import Ticket
from hub.tickets.scanned.looking import look
from hub.tickets.scanned.references import numbers_in
from hub.towns.models import Town
from inbound_email.models import Reason, Status
from inbound_email.opened import File
from inbound_email.outcomes import Arrived, Outcome

_LOOKED_AT = 3  # files: each takes some seconds at worst


def take(arrived: Arrived, town: Town) -> Outcome:
    """It waits; with its request, when it names one of the town's that takes words."""
    numbers = [number for file in arrived.mail.files[:_LOOKED_AT] for number in _named(file)]
    for number in numbers:
        ticket = Ticket.objects.select_related(*queries.WITH).filter(town=town, number=number).first()
        if ticket is not None and rules.takes_letters(ticket):
            detail = _("La lettre porte la référence %(number)s.") % {"number": number}
            return Outcome(Status.WAITING, Reason.SCANNED, detail, town, ticket.conversation)
    return Outcome(Status.WAITING, Reason.SCANNED if arrived.mail.files else Reason.EMPTY, "", town)


def _named(file: File) -> Iterator[str]:
    """The requests that a scan names, the surest first."""
    if file.data and (file.content_type == "application/pdf" or file.content_type.startswith("image/")):
        looked = look(file.data, file.content_type)
        yield from numbers_in(looked.codes, looked.text)
