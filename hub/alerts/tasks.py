"""Doorbells of alerts. The rows are the truth: a lost task delays, and loses nothing."""

from hub.celery import app
from hub.deliveries.tasks import ring

QUEUE = "alerts"


def begin(alert_id: int) -> None:
    """Ask a worker to write its deliveries now."""
    ring(lambda: app.send_task("alerts.work", (alert_id,), queue=QUEUE))


def tell(alert_id: int) -> None:
    """Ask a worker to say how far it is."""
    ring(lambda: app.send_task("alerts.tell", (alert_id,), queue=QUEUE))
