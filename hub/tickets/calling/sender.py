"""Claim → call → record, as the outbox does it (`hub.deliveries.sender`); but what is in doubt is sent again.

    due ──claim──▶ leased ──record──▶ done | due again, later | given up
     ▲               │ lease ran out
     └───────────────┘

`WebhookCall.next_at` None: it has ended; `done_at` says that it was taken. A claim is one conditional UPDATE of that
one table: with a JOIN, PostgreSQL would let two workers have the same row.
"""

import random
import time
from datetime import datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Q, QuerySet

from hub.core.clock import now
from hub.tickets.calling import line, outage, pace, signing
from hub.tickets.calling.addresses import shown
from hub.tickets.calling.line import Answer
from hub.tickets.models import WebhookCall

log = structlog.get_logger(__name__)

OUR_FAULT = "error"
_BATCH = 20
_PRUNED_AT_ONCE = 1_000


def send_one(call_id: int) -> bool:
    """Make this call if it is due and nobody else has it. Returns whether it was ours to make."""
    call = _claim(call_id)
    if call is None:
        return False
    if not call.webhook.active:
        _keep_or_end(call)
    elif not settings.WEBHOOKS_LEAVE:
        _end(call, reason="demo")
    elif cache.get(_rest_key(call.webhook_id)):
        _put_off(call)
    else:
        _record(call, _call(call))
    return True


def send_due(*, for_s: float) -> int:
    """Make what calls are due until none is left, `for_s` seconds at most. Returns how many were ours."""
    end, made = time.monotonic() + for_s, 0
    while ids := list(_due().order_by("next_at").values_list("pk", flat=True)[:_BATCH]):
        random.shuffle(ids)  # several workers look at the same ones
        mine = 0
        for call_id in ids:
            if time.monotonic() >= end:
                return made + mine
            mine += send_one(call_id)
        if not mine:  # the others have them all
            return made
        made += mine
    return made


def count_due() -> int:
    """How many wait for a worker now: of these, some were left by a dead one."""
    return _due().count()


def wake(webhook_id: int) -> None:
    """Somebody wants it to be tried now, though it did not answer a moment ago."""
    cache.delete(_rest_key(webhook_id))


def prune() -> int:
    """Forget calls of more than 30 days ago. Returns how many. By the thousand: it may be stopped at any time."""
    old = WebhookCall.objects.filter(created_at__lt=now() - pace.KEPT).order_by("pk")
    forgotten = 0
    while ids := list(old.values_list("pk", flat=True)[:_PRUNED_AT_ONCE]):
        forgotten += WebhookCall.objects.filter(pk__in=ids).delete()[0]
    return forgotten


def _due() -> QuerySet[WebhookCall]:
    at = now()
    return WebhookCall.objects.filter(Q(lease_until=None) | Q(lease_until__lt=at), next_at__lte=at)


def _claim(call_id: int) -> WebhookCall | None:
    lease = now() + pace.LEASE
    if not _due().filter(pk=call_id).update(lease_until=lease, attempts=F("attempts") + 1):
        return None
    return WebhookCall.objects.select_related("webhook").filter(pk=call_id, lease_until=lease).first()


def _call(call: WebhookCall) -> Answer:
    """No transaction is open."""
    body = call.body.encode()
    try:
        return line.post(call.webhook.url, signing.headers(call.webhook.secret, call.key, now(), body), body)
    except Exception:  # a bug of ours must not make the row spin
        log.exception("webhooks.failed", call=call.pk)
        return Answer(reason=OUR_FAULT)


def _record(call: WebhookCall, answer: Answer) -> None:
    """Write down what came of it, if the claim still holds."""
    at = now()
    if answer.done:
        held = _end(call, done_at=at, answered=answer.status)
        outage.note_arrived(call.webhook)
    elif answer.gone:
        held = _end(call, answered=answer.status)
        outage.note_gone(call.webhook)
    else:
        when = pace.next_try(call.created_at, at, call.attempts, random.random(), answer.wait_s)  # noqa: S311
        held = _free(call, when, answered=answer.status, reason=answer.reason)
        if answer.unreached:
            cache.set(_rest_key(call.webhook_id), True, pace.REST.total_seconds())
        if held and answer.reason != OUR_FAULT:
            outage.note_failed(call.webhook, answer)
    log.info(
        "webhooks.attempted", call=call.pk, to=shown(call.webhook.url), attempt=call.attempts, status=answer.status,
        reason=answer.reason, recorded=held,
    )  # fmt: skip


def _keep_or_end(call: WebhookCall) -> None:
    """Its webhook is out of service: when it is so by itself, somebody may mend it within the day."""
    if until := outage.kept_until(call.webhook, call.created_at):
        _free(call, until, attempts=F("attempts") - 1)
    else:
        _end(call, reason="off", attempts=F("attempts") - 1)


def _put_off(call: WebhookCall) -> None:
    """Its address rests: later, and this was no attempt."""
    when = pace.within(call.created_at, now() + pace.REST * (1 + random.random()))  # noqa: S311
    _free(call, when, attempts=F("attempts") - 1, **({} if when else {"reason": call.reason or "timeout"}))


def _end(call: WebhookCall, **fields: object) -> bool:
    return _free(call, None, **{"reason": "", **fields})


def _free(call: WebhookCall, next_at: datetime | None, **fields: object) -> bool:
    """Give the claim back. False when another has it by now."""
    ours = WebhookCall.objects.filter(pk=call.pk, lease_until=call.lease_until)
    return bool(ours.update(next_at=next_at, lease_until=None, **fields))


def _rest_key(webhook_id: int) -> str:
    return f"webhook-rests-{webhook_id}"
