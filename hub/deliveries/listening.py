"""What people answered by SMS, where the provider keeps it and calls nobody."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from channels_adapters.base import Adapter, Incoming, Keeps
from channels_adapters.registry import build
from hub.core.clock import now
from hub.deliveries import incoming
from hub.deliveries.models import Channel, InboundSms

_BACK = timedelta(days=3)  # a hub may have been off over a weekend


def listen() -> int:
    """Ask the providers of SMS that keep answers. Returns how many were new.

    Whoever dies in between loses nothing: what is not stored yet is asked for again.
    """
    since, heard = now() - _BACK, 0
    for name, adapter in build(Channel.SMS, settings.ADAPTERS.get(Channel.SMS, []), settings.ADAPTER_OPTIONS):
        if not isinstance(adapter, Keeps):
            continue
        known = InboundSms.objects.filter(provider=name, at__gte=since).values_list("provider_id", flat=True)
        words = asyncio.run(_asked(adapter, since, set(known)))
        for one in words:
            incoming.take(name, one)
        heard += len(words)
    return heard


async def _asked(adapter: Adapter, since: datetime, known: set[str]) -> Sequence[Incoming]:
    try:
        return await adapter.answers(since, known) if isinstance(adapter, Keeps) else []
    finally:
        await adapter.close()
