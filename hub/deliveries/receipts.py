"""What providers say afterwards: written to the rows it is about, or kept for five minutes until they have a name.

A receipt may come before the answer to the sending, ten times, and in any order: `rules.RANK` makes the end the same.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import QuerySet

from channels_adapters.base import Became, Cause, Receipt
from hub.core.clock import shared_now
from hub.deliveries import ledger, rules
from hub.deliveries.models import Channel, Delivery, EarlyReceipt, State, Why

log = structlog.get_logger(__name__)

KEEP_EARLY = timedelta(minutes=5)
_AT_ONCE = 500

_STATES = {
    Became.SENT: State.SENT,
    Became.DELIVERED: State.DELIVERED,
    Became.UNDELIVERABLE: State.UNDELIVERABLE,
    Became.FAILED: State.FAILED,
}
# What says of an address, and not of one message, that it takes nothing more.
_FOR_GOOD = {
    (Channel.SMS, Cause.BLOCKED): Why.STOPPED,
    (Channel.EMAIL, Cause.BLOCKED): Why.COMPLAINED,
    (Channel.EMAIL, Cause.ADDRESS): Why.BOUNCED,
    (Channel.PUSH, Cause.GONE): Why.GONE,
}


def take(provider: str, receipts: Sequence[Receipt], *, delivery_id: int | None = None) -> None:
    """Write down what this provider says. `delivery_id`: the one that it was given for, when the address told.

    Calling it again with the same changes nothing.
    """
    for receipt in receipts:
        if not _apply(provider, receipt, delivery_id):
            _keep(provider, receipt)


def take_of(delivery_id: int, receipt: Receipt) -> bool:
    """Write down what is said of this one, by whoever knows it by our own number. False: it is forgotten by now.

    Calling it again with the same changes nothing.
    """
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        return False
    _write(delivery, receipt)
    return True


def take_early() -> tuple[int, int]:
    """Try again what came before its row had a name. Returns how many fitted, and how many were too old to go on."""
    fitted = 0
    for row in EarlyReceipt.objects.order_by("at")[:_AT_ONCE]:
        receipt = Receipt(
            row.provider_id, Became(row.became), Cause(row.cause) if row.cause else None, row.reason, row.pressed
        )
        if _apply(row.provider, receipt, None):
            row.delete()
            fitted += 1
    old, _rows = EarlyReceipt.objects.filter(at__lt=shared_now() - KEEP_EARLY).delete()
    if old:
        log.warning("deliveries.receipts_of_nothing", count=old)
    return fitted, old


def _apply(provider: str, receipt: Receipt, delivery_id: int | None) -> bool:
    """Whether there is a row that it is about."""
    found = _named(provider, receipt, delivery_id)
    delivery = found.first()
    if delivery is None:
        return False
    _write(delivery, receipt)
    if not delivery.provider_id:
        rows = Delivery.objects.filter(pk=delivery.pk, provider_id="")
        rows.update(provider=provider, provider_id=receipt.provider_id)
    return True


def _write(delivery: Delivery, receipt: Receipt) -> None:
    state = _STATES[receipt.became]
    said: dict[str, Any] = {"state": state, "cause": receipt.cause or "", "reason": receipt.reason[:300]}
    if state in rules.ENDED:
        said["ended_at"] = receipt.at or shared_now()
    rows = Delivery.objects.filter(pk=delivery.pk)
    moved = rows.filter(state__in=rules.below(state)).update(**said)
    if receipt.pressed:
        rows.filter(pressed="").update(pressed=receipt.pressed[:1])
    if receipt.cause and (why := _FOR_GOOD.get((Channel(delivery.channel), receipt.cause))):
        ledger.suppress(delivery.channel, delivery.address, why)
    log.info("deliveries.receipt", delivery=delivery.pk, became=receipt.became.value, moved=bool(moved))


def _named(provider: str, receipt: Receipt, delivery_id: int | None) -> QuerySet[Delivery]:
    """The row under this provider's name. By its own number while it has no name yet; and when a former attempt has
    come through after all."""
    named = ledger.by_provider_id(provider, [receipt.provider_id])
    if delivery_id is None or named.exists():
        return named
    ours = Delivery.objects.filter(pk=delivery_id)
    return ours if receipt.became == Became.DELIVERED else ours.filter(provider_id="")


def _keep(provider: str, receipt: Receipt) -> None:
    EarlyReceipt.objects.get_or_create(
        provider=provider, provider_id=receipt.provider_id, became=receipt.became.value,
        defaults={
            "cause": receipt.cause or "", "reason": receipt.reason[:300], "pressed": receipt.pressed[:1],
            "at": shared_now(),
        },
    )  # fmt: skip
