"""Who gets mail here: which addresses exist, and to which of them a mail was sent."""

from collections.abc import Iterator
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings

from hub.conversations.reply_addresses import given_as
from hub.core.signed_addresses import local_part
from hub.deliveries.bounce_addresses import delivery_of
from hub.towns.mail_addresses import town_known_as, town_scanned_for, town_written_to
from inbound_email.addresses import normal_email, read_addresses
from inbound_email.errors import MailError
from inbound_email.headers import Headers, take_headers

# RFC 5321 (4.5.1) wants the first to exist everywhere, RFC 2142 the second.
_OPERATORS = {"postmaster", "abuse"}
# Whoever delivered it wrote the first ones; the last ones are the author's, and may name others first.
_NAMING = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "to", "cc")
# A server adds a dozen lines on the way; what has more is not looked through here.
_HEADERS, _HEADER_BYTES = 1_000, 64_000
_CANDIDATES = 100


class Kind(StrEnum):
    """What an address of ours is for."""

    REPLY = "reply"  # answers to one conversation (`hub.conversations.reply_addresses.given_as`)
    BOUNCE = "bounce"  # mails that could not be delivered (`hub.deliveries.bounce_addresses.delivery_of`)
    TOWN = "town"  # a town's own (`hub.towns.mail_addresses`)
    SCANNER = "scanner"  # letters on paper (`hub.towns.mail_addresses.town_scanned_for`)
    SENDER = "sender"  # the one our mails come from: who answers there has not seen `Reply-To`
    OPERATOR = "operator"  # postmaster, abuse: for who runs the hub


def kind_of(address: str, *, delivered: bool = False) -> Kind | None:
    """What this address is for; None: nobody gets mail there. Asks the database; raises its errors.

    `delivered`: another server has taken the mail for us already, and has it in a box of ours: what towns print on
    their paper is an address of theirs, too. At our own door it is not: the town's mail server has it.
    """
    for kind, exists in (
        (Kind.REPLY, given_as), (Kind.BOUNCE, delivery_of), (Kind.SCANNER, town_scanned_for),
        (Kind.TOWN, town_written_to),
    ):  # fmt: skip
        if exists(address) is not None:
            return kind
    if is_operators(address):
        return Kind.OPERATOR
    if normal_email(address) == normal_email(parseaddr(settings.EMAIL_FROM)[1]) and (delivered or local_part(address)):
        return Kind.SENDER
    return Kind.TOWN if delivered and town_known_as(address) is not None else None


def is_operators(address: str) -> bool:
    """Whether it is for who runs the hub; `postmaster` may stand without a domain."""
    return address.strip().lower() in _OPERATORS or local_part(address) in _OPERATORS


def found_in(raw: bytes) -> str:
    """The first address of ours among those that its headers name, for doors that are not told; empty without one."""
    return next((address for address in _named_in(raw) if kind_of(address, delivered=True) is not None), "")


def sender_in(raw: bytes) -> str:
    """Where it would go back to: what its last server wrote (`Return-Path`; empty for `<>`), else who it is from."""
    headers = _headers(raw)
    if "return-path" in headers:
        return next((address.email for address in read_addresses(headers.raw("return-path"))), "")
    return next((address.email for address in read_addresses(headers.raw("from"))), "")


def _headers(raw: bytes) -> Headers:
    try:
        return take_headers(raw, 0, len(raw), most=_HEADERS, longest=_HEADER_BYTES)[0]
    except MailError:
        return Headers()


def _named_in(raw: bytes) -> Iterator[str]:
    headers = _headers(raw)
    seen: set[str] = set()
    for name in _NAMING:
        for address in read_addresses(_all_raw(headers, name)):
            email = normal_email(address.email)
            if email not in seen and len(seen) < _CANDIDATES:
                seen.add(email)
                yield email


def _all_raw(headers: Headers, name: str) -> list[str]:
    return [value.decode("utf-8", "replace") for known, value in headers.fields if known == name]
