"""Every queue that a task goes to has a worker; every bell of the clock rings somewhere."""

import re

from hub.celery import QUEUES, app
from hub.schedule import SCHEDULE
from tests.laws.tree import ROOT

WORKER = re.compile(r"hub worker --channels ([a-z_,]+)")


def _tasks() -> dict[str, str]:
    """The hub's tasks by name, each with the queue it goes to."""
    app.loader.import_default_modules()
    names = [name for name in app.tasks if not name.startswith("celery.")]
    return {name: _queue_of(name) for name in names}


def _queue_of(name: str) -> str:
    task = app.tasks[name]
    options = task._get_exec_options() | {"queue": task.queue} if task.queue else task._get_exec_options()
    return str(app.amqp.router.route(options, name)["queue"].name)


def test_every_task_goes_to_a_queue_that_workers_know() -> None:
    tasks = _tasks()
    assert tasks
    assert {name: queue for name, queue in tasks.items() if queue not in QUEUES} == {}


def test_every_queue_has_a_worker_in_the_compose_file() -> None:
    worked_on = {
        queue for queues in WORKER.findall((ROOT / "docker-compose.yml").read_text()) for queue in queues.split(",")
    }
    assert worked_on == set(QUEUES)


def test_what_the_clock_rings_exists() -> None:
    assert {entry["task"] for entry in SCHEDULE.values()} - set(_tasks()) == set()
