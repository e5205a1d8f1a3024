"""Who is here. Nothing of it is stored or numbered; it expires by itself.

Each process tells the others, every 20 s and when somebody comes or goes, who has a socket there. What a process has
not said again for 50 s is forgotten: a process that was killed takes its people with it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from consumers.log import Line
from consumers.protocol import event
from consumers.relay import Relay
from hub.streams.bell import bell

GROUP = "presence"
TELL_EVERY_S = 20.0
EXPIRE_S = 50.0
TOGETHER_S = 0.3
GRACE_S = 4.0  # a page that is left for the next one is not an absence


class Presence:
    """One per relay; runs on its event loop."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._here: Counter[int] = Counter()
        self._elsewhere: dict[str, tuple[float, frozenset[int]]] = {}
        self._watched: dict[int, set[str]] = {}
        self._telling = False
        relay.handlers["presence"] = self._told
        relay.spawn(self._tell_forever())

    def came(self, person_id: int) -> None:
        """A socket of this person has opened."""
        known = self.is_here(person_id)
        self._here[person_id] += 1
        if not known:
            self._changed({person_id})
            self._tell_soon()

    def went(self, person_id: int) -> None:
        """A socket of this person has closed; they are gone when none opens soon."""
        self._relay.loop.call_later(GRACE_S, self._gone, person_id)

    def _gone(self, person_id: int) -> None:
        self._here[person_id] -= 1
        if self._here[person_id] > 0:
            return
        del self._here[person_id]
        if not self.is_here(person_id):
            self._changed({person_id})
        self._tell_soon()

    def is_here(self, person_id: int) -> bool:
        """Whether the person has a socket in any process."""
        return self._here[person_id] > 0 or any(person_id in people for _, people in self._elsewhere.values())

    def watch(self, topic: str, people: Iterable[int], line: Line) -> None:
        """Readers of `topic` are told when one of `people` comes or goes; `line` is told who is here now."""
        for person_id in people:
            self._watched.setdefault(person_id, set()).add(topic)
            if self.is_here(person_id):
                line.write(event(topic, "presence", {"person": person_id, "here": True}))

    def _changed(self, people: Iterable[int]) -> None:
        for person_id in people:
            here = self.is_here(person_id)
            for topic in list(self._watched.get(person_id, ())):
                if self._relay.has_readers(topic):
                    self._relay.tell(topic, event(topic, "presence", {"person": person_id, "here": here}))
                else:
                    self._unwatch(person_id, topic)

    def _unwatch(self, person_id: int, topic: str) -> None:
        topics = self._watched[person_id]
        topics.discard(topic)
        if not topics:
            del self._watched[person_id]

    def _told(self, message: dict[str, Any]) -> None:
        """Another process says who is there. An empty list: it ends."""
        origin, people = message["from"], frozenset(message["people"])
        before = self._elsewhere.get(origin, (0.0, frozenset()))[1]
        known = {person_id for person_id in people ^ before if self.is_here(person_id)}
        self._elsewhere[origin] = (time.monotonic() + EXPIRE_S, people)
        self._changed(person_id for person_id in people ^ before if self.is_here(person_id) != (person_id in known))
        if message["asks"]:
            self._tell_soon()

    def _expire(self) -> None:
        moment = time.monotonic()
        for origin, (until, people) in list(self._elsewhere.items()):
            if until < moment:
                del self._elsewhere[origin]
                self._changed(person_id for person_id in people if not self.is_here(person_id))

    async def _tell_forever(self) -> None:
        await self._relay.join(GROUP)
        await self._tell(asks=True)
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self._expire()
            await self._relay.join(GROUP)
            await self._tell()

    def _tell_soon(self) -> None:
        """Many may come at once: they are told together."""
        if not self._telling:
            self._telling = True
            self._relay.loop.call_later(TOGETHER_S, lambda: self._relay.spawn(self._tell()))

    async def _tell(self, *, asks: bool = False) -> None:
        self._telling = False
        await bell.tell(GROUP, {"type": "presence", "people": list(self._here), "asks": asks})


_by_relay: WeakKeyDictionary[Relay, Presence] = WeakKeyDictionary()


def the_presence(relay: Relay) -> Presence:
    """The presence board of this relay."""
    if relay not in _by_relay:
        _by_relay[relay] = Presence(relay)
    return _by_relay[relay]
