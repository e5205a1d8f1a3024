"""The relay of one process: joins first, reads second, and needs no ring to have arrived."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

import pytest
from pytest_django import Settings

from consumers import relay as relays
from consumers.log import Cursor
from consumers.protocol import Close, frame, texts
from consumers.relay import Relay, Standing
from hub.core.errors import Unavailable
from hub.streams import actions, queries
from hub.streams.bell import bell
from hub.streams.events import TypedEvent
from hub.streams.models import Event, Stream
from hub.streams.queries import Head

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

TOPIC = "conversation.1"


class Said(TypedEvent, frozen=True):
    event_name: ClassVar[str] = "said"
    words: str


def say(words: str) -> None:
    with actions.unit() as work:
        work.publish(TOPIC, lambda seq: Said(words=words))


class Socket:
    """A line that keeps what it is given."""

    def __init__(self) -> None:
        self.paused = self.closed = False
        self.cursors: dict[str, Cursor] = {}
        self.got = b""
        self.code: int | None = None
        self.standing: Standing | None = None

    def write(self, frames: bytes) -> None:
        self.got += frames

    def close(self, code: int) -> None:
        self.closed = self.paused = True
        self.code = code

    def greet(self, standing: Standing) -> bytes:
        self.standing = standing
        return frame(b"hello")

    @property
    def words(self) -> list[str]:
        return [text.rpartition('"words":"')[2].rstrip('"}') for text in texts(self.got)]


@pytest.fixture
async def relay(settings: Settings) -> AsyncIterator[Relay]:
    settings.RELAY_CHECK_S = 0.5  # as far as each of these tests must wait
    relay = Relay()
    relay.start()
    yield relay
    relay.stop()


async def until(true: object, timeout_s: float) -> None:
    end = time.monotonic() + timeout_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "too late"
        await asyncio.sleep(0.01)


async def test_what_happens_while_the_position_is_read_is_not_lost(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is committed after the head was read, and its ring comes before anybody stands there."""

    def slow_standing(names: Sequence[str]) -> list[Head]:
        heads = queries_standing(names)
        say("entre-temps")
        time.sleep(0.2)  # the ring has come by now
        return heads

    queries_standing = queries.standing
    monkeypatch.setattr(relays.queries, "standing", slow_standing)
    socket = Socket()
    await relay.subscribe(socket, TOPIC, socket.greet, since=0)
    await until(lambda: socket.words == ["hello", "entre-temps"], 1)


async def test_a_lost_ring_only_delays(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = Socket()
    await relay.subscribe(socket, TOPIC, socket.greet)
    monkeypatch.setattr(bell, "lets_through", lambda ring: False)
    await asyncio.to_thread(say, "sans sonnette")
    await until(lambda: socket.words == ["hello", "sans sonnette"], 6)


async def test_rings_in_any_order_are_put_in_order(relay: Relay) -> None:
    socket = Socket()
    await relay.subscribe(socket, TOPIC, socket.greet)
    rings = [(TOPIC, seq, f'{{"seq":{seq},"words":"{seq}"}}') for seq in (2, 1, 2, 4, 3, 1)]
    for ring in rings:
        relay.hear(ring)
    await until(lambda: socket.words == ["hello", "1", "2", "3", "4"], 1)


async def test_a_stream_that_is_renewed_sends_its_readers_away_to_come_back(relay: Relay) -> None:
    await asyncio.to_thread(say, "avant")
    socket, again = Socket(), Socket()
    await relay.subscribe(socket, TOPIC, socket.greet)
    assert socket.standing is not None
    await asyncio.to_thread(actions.renew_epochs)
    await until(lambda: socket.closed, 6)
    assert socket.code == Close.RESTART
    await relay.subscribe(again, TOPIC, again.greet, since=1, epoch=socket.standing.epoch)
    assert again.standing is not None
    assert again.standing.recovered is False
    assert again.standing.epoch != socket.standing.epoch


async def test_a_database_that_went_back_is_noticed(relay: Relay) -> None:
    for words in ("un", "deux"):
        await asyncio.to_thread(say, words)
    socket = Socket()
    await relay.subscribe(socket, TOPIC, socket.greet)
    await asyncio.to_thread(Stream.objects.filter(topic=TOPIC).update, seq=1)
    await until(lambda: socket.code == Close.RESTART, 6)


async def test_what_memory_lacks_is_read_once(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        await asyncio.to_thread(say, str(number))
    reads: list[int] = []
    after = queries.after

    def counted(topic: str, seq: int, *, limit: int) -> list[queries.Numbered]:
        reads.append(seq)
        return after(topic, seq, limit=limit)

    monkeypatch.setattr(relays.queries, "after", counted)
    sockets = [Socket() for _ in range(30)]
    for socket in sockets:
        await relay.subscribe(socket, TOPIC, socket.greet, since=5)
    assert all(socket.words == ["hello", *(str(number) for number in range(5, 20))] for socket in sockets)
    assert reads == [5]


async def test_what_was_pruned_can_not_be_recovered(relay: Relay) -> None:
    for number in range(5):
        await asyncio.to_thread(say, str(number))
    await asyncio.to_thread(Event.objects.filter(seq__lte=3).delete)
    await asyncio.to_thread(Stream.objects.filter(topic=TOPIC).update, kept_from=4)
    short, long = Socket(), Socket()
    await relay.subscribe(short, TOPIC, short.greet, since=3)
    await relay.subscribe(long, TOPIC, long.greet, since=2)
    assert short.words == ["hello", "3", "4"]
    assert long.words == ["hello"]
    assert long.standing is not None
    assert long.standing.recovered is False


async def test_a_socket_that_has_gone_meanwhile_is_not_kept(relay: Relay) -> None:
    socket = Socket()
    socket.closed = True
    await relay.subscribe(socket, TOPIC, socket.greet)
    assert socket.got == b""
    assert not relay.has_readers(TOPIC)


async def test_the_database_away_is_said_and_forgotten(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(names: Sequence[str]) -> list[Head]:
        raise Unavailable

    socket = Socket()
    with monkeypatch.context() as patch:
        patch.setattr(relays.queries, "standing", away)
        with pytest.raises(Unavailable):
            await relay.subscribe(socket, TOPIC, socket.greet)
    await relay.subscribe(socket, TOPIC, socket.greet)
    assert socket.words == ["hello"]
