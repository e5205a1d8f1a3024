"""Where a webhook may point to: else whoever sets one up has this machine call its own network for them (SSRF)."""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from hub.core.errors import Invalid

MAX_URL = 500
# Addresses of IPv6 that another one of IPv4, a private one perhaps, is reached by.
_WRAPPED = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32"))
_OPEN = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out for the open net (RFC 4291, 2.4)


class NotAllowed(Exception):
    """The name leads to an address that is not to be called."""


def clean_url(url: str) -> str:
    """An address as it is kept. Raises `Invalid` with `url` as field.

    Names are looked up when they are called, and only then: what a name leads to may change.
    """
    cleaned = url.strip()
    try:
        parts = urlsplit(cleaned)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid(_("Cette adresse n’est pas valable."), field="url") from None
    if not host or not cleaned.isprintable() or " " in cleaned or len(cleaned) > MAX_URL:
        raise Invalid(_("Cette adresse n’est pas valable."), field="url")
    if parts.scheme not in ({"http", "https"} if settings.WEBHOOK_PRIVATE else {"https"}):
        raise Invalid(_("L’adresse doit commencer par https://"), field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid(_("L’adresse ne doit contenir ni mot de passe ni « # »."), field="url")
    if not _may_be_named(host):
        raise Invalid(_("Cette adresse est celle d’un réseau privé : Parvis ne l’appelle pas."), field="url")
    return cleaned


def shown(url: str) -> str:
    """The address without what stands after « ? »: it may be a password. For trail and logs."""
    return url.partition("?")[0]


def _may_be_named(host: str) -> bool:
    try:
        return is_allowed(host)
    except ValueError:  # a name, and no address
        return settings.WEBHOOK_PRIVATE or (host != "localhost" and not host.endswith(".localhost"))


def is_allowed(address: str) -> bool:
    """Whether this IP address may be called: it is one of the open net. Raises `ValueError` when it is none."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if settings.WEBHOOK_PRIVATE:
        return True
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is None:
            return known in _OPEN and known.is_global and not any(known in net for net in _WRAPPED)
        known = known.ipv4_mapped
    return known.is_global and not known.is_multicast


async def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a name, in the order to try them. Raises `OSError`; `NotAllowed` when any of them is not.

    The caller connects to what was looked at here, and looks nothing up again.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(is_allowed(address) for address in addresses):
        raise NotAllowed(host)
    return addresses
