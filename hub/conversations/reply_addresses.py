"""The addresses to which people answer by mail: how they are written, and whose they are."""

import re

from django.conf import settings

from hub.conversations.models import ReplyAddress
from hub.core.clock import now
from hub.core.single import single
from hub.deliveries.writing import mail_domain

_NAMED = re.compile(r"reply\+([a-z2-7]{26})", re.IGNORECASE)


def address_of(token: str) -> str:
    """`reply+TOKEN@PARVIS_INBOUND_DOMAIN`."""
    return f"reply+{token}@{settings.INBOUND_DOMAIN}"


def thread_of(conversation_id: int) -> str:
    """What all mails about one conversation answer (`References`); a ticket's have its number (`hub.tickets.mail`)."""
    return f"<conversation.{conversation_id}@{mail_domain()}>"


def given_as(address: str) -> ReplyAddress | None:
    """What was given out under this address, and is neither expired nor taken back; its conversation comes along."""
    local, _at, domain = address.strip().rpartition("@")
    named = _NAMED.fullmatch(local)
    if named is None or not settings.INBOUND_DOMAIN or domain.lower() != settings.INBOUND_DOMAIN.lower():
        return None
    found = ReplyAddress.objects.filter(token=named[1].lower(), revoked_at=None, expires_at__gt=now())
    return single(found.select_related("conversation"))
