"""Who may come in at a door, and how much at a time: nobody takes it all, and a slow or greedy one hinders no other."""

import ipaddress
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MINUTE_S = 60.0
# Mails being received at a time, in bytes: what is more waits at its sender's.
IN_HAND_BYTES = 200 * 1024 * 1024


def networks(written: Iterable[str]) -> Sequence[Network]:
    """`PARVIS_INBOUND_RELAYS`. Raises `ValueError` for what is neither an address nor a network."""
    return [ipaddress.ip_network(one.strip()) for one in written if one.strip()]


def is_one_of(peer: str, relays: Sequence[Network]) -> bool:
    """Whether that address is in one of these networks. A socket of this machine has none, and is ours."""
    if not peer:
        return True
    address = ipaddress.ip_address(peer)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in relays)


def counted_as(peer: str) -> str:
    """One household has 2^64 addresses of IPv6: all of them are one here."""
    address = ipaddress.ip_address(peer)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@dataclass
class Doorkeeper:
    """Counts for one process. Its relays have no limits of their own: they speak for all the world."""

    connections: int
    connections_each: int
    mails_per_minute: int
    relays: Sequence[Network]
    limited: bool = True
    _open: Counter[str] = field(default_factory=Counter)
    _mails: dict[str, deque[float]] = field(default_factory=dict)
    _in_hand: int = 0
    _looked_through_s: float = 0.0

    @classmethod
    def configured(cls) -> "Doorkeeper":
        """As the settings say."""
        return cls(
            settings.INBOUND_CONNECTIONS, settings.INBOUND_CONNECTIONS_EACH, settings.INBOUND_MAILS_PER_MINUTE,
            networks(settings.INBOUND_RELAYS), settings.RATE_LIMITS,
        )  # fmt: skip

    def is_relay(self, peer: str) -> bool:
        """Whether it is one of the town's own servers."""
        return is_one_of(peer, self.relays)

    def admit(self, peer: str) -> str:
        """One more connection; to be let go of by `leave`. Otherwise why not."""
        if self.limited and self._open.total() >= self.connections:
            return "421 4.3.2 Too many connections, try again later"
        if self._counts(peer) and self._open[counted_as(peer)] >= self.connections_each:
            return "421 4.7.0 Too many connections from your address, try again later"
        self._open[counted_as(peer) if peer else ""] += 1
        return ""

    def leave(self, peer: str) -> None:
        """A connection is over."""
        key = counted_as(peer) if peer else ""
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]

    def may_send(self, peer: str) -> bool:
        """One more mail from there, unless it is one too many within a minute."""
        if not self._counts(peer):
            return True
        now_s = time.monotonic()
        mails = self._mails.setdefault(counted_as(peer), deque())
        while mails and mails[0] <= now_s - _MINUTE_S:
            mails.popleft()
        if now_s - self._looked_through_s > _MINUTE_S:
            self._looked_through_s = now_s
            self._mails = {key: kept for key, kept in self._mails.items() if kept and kept[-1] > now_s - _MINUTE_S}
            self._mails.setdefault(counted_as(peer), mails)
        if len(mails) >= self.mails_per_minute:
            return False
        mails.append(now_s)
        return True

    def hold(self, size_bytes: int) -> bool:
        """Room for so much more of a mail; to be let go of by `release`."""
        if self._in_hand + size_bytes > IN_HAND_BYTES:
            return False
        self._in_hand += size_bytes
        return True

    def release(self, size_bytes: int) -> None:
        """That much is no longer held."""
        self._in_hand -= size_bytes

    def _counts(self, peer: str) -> bool:
        return self.limited and not self.is_relay(peer)
