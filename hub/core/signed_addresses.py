"""Mail addresses of ours that name a number and can't be made up: `bounce+1207-SIGNATURE@PARVIS_INBOUND_DOMAIN`.

They work as long as the hub's secret key is the same.
"""

import re
from base64 import b32encode
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_MAC_BYTES = 8  # 64 bits, in 13 letters
_NAMED = re.compile(r"([a-z]+)\+([1-9][0-9]{0,17})-([a-z2-7]{13})")


def local_part(address: str) -> str:
    """What stands before the @ of an address at our domain, in small letters; empty for any other."""
    local, _at, domain = address.strip().rpartition("@")
    ours = settings.INBOUND_DOMAIN and domain.lower() == settings.INBOUND_DOMAIN.lower()
    return local.lower() if ours else ""


def signed_address(kind: str, number: int) -> str:
    """`KIND+NUMBER-SIGNATURE@…`; `kind` in small letters."""
    return f"{kind}+{number}-{_mac(kind, number)}@{settings.INBOUND_DOMAIN}"


def number_in(kind: str, address: str) -> int | None:
    """The number that an address of this kind names; None when it was not made here."""
    named = _NAMED.fullmatch(local_part(address))
    if named is None or named[1] != kind:
        return None
    number = int(named[2])
    return number if compare_digest(named[3], _mac(kind, number)) else None


def _mac(kind: str, number: int) -> str:
    """In base32 (RFC 4648, 6): what lies on the way may change capitals."""
    digest = salted_hmac(f"hub.addresses.{kind}", str(number), algorithm="sha256").digest()
    return b32encode(digest[:_MAC_BYTES]).decode().rstrip("=").lower()
