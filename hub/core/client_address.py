"""Where on the net a request comes from, to count what strangers do."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw (`PARVIS_TRUSTED_PROXIES`), else that of the connection.

    What a client itself writes into X-Forwarded-For stands left of that and counts for nothing. One household has
    2^64 addresses of IPv6: all of them are one here.
    """
    proxies = settings.TRUSTED_PROXIES
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    seen = said[-min(proxies, len(said))] if proxies and said else request.META.get("REMOTE_ADDR", "")
    return _counted_as(seen)


def _counted_as(written: str) -> str:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
