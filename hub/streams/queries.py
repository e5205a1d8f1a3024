"""Reading streams: where they stand, and what followed a number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hub.core.ids import new_epoch
from hub.core.jsons import encode_text
from hub.core.tables import given, rows_of
from hub.streams import topics
from hub.streams.models import Event, Stream


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: its last number, its epoch, and the first number that can be replayed."""

    seq: int
    epoch: str
    kept_from: int = 1


@dataclass(frozen=True, slots=True)
class Numbered:
    """One event as relays carry it: `text` is the finished envelope, encoded once."""

    topic: str
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Appended:
    """One event that has its number. `payload` is JSON already."""

    topic: str
    seq: int
    name: str
    payload: str

    @property
    def text(self) -> str:
        """The finished envelope."""
        return envelope(self.topic, self.name, self.seq, self.payload)


def envelope(topic: str, name: str, seq: int | None, payload: str) -> str:
    """The envelope that clients get; `payload` is JSON already."""
    number = "" if seq is None else f'"seq":{seq},'
    return f'{{"topic":"{topics.on_the_wire(topic)}","event":"{name}",{number}"payload":{payload}}}'


def ephemeral(topic: str, name: str, payload: object) -> str:
    """The envelope of something that is never stored nor numbered (typing, presence)."""
    return envelope(topic, name, None, encode_text(payload))


def head(topic: str) -> Head:
    """Where the stream of `topic` stands. One that has no event yet stands at 0."""
    return standing([topic])[0]


def from_here(topic: str) -> dict[str, Any]:
    """What a page's script needs to be told what comes from now on: call it before the page's rows are read."""
    now_at = head(topic)
    return {"topic": topic, "from": {"seq": now_at.seq, "epoch": now_at.epoch}}


def standing(names: Sequence[str]) -> list[Head]:
    """The same of many, in their order."""
    found = heads(names)
    if missing := sorted({topic for topic in names if topic not in found}):
        begun = [Stream(topic=topic, epoch=new_epoch()) for topic in missing]
        Stream.objects.bulk_create(begun, ignore_conflicts=True)
        found |= heads(missing)
    return [found[topic] for topic in names]


def heads(names: Iterable[str]) -> dict[str, Head]:
    """Where many streams stand, in one query for each 5,000. A stream that is not there is left out."""
    found: dict[str, Head] = {}
    for some in _batches(names, 5_000):
        rows = Stream.objects.filter(topic__in=some).values_list("topic", "seq", "epoch", "kept_from")
        found.update((topic, Head(seq, epoch, kept_from)) for topic, seq, epoch, kept_from in rows)
    return found


def _batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    source = iter(names)
    while batch := list(islice(source, size)):
        yield batch


_MOVED = """
SELECT asked.topic, s.seq, s.epoch, s.kept_from FROM {}
LEFT JOIN streams_stream s ON s.topic = asked.topic
WHERE s.topic IS NULL OR s.seq <> asked.seq OR s.epoch <> asked.epoch OR s.kept_from <> asked.kept_from
"""
_COLUMNS = {"topic": "text", "seq": "bigint", "epoch": "text", "kept_from": "bigint"}


def moved(known: Mapping[str, Head]) -> dict[str, Head | None]:
    """Those streams that don't stand where they are known to, with where they stand; None: there is no such stream."""
    rows = [(topic, head.seq, head.epoch, head.kept_from) for topic, head in known.items()]
    asked, values = given("asked", _COLUMNS, rows)
    return {
        topic: None if epoch is None else Head(seq, epoch, kept_from)
        for topic, seq, epoch, kept_from in rows_of(_MOVED.format(asked), values)
    }


def after(topic: str, seq: int, *, limit: int) -> list[Numbered]:
    """The events that followed number `seq`, in order, at most `limit`."""
    rows = Event.objects.filter(topic=topic, seq__gt=seq).order_by("seq").values_list("seq", "name", "payload")[:limit]
    return [Numbered(topic, number, envelope(topic, name, number, payload)) for number, name, payload in rows]
