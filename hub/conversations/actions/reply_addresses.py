"""Giving out the addresses to which people answer by mail, and taking them back."""

import base64
import secrets
from collections.abc import Collection, Iterable, Mapping

from django.conf import settings

from hub.conversations import statements
from hub.conversations.models import ReplyAddress
from hub.conversations.reply_addresses import address_of
from hub.core.clock import now
from hub.people.models import Person


def give_reply_addresses(conversation_id: int, readers: Iterable[tuple[str, Person | None]]) -> Mapping[str, str]:
    """By each reader's address (in small letters), where their answer is to go (`Reply-To`); in the caller's
    transaction. A reader keeps the same one, which lives a year from now.

    Empty where mails can't be answered (no `PARVIS_INBOUND_DOMAIN`).
    """
    people = {address.lower(): person for address, person in readers if address}
    if not settings.INBOUND_DOMAIN or not people:
        return {}
    given = statements.give_reply_addresses(
        conversation_id=conversation_id, at=now(),
        readers=[
            (_new_token(), address, person.pk if person is not None else None)
            for address, person in sorted(people.items())  # two that write to the same people wait for each other
        ],
    )  # fmt: skip
    return {address: address_of(token) for address, token in given.items()}


def revoke_reply_address(conversation_id: int, address: str) -> bool:
    """What was given out there to this address takes nothing any more. False: nothing was."""
    given = ReplyAddress.objects.filter(conversation=conversation_id, address=address.lower(), revoked_at=None)
    return bool(given.update(revoked_at=now()))


def forget_reply_addresses(conversation_ids: Collection[int], addresses: Collection[str]) -> int:
    """As if none had been given out to these addresses there. Returns how many."""
    theirs = ReplyAddress.objects.filter(
        conversation__in=conversation_ids, address__in=[address.lower() for address in addresses]
    )
    return theirs.delete()[0]


def forget_ended() -> int:
    """Those whose year is over. Returns how many."""
    return ReplyAddress.objects.filter(expires_at__lt=now()).delete()[0]


def _new_token() -> str:
    """128 random bits in base32 (RFC 4648, 6): what lies on the way may change capitals."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
