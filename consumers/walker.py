"""Hands each log's new frames to the sockets that read it, in slices that never hold the event loop for long.

Publishing costs the same for one socket and for ten thousand. A walk gives each socket, in one write, all it has not
had yet: busy topics coalesce by themselves, quiet ones lose no time.
"""

import asyncio
import time
from collections import deque

import structlog

from consumers.log import Cursor, Line, Log
from consumers.protocol import Close

log = structlog.get_logger(__name__)

SLICE_S = 0.002  # the longest a walk may hold the event loop
STRIDE = 64  # sockets between two looks at the clock
LATE_S = 15.0  # behind for longer than this: closed with 4408, and resumes by number


class Walker:
    """One per relay; runs on its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready: deque[Log] = deque()
        self.walking = False  # whether something is being handed out
        self._late: dict[Line, float] = {}

    def wake(self, topic_log: Log) -> None:
        """There is something new in this log."""
        if topic_log.ready or not topic_log.cursors:
            return
        topic_log.ready = True
        self._ready.append(topic_log)
        if not self.walking:
            self.walking = True
            self._loop.call_soon(self._walk)

    def _walk(self) -> None:
        end = time.perf_counter() + SLICE_S
        while self._ready:
            topic_log = self._ready.popleft()
            if self._advance(topic_log, end):
                topic_log.ready = False
            else:
                self._ready.append(topic_log)
            if time.perf_counter() > end and self._ready:
                self._loop.call_soon(self._walk)
                return
        self.walking = False

    def _advance(self, topic_log: Log, end: float) -> bool:
        """Walk on over the log's sockets until `end`. True when everybody who can take more has had all."""
        if topic_log.walked < 0:
            topic_log.round, topic_log.walked = list(topic_log.cursors.values()), 0
            topic_log.goal = topic_log.head
        cursors, at = topic_log.round, topic_log.walked
        while at < len(cursors):
            self._stride(topic_log, cursors[at : at + STRIDE])
            at += STRIDE
            if at < len(cursors) and time.perf_counter() > end:
                topic_log.walked = at
                return False
        topic_log.round, topic_log.walked = [], -1
        return topic_log.goal == topic_log.head

    def _stride(self, topic_log: Log, cursors: list[Cursor]) -> None:
        head, from_index, frames = topic_log.head, -1, b""
        for cursor in cursors:
            if cursor.next == head:
                continue
            line = cursor.line
            if line.paused:
                self.lag(line)
                continue
            if cursor.next < topic_log.first:
                line.close(Close.TOO_SLOW)
                continue
            if cursor.next != from_index:
                from_index, frames = cursor.next, topic_log.since(cursor.next)
            cursor.next = head
            line.write(frames)

    def lag(self, line: Line) -> None:
        """This socket has something to get and can't take it now."""
        if not line.closed:
            self._late.setdefault(line, time.monotonic())

    def resume(self, line: Line) -> None:
        """The socket can take more: give it what it has missed, until it is full again."""
        for cursor in list(line.cursors.values()):
            if line.paused:
                return
            topic_log = cursor.log
            if cursor.next == topic_log.head:
                continue
            if cursor.next < topic_log.first:
                line.close(Close.TOO_SLOW)
                return
            missed, cursor.next = topic_log.since(cursor.next), topic_log.head
            line.write(missed)
        self._late.pop(line, None)

    def forget(self, line: Line) -> None:
        """The socket is gone."""
        self._late.pop(line, None)

    def close_late(self) -> None:
        """Close who has been behind for too long, or whose place in a log is no longer kept."""
        limit = time.monotonic() - LATE_S
        for line, since in list(self._late.items()):
            lost = any(cursor.next < cursor.log.first for cursor in line.cursors.values())
            if not line.paused and not lost:
                self._late.pop(line, None)
            elif since < limit or lost:
                self._late.pop(line, None)
                line.close(Close.TOO_SLOW)
