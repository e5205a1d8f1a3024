"""Doorbells of webhooks' calls. The rows are the truth: a lost task delays, and loses nothing."""

from hub.celery import app
from hub.deliveries.tasks import RINGS, WORK_S, ring
from hub.schedule import HEARD_WITHIN_S
from hub.tickets.calling import sender

QUEUE = "webhooks"


def nudge(call_id: int) -> None:
    """Ask a worker to make this call now. With the broker away, the sweep finds the row."""
    ring(lambda: send_call.apply_async((call_id,), queue=QUEUE))


@app.task(name="tickets.send_call")
def send_call(call_id: int) -> None:
    """Make one call, when it is still to be made."""
    sender.send_one(call_id)


@app.task(name="tickets.send_due_calls")
def send_due_calls() -> None:
    """Make what calls are due, one after another, for 8 s at most."""
    sender.send_due(for_s=WORK_S)


@app.task(name="tickets.sweep_calls")
def sweep_calls() -> None:
    """Call workers for what is due, and for what a dead worker left."""
    for _worker in range(min(sender.count_due(), RINGS)):
        send_due_calls.apply_async(queue=QUEUE, expires=HEARD_WITHIN_S)


@app.task(name="tickets.prune_calls")
def prune_calls() -> None:
    """Forget what other programs were told long ago."""
    sender.prune()
