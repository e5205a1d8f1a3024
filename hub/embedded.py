"""One process: web, worker and clock. What a village clerk's machine runs, and the demo."""

import threading
from collections.abc import Callable

import structlog
from celery.beat import Scheduler, Service
from celery.worker import WorkController

from hub.celery import QUEUES, app

log = structlog.get_logger(__name__)


class _Worker(WorkController):
    """Celery's own worker, in a thread: it installs no signal handlers."""

    def on_consumer_ready(self, consumer: object) -> None:
        log.info("embedded.worker_ready")


class Embedded:
    """The worker and the clock in threads of this process."""

    def __init__(self, threads: int = 4) -> None:
        app.finalize()
        self._worker = _Worker(
            app=app, pool="threads", concurrency=threads, queues=list(QUEUES), without_heartbeat=True,
            without_mingle=True, without_gossip=True, hostname="embedded@parvis",
        )  # fmt: skip
        self._clock = Service(app, max_interval=2, scheduler_cls=Scheduler)

    def start(self) -> None:
        """Start both; returns at once."""
        self._run("worker", self._worker.start)
        self._run("clock", lambda: self._clock.start(embedded_process=True))

    def stop(self) -> None:
        """Let running tasks end, then stop."""
        self._clock.stop(wait=False)
        self._worker.stop(in_sighandler=False)

    def _run(self, name: str, target: Callable[[], object]) -> None:
        threading.Thread(target=target, name=name, daemon=True).start()
