"""Addresses: `"Ville de Bellerive" <suivi+4812.ab@repondre.example>` taken apart, and compared as mail servers do.

Not `email.utils.getaddresses`: it follows nested comments by recursion, and decodes nothing.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from inbound_email.headers import decode_words

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|<[^<>]*>|[(),;:<>]|[^"<>(),;:]+', re.DOTALL)
_BARE = re.compile(r"[^\s@<>(),;:\"\[\]]{1,128}@(?:[^\s@<>(),;:\"\[\]]{1,255}|\[[^\s\]]{1,80}\])")


@dataclass(frozen=True, slots=True)
class Address:
    """`name` as people see it ("" without one), `email` as written, without brackets."""

    name: str
    email: str

    @property
    def local(self) -> str:
        """What is before the @."""
        return self.email.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """What is after the @, in small letters."""
        return self.email.rpartition("@")[2].lower()

    @property
    def tag(self) -> str:
        """`suivi+4812.ab@…` → "4812.ab"; "" without a plus."""
        return self.local.partition("+")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


def read_addresses(values: str | Iterable[str]) -> tuple[Address, ...]:
    """All addresses of these header values, still encoded (`Headers.raw`), in their order.

    Groups (`undisclosed-recipients:;`) give their members. What holds no @ is no address. Never raises.
    """
    text = values if isinstance(values, str) else ", ".join(values)
    found: list[Address] = []
    name: list[str] = []
    spec, depth = "", 0
    for piece in [*_PIECE.findall(text), ","]:
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif depth:
            continue
        elif piece in {",", ";"}:
            found += _address(name, spec)
            name, spec = [], ""
        elif piece == ":":
            name = []
        elif piece.startswith("<") and len(piece) > 1:
            spec = piece[1:-1]
        else:
            name.append(piece)
    return tuple(found)


def _address(name: list[str], spec: str) -> list[Address]:
    said = decode_words(" ".join(_unquoted(token) for token in name))
    said = " ".join(said.split())
    if len(said) > 1 and said[0] == said[-1] and said[0] in "'\"":
        said = said[1:-1].strip()
    email = (_BARE.search(spec) or _BARE.search(said) if spec else _BARE.search(said)) if (spec or said) else None
    if email is None:
        return []
    return [Address("" if said == email[0] or not spec else said, email[0].strip("."))]


def _unquoted(token: str) -> str:
    token = token.strip()
    if len(token) > 1 and token[0] == token[-1] == '"':
        token = re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def first_address(values: str | Iterable[str]) -> Address | None:
    """The first of them."""
    return next(iter(read_addresses(values)), None)


def normal_email(email: str) -> str:
    """The form in which two addresses are one: small letters, the domain in ASCII (IDNA).

    The part before the @ could differ by capitals (RFC 5321); no server that people use does so.
    """
    local, _, domain = email.strip().strip("<>").rpartition("@")
    domain = domain.strip(".").lower()
    if not domain.isascii():
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode("ascii")
    return f"{local.lower()}@{domain}" if local else domain


def same_email(one: str, other: str) -> bool:
    """Whether both lead to the same box, as far as anybody outside can tell."""
    return bool(one.strip()) and normal_email(one) == normal_email(other)
