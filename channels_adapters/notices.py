"""What a notification on a screen says, whoever brings it there."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from channels_adapters.base import Item

# What push services take is 4,096 bytes in all (RFC 8030, 7.2; FCM's HTTP v1 says the same), and a screen shows little.
_TEXT_BYTES, _TITLE_BYTES = 2_400, 400
# How long a service keeps it for a phone that is off. What is urgent is of no use after a night.
KEPT = timedelta(days=2)
KEPT_URGENT = timedelta(hours=12)


@dataclass(frozen=True)
class Notice:
    """`tag`: the same words have the same; a second one takes the place of the first, on screens and on the way there
    (32 letters of base64url: RFC 8030, 5.4)."""

    title: str
    body: str
    link: str
    urgent: bool
    tag: str

    @property
    def kept(self) -> timedelta:
        return KEPT_URGENT if self.urgent else KEPT


def notice_of(item: Item) -> Notice:
    """The item's words as far as there is room: its link leads to the rest."""
    tag = hashlib.sha256("\0".join((item.subject, item.text, item.link)).encode()).hexdigest()[:32]
    return Notice(_fitting(item.subject, _TITLE_BYTES), _fitting(item.text, _TEXT_BYTES), item.link, item.urgent, tag)


def _fitting(text: str, most_bytes: int) -> str:
    written = text.encode()
    return text if len(written) <= most_bytes else written[: most_bytes - 3].decode(errors="ignore").rstrip() + "…"
