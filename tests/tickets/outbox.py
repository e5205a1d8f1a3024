"""What was queued about tickets."""

from hub.deliveries.models import Channel, Delivery


def mails(cause: str = "", to: str = "") -> list[Delivery]:
    """The mails in the order of their queueing; of one cause (`receipt`, `assigned` …), to one address."""
    found = Delivery.objects.filter(channel=Channel.EMAIL).order_by("pk")
    found = found.filter(dispatch__cause=f"ticket_{cause}") if cause else found
    return list(found.filter(address=to) if to else found)


def only(cause: str = "") -> Delivery:
    """The one mail that there is."""
    (one,) = mails(cause)
    return one


def all_of(delivery: Delivery) -> str:
    """All that leaves, headers too."""
    return "\n".join([delivery.subject, delivery.text, delivery.html, str(delivery.headers)])
