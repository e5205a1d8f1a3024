"""The line that our own door writes above a mail (RFC 5321, 4.4): who brought it, which SPF is asked about later."""

import re
from dataclasses import dataclass, field
from email.utils import format_datetime
from ipaddress import IPv6Address, ip_address

from django.conf import settings

from hub.core.clock import now
from inbound_email.doorkeeper import is_one_of, networks

# What may stand in a name that a client gives itself; the rest of it is left out.
_NO_NAME = re.compile(r"[^A-Za-z0-9._:\[\]-]")
_WRITTEN = re.compile(
    rb"Received: from (\S+) \(\[(?:IPv6:)?([0-9A-Fa-f:.]*)\]\)\r\n\tby \S+ \(Parvis(, relayed)?\) with (\S+);"
)
MAX_BYTES = 1_024


@dataclass(frozen=True)
class Brought:
    """By whom: the address of the connection (empty: a socket of this machine), the name it gave itself, and whether it
    came over TLS. `relayed`: a relay of ours stood between, which has said all this."""

    peer: str
    helo: str
    over_tls: bool = False
    protocol: str = "ESMTP"
    relayed: bool = field(default=False, compare=False)


def with_trace(raw: bytes, brought: Brought, *, host: str) -> bytes:
    """The mail with the line above it."""
    helo = _NO_NAME.sub("", brought.helo)[:255] or "unknown"
    with_ = f"{brought.protocol}{'S' if brought.over_tls else ''}"
    us = "Parvis, relayed" if brought.relayed else "Parvis"
    line = f"Received: from {helo} ([{_literal(brought.peer)}])\r\n\tby {host} ({us}) with {with_};\r\n\t"
    return line.encode() + format_datetime(now()).encode() + b"\r\n" + raw


def read_trace(raw: bytes) -> Brought | None:
    """What our door wrote; None when another one took the mail. Ask only for mails that came by SMTP or LMTP: in
    others anybody may have written such a line."""
    written = _WRITTEN.match(raw)
    if written is None:
        return None
    helo, peer, relayed, protocol = ((part or b"").decode() for part in written.groups())
    over_tls = protocol.endswith("PS")
    return Brought(peer, helo, over_tls, protocol.removesuffix("S") if over_tls else protocol, bool(relayed))


def brought_from_outside(raw: bytes) -> Brought | None:
    """Who brought it to the town: what SPF is asked about. None when only a relay of the town's own is known, which did
    not say from whom it had it (XFORWARD): it has looked at that itself (`Authentication-Results`)."""
    brought = read_trace(raw)
    if brought is None or is_one_of(brought.peer, networks(settings.INBOUND_RELAYS)):
        return None
    return brought


def came_by_relay(raw: bytes) -> bool:
    """Whether a server of the town's own has had it before us: only then is what stands above it under that server's
    name its own. Who knocks at our door themselves may write there what they like. Ask as `read_trace`."""
    brought = read_trace(raw)
    if brought is None:
        return False
    return brought.relayed or not brought.peer or is_one_of(brought.peer, networks(settings.INBOUND_RELAYS))


def _literal(peer: str) -> str:
    if not peer:
        return ""
    address = ip_address(peer)
    return f"IPv6:{address}" if isinstance(address, IPv6Address) else str(address)
