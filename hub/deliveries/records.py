"""What is kept of what was sent to a person: for thirty days."""

from django.db.models import F

from hub.deliveries.models import Delivery
from hub.people.records import Asked, Kept


def collect(asked: Asked) -> Kept:
    """What left, to which address, when, and whether it arrived; they have the words themselves. Nothing for a town."""
    if asked.town is not None:
        return Kept([])
    sent = Delivery.objects.filter(person=asked.person).order_by("created_at", "pk")
    return Kept(list(sent.values("channel", "address", "state", "created_at", "sent_at", cause=F("dispatch__cause"))))
