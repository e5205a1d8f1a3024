"""What DNS says, in a form that tests can stand in for."""

from collections.abc import Callable, Sequence
from typing import Literal

import dns.exception
import dns.resolver

Kind = Literal["A", "AAAA", "MX", "TXT"]
# The texts, addresses or mail servers (the preferred first) of a name; none when there are none. Raises `Silent`.
Lookup = Callable[[str, Kind], Sequence[str]]

_PATIENCE_S = 3.0


class Silent(Exception):
    """No answer, which says nothing of what there is."""


def lookup_at(nameserver: str = "") -> Lookup:
    """By this server, `host:port`; empty: those that the machine asks."""
    resolver = dns.resolver.Resolver(configure=not nameserver)
    if nameserver:
        host, _, port = nameserver.rpartition(":")
        resolver.nameservers, resolver.port = [host], int(port)
    resolver.lifetime = _PATIENCE_S

    def lookup(name: str, kind: Kind) -> Sequence[str]:
        try:
            found = list(resolver.resolve(name.rstrip(".") + ".", kind, raise_on_no_answer=False))
        except (dns.resolver.NXDOMAIN, dns.exception.SyntaxError, dns.exception.FormError, UnicodeError):
            return []
        except dns.exception.DNSException as error:
            raise Silent(name) from error
        if kind == "TXT":
            return [b"".join(one.strings).decode("utf-8", "replace") for one in found]
        if kind == "MX":
            found.sort(key=lambda one: one.preference)
            return [one.exchange.to_text() for one in found]
        return [one.address for one in found]

    return lookup
