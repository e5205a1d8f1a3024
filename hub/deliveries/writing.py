"""A row of the outbox as the item that an adapter sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import format_datetime, parseaddr
from urllib.parse import urljoin

from django.conf import settings

from channels_adapters.base import Item
from hub.core.typography import locale_name
from hub.deliveries import bounce_addresses, devices, links
from hub.deliveries.models import Channel, Delivery, Lane

# Among a notification's headers: the page that it opens, as a path of this site.
LINK = "Link"
# Among a call's: the keys that may be pressed ("1": it was heard; "12": and its own words say what each is for).
KEYS = "Keys"


@dataclass(frozen=True)
class Written:
    """One item, whoever sends it."""

    item: Item
    delivery_id: int

    def item_for(self, provider: str) -> Item:
        """With the address where this provider is to say what becomes of it."""
        if self.item.channel == Channel.EMAIL:
            return self.item
        return replace(self.item, callback=links.callback(provider, self.delivery_id))


def items_of(deliveries: Sequence[Delivery]) -> dict[int, Written]:
    """What each of them says, by its number."""
    reached = devices.targets(deliveries)
    return {one.pk: Written(_item(one, reached.get(one.pk, "")), one.pk) for one in deliveries}


def mail_domain() -> str:
    """What stands after the @ in the names of this hub's mails (`Message-ID`)."""
    return settings.INBOUND_DOMAIN or parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2]


def _item(delivery: Delivery, device: str) -> Item:
    """`device`: where it is reached, for what is pushed to one."""
    push = delivery.channel == Channel.PUSH
    said = delivery.content or delivery
    town = delivery.dispatch.town
    headers = _headers(delivery) if delivery.channel == Channel.EMAIL else {}
    language = delivery.content.language if delivery.content else delivery.person.language if delivery.person else "fr"
    return Item(
        channel=delivery.channel,
        to=device if push else delivery.address,
        subject=said.subject,
        text=_own(said.text, delivery),
        html=_own(said.html, delivery),
        headers=headers,
        locale=locale_name(language, town.country if town else "FR").replace("_", "-"),
        urgent=delivery.lane == Lane.EMERGENCY,
        link=urljoin(settings.LINK_BASE, _own(said.headers.get(LINK, "/"), delivery)) if push else "",
        confirms=KEYS in said.headers if delivery.channel == Channel.VOICE else False,
        keys=said.headers.get(KEYS, "1") if delivery.channel == Channel.VOICE else "1",
        bulk=delivery.lane == Lane.BULK,
        comes_back_to=_comes_back_to(delivery, headers),
    )


def _own(words: str, delivery: Delivery) -> str:
    """The words with this recipient's own link, where they have one."""
    if not delivery.content:
        return words
    for place, link in ((links.LEAVE, links.preferences), (links.CONFIRM, links.confirmation)):
        if place in words:
            words = words.replace(place, link(delivery.pk))
    return words


def _comes_back_to(delivery: Delivery, headers: Mapping[str, str]) -> str | None:
    """Where it goes when it can't be delivered: nowhere, when it answers a mail by itself (RFC 3834, 3.3), lest two
    machines answer each other."""
    if headers.get("Auto-Submitted", "").startswith("auto-replied"):
        return ""
    if delivery.channel != Channel.EMAIL or not settings.INBOUND_DOMAIN or not settings.BOUNCE_ADDRESSES:
        return None
    return bounce_addresses.address_for(delivery.pk)


def _headers(delivery: Delivery) -> dict[str, str]:
    """A second attempt is the same mail, known as such by its `Message-ID` and its date."""
    own: dict[str, str] = delivery.headers
    if delivery.content is None:
        return own
    shared = {name: _own(value, delivery) for name, value in delivery.content.headers.items()}
    name = f"<{delivery.pk}.{delivery.dispatch_id}@{mail_domain()}>"
    return {"Date": format_datetime(delivery.created_at), "Message-ID": name, **shared, **own}
