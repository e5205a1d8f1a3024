"""Whether the domain of the author's address stands by a mail: DKIM or SPF, for that very domain (DMARC, RFC 7489).

The domain of an organisation is found by walking up its names (DMARCbis, 4.10), not by a list that must be renewed. A
domain that publishes no DMARC stands by what is signed or sent in its own name alone.
"""

import re
from collections.abc import Iterator
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
_READ_ALIKE = re.compile(
    rb"(?:>?From [^\r\n]*\r?\n)?"  # of mbox files
    rb"(?:[!-9;-~]{1,200}:[^\r\n]*(?:\r?\n|\Z)(?:[ \t]+[^\s][^\r\n]*(?:\r?\n|\Z))*)+(?:\r?\n)?"
)


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
    headers = plain_headers(raw)
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


def plain_headers(raw: bytes) -> Headers:
    """The headers of a mail; none where programs could read different ones, so that what one proves, another could show
    beside words that nobody signed: a CR alone, or a line of spaces, ends them for some. Raises `MailError`."""
    bounds = Bounds()
    headers, body = take_headers(raw, 0, len(raw), most=bounds.headers, longest=bounds.header_bytes)
    return headers if _READ_ALIKE.fullmatch(raw, 0, body) else Headers()


def author_domain(headers: Headers) -> str:
    """The domain of the one author; "" when there is none, or more than one: programs differ on whom they show."""
    if sum(name == "from" for name, _value in headers.fields) != 1:
        return ""
    found = read_addresses(headers.raw("from"))
    return normal_email(found[0].email).rpartition("@")[2] if len(found) == 1 else ""


def _signatures(raw: bytes, headers: Headers, lookup: Lookup) -> Iterator[tuple[str, bool]]:
    """The domains that signed it, each with whether the signature holds."""

    def text_of(name: bytes, timeout: float = 0) -> bytes | None:
        texts = lookup(name.decode("ascii", "replace"), "TXT")
        return texts[0].encode("utf-8") if texts else None

    count = sum(name == "dkim-signature" for name, _value in headers.fields)
    return (_checked(raw, number, text_of) for number in range(min(count, SIGNATURES_MOST)))


def _checked(raw: bytes, number: int, text_of: object) -> tuple[str, bool]:
    """One of them. Its domain as who checks it has read it: two readers could be made to read two domains.

    One that covers only a beginning of the words (`l=`) covers nothing: others may have gone on.
    """
    signature = None
    try:
        signature = dkim.DKIM(raw, minkey=_KEY_BITS)
        holds = signature.verify(number, dnsfunc=text_of) and b"l" not in signature.signature_fields
    except Exception:  # an old reader of strangers' bytes, and a DNS that is silent: nothing is proved
        holds = False
    domain = signature.domain if signature is not None else None
    return (domain or b"").decode("ascii", "replace").lower(), bool(holds)


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
