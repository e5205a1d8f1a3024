"""Worker and clock in threads of the one process."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.processes import ROOT, HubProcess

TASKS = """
import threading, time
import django
django.setup()
from hub.celery import app
from hub.embedded import Embedded

done = threading.Semaphore(0)

@app.task(name="tests.count")
def count():
    done.release()

embedded = Embedded()
embedded.start()
count.delay()
done.acquire()
began = time.monotonic()
for _ in range(1000):
    count.delay()
for _ in range(1000):
    done.acquire()
print("took", time.monotonic() - began)
began = time.monotonic()
assert embedded.stop()
print("stopped", time.monotonic() - began)
"""

SLOW = """
import threading, time
import django
django.setup()
from hub.celery import app
from hub.embedded import Embedded

begun = threading.Event()

@app.task(name="tests.slow")
def slow():
    begun.set()
    time.sleep(2.5)

embedded = Embedded()
embedded.start()
slow.delay()
begun.wait()
began = time.monotonic()
print("ended", embedded.stop(timeout_s=0.5), time.monotonic() - began < 2)
"""


LONG = """
import threading
import django
django.setup()
from hub.celery import QUEUES, app
from hub.embedded import Embedded

together = threading.Barrier(len(QUEUES) + 1)

@app.task(name="tests.long")
def long():
    together.wait(20)

embedded = Embedded()
embedded.start()
for queue in QUEUES:
    long.apply_async(queue=queue)
together.wait(20)
print("all at once")
embedded.stop()
"""


def _run(code: str, home: Path) -> str:
    env = {"PARVIS_HOME": str(home), "PARVIS_ENV_FILE": "", "DJANGO_SETTINGS_MODULE": "hub.settings"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_a_thousand_tasks_take_no_time_and_it_stops_at_once(tmp_path: Path) -> None:
    said = dict(line.split() for line in _run(TASKS, tmp_path).splitlines())
    assert float(said["took"]) < 4  # about 1 s on a quiet machine
    assert float(said["stopped"]) < 2


def test_it_says_when_a_task_still_runs(tmp_path: Path) -> None:
    assert _run(SLOW, tmp_path).strip() == "ended False True"


def test_what_takes_long_on_each_queue_leaves_the_others_room(tmp_path: Path) -> None:
    assert _run(LONG, tmp_path).strip() == "all at once"


def test_it_rests_when_there_is_nothing_to_do(demo: HubProcess) -> None:
    process = psutil.Process(demo.pid)
    time.sleep(2)
    before = process.cpu_times()
    time.sleep(3)
    after = process.cpu_times()
    assert (after.user + after.system - before.user - before.system) / 3 < 0.10
