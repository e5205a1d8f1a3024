"""Who at the town hall may look at which mails. What is not the reader's answers exactly like what is not there."""

from enum import StrEnum

from django.db.models import Q, QuerySet

from hub.conversations.models import Conversation, Kind
from hub.conversations.rules import may_moderate
from hub.core.errors import NotFound
from hub.people.models import Person
from hub.people.queries import roles_in
from hub.people.rules import may_see_citizens
from hub.tickets.queries import desk_tickets
from hub.towns.models import Town
from inbound_email.models import InboundEmail, Status

_WITH = ("town", "conversation__ticket", "person", "message", "handled_by")


class Tab(StrEnum):
    """The lists, by their names in addresses."""

    WAITING = "a-decider"
    AUTOMATIC = "automatiques"
    ASIDE = "en-quarantaine"


_STATUS = {Tab.WAITING: Status.WAITING, Tab.AUTOMATIC: Status.NOTED, Tab.ASIDE: Status.QUARANTINED}


def mails_of(actor: Person, town: Town) -> QuerySet[InboundEmail]:
    """The town's mails that this member of staff may read. The caller has asked `access_desk`.

    About a ticket: whose work it is. To the mayor alone: who takes part in that conversation. In a group: who moderates
    it. To the town: who sees citizens' details.
    """
    roles = roles_in(actor, town)
    tickets = desk_tickets(actor, town).values("conversation")
    private = Conversation.objects.filter(
        town=town, kind=Kind.PRIVATE, participants__person=actor, participants__left_at=None
    ).values("pk")
    mine = Q(conversation__in=tickets) | Q(conversation__in=private)
    if may_moderate(roles):
        mine |= Q(conversation__kind=Kind.GROUP)
    if may_see_citizens(roles):
        mine |= Q(conversation=None)
    return InboundEmail.objects.filter(mine, town=town).select_related(*_WITH).order_by("-received_at", "-pk")


def listed(actor: Person, town: Town, tab: Tab) -> QuerySet[InboundEmail]:
    """Those of one list, the latest first."""
    return mails_of(actor, town).filter(status=_STATUS[tab])


def to_decide(actor: Person, town: Town) -> int:
    """How many wait for somebody like the reader, those that can't be read among them."""
    return mails_of(actor, town).filter(status__in=[Status.WAITING, Status.QUARANTINED]).order_by().count()


def access_mail(actor: Person, town: Town, mail_id: int) -> InboundEmail:
    """One of them. Raises `NotFound`."""
    found = mails_of(actor, town).filter(pk=mail_id).first()
    if found is None:
        raise NotFound
    return found
