"""A log of finished frames, a cursor for each socket: order kept, nothing split, a slow reader only lags."""

import asyncio

import pytest

from consumers import log as logs
from consumers.log import Cursor, Log
from consumers.protocol import Close, frame, texts
from consumers.walker import Walker


class Socket:
    """A line that keeps what it is given, and can be stopped."""

    def __init__(self) -> None:
        self.paused = self.closed = False
        self.cursors: dict[str, Cursor] = {}
        self.writes: list[bytes] = []
        self.code: int | None = None

    def write(self, frames: bytes) -> None:
        self.writes.append(frames)

    def close(self, code: int) -> None:
        self.closed = self.paused = True
        self.code = code

    def read(self, topic_log: Log) -> "Socket":
        cursor = Cursor(self, topic_log, topic_log.head)
        self.cursors[topic_log.topic] = topic_log.cursors[self] = cursor
        return self

    @property
    def texts(self) -> list[str]:
        return texts(b"".join(self.writes))


def publish(walker: Walker, topic_log: Log, *words: str) -> None:
    for word in words:
        topic_log.seq += 1
        topic_log.append(frame(word.encode()), topic_log.seq)
        walker.wake(topic_log)


@pytest.fixture
async def walker() -> Walker:
    return Walker(asyncio.get_running_loop())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_everyone_gets_everything_in_order_in_one_write(walker: Walker) -> None:
    topic_log = Log("a")
    sockets = [Socket().read(topic_log) for _ in range(150)]
    publish(walker, topic_log, "un", "deux", "trois")
    await settle()
    assert all(socket.texts == ["un", "deux", "trois"] for socket in sockets)
    assert all(len(socket.writes) == 1 for socket in sockets)


async def test_what_is_published_during_a_walk_comes_too(walker: Walker) -> None:
    topic_log = Log("a")
    socket = Socket().read(topic_log)
    for number in range(50):
        publish(walker, topic_log, str(number))
        if number % 7 == 0:
            await settle()
    await settle()
    assert socket.texts == [str(number) for number in range(50)]


async def test_a_paused_socket_gets_nothing_and_then_all(walker: Walker) -> None:
    topic_log, other_log = Log("a"), Log("b")
    slow, quick = Socket().read(topic_log).read(other_log), Socket().read(topic_log)
    slow.paused = True
    publish(walker, topic_log, "un", "deux")
    publish(walker, other_log, "trois")
    await settle()
    assert (slow.writes, quick.texts) == ([], ["un", "deux"])
    slow.paused = False
    walker.resume(slow)
    assert slow.texts == ["un", "deux", "trois"]
    publish(walker, topic_log, "quatre")
    await settle()
    assert slow.texts[-1] == "quatre"


async def test_frames_of_two_topics_are_never_mixed(walker: Walker) -> None:
    topic_logs = [Log("a"), Log("b")]
    socket = Socket()
    for topic_log in topic_logs:
        socket.read(topic_log)
    for number in range(40):
        publish(walker, topic_logs[number % 2], f"{number % 2}:{number}" + "x" * number * 50)
        if number % 3 == 0:
            await settle()
    await settle()
    for nth in (0, 1):
        of_topic = [text for text in socket.texts if text.startswith(f"{nth}:")]
        assert [int(text[2:].rstrip("x")) for text in of_topic] == list(range(nth, 40, 2))
    assert all(texts(written) for written in socket.writes)


async def test_whose_place_is_no_longer_kept_is_told_to_come_back(walker: Walker) -> None:
    topic_log = Log("a")
    slow = Socket().read(topic_log)
    slow.paused = True
    publish(walker, topic_log, *(str(number) for number in range(logs.KEEP_FRAMES + 1)))
    await settle()
    walker.close_late()
    assert slow.code == Close.TOO_SLOW
    assert slow.writes == []


async def test_the_log_forgets_what_is_too_much(walker: Walker) -> None:
    topic_log = Log("a")
    publish(walker, topic_log, *("x" * 60_000 for _ in range(100)))
    assert topic_log.bytes_kept <= logs.KEEP_BYTES
    assert topic_log.head - topic_log.first == len(topic_log.frames)
    assert topic_log.oldest_number() == 100 - len(topic_log.frames) + 1


async def test_who_resumes_gets_numbered_events_only() -> None:
    topic_log = Log("a")
    for text, number in (("un", 1), ("tape", 0), ("deux", 2), ("trois", 3)):
        topic_log.append(frame(text.encode()), number)
    assert texts(topic_log.numbered_after(1)) == ["deux", "trois"]
    assert topic_log.index_after(1) == 2
    topic_log.prepend(frame(b"avant"), 0)
    assert topic_log.index_after(2) == 3


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_and_texts_agree(size: int) -> None:
    words = "x" * size
    assert texts(frame(words.encode()) * 3) == [words] * 3
