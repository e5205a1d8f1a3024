"""Mails that no desk shows: who runs the hub looks at them (`hub mails`)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.conversations.models import Kind, Part, Participant
from hub.core.clock import now
from inbound_email import ledger
from inbound_email.models import InboundEmail, Reason, Status

_UNDECIDED = [Status.WAITING, Status.QUARANTINED]


def unseen() -> QuerySet[InboundEmail]:
    """Of no town: what can't be read, what is for an address where nobody is, what operators are written
    (`postmaster`). Of a private conversation in which nobody of the town hall is any more: what waits there. The oldest
    first, as long as nobody has set it aside."""
    for_nobody = Q(status=Status.REFUSED, reason=Reason.UNKNOWN)
    to_operators = Q(status=Status.NOTED, reason=Reason.NONE)
    of_no_town = Q(town=None) & (Q(status__in=_UNDECIDED) | for_nobody | to_operators)
    at_hall = Participant.objects.filter(conversation=OuterRef("conversation"), left_at=None).exclude(part=Part.CITIZEN)
    left_alone = Q(conversation__kind=Kind.PRIVATE, status__in=_UNDECIDED) & ~Exists(at_hall)
    return InboundEmail.objects.filter(of_no_town | left_alone, handled_at=None).order_by("received_at", "pk")


def undecided() -> QuerySet[InboundEmail]:
    """Of these, what somebody should look at: the rest may be noise."""
    return unseen().filter(status__in=_UNDECIDED)


def retry(mail_ids: list[int]) -> int:
    """Read them again, from the beginning: those that could not be read, or were for nobody then. Returns how many."""
    return ledger.read_anew(_of(mail_ids).filter(status__in=[Status.QUARANTINED, Status.REFUSED]))


def dismiss(mail_ids: list[int]) -> int:
    """Nothing is done with them; they are forgotten in time. Returns how many."""
    found = _of(mail_ids)
    found.exclude(status=Status.NOTED).update(status=Status.REFUSED, reason=Reason.DISMISSED)
    return found.update(handled_at=now())


def _of(mail_ids: list[int]) -> QuerySet[InboundEmail]:
    """By their numbers, for a change: as they stand now."""
    return InboundEmail.objects.filter(pk__in=list(unseen().filter(pk__in=mail_ids).values_list("pk", flat=True)))
