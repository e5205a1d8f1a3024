"""Numbers have no gap, whoever writes at the same time: a reader that follows them misses nothing."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.streams import actions, queries
from hub.streams.events import TypedEvent
from hub.streams.models import Event, Stream

WRITERS = 8
EXAMPLES = 4
OTHERS = ["inbox.1", "inbox.2", "inbox.3"]  # each event goes to two of these as well


class Counted(TypedEvent, frozen=True):
    event_name: ClassVar[str] = "counted"
    writer: int
    nth: int


class Abandoned(Exception):
    """A writer's transaction is given up on purpose."""


class Reader(threading.Thread):
    """Follows one topic by number, as a relay does; every event must be the next one."""

    def __init__(self, topic: str) -> None:
        super().__init__()
        self.topic = topic
        self.seen: list[int] = []
        self.finished = threading.Event()

    def run(self) -> None:
        while True:
            last_look = self.finished.is_set()
            at = self.seen[-1] if self.seen else 0
            events = queries.after(self.topic, at, limit=500)
            self.seen += [event.seq for event in events]
            if last_look and not events:
                break
            time.sleep(0.01)
        connection.close()


def write(writer: int, times: int, slowness_s: float, gives_up: float, topic: str) -> int:
    """Commit `times` events with pauses inside their transactions; abandon others. Returns how many were tried."""
    chance = random.Random(writer)
    committed = tried = 0
    try:
        while committed < times:
            tried += 1
            try:
                with actions.unit() as work:
                    for other in chance.sample(OTHERS, 2):
                        work.publish(other, lambda seq, nth=tried: Counted(writer=writer, nth=nth))
                    work.publish(topic, lambda seq, nth=tried: Counted(writer=writer, nth=nth))
                    if slowness_s:
                        time.sleep(chance.random() * slowness_s)
                    if chance.random() < gives_up:
                        raise Abandoned
                committed += 1
            except Abandoned:
                continue
    finally:
        connection.close()
    return tried


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    slowness_ms=st.lists(st.sampled_from([0.0, 0.0, 0.5, 3.0]), min_size=WRITERS, max_size=WRITERS),
    gives_up=st.sampled_from([0.0, 0.1, 0.4]),
)
def test_a_reader_misses_nothing_of_eight_writers(slowness_ms: list[float], gives_up: float) -> None:
    Event.objects.all().delete()
    Stream.objects.all().delete()
    times = 120 if connection.vendor == "postgresql" else 50  # 4 examples × 8 writers × 3 topics: 11,520 events
    readers = [Reader(topic) for topic in ("desk.concurrence", *OTHERS)]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(WRITERS) as writers:
        work = [
            writers.submit(write, writer, times, slowness_ms[writer] / 1000, gives_up, readers[0].topic)
            for writer in range(WRITERS)
        ]
        tried = sum(done.result(timeout=400) for done in work)
    for reader in readers:
        reader.finished.set()
        reader.join(120)
        assert reader.seen == list(range(1, len(reader.seen) + 1)), reader.topic
    assert len(readers[0].seen) == WRITERS * times
    assert sum(len(reader.seen) for reader in readers[1:]) == 2 * WRITERS * times
    assert (tried > WRITERS * times) == (gives_up > 0)


def write_first(writer: int, chances: list[list[str]]) -> None:
    """A unit for each list of topics, many of which have no stream yet, and which others are making as well."""
    try:
        for nth, some in enumerate(chances):
            with actions.unit() as work:
                for topic in some:
                    work.publish(topic, lambda seq, nth=nth: Counted(writer=writer, nth=nth))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
def test_writers_of_streams_that_are_not_there_yet_never_wait_for_each_other_in_a_circle() -> None:
    """A deadlock would raise. Some streams are there already, with names before and after the new ones."""
    rounds = 60 if connection.vendor == "postgresql" else 10
    chance = random.Random(2)
    plan = [
        [chance.choices([f"inbox.{nth * 10 + some}" for some in range(10)], k=4) for nth in range(rounds)]
        for _ in range(WRITERS)
    ]
    with ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(write_first, writer, chances) for writer, chances in enumerate(plan)]:
            done.result(timeout=120)
    written = [topic for chances in plan for some in chances for topic in some]
    assert Event.objects.count() == len(written)
    assert dict(Stream.objects.values_list("topic", "seq")) == Counter(written)
