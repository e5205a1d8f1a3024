"""How far each provider is trusted just now: one row for all workers."""

from collections.abc import Mapping

import structlog
from django.db import transaction

from channels_adapters.base import REASON_MAX
from hub.core.clock import shared_now
from hub.deliveries import rules
from hub.deliveries.models import Provider

log = structlog.get_logger(__name__)


def trust(channel: str) -> dict[str, float]:
    """From 0 to 100, by name; one without a row has never failed."""
    at = shared_now()
    rows = Provider.objects.filter(channel=channel).values_list("name", "trust", "changed_at")
    return {name: rules.trust_now(was, changed_at, at) for name, was, changed_at in rows}


def note(channel: str, faults: Mapping[str, int], reasons: Mapping[str, str]) -> None:
    """These have failed so many times since the last note."""
    at = shared_now()
    for name in sorted(faults):
        with transaction.atomic():
            Provider.objects.get_or_create(channel=channel, name=name, defaults={"changed_at": at})
            row = Provider.objects.select_for_update().get(channel=channel, name=name)
            row.trust = rules.trust_after(rules.trust_now(row.trust, row.changed_at, at), faults[name])
            row.changed_at, row.faults = at, row.faults + faults[name]
            row.reason = reasons.get(name, "")[:REASON_MAX]
            row.save()
        log.warning("deliveries.provider_failed", channel=channel, name=name, trust=round(row.trust))
