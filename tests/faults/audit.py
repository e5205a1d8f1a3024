"""Many clients under load, and an auditor: what was acknowledged, what is stored, what every client saw."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import websockets

from hub.conversations.models import Message
from hub.core.ids import new_key
from tests.wire import Refused, Wire

GIVE_UP_S = 60.0
LOST = (OSError, ConnectionError, websockets.InvalidHandshake, TimeoutError)


@dataclass
class Client:
    """One person's page: it comes back whenever its connection is lost, and resumes by number.

    `seen` holds every number that it was shown, in the order it came, over all its connections.
    """

    urls: Sequence[str]
    cookie: str
    topic: str
    seen: list[int] = field(default_factory=list)
    lags_s: list[float] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    unrecovered: int = 0
    standing: dict[str, Any] | None = None
    wire: Wire | None = None
    patience_s: tuple[float, float] = (0.05, 1.0)
    resumed_at: float = 0.0

    async def live(self) -> None:
        """Stay connected until cancelled."""
        turn = random.randrange(len(self.urls))
        while True:
            turn += 1
            with contextlib.suppress(*LOST, Refused):
                await self._connected(self.urls[turn % len(self.urls)])
            await asyncio.sleep(random.uniform(*self.patience_s))

    async def _connected(self, url: str) -> None:
        wire = Wire(url, cookie=self.cookie)
        try:
            await wire.open()
            resume = {}
            if self.standing is not None:
                last = self.seen[-1] if self.seen else self.standing["seq"]
                resume = {"since": last, "epoch": self.standing["epoch"]}
            wire.seen[self.topic] = _Noted(self)  # type: ignore[assignment]
            standing = await wire.subscribe(self.topic, **resume)
            if not standing["recovered"]:
                self.unrecovered += 1
            self.standing = self.standing or standing
            self.wire, self.resumed_at = wire, time.monotonic()
            await asyncio.wait({wire._reading})
        finally:
            self.wire = None
            with contextlib.suppress(Exception):
                await wire.leave()
            self.codes.append(wire.closed)

    def note(self, event: dict[str, Any]) -> None:
        if "seq" not in event:
            return
        self.seen.append(event["seq"])
        body = event["payload"].get("body", "")
        if body.startswith("@"):
            self.lags_s.append(time.time() - float(body[1:].split()[0]))


class _Noted(list[dict[str, Any]]):
    """Events go to the client's notes as they come."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def append(self, event: dict[str, Any]) -> None:
        self.client.note(event)


@dataclass
class Load:
    """Posts `per_s` messages a second for `seconds`, or until `end()`, spread over clients; each is sent again, under
    its key, until it is acknowledged. `acknowledged` maps keys to numbers."""

    clients: Sequence[Client]
    per_s: float
    seconds: float
    acknowledged: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    ended: bool = False

    def end(self) -> None:
        """Nothing new is said from now on."""
        self.ended = True

    async def run(self) -> None:
        end = time.monotonic() + self.seconds
        sending: set[asyncio.Task[None]] = set()
        number = 0
        while time.monotonic() < end and not self.ended:
            sending.add(asyncio.create_task(self._say(self.clients[number % len(self.clients)])))
            number += 1
            await asyncio.sleep(1 / self.per_s)
        await asyncio.gather(*sending)

    def say_at_once(self, count: int) -> list[asyncio.Task[None]]:
        """That many more, each from another client, all under way at the same time."""
        return [asyncio.create_task(self._say(client)) for client in self.clients[:count]]

    def body(self) -> str:
        """What is said: when it was said, so that everybody can tell how late it came."""
        return f"@{time.time()}"

    async def _say(self, client: Client) -> None:
        key, body = new_key(), self.body()
        end = time.monotonic() + GIVE_UP_S
        while time.monotonic() < end:
            if client.wire is not None:
                try:
                    reply = await client.wire.ask(client.topic, "message.post", 5, key=key, body=body)
                    self.acknowledged[key] = reply["seq"]
                    return
                except Refused as refused:
                    if refused.code != "unavailable":
                        raise
                except LOST:
                    pass
                self.repeats += 1
            await asyncio.sleep(0.1)
        raise AssertionError("a message was never acknowledged")


@contextlib.asynccontextmanager
async def connected(clients: Sequence[Client], timeout_s: float = 60.0) -> Any:
    """All clients live inside; they are connected when it begins."""
    tasks = [asyncio.create_task(client.live()) for client in clients]
    try:
        await until(lambda: all(client.wire for client in clients), timeout_s, "everybody connected")
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(true: Callable[[], bool], timeout_s: float, what: str) -> float:
    """Wait until `true()`; after how many seconds it was. Raises `TimeoutError` that names `what`."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > timeout_s:
            raise TimeoutError(f"not within {timeout_s:.0f} s: {what}")
        await asyncio.sleep(0.05)
    return time.monotonic() - begun


async def settled(clients: Sequence[Client], load: Load, timeout_s: float = 20.0) -> None:
    """Wait until everybody has seen the last number that was acknowledged."""
    last = max(load.acknowledged.values())
    await until(
        lambda: all(client.seen and client.seen[-1] >= last for client in clients), timeout_s, f"all saw number {last}"
    )


async def audit(clients: Sequence[Client], load: Load, conversation_id: int) -> None:
    """0 lost, 0 twice: acknowledged = stored = seen by everybody, in order and without a gap."""
    stored = await asyncio.to_thread(
        lambda: dict(
            Message.objects.filter(conversation_id=conversation_id, author__isnull=False).values_list("key", "seq")
        )
    )
    assert {key: stored.get(key) for key in load.acknowledged} == load.acknowledged, "acknowledged, and not stored so"
    assert set(stored) == set(load.acknowledged), "stored, and never acknowledged"
    assert len(set(stored.values())) == len(stored)
    for client in clients:
        assert client.standing is not None
        twice = [seq for seq, times in Counter(client.seen).items() if times > 1]
        assert twice == [], f"seen twice: {twice[:5]}"
        first = client.standing["seq"] + 1
        assert client.seen == list(range(first, first + len(client.seen))), "a gap, or out of order"
        assert client.unrecovered == 0


def worst_lag_s(clients: Sequence[Client]) -> float:
    """The longest that anybody waited for a message, from when it was written."""
    return max(lag for client in clients for lag in client.lags_s)
