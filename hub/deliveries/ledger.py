"""What the outbox's rows say, and how that changes while things leave. Each statement is for many rows at once.

All moments are of the database's clock: two workers' own may be minutes apart, and a row is one for all.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from channels_adapters.base import Cause, Result
from hub.core.clock import shared_now
from hub.core.ids import new_key
from hub.core.tables import given, rows_of
from hub.deliveries import allowance, devices, quiet, rules
from hub.deliveries.models import Channel, Delivery, Lane, State, Suppression, Why

if TYPE_CHECKING:
    from hub.deliveries.courier import Said

# Finding and taking them.


def free() -> QuerySet[Delivery]:
    """Still to be sent, and in nobody's hands."""
    return Delivery.objects.filter(_in_nobodys_hands(), state=State.QUEUED)


def due(**which: Any) -> QuerySet[Delivery]:
    """What should leave now."""
    return _due(shared_now(), **which)


def _due(at: datetime, **which: Any) -> QuerySet[Delivery]:
    return free().filter(next_at__lte=at, expires_at__gt=at, **which)


def to_ask_about(**which: Any) -> QuerySet[Delivery]:
    """Handed over without an answer: it is time to ask what became of it."""
    return Delivery.objects.filter(_in_nobodys_hands(), ask_at__lte=shared_now(), **which)


def _in_nobodys_hands() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=Now())


def claim(channel: str, room: int, *, only: Lane | None = None) -> list[Delivery]:
    """Take so many of the most urgent ones that there are, or what is to be asked about; their leases begin.

    One class at a time: its index is read from the first one due, whatever waits for later in the others.
    """
    at = shared_now()
    for lane in Lane if only is None else (only,):
        if taken := _take(_due(at, channel=channel, lane=lane).order_by("next_at"), room):
            return taken
    return [] if only is not None else _take(to_ask_about(channel=channel).order_by("ask_at"), room)


def claim_one(delivery_id: int) -> Delivery | None:
    """Take this one, if it is due and nobody has it."""
    return next(iter(_take(due(pk=delivery_id), 1)), None)


def _take(wanted: QuerySet[Delivery], room: int) -> list[Delivery]:
    token = f"{os.getpid()}.{new_key()}"[:32]  # whoever looks sees which process has it
    with transaction.atomic():
        ids = list(wanted.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:room])
        if not ids:
            return []
        free_still = Delivery.objects.filter(_in_nobodys_hands(), pk__in=ids)
        free_still.update(claimed_by=token, lease_until=Now() + rules.LEASE, attempts=F("attempts") + 1)
    found = Delivery.objects.filter(pk__in=ids, claimed_by=token)
    return list(found.select_related("dispatch__town", "content", "person").order_by("lane", "next_at"))


def hold_back(claimed: Sequence[Delivery]) -> set[int]:
    """Those of them that may not leave are closed, or wait: their address wants nothing more, their device is gone,
    their dispatch was stopped, or they are more than is allowed (`allowance`). Returns which."""
    held: dict[int, str] = {one.pk: "stopped" for one in claimed if one.dispatch.stopped_at and not one.ask_at}
    by_address = {one.address: one for one in claimed}
    if claimed:
        refused = Suppression.objects.filter(channel=claimed[0].channel, address__in=list(by_address))
        why = dict(refused.values_list("address", "why"))
        stays = (one for one in claimed if one.address in why and not (one.ask_at or one.despite))
        held |= {one.pk: str(Why(why[one.address]).value) for one in stays}
    if claimed and claimed[0].channel == Channel.PUSH:
        reached = devices.targets(claimed)
        held |= {one.pk: Why.GONE.value for one in claimed if one.pk not in reached and not one.ask_at}
    for reason in set(held.values()):
        ids = [pk for pk, said in held.items() if said == reason]
        tokens = {one.claimed_by for one in claimed}
        Delivery.objects.filter(pk__in=ids, claimed_by__in=tokens).update(
            state=State.SUPPRESSED, reason=reason, cause=Cause.GONE if reason == Why.GONE else Cause.BLOCKED,
            ended_at=shared_now(), lease_until=None, claimed_by="",
        )  # fmt: skip
    rest = [one for one in claimed if one.pk not in held]
    late = _put_off(rest)
    return set(held) | late | _hold_what_is_too_much([one for one in rest if one.pk not in late])


def _put_off(claimed: Sequence[Delivery]) -> set[int]:
    """News by telephone wait for the morning. It was no attempt."""
    until = quiet.check(claimed)
    tokens = {one.claimed_by for one in claimed}
    for at in set(until.values()):
        ids = [pk for pk, said in until.items() if said == at]
        Delivery.objects.filter(pk__in=ids, claimed_by__in=tokens).update(
            next_at=at, attempts=F("attempts") - 1, lease_until=None, claimed_by=""
        )
    return set(until)


def _hold_what_is_too_much(claimed: Sequence[Delivery]) -> set[int]:
    held = allowance.check(claimed)
    tokens = {one.claimed_by for one in claimed}
    for why in set(held.values()):
        ids = [pk for pk, said in held.items() if said == why]
        rows = Delivery.objects.filter(pk__in=ids, claimed_by__in=tokens)
        rest: dict[str, Any] = {"cause": Cause.NOT_ALLOWED, "reason": why.reason, "lease_until": None, "claimed_by": ""}
        if why.until is None:
            rows.update(state=State.SUPPRESSED, ended_at=shared_now(), **rest)
        else:  # it was no attempt
            rows.update(next_at=why.until, attempts=F("attempts") - 1, **rest)
    return set(held)


def hand_over(asked: Sequence[tuple[Delivery, str]]) -> set[int]:
    """The point of no return: which of these are still their claim's, and may go to that provider."""
    granted: set[int] = set()
    by_provider: dict[str, list[Delivery]] = defaultdict(list)
    for delivery, provider in asked:
        by_provider[provider].append(delivery)
    for provider, some in by_provider.items():
        wanted = _ours(some)
        held = wanted.update(state=State.SENDING, lease_until=Now() + rules.LEASE, provider=provider, sent_at=Now())
        ids = {one.pk for one in some}
        granted |= (
            ids if held == len(ids) else set(_ours(some).filter(state=State.SENDING).values_list("pk", flat=True))
        )
    return granted


def doubted_for(claimed: Sequence[Delivery]) -> dict[int, timedelta]:
    """Those of them that are to be asked about, and how long ago they were handed over."""
    asked = [one.pk for one in claimed if one.ask_at is not None]
    if not asked:
        return {}
    waited = Now() - Coalesce("sent_at", "created_at")
    found = dict(Delivery.objects.filter(pk__in=asked).values_list("pk", waited))
    return {pk: found.get(pk, timedelta(0)) for pk in asked}


def _ours(deliveries: Sequence[Delivery]) -> QuerySet[Delivery]:
    """The rows, as long as they are their claim's."""
    return Delivery.objects.filter(
        pk__in=[one.pk for one in deliveries], claimed_by__in={one.claimed_by for one in deliveries},
        state__in=[State.QUEUED, State.SENDING],
    )  # fmt: skip


# Writing down how it went.

# A receipt may have been quicker: what it said stays. The claim is looked at row by row.
_RECORD = """
UPDATE deliveries_delivery AS d SET
state = CASE WHEN d.state IN ('queued', 'sending', 'unknown') THEN said.state ELSE d.state END,
provider = said.provider, provider_id = COALESCE(said.provider_id, d.provider_id),
cause = CASE WHEN d.state IN ('queued', 'sending', 'unknown') THEN said.cause ELSE d.cause END,
reason = CASE WHEN d.state IN ('queued', 'sending', 'unknown') THEN said.reason ELSE d.reason END,
next_at = COALESCE(said.next_at, d.next_at), ask_at = said.ask_at,
ended_at = CASE WHEN d.state IN ('queued', 'sending', 'unknown') THEN said.ended_at ELSE d.ended_at END,
sent_at = CASE WHEN said.state IN ('sent', 'unknown') THEN COALESCE(d.sent_at, said.at) ELSE NULL END,
lease_until = NULL, claimed_by = ''
FROM {} WHERE d.id = said.delivery AND d.claimed_by = said.token RETURNING id
"""
_COLUMNS = {
    "delivery": "bigint", "token": "text", "state": "text", "provider": "text", "provider_id": "text", "cause": "text",
    "reason": "text", "next_at": "timestamptz", "ask_at": "timestamptz", "ended_at": "timestamptz",
    "at": "timestamptz",
}  # fmt: skip


def record(said: Sequence["Said"], *, chance: Callable[[], float]) -> set[int]:
    """Write the outcomes down, where the claim still holds. Returns whose it did."""
    if not said:
        return set()
    at = shared_now()
    source, values = given("said", _COLUMNS, [_row(one, at, chance()) for one in said])
    recorded = {int(row[0]) for row in rows_of(_RECORD.format(source), values)}
    ours = [one for one in said if one.job.delivery.pk in recorded]
    _forget_dead(ours)
    devices.note_reached(
        one.job.delivery.address
        for one in ours
        if one.job.delivery.channel == Channel.PUSH and one.outcome.result is Result.ACCEPTED
    )
    return recorded


def _row(said: "Said", at: datetime, chance: float) -> list[Any]:
    delivery, outcome = said.job.delivery, said.outcome
    state, next_at, ask_at = _what_follows(said, at, chance)
    ended = at if state in rules.ENDED else None
    return [
        delivery.pk, delivery.claimed_by, state, said.provider, outcome.provider_id or None, outcome.cause or "",
        outcome.reason, _moment(next_at), _moment(ask_at), _moment(ended), _moment(at),
    ]  # fmt: skip


def _what_follows(said: "Said", at: datetime, chance: float) -> tuple[str, datetime | None, datetime | None]:
    """The new state; when it is tried again; when its provider is asked."""
    delivery, outcome = said.job.delivery, said.outcome
    if outcome.result is Result.ACCEPTED:
        return State.SENT, None, None
    if outcome.result is Result.REFUSED:
        return State.FAILED, None, None
    if outcome.result is Result.UNKNOWN:
        return _after_doubt(said, at)
    if not rules.may_try_again(delivery.lane, delivery.attempts):
        return State.FAILED, None, None
    return State.QUEUED, at + rules.delay(delivery.lane, delivery.attempts, chance, outcome.retry_after_s), None


def _after_doubt(said: "Said", at: datetime) -> tuple[str, datetime | None, datetime | None]:
    delivery = said.job.delivery
    if said.never_had or (said.cannot_say and delivery.lane == Lane.EMERGENCY):
        return State.QUEUED, at, None
    if said.cannot_say:
        return State.UNKNOWN, None, None
    asked = rules.ask_after_doubt(delivery.lane, delivery.attempts, remembers=said.remembers)
    if asked is None and said.job.asking and delivery.lane == Lane.EMERGENCY:
        return State.QUEUED, at, None  # they don't answer: somebody else may do it
    return State.UNKNOWN, None, at + asked if asked else None


def _moment(at: datetime | None) -> str | None:
    """As the database keeps it, in text."""
    return None if at is None else str(connection.ops.adapt_datetimefield_value(at))


_DEAD: Mapping[str, tuple[Cause, Why]] = {
    Channel.SMS: (Cause.BLOCKED, Why.STOPPED),
    Channel.PUSH: (Cause.GONE, Why.GONE),
}


def _forget_dead(said: Sequence["Said"]) -> None:
    """What a provider says of an address for good is kept: it is not asked again."""
    for one in said:
        dead = _DEAD.get(one.job.delivery.channel)
        if dead and one.outcome.result is Result.REFUSED and one.outcome.cause == dead[0]:
            suppress(one.job.delivery.channel, one.job.delivery.address, dead[1])


def suppress(channel: str, address: str, why: Why) -> None:
    """Send nothing more to this address by this channel. A device is retired, which says the same."""
    if channel == Channel.PUSH:
        devices.note_gone(address)
        return
    Suppression.objects.get_or_create(channel=channel, address=address, defaults={"why": why, "at": shared_now()})


# What the clock closes.


def close_late() -> int:
    """What could not leave in time. Returns how many."""
    why = Case(When(cause=Cause.NOT_ALLOWED, then=F("reason")), default=Value("not sent in time"))
    at = shared_now()
    return free().filter(expires_at__lte=at).update(state=State.EXPIRED, reason=why, ended_at=at)


def close_lost() -> int:
    """What a dead worker had handed over: nobody knows. Returns how many."""
    lost = Delivery.objects.filter(state=State.SENDING, lease_until__lt=Now())
    return lost.update(
        state=State.UNKNOWN, reason="the worker died after handing it over", lease_until=None, claimed_by="",
        ask_at=Now(),
    )  # fmt: skip


def close_stopped() -> int:
    """What waits of a dispatch that was stopped. Returns how many."""
    waiting = free().filter(dispatch__stopped_at__isnull=False)
    ids = list(waiting.values_list("pk", flat=True)[:5_000])
    return Delivery.objects.filter(_in_nobodys_hands(), pk__in=ids, state=State.QUEUED).update(
        state=State.SUPPRESSED, reason="stopped", ended_at=shared_now()
    )


def by_provider_id(provider: str, ids: Collection[str]) -> QuerySet[Delivery]:
    """What a provider took under these names."""
    return Delivery.objects.filter(provider=provider, provider_id__in=ids)
