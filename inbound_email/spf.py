"""Whether a domain lets that machine send its mail (RFC 7208). Pure: DNS is given.

pyspf, which everybody names, has not been released since 2020. `ptr`, which the RFC asks nobody to use, matches
nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

from inbound_email.dns_lookup import Kind, Lookup, Silent

_LOOKUPS_MOST = 10
_VOIDS_MOST = 2
_MX_MOST = 10
_TERM = re.compile(r"([+?~-]?)([a-z][a-z0-9_.-]*)(?:([:=])(.*?))?((?:/\d{1,3})?(?://\d{1,3})?)", re.IGNORECASE)
_MACRO = re.compile(r"%(?:\{([a-z])(\d{0,3})(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}


class Result(StrEnum):
    """What it says (RFC 7208, 2.6)."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


_QUALIFIERS = {"": Result.PASS, "+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


class _Broken(Exception):
    """The record can't be followed: permerror."""


@dataclass
class _Check:
    """One question, and what it has cost so far."""

    peer: IPv4Address | IPv6Address
    sender: str
    lookup: Lookup
    lookups: int = 0
    voids: int = 0
    known: dict[tuple[str, Kind], Sequence[str]] = field(default_factory=dict)

    def ask(self, name: str, kind: Kind) -> Sequence[str]:
        if (name, kind) not in self.known:
            self.known[name, kind] = self.lookup(name, kind)
            if not self.known[name, kind] and kind != "TXT":
                self.voids += 1
        if self.voids > _VOIDS_MOST:
            raise _Broken
        return self.known[name, kind]

    def count(self) -> None:
        self.lookups += 1
        if self.lookups > _LOOKUPS_MOST:
            raise _Broken


def check_host(peer: str, domain: str, sender: str, lookup: Lookup) -> Result:
    """Whether `domain` lets `peer` send for `sender`. Never raises."""
    try:
        address = ip_address(peer)
        four = address.ipv4_mapped if isinstance(address, IPv6Address) else None  # RFC 7208, 5
        return _checked(_Check(four or address, sender, lookup), domain)
    except ValueError:
        return Result.NONE
    except Silent:
        return Result.TEMPERROR
    except _Broken:
        return Result.PERMERROR


def _checked(check: _Check, domain: str) -> Result:
    if "." not in domain or len(domain) > 253:
        return Result.NONE
    records = [text for text in check.ask(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Result.NONE
    if len(records) > 1:
        raise _Broken
    redirect = ""
    for term in records[0].split()[1:]:
        found = _TERM.fullmatch(term)
        if found is None:
            raise _Broken
        sign, name, mark, value, lengths = found[1], found[2].lower(), found[3], found[4] or "", found[5]
        if mark == "=":
            redirect = value + lengths if name == "redirect" else redirect
        elif _matches(check, name, value, lengths, domain):
            return _QUALIFIERS[sign]
    if not redirect:
        return Result.NEUTRAL
    check.count()
    result = _checked(check, _expanded(redirect, check, domain))
    if result is Result.NONE:
        raise _Broken
    return result


def _matches(check: _Check, name: str, value: str, lengths: str, domain: str) -> bool:
    if name == "all":
        return True
    if name in {"ip4", "ip6"}:
        return _in_network(check.peer, value + lengths)
    mechanism = _MECHANISMS.get(name)
    if mechanism is None:
        raise _Broken
    check.count()
    return mechanism(check, _expanded(value, check, domain) if value else domain, lengths)


def _in_network(peer: IPv4Address | IPv6Address, written: str) -> bool:
    try:
        network = ip_network(written, strict=False)
    except ValueError as error:
        raise _Broken from error
    return peer.version == network.version and peer in network


def _include(check: _Check, domain: str, _lengths: str) -> bool:
    result = _checked(check, domain)
    if result is Result.NONE:
        raise _Broken
    return result is Result.PASS


def _a(check: _Check, domain: str, lengths: str) -> bool:
    kind: Kind = "A" if check.peer.version == 4 else "AAAA"
    four, _, six = lengths.partition("//")
    length = (four.strip("/") or "32") if check.peer.version == 4 else (six or "128")
    return any(_in_network(check.peer, f"{address}/{length}") for address in check.ask(domain, kind))


def _mx(check: _Check, domain: str, lengths: str) -> bool:
    servers = check.ask(domain, "MX")
    if len(servers) > _MX_MOST:
        raise _Broken
    return any(_a(check, server.rstrip("."), lengths) for server in servers)


def _exists(check: _Check, domain: str, _lengths: str) -> bool:
    return bool(check.ask(domain, "A"))


_MECHANISMS: dict[str, Callable[[_Check, str, str], bool]] = {
    "include": _include,
    "a": _a,
    "mx": _mx,
    "exists": _exists,
    "ptr": lambda _check, _domain, _lengths: False,
}


def _expanded(text: str, check: _Check, domain: str) -> str:
    """RFC 7208, 7: `%{i}._spf.%{d2}`."""

    def replace(found: re.Match[str]) -> str:
        if found[5]:
            return _ESCAPES[found[5]]
        value = _value(found[1].lower(), check, domain)
        parts = re.split(f"[{re.escape(found[4] or '.')}]", value)
        if found[3]:
            parts.reverse()
        kept = ".".join(parts[-int(found[2]) :] if found[2] and int(found[2]) else parts)
        return quote(kept, safe="") if found[1].isupper() else kept

    expanded = _MACRO.sub(replace, text)
    if "%" in _MACRO.sub("", text):
        raise _Broken
    while len(expanded) > 253:
        expanded = expanded.partition(".")[2]
    return expanded.rstrip(".")


def _value(letter: str, check: _Check, domain: str) -> str:
    local, _, host = check.sender.rpartition("@")
    peer = check.peer
    nibbles = ".".join(peer.exploded.replace(":", "")) if isinstance(peer, IPv6Address) else str(peer)
    values = {
        "s": check.sender, "l": local or "postmaster", "o": host, "d": domain, "h": host, "p": "unknown",
        "i": nibbles, "v": "in-addr" if peer.version == 4 else "ip6",
    }  # fmt: skip
    if letter not in values:
        raise _Broken
    return values[letter]
