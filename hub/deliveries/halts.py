"""Who is told that the day's money is spent: rooms above know whom and how, and say so here."""

from collections.abc import Callable

import structlog

from hub.core.clock import now
from hub.deliveries.models import Halt

log = structlog.get_logger(__name__)

Tell = Callable[[Halt], None]
_tellers: list[Tell] = []


def learn(tell: Tell) -> None:
    """`tell(halt)` tells of one, in a transaction of its own that begins with `take`."""
    _tellers.append(tell)


def take(halt: Halt) -> bool:
    """Whether it is the caller's to tell: nobody has yet."""
    return bool(Halt.objects.filter(pk=halt.pk, told_at=None).update(told_at=now()))


def tell_new() -> None:
    """Have those told of that nobody was told of. What fails is tried again at the next call."""
    for halt in Halt.objects.filter(told_at=None).order_by("pk")[:20]:
        for tell in _tellers:
            try:
                tell(halt)
            except Exception:  # the sweep has other things to do
                log.exception("deliveries.halt_untold", halt=halt.pk)
