"""So many a day about one thing: what is more waits, and the next to leave says how much did.

Counted in the transaction of the cause, not when it leaves (`allowance` does that): what waits is never written to the
outbox. Who asks holds what it is about, a row of their own, until their transaction ends.
"""

from datetime import date

from django.db.models import F, QuerySet, Sum

from hub.deliveries.models import Used

_LEFT, _WAITS = "about", "waits"  # scopes, beside those of `allowance`


def take_turn(about: str, day: date, *, most: int) -> int | None:
    """Count one more about this on that day. None: that would be more than `most`, and it waits; else it leaves, and
    this many have waited before it, which are told of with it and are forgotten."""
    if is_used_up(about, day, most=most):
        _count(_WAITS, about, day)
        return None
    waiting = _used(_WAITS, about)
    told = waiting.aggregate(all=Sum("used"))["all"] or 0
    waiting.delete()
    _count(_LEFT, about, day)
    return int(told)


def is_used_up(about: str, day: date, *, most: int) -> bool:
    """Whether the next one would wait."""
    return _used(_LEFT, about).filter(day=day, used__gte=most).exists()


def _used(scope: str, about: str) -> QuerySet[Used]:
    return Used.objects.filter(scope=scope, name=about)


def _count(scope: str, about: str, day: date) -> None:
    row, _new = Used.objects.get_or_create(scope=scope, name=about, day=day)
    Used.objects.filter(pk=row.pk).update(used=F("used") + 1)
