"""Whether the domain of the author's address stands by a mail: DKIM or SPF, for that very domain (DMARC, RFC 7489).

The domain of an organisation is found by walking up its names (DMARCbis, 4.10), not by a list that must be renewed. A
domain that publishes no DMARC stands by what is signed or sent in its own name alone.
"""

from dataclasses import dataclass

import dkim

from inbound_email.addresses import normal_email, read_addresses
from inbound_email.dns_lookup import Lookup, Silent, lookup_at
from inbound_email.headers import Headers, take_headers, take_parameters
from inbound_email.multipart import Bounds
from inbound_email.opened import Proved
from inbound_email.spf import Result, check_host

SIGNATURES_MOST = 5
_LEVELS_MOST = 8
_KEY_BITS = 1024


@dataclass(frozen=True)
class _Policy:
    """What an organisation publishes, and under which name."""

    domain: str
    tags: dict[str, str]


def prove(raw: bytes, *, peer: str, envelope_from: str, nameserver: str = "") -> Proved:
    """Ask DNS. Raises `MailError`."""
    return proof_of(raw, peer=peer, envelope_from=envelope_from, lookup=lookup_at(nameserver))


def proof_of(raw: bytes, *, peer: str, envelope_from: str, lookup: Lookup) -> Proved:
    """The same with a DNS that is given. `peer`: who brought it to the town; "" when nobody knows."""
    bounds = Bounds()
    headers, _body = take_headers(raw, 0, len(raw), most=bounds.headers, longest=bounds.header_bytes)
    author = author_domain(headers)
    if not author:
        return Proved(False, "no author, or several")
    walk = _Walk(lookup)
    told: list[str] = []
    for domain, verified in _signatures(raw, headers, lookup):
        told.append(f"dkim={'pass' if verified else 'fail'} {domain}")
        if verified and walk.aligned(domain, author, "adkim"):
            return Proved(True, told[-1])
    sender = normal_email(envelope_from)
    domain = sender.rpartition("@")[2]
    if peer and domain:
        result = check_host(peer, domain, sender, lookup)
        told.append(f"spf={result} {domain}")
        if result is Result.PASS and walk.aligned(domain, author, "aspf"):
            return Proved(True, told[-1])
    return Proved(False, "; ".join(told) or "not signed")


def author_domain(headers: Headers) -> str:
    """The domain of the one author; "" when there is none, or more than one: programs differ on whom they show."""
    fields = [value for name, value in headers.fields if name == "from"]
    if len(fields) != 1:
        return ""
    found = read_addresses([fields[0].decode("utf-8", "replace")])
    return normal_email(found[0].email).rpartition("@")[2] if len(found) == 1 else ""


def _signatures(raw: bytes, headers: Headers, lookup: Lookup) -> list[tuple[str, bool]]:
    """The domains that signed it, each with whether the signature holds.

    One that covers only a beginning of the words (`l=`) covers nothing: others may have gone on.
    """
    values = [value.decode("ascii", "replace") for name, value in headers.fields if name == "dkim-signature"]

    def text_of(name: bytes, timeout: float = 0) -> bytes | None:
        texts = lookup(name.decode("ascii", "replace"), "TXT")
        return texts[0].encode("utf-8") if texts else None

    found = []
    for number, value in enumerate(values[:SIGNATURES_MOST]):
        tags = take_parameters(f"x;{value}")[1]
        domain = "".join(tags.get("d", "").lower().split())
        holds = "l" not in tags and _holds(raw, number, text_of)
        found.append((domain, holds))
    return found


def _holds(raw: bytes, number: int, text_of: object) -> bool:
    try:
        return bool(dkim.DKIM(raw, minkey=_KEY_BITS).verify(number, dnsfunc=text_of))
    except Exception:  # an old reader of strangers' bytes, and a DNS that is silent: nothing is proved
        return False


class _Walk:
    """DMARC records, each asked for once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._found: dict[str, dict[str, str] | None] = {}

    def aligned(self, domain: str, author: str, mode: str) -> bool:
        """Whether what `domain` vouches for may speak for `author`. `mode`: adkim or aspf."""
        if domain == author:
            return True
        policy = self._organisation(author)
        if policy is None or policy.tags.get(mode, "r").lower() == "s":
            return False
        other = self._organisation(domain)
        return other is not None and other.domain == policy.domain

    def _organisation(self, domain: str) -> _Policy | None:
        """The highest name above it, itself included, that publishes; None when none does."""
        labels = domain.split(".")
        if len(labels) > _LEVELS_MOST:
            labels = labels[-(_LEVELS_MOST - 1) :]
        highest: _Policy | None = None
        for level in range(len(labels)):
            name = ".".join(labels[level:])
            tags = self._record(name)
            if tags is None:
                continue
            if tags.get("psd") == "y":  # above organisations: the one below is it
                below = ".".join(labels[level - 1 :]) if level else name
                return highest or _Policy(below, tags)
            highest = _Policy(name, tags)
            if tags.get("psd") == "n":
                return highest
        return highest

    def _record(self, name: str) -> dict[str, str] | None:
        if name not in self._found:
            try:
                texts = [text for text in self._lookup(f"_dmarc.{name}", "TXT") if text.lower().startswith("v=dmarc1")]
            except Silent:
                texts = []
            self._found[name] = take_parameters(f"x;{texts[0]}")[1] if len(texts) == 1 else None
        return self._found[name]
