"""Every queue that a task goes to has a worker; every bell of the clock rings somewhere."""

import re

from hub.celery import QUEUES, app
from hub.deliveries.models import Channel
from hub.schedule import SCHEDULE
from tests.laws.tree import ROOT

WORKER = re.compile(r"hub worker --channels ([a-z_,]+)")


def _tasks() -> dict[str, str]:
    """The hub's tasks by name, each with the queue it goes to unless its caller names one."""
    app.loader.import_default_modules()
    names = [name for name in app.tasks if not name.startswith("celery.")]
    return {name: getattr(app.tasks[name], "queue", None) or str(app.conf.task_default_queue) for name in names}


def test_every_task_goes_to_a_queue_that_workers_know() -> None:
    tasks = _tasks()
    assert tasks
    assert {name: queue for name, queue in tasks.items() if queue not in QUEUES} == {}


def test_every_channel_has_a_queue_of_its_own() -> None:
    assert set(Channel.values) <= set(QUEUES)


def test_every_queue_has_a_worker_in_the_compose_file() -> None:
    worked_on = {
        queue for queues in WORKER.findall((ROOT / "docker-compose.yml").read_text()) for queue in queues.split(",")
    }
    assert worked_on == set(QUEUES)


def test_what_the_clock_rings_exists() -> None:
    assert {entry["task"] for entry in SCHEDULE.values()} - set(_tasks()) == set()
