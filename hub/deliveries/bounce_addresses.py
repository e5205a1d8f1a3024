"""Where a mail comes back to when it can't be delivered: an address of its own for each (VERP), which names the
delivery and can't be made up."""

import re
from base64 import b32encode
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_MAC_BYTES = 8  # 64 bits, in 13 letters
_NAMED = re.compile(r"bounce\+([1-9][0-9]{0,17})-([a-z2-7]{13})", re.IGNORECASE)


def address_for(delivery_id: int) -> str:
    """`bounce+NUMBER-SIGNATURE@PARVIS_INBOUND_DOMAIN`. It works as long as the hub's secret key is the same."""
    return f"bounce+{delivery_id}-{_mac(delivery_id)}@{settings.INBOUND_DOMAIN}"


def delivery_of(address: str) -> int | None:
    """The number of the delivery that this address was made for, which may be forgotten by now; None when it was not
    made here."""
    local, _at, domain = address.strip().rpartition("@")
    named = _NAMED.fullmatch(local)
    if named is None or not settings.INBOUND_DOMAIN or domain.lower() != settings.INBOUND_DOMAIN.lower():
        return None
    delivery_id = int(named[1])
    return delivery_id if compare_digest(named[2].lower(), _mac(delivery_id)) else None


def _mac(delivery_id: int) -> str:
    """In base32 (RFC 4648, 6): what lies on the way may change capitals."""
    digest = salted_hmac("hub.deliveries.bounce", str(delivery_id), algorithm="sha256").digest()
    return b32encode(digest[:_MAC_BYTES]).decode().rstrip("=").lower()
