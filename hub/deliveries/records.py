"""What is kept of what was sent to a person, for thirty days, and of what they wrote by SMS."""

from django.db.models import F, Q, QuerySet

from hub.deliveries.models import Delivery, InboundSms
from hub.people.models import Person
from hub.people.records import Asked, Kept


def collect(asked: Asked) -> Kept:
    """What left, to which address, when, and whether it arrived; they have the words themselves. Nothing for a town."""
    if asked.town is not None:
        return Kept([])
    sent = Delivery.objects.filter(person=asked.person).order_by("created_at", "pk")
    rows = sent.values("channel", "address", "state", "created_at", "sent_at", about=F("dispatch__cause"))
    return Kept([{"cause" if key == "about" else key: value for key, value in row.items()} for row in rows])


def collect_answers(asked: Asked) -> Kept:
    """What they wrote by SMS, from numbers that are known to be theirs: anyone can type any. Nothing for a town."""
    if asked.town is not None:
        return Kept([])
    return Kept(list(_written_by(asked.person).order_by("at", "pk").values("sender", "to", "text", "at", "did")))


def forget_answers(person: Person) -> None:
    """Their account is closed: so are their words."""
    _written_by(person).delete()


def _written_by(person: Person) -> QuerySet[InboundSms]:
    theirs = person.phones.filter(Q(verified_at__isnull=False) | Q(by_staff=True))
    return InboundSms.objects.filter(sender__in=theirs.values("number"))
