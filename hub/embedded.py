"""One process: web, worker and clock. What a village clerk's machine runs, and the demo."""

import threading
from collections.abc import Callable

import structlog
from celery.beat import Scheduler, Service
from celery.worker import WorkController

from hub.celery import QUEUES, app, threads_for

log = structlog.get_logger(__name__)


STOP_S = 5.0
_PREFETCH = 16


class _Worker(WorkController):
    """Celery's own worker, in a thread: it installs no signal handlers."""

    def on_consumer_ready(self, consumer: object) -> None:
        log.info("embedded.worker_ready")


class Embedded:
    """The worker and the clock in threads of this process."""

    def __init__(self) -> None:
        app.finalize()
        # The broker in memory is looked at every 10 ms: more than one task a thread is taken each time.
        self._worker = _Worker(
            app=app, pool="threads", concurrency=threads_for(QUEUES), queues=list(QUEUES), without_heartbeat=True,
            without_mingle=True, without_gossip=True, hostname="embedded@parvis",
            prefetch_multiplier=_PREFETCH,
        )  # fmt: skip
        self._clock = Service(app, max_interval=2, scheduler_cls=Scheduler)

    def start(self) -> None:
        """Start both; returns at once."""
        self._run("worker", self._worker.start)
        self._run("clock", lambda: self._clock.start(embedded_process=True))

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """Let running tasks end. False when one still runs after `timeout_s`: its row says what to do with it.

        What was queued in memory is lost with the process; the rows are not.
        """
        self._clock.stop(wait=False)
        stopping = self._run("stop", lambda: self._worker.stop(in_sighandler=False))
        stopping.join(timeout_s)
        return not stopping.is_alive()

    def _run(self, name: str, target: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        return thread
