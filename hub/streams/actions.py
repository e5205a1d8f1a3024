"""Publishing: an event takes its number at the end of the transaction that made it true.

    with unit() as work:
        message = Message.objects.create(...)
        posted = work.publish(topics.conversation(7), lambda seq: MessagePosted(...))
    posted.seq

A unit inside another joins it: all numbers are taken once, at the end of the outermost one, in order of the
topics' names, so that two transactions can't wait for each other. What `build` writes is written while the number
is held: other writers of the same topic wait, hence readers see numbers without a gap and in the order of commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction

from hub.core.clock import now
from hub.core.ids import new_epoch
from hub.core.jsons import encode_text
from hub.streams import queries, topics
from hub.streams.bell import Ring, bell
from hub.streams.events import TypedEvent
from hub.streams.models import Event, Stream

Build = Callable[[int], TypedEvent | None]


class Published:
    """An event that is going to be. `seq` is its number once the outermost unit has ended."""

    def __init__(self, topic: str, build: Build) -> None:
        self.topic = topic
        self.build = build
        self.seq: int = 0


class Unit:
    """One unit of work: the events that its transaction will append."""

    def __init__(self) -> None:
        self._published: list[Published] = []
        self._reached = ""

    def publish(self, topic: str, build: Build) -> Published:
        """Append what `build(seq)` returns to the stream of `topic` at the end of the unit.

        `build` runs in the transaction, with the number taken; what it writes belongs to that number. It may
        return None when there turns out to be nothing to say: the number is then given to the next event.
        It may publish on topics of a later name only, so that locks are always taken in the same order.
        """
        if topic < self._reached:
            raise ValueError(f"{topic} comes before {self._reached}, whose number is taken already")
        published = Published(topic, build)
        self._published.append(published)
        return published

    def append_all(self) -> list[Ring]:
        """Take the numbers and write the events. Returns what to ring after the commit."""
        rings: list[Ring] = []
        # `build` may publish more (on topics of a later name): the list grows while it is walked.
        while self._published:
            self._published.sort(key=lambda published: published.topic)
            published = self._published.pop(0)
            self._reached = published.topic
            if ring := _append(published):
                rings.append(ring)
        return rings


_current: ContextVar[Unit | None] = ContextVar("unit", default=None)


@contextmanager
def unit() -> Iterator[Unit]:
    """A transaction that may publish. Inside another unit it joins that one.

    After the commit the bell is rung; a failed ring never fails what was saved.
    """
    outer = _current.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    work = Unit()
    token = _current.set(work)
    try:
        with transaction.atomic():
            yield work
            rings = work.append_all()
            if rings:
                transaction.on_commit(lambda: bell.ring(rings), robust=True)
    finally:
        _current.reset(token)


def _append(published: Published) -> Ring | None:
    seq = _take_number(published.topic)
    event = published.build(seq)
    if event is None:
        _give_back(published.topic)
        return None
    published.seq = seq
    payload = encode_text(event)
    Event.objects.create(topic=published.topic, seq=seq, name=event.event_name, payload=payload)
    return published.topic, seq, queries.envelope(published.topic, event.event_name, seq, payload)


_TAKE = "UPDATE streams_stream SET seq = seq + 1 WHERE topic = %s RETURNING seq"


def _take_number(topic: str) -> int:
    """The next number of `topic`. The stream's row stays locked until the transaction ends."""
    if not topics.is_topic(topic):
        raise ValueError(f"not a topic's name: {topic!r}")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [topic])
        row = cursor.fetchone()
        if row is None:
            Stream.objects.bulk_create([Stream(topic=topic, epoch=new_epoch())], ignore_conflicts=True)
            cursor.execute(_TAKE, [topic])
            row = cursor.fetchone()
    return int(row[0])


def _give_back(topic: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE streams_stream SET seq = seq - 1 WHERE topic = %s", [topic])


def renew_epochs() -> int:
    """After a restore: say that numbers given out since the backup no longer hold. Returns how many streams.

    Every client then reloads its snapshot instead of resuming by number.
    """
    streams = list(Stream.objects.all())
    for stream in streams:
        stream.epoch = new_epoch()
    Stream.objects.bulk_update(streams, ["epoch"], batch_size=500)
    return len(streams)


def prune(*, keep_days: int, keep_events: int) -> int:
    """Forget events older than `keep_days`, but keep the last `keep_events` of each stream. Returns how many."""
    from_day = now() - timedelta(days=keep_days)
    forgotten = 0
    old = Event.objects.filter(at__lt=from_day).values_list("topic", flat=True).distinct()
    for topic in list(old.iterator(chunk_size=500)):
        with transaction.atomic():
            stream = Stream.objects.select_for_update().get(topic=topic)
            first = max(stream.kept_from, stream.seq - keep_events + 1)
            gone, _ = Event.objects.filter(topic=topic, seq__lt=first, at__lt=from_day).delete()
            oldest = Event.objects.filter(topic=topic).order_by("seq").values_list("seq", flat=True).first()
            Stream.objects.filter(topic=topic).update(kept_from=oldest or stream.seq + 1)
            forgotten += gone
    return forgotten
