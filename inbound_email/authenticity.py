"""Whether a mail is really from the address that it names. Pure; who asks DNS is `inbound_email.domain_proof`.

A mail's author is what it says, and anybody can say anything. What is believed is the town's own mail server, where it
is known by its name, else DNS; and in a demo, where there is neither, the mail itself.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from inbound_email.addresses import normal_email
from inbound_email.opened import Opened, Proved

Way = Literal["header", "dns", "address"]

_METHOD = re.compile(r"\s*([a-z][a-z0-9.-]*)(?:/\d+)?\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
_AROUND_EQUALS = re.compile(r"\s*=\s*")
_IN_QUOTES = re.compile(r"[^A-Za-z0-9@._+-]")


@dataclass(frozen=True)
class Verdict:
    """Whether the author is who the mail says; `how`: one line for who decides."""

    stands: bool
    how: str


def verdict_of(mail: Opened, *, way: Way, authserv_id: str = "", prove: Callable[[], Proved]) -> Verdict:
    """By the town hall's way. `prove` asks DNS, and is called when that is the way."""
    if not mail.one_author:
        return Verdict(False, "no author, or several")
    if way == "address":
        return Verdict(True, "taken at its word")
    if way == "header":
        return by_results(mail.results, authserv_id, normal_email(mail.from_address).rpartition("@")[2])
    proved = prove()
    return Verdict(proved.stands, proved.how)


def by_results(results: Sequence[str], authserv_id: str, domain: str) -> Verdict:
    """What the town's own mail server found out (RFC 8601). `results`: the headers' values, the topmost first.

    The topmost under its name is its own; below it stands what the mail brought along, which anybody may have written.
    """
    for value in results:
        name, told = read_results(value)
        if name == authserv_id.lower():
            return _by_told(told, domain)
    return Verdict(False, f"nothing by {authserv_id}")


@dataclass(frozen=True)
class Told:
    """One method's result: « dkim=pass header.d=example.fr »; properties as {"header.d": "example.fr"}."""

    method: str
    result: str
    properties: dict[str, str]


def read_results(value: str) -> tuple[str, list[Told]]:
    """(who says it, what is said). Comments in brackets are nobody's words, nested ones neither; what stands in quotes
    may be the author's own (`smtp.mailfrom="a; dkim=pass header.d=b"@c.example`), and says nothing outside them."""
    first, *rest = _bare(value).split(";")
    name = (first.split() or [""])[0].lower()
    found = (_METHOD.fullmatch(one) for one in rest)
    return name, [_told(one[1].lower(), one[2].lower(), one[3]) for one in found if one]


def _bare(value: str) -> str:
    """Without comments, and with letters alone in quotes."""
    kept, depth, quoted, escaped = [], 0, False, False
    for letter in value:
        if escaped or (letter == "\\" and (quoted or depth)):
            escaped = not escaped
            letter = "_"
        elif letter == '"' and not depth:
            quoted = not quoted
        elif quoted:
            letter = _IN_QUOTES.sub("_", letter)
        elif letter == "(":
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            letter = " "
        if not depth:
            kept.append(letter)
    return "".join(kept)


def _told(method: str, result: str, more: str) -> Told:
    """What follows is `name=value`, each name once. A pass beside anything else may have been written there."""
    pairs = [word.partition("=") for word in _AROUND_EQUALS.sub("=", more).split()]
    properties = {name.lower(): text.replace('"', "").lower() for name, _, text in pairs}
    understood = len(properties) == len(pairs) and all(name and equals for name, equals, _ in pairs)
    return Told(method, result if understood or result != "pass" else "unread", properties if understood else {})


def _by_told(told: Sequence[Told], domain: str) -> Verdict:
    """DMARC where the server looked at it; else what is signed or sent in the author's own domain."""
    dmarc = [one for one in told if one.method == "dmarc"]
    if dmarc:
        stands = all(one.result == "pass" and one.properties.get("header.from", domain) == domain for one in dmarc)
        if stands or any(one.result == "fail" for one in dmarc):
            return Verdict(stands, f"dmarc={dmarc[0].result}")
    for one in told:
        if one.result == "pass" and _speaks_for(_named_by(one), domain):
            return Verdict(True, f"{one.method}=pass {_named_by(one)}")
    return Verdict(False, "; ".join(f"{one.method}={one.result}" for one in told)[:200] or "nothing found out")


def _named_by(one: Told) -> str:
    """The domain that a result is about."""
    if one.method == "dkim":
        return one.properties.get("header.d") or one.properties.get("header.i", "").rpartition("@")[2]
    if one.method == "spf":
        return one.properties.get("smtp.mailfrom", "").rpartition("@")[2]
    return ""


def _speaks_for(vouching: str, domain: str) -> bool:
    """Its own domain, or one above it. One below may be somebody else's, where names are given away."""
    return bool(vouching) and "." in vouching and (vouching == domain or domain.endswith(f".{vouching}"))
