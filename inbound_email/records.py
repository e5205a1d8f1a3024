"""What mails that came in keep about a person, and how it is forgotten.

A mail holds more than the words that were taken from it: names, addresses, what was quoted. It is kept as long as what
it became, and goes when who wrote it is erased there. What became nothing goes after some weeks, what nobody decided
after a year.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet

from hub.conversations.actions.reply_addresses import forget_ended
from hub.core.clock import now
from hub.people.models import Person
from hub.people.records import Asked, Kept
from hub.tickets.models import Change
from inbound_email.answers import prune as forget_answers
from inbound_email.models import InboundEmail, RawEmail, Status

KEEP, KEEP_UNDECIDED = timedelta(days=90), timedelta(days=365)
_AT_ONCE = 500


def collect(asked: Asked) -> Kept:
    """The mails that they wrote, and what became of each. For a town: those that it got."""
    theirs = _written_by(asked.person)
    if asked.town is not None:
        theirs = theirs.filter(town=asked.town)
    told = theirs.order_by("pk").values("received_at", "recipient", "subject", "words", "files", "status")
    return Kept(list(told))


def _written_by(person: Person) -> QuerySet[InboundEmail]:
    """From an address of theirs, or beyond doubt theirs."""
    proven = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    addresses = {address.lower() for address in (*proven, person.email) if address}
    from_them = Q(from_address__in=addresses) if addresses else Q(pk__in=())
    return InboundEmail.objects.filter(from_them | Q(person=person, status=Status.PLACED))


def forget(person: Person) -> None:
    """An account is being closed: their words stay where they are, the mails that brought them go."""
    _forget(_written_by(person))


def forget_of_ticket(instance: Change, created: bool, **_signal: Any) -> None:
    """Who asked for a ticket is erased: so are the mails about it. A receiver of its history's `post_save`: the hub
    does not know of mails, and what is told of the erasure is written in its transaction."""
    if created and instance.field == "erased":
        _forget(InboundEmail.objects.filter(conversation=instance.ticket.conversation_id))


def prune() -> int:
    """Forget what machines wrote, what was set aside and what was for nobody, after 90 days; what nobody has decided
    in a year, as words by SMS. Returns how many mails."""
    nothing = Q(status__in=[Status.NOTED, Status.REFUSED], received_at__lt=now() - KEEP)
    nothing |= Q(status__in=[Status.WAITING, Status.QUARANTINED], received_at__lt=now() - KEEP_UNDECIDED)
    forgotten = 0
    while ids := list(InboundEmail.objects.filter(nothing).values_list("pk", flat=True)[:_AT_ONCE]):
        forgotten += _forget(InboundEmail.objects.filter(pk__in=ids))
    forget_answers()
    forget_ended()
    return forgotten


def _forget(found: QuerySet[InboundEmail]) -> int:
    """The rows, and the bytes that no other row needs."""
    with transaction.atomic():
        raws: Iterable[int] = list(found.values_list("raw", flat=True))
        count = found.delete()[0]
        RawEmail.objects.filter(pk__in=raws, emails=None).delete()
    return count
