"""Doorbells of alerts. The rows are the truth: a lost task delays, and loses nothing."""

from hub.alerts import asking, leaving, progress
from hub.alerts.models import Alert
from hub.celery import app
from hub.deliveries.tasks import ring

QUEUE = "alerts"
WORK_S = 8.0  # the clock rings again


def begin(alert_id: int) -> None:
    """Ask workers to write its deliveries, and to say how far it is."""
    ring(lambda: work.apply_async((alert_id,), queue=QUEUE))
    ring(lambda: watch.apply_async((alert_id,), queue=QUEUE))


def tell(alert_id: int) -> None:
    """Ask a worker to say once how far it is."""
    ring(lambda: say.apply_async((alert_id,), queue=QUEUE))


@app.task(name="alerts.work", queue=QUEUE)
def work(alert_id: int) -> None:
    """Write its deliveries, for 8 s at most, and call again when more is left."""
    if leaving.work(alert_id, for_s=WORK_S):
        ring(lambda: work.apply_async((alert_id,), queue=QUEUE))


@app.task(name="alerts.watch", queue=QUEUE)
def watch(alert_id: int) -> None:
    """Count and tell while it leaves, for 8 s at most, and call again."""
    if progress.watch(alert_id, for_s=WORK_S):
        ring(lambda: watch.apply_async((alert_id,), queue=QUEUE))


@app.task(name="alerts.say", queue=QUEUE)
def say(alert_id: int) -> None:
    """Say how far it is."""
    if (alert := Alert.objects.select_related("town").filter(pk=alert_id).first()) is not None:
        progress.tell(alert)


@app.task(name="alerts.tick", queue=QUEUE)
def tick() -> None:
    """Start what is due, go on with what a dead worker left, and ask once more for a yes that nobody gave."""
    for alert_id in leaving.start_due():
        begin(alert_id)
    asking.remind_due()
