"""Mails are opened in processes of their own: what is made to hurt hurts these, and the next mail goes to another.

    answer = sandbox.ask(Asked("read"), raw)     # Opened, or Refused with the reason

Such a process (`inbound_email.opener`) is bounded to 256 MB and ten seconds, knows no secret, and is kept for the next
mail. It is started as a new program, never forked: the hub's processes have threads. Safe to call from any thread.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import structlog

from inbound_email.opened import Answer, Asked, Refused

log = structlog.get_logger(__name__)

SECONDS = 10.0
START_S = 20.0  # for a new one, on a machine that is busy
AT_ONCE = 3
MAILS_EACH = 500
ANSWER_MOST = 96 * 1024 * 1024
_HOME = Path(__file__).resolve().parent.parent
_ENDED_BY = {-14: "more than 10 s", -24: "more than 10 s of work"}  # SIGALRM, SIGXCPU

_answers = msgspec.msgpack.Decoder(Answer)
_room = threading.BoundedSemaphore(AT_ONCE)
_idle: list["_Opener"] = []


class _Gone(Exception):
    """It has ended, and nobody knows of what yet."""


def ask(asked: Asked, raw: bytes) -> Answer:
    """What one of these processes says of a mail. Never raises for what the mail does to it."""
    with _room:
        for fresh in (False, True):
            with _taken(fresh=fresh) as opener:
                try:
                    return opener.ask(asked, raw)
                except _Gone:
                    if opener.asked > 1 and not fresh and opener.ended_by() == 0:
                        continue  # it had nothing to do for long, and had just left
                    return _told(opener.ended_by())
                except TimeoutError:
                    return Refused("too_slow", f"more than {SECONDS:.0f} s")
    raise AssertionError("a new one has just left")


def _told(ended_by: int) -> Refused:
    if ended_by in _ENDED_BY:
        return Refused("too_slow", _ENDED_BY[ended_by])
    return Refused("crashed", f"ended with {ended_by}")


@contextmanager
def _taken(*, fresh: bool) -> "Iterator[_Opener]":
    """One that is there, or a new one; kept afterwards, when it is as good as before."""
    opener = None if fresh else _kept()
    if opener is None:
        opener = _Opener()
    try:
        yield opener
    finally:
        if opener.good:
            _idle.append(opener)
        else:
            opener.close()


def _kept() -> "_Opener | None":
    while _idle:
        try:
            opener = _idle.pop()
        except IndexError:  # another thread was quicker
            return None
        if opener.runs:
            return opener
        opener.close()
    return None


class _Opener:
    """One such process, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self.good = False
        self.asked = 0
        with theirs:
            # Its environment holds nothing of ours: keys and passwords are in it.
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-m", "inbound_email.opener"],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_HOME,
                env={"PYTHONPATH": str(_HOME), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def ask(self, asked: Asked, raw: bytes) -> Answer:
        """Raises `_Gone`, `TimeoutError`."""
        self.good = False
        self.asked += 1
        until = time.monotonic() + SECONDS + 1 + (START_S if self.asked == 1 else 0)
        try:
            for frame in (msgspec.msgpack.encode(asked), raw):
                self._send(len(frame).to_bytes(8, "big"), until)
                self._send(frame, until)
            answer: Answer = _answers.decode(self._frame(until))
        except (OSError, msgspec.MsgspecError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise _Gone from error
        # What did not answer as it should is not asked again. One that had no memory left has ended by itself.
        broken = isinstance(answer, Refused) and answer.why != "too_much"
        self.good = not broken and self.asked < MAILS_EACH
        return answer

    def _send(self, data: bytes, until: float) -> None:
        self._line.settimeout(_left(until))
        self._line.sendall(data)

    def _frame(self, until: float) -> bytes:
        size = int.from_bytes(self._exactly(8, until), "big")
        if size > ANSWER_MOST:
            raise _Gone
        return bytes(self._exactly(size, until))

    def _exactly(self, size: int, until: float) -> bytearray:
        taken = bytearray(size)
        view, here = memoryview(taken), 0
        while here < size:
            self._line.settimeout(_left(until))
            count = self._line.recv_into(view[here:])
            if count == 0:
                raise _Gone
            here += count
        view.release()
        return taken

    def ended_by(self) -> int:
        """Its exit code: minus the signal that ended it."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=2)
        self._process.kill()
        return self._process.wait()

    def close(self) -> None:
        """End it."""
        self._line.close()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
