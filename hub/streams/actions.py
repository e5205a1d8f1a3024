"""Publishing: an event takes its number at the end of the transaction that made it true.

    with unit() as work:
        message = Message.objects.create(...)
        posted = work.publish(topics.conversation(7), lambda seq: MessagePosted(...))
    posted.seq

A unit inside another joins it: all numbers are taken once, at the end of the outermost one, in order of the
topics' names, so that two transactions can't wait for each other. What `build` writes is written while the number
is held: other writers of the same topic wait, hence readers see numbers without a gap and in the order of commit.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction

from hub.core.clock import now
from hub.core.ids import new_epoch
from hub.core.jsons import encode_text
from hub.core.tables import rows_of
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

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the work that may fail by itself: what it published is then taken back with what it wrote."""
        before = list(self._published)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self._published = before
            raise

    def append_all(self) -> list[Ring]:
        """Take the numbers and write the events. Returns what to ring after the commit."""
        appended: list[queries.Appended] = []
        # `build` may publish more, on topics of a later name: those make the next round.
        while self._published:
            some, self._published = sorted(self._published, key=lambda published: published.topic), []
            self._reached = some[-1].topic
            appended += _number(some)
        _insert(appended)
        return [(event.topic, event.seq, event.text) for event in appended]


_current: ContextVar[Unit | None] = ContextVar("unit", default=None)


@contextmanager
def unit() -> Iterator[Unit]:
    """A transaction that may publish. Inside another unit it joins that one.

    After the commit the bell is rung; a failed ring never fails what was saved.
    """
    outer = _current.get()
    if outer is not None:
        with outer.part():
            yield outer
        return
    work = Unit()
    token = _current.set(work)
    try:
        with transaction.atomic():
            yield work
            if rings := work.append_all():
                transaction.on_commit(lambda: bell.ring(rings), robust=True)
    finally:
        _current.reset(token)


def _number(some: list[Published]) -> list[queries.Appended]:
    """Give each its number and let it be built. `some` is in order of names."""
    wanted = Counter(published.topic for published in some)
    last = _take_numbers(wanted)
    next_number = {topic: last[topic] - times + 1 for topic, times in wanted.items()}
    appended = []
    for published in some:
        topic = published.topic
        event = published.build(next_number[topic])
        if event is None:
            continue
        published.seq = next_number[topic]
        next_number[topic] += 1
        appended.append(queries.Appended(topic, published.seq, event.event_name, encode_text(event)))
    for topic, number in next_number.items():
        if number <= last[topic]:
            _give_back(topic, last[topic] - number + 1)
    return appended


def _take_numbers(wanted: Mapping[str, int]) -> dict[str, int]:
    """Take so many numbers of each topic; the last one of each. The streams stay locked until the transaction ends.

    One statement takes row after row in order of names, makes the streams that are not there yet in their turn,
    and waits for whoever is making the same one: nobody holds a later name while waiting for an earlier one.
    """
    for topic in wanted:
        if not topics.is_topic(topic):
            raise ValueError(f"not a topic's name: {topic!r}")
    rows = ", ".join(["(%s, %s, %s, 1)"] * len(wanted))
    values = [value for topic in sorted(wanted) for value in (topic, new_epoch(), wanted[topic])]
    statement = (
        f"INSERT INTO streams_stream (topic, epoch, seq, kept_from) VALUES {rows} "  # noqa: S608
        "ON CONFLICT (topic) DO UPDATE SET seq = streams_stream.seq + excluded.seq RETURNING topic, seq"
    )
    return dict(rows_of(statement, values))


def _give_back(topic: str, times: int) -> None:
    """Of numbers that this transaction took."""
    rows_of("UPDATE streams_stream SET seq = seq - %s WHERE topic = %s", [times, topic])


def _insert(appended: Sequence[queries.Appended]) -> None:
    """Store the events, all in one statement."""
    if not appended:
        return
    at = connection.ops.adapt_datetimefield_value(now())
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(appended))
    values = [value for event in appended for value in (event.topic, event.seq, event.name, event.payload, at)]
    rows_of(f"INSERT INTO streams_event (topic, seq, name, payload, at) VALUES {rows}", values)  # noqa: S608


def restate(topic: str, names: Collection[str], beginning: str, event: TypedEvent) -> None:
    """Events of these names whose payload begins so say this instead: whoever reads them again gets no more.

    Their names and numbers stay. What processes keep in memory goes out of it by itself.
    """
    kept = Event.objects.filter(topic=topic, name__in=names, payload__startswith=beginning)
    kept.update(payload=encode_text(event))


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
