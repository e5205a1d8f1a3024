"""Claim → send → record. The one place where something leaves.

    queued ──claim──▶ queued, leased ──hand over──▶ sending ──record──▶ sent | failed | unknown
       ▲                    │ lease ran out            │ lease ran out: unknown
       └────────────────────┴──────────────────────────┴── temporary: queued again, later

A claim is one conditional UPDATE, so that two workers never hold the same row (on SQLite too, where skip_locked
is ignored). A worker that dies before it handed the words over only delays them. Dead after that, nobody can say
whether they left: the row says `unknown`, and nothing is sent twice by us.
"""

import random
import time
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from channels_adapters.base import Item, Outcome, Result
from channels_adapters.registry import build
from hub.core.clock import now
from hub.core.ids import new_key
from hub.deliveries import rules
from hub.deliveries.models import Delivery, State

log = structlog.get_logger(__name__)

_BATCH = 20


def send_one(delivery_id: int) -> bool:
    """Send this one if it is due and nobody else has it. Returns whether it was ours to send."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return False
    outcome = _send(delivery)
    _record(delivery, outcome)
    return True


def send_due(channel: str, *, for_s: float) -> int:
    """Send what is due on `channel` until nothing is left, `for_s` seconds at most. Returns how many."""
    end = time.monotonic() + for_s
    sent = 0
    due = partial(_due, channel=channel)
    while ids := list(due().order_by("next_at").values_list("pk", flat=True)[:_BATCH]):
        random.shuffle(ids)  # several workers look at the same ones
        mine = 0
        for delivery_id in ids:
            if time.monotonic() >= end:
                return sent
            mine += send_one(delivery_id)
        if not mine:  # the others have them all
            return sent
        sent += mine
    return sent


def sweep() -> dict[str, int]:
    """Close what came too late or was left half-sent by a dead worker. Returns how many are due per channel."""
    at = now()
    late = _free().filter(expires_at__lte=at).update(state=State.EXPIRED, reason="not sent in time")
    lost = Delivery.objects.filter(state=State.SENDING, lease_until__lt=at).update(
        state=State.UNKNOWN, reason="the worker died after handing it over"
    )
    if late or lost:
        log.warning("deliveries.closed", expired=late, unknown=lost)
    due = _due().order_by().values_list("channel").annotate(Count("pk"))
    return dict(due)


def _free() -> QuerySet[Delivery]:
    """Still to be sent, and in nobody's hands."""
    return Delivery.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now()), state=State.QUEUED)


def _due(**which: Any) -> QuerySet[Delivery]:
    at = now()
    return _free().filter(next_at__lte=at, expires_at__gt=at, **which)


def _claim(delivery_id: int) -> Delivery | None:
    token = new_key()
    claimed = _due(pk=delivery_id).update(claimed_by=token, lease_until=now() + rules.LEASE, attempts=F("attempts") + 1)
    return Delivery.objects.filter(pk=delivery_id, claimed_by=token).first() if claimed else None


def _ours(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, as long as it is this claim's."""
    return Delivery.objects.filter(
        pk=delivery.pk, claimed_by=delivery.claimed_by, state__in=[State.QUEUED, State.SENDING]
    )


def _hand_over(delivery: Delivery) -> bool:
    """The point of no return: from here on a doubt is `unknown`. False when the claim was lost meanwhile."""
    held = _ours(delivery).update(state=State.SENDING, lease_until=now() + rules.LEASE)
    delivery.state = State.SENDING if held else delivery.state
    return bool(held)


def _send(delivery: Delivery) -> Outcome:
    """Ask the channel's adapters, in order of preference, until one has an answer. No transaction is open."""
    outcome = Outcome(Result.TEMPORARY, reason="this channel has no adapter")
    item = Item(
        channel=delivery.channel,
        to=delivery.address,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        headers=delivery.headers,
    )
    try:
        for adapter in build(delivery.channel, settings.ADAPTERS.get(delivery.channel, []), settings.ADAPTER_OPTIONS):
            outcome = adapter.send(item, partial(_hand_over, delivery))
            if outcome.result is not Result.TEMPORARY:
                break
    except Exception as error:  # an adapter's bug must not make the row spin, nor send it twice
        log.exception("deliveries.adapter_failed", delivery=delivery.pk)
        handed_over = delivery.state == State.SENDING
        return Outcome(Result.UNKNOWN if handed_over else Result.TEMPORARY, reason=repr(error))
    return outcome


def _record(delivery: Delivery, outcome: Outcome) -> None:
    """Write the outcome down, if the claim still holds."""
    ended: dict[Result, dict[str, Any]] = {
        Result.ACCEPTED: {"state": State.SENT, "sent_at": now(), "provider_id": outcome.provider_id},
        Result.REFUSED: {"state": State.FAILED},
        Result.UNKNOWN: {"state": State.UNKNOWN},
        Result.TEMPORARY: _later(delivery),
    }
    freed = {"reason": outcome.reason, "lease_until": None, "claimed_by": ""}
    held = _ours(delivery).update(**ended[outcome.result], **freed)
    log.info(
        "deliveries.attempted",
        delivery=delivery.pk,
        cause=delivery.dispatch.cause,
        channel=delivery.channel,
        result=outcome.result.value,
        attempt=delivery.attempts,
        recorded=bool(held),
    )


def _later(delivery: Delivery) -> dict[str, Any]:
    if not rules.may_try_again(delivery.attempts):
        return {"state": State.FAILED}
    return {"state": State.QUEUED, "next_at": now() + rules.delay(delivery.attempts, random.random())}  # noqa: S311
