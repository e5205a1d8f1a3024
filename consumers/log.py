"""A topic as one process keeps it: a short log of finished frames, and a cursor for each socket that reads it."""

from collections import deque
from itertools import islice
from typing import Protocol

KEEP_FRAMES = 1_000
KEEP_BYTES = 4 * 1024 * 1024


# Most topics are quiet: they share these, and keep none of their own until something comes.
_NO_FRAMES: deque[bytes] = deque(maxlen=0)
_NO_NUMBERS: deque[int] = deque(maxlen=0)


class Line(Protocol):
    """One socket, as the relay writes to it.

    `paused` is true while it can't take more: then nothing is written, and its cursors lag. When it can again, it
    calls `Relay.resume(line)`.
    """

    paused: bool
    closed: bool
    cursors: "dict[str, Cursor]"

    def write(self, frames: bytes) -> None:
        """Hand finished frames to the socket, in one piece."""

    def close(self, code: int) -> None:
        """Close with this code. Nothing is written afterwards."""


class Cursor:
    """How far one socket has been given a topic's log: the index of the next frame for it."""

    __slots__ = ("line", "log", "next")

    def __init__(self, line: Line, log: "Log", at: int) -> None:
        self.line = line
        self.log = log
        self.next = at


class Log:
    """The last frames of one topic. Index `first` is the oldest kept, `head` the one that comes next.

    `seq` is the number of the last event that is in it; `numbers` says each frame's number, 0 for what has none.
    """

    __slots__ = (
        "bytes_kept", "cursors", "early", "epoch", "filling", "first", "frames", "goal", "head", "idle_since",
        "joined", "kept_from", "numbers", "ready", "round", "seq", "topic", "walked",
    )  # fmt: skip

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.frames = _NO_FRAMES
        self.numbers = _NO_NUMBERS
        self.first = self.head = self.goal = 0
        self.bytes_kept = 0
        self.seq = 0
        self.epoch = ""
        self.kept_from = 1
        self.cursors: dict[Line, Cursor] = {}
        self.early: dict[int, str] = {}
        self.joined = self.filling = self.ready = False
        self.idle_since = 0.0
        # A walk over the cursors may take several slices: who is in it, and how far it has come.
        self.round: list[Cursor] = []
        self.walked = -1

    def append(self, frame: bytes, number: int) -> None:
        """Add a frame; the oldest go when there are more than 1,000, or 4 MB."""
        self._begin()
        self.frames.append(frame)
        self.numbers.append(number)
        self.head += 1
        self.bytes_kept += len(frame)
        while len(self.frames) > KEEP_FRAMES or self.bytes_kept > KEEP_BYTES:
            self.bytes_kept -= len(self.frames.popleft())
            self.numbers.popleft()
            self.first += 1

    def prepend(self, frame: bytes, number: int) -> None:
        """Add an older frame in front, read from the database for those who resume."""
        self._begin()
        self.frames.appendleft(frame)
        self.numbers.appendleft(number)
        self.first -= 1
        self.bytes_kept += len(frame)

    def _begin(self) -> None:
        if self.frames is _NO_FRAMES:
            self.frames, self.numbers = deque(), deque()

    def since(self, index: int) -> bytes:
        """Every frame from `index` on, joined."""
        missing = self.head - index
        if missing == 1:
            return self.frames[-1]
        if missing == len(self.frames):
            return b"".join(self.frames)
        return b"".join(islice(self.frames, len(self.frames) - missing, None))

    def oldest_number(self) -> int:
        """The number of the oldest event in memory; one past the last when there is none."""
        return next((number for number in self.numbers if number), self.seq + 1)

    def numbered_after(self, seq: int) -> bytes:
        """The frames of the events that followed number `seq`, joined; what has no number is now or never."""
        pairs = zip(self.frames, self.numbers, strict=True)
        return b"".join([frame for frame, number in pairs if number > seq])

    def index_after(self, seq: int) -> int:
        """The index of the first event that followed number `seq`."""
        return next((self.first + at for at, number in enumerate(self.numbers) if number > seq), self.head)
