"""One connection's life: what it may ask, in order; what it is subscribed to; when it ends."""

import time
from collections import deque
from typing import Any

import msgspec
import structlog
from django.utils import translation

from consumers.identity import Identity, proven
from consumers.log import Line
from consumers.protocol import (
    MAX_FRAME_BYTES,
    BadFrame,
    Close,
    Command,
    Malformed,
    NotSubscribed,
    decode,
    refusal,
    reply,
)
from consumers.relay import Relay, Standing
from consumers.topics import find
from consumers.topics.base import Access, TopicKind
from hub.core.errors import NotFound, ParvisError, Unavailable
from hub.people.models import Person
from hub.streams.topics import can_be_topic

log = structlog.get_logger(__name__)

COMMANDS_PER_S = 50
MAX_WAITING = 100


class _Subscribe(msgspec.Struct, forbid_unknown_fields=True):
    """What a subscription may say: the last number the client has, and the epoch it was told."""

    since: int | None = None
    epoch: str | None = None


class Connection:
    """One socket of one person. Commands are taken one after the other."""

    __slots__ = (
        "_allowance",
        "_counted_at",
        "_relay",
        "_waiting",
        "_working",
        "identity",
        "line",
        "on_gone",
        "read_as",
        "topics",
    )

    def __init__(self, line: Line, identity: Identity, relay: Relay) -> None:
        self.line = line
        self.identity = identity
        self.topics: dict[str, TopicKind] = {}
        self.read_as: dict[str, Person] = {}  # the topics of others that a secret has opened
        self.on_gone = _nothing
        self._relay = relay
        self._waiting: deque[Command] = deque()
        self._working = False
        self._allowance = float(COMMANDS_PER_S)
        self._counted_at = time.monotonic()

    # The line's side.

    def received(self, text: bytes) -> None:
        """One text frame came in."""
        if len(text) > MAX_FRAME_BYTES:
            self.line.close(Close.TOO_BIG)
            return
        if not self._counts():
            self.line.close(Close.FLOODING)
            return
        try:
            command = decode(text)
        except BadFrame as bad:
            if bad.ref is None:
                self.line.close(Close.BAD_FRAME)
            else:
                self.line.write(refusal(bad.ref, "", Malformed("bad_frame")))
            return
        self._waiting.append(command)
        if len(self._waiting) > MAX_WAITING:
            self.line.close(Close.FLOODING)
        elif not self._working:
            self._work_on()

    def resumed(self) -> None:
        """The line can take more: first the topics' frames, then the commands that wait."""
        self._relay.walker.resume(self.line)
        if self._waiting and not self._working and not self.line.paused:
            self._work_on()

    def gone(self) -> None:
        """The socket is closed, by whichever side."""
        self._waiting.clear()
        self._relay.drop(self.line)
        self.on_gone(self)

    def _counts(self) -> bool:
        """Whether this command is within 50 a second."""
        moment = time.monotonic()
        self._allowance = min(COMMANDS_PER_S, self._allowance + (moment - self._counted_at) * COMMANDS_PER_S)
        self._counted_at = moment
        self._allowance -= 1
        return self._allowance >= 0

    # Commands, in order.

    def _work_on(self) -> None:
        self._working = True
        self._relay.spawn(self._work(), to_finish=True)

    async def _work(self) -> None:
        try:
            # A client that does not read its replies gets no more of them.
            while self._waiting and not self.line.paused:
                await self._obey(self._waiting.popleft())
        finally:
            self._working = False

    async def _obey(self, command: Command) -> None:
        try:
            if command.event == "subscribe":
                await self._subscribe(command)
            elif command.event == "unsubscribe":
                self._unsubscribe(command)
            else:
                await self._run(command)
        except ParvisError as error:
            self._refuse(command, error)
        except Exception:
            log.exception("connection.command_failed", command=command.event, person=self.identity.person.pk)
            self._refuse(command, Unavailable())

    def _refuse(self, command: Command, error: ParvisError) -> None:
        with translation.override(self.identity.person.language):
            self._say(refusal(command.ref, command.topic, error))

    def _say(self, frame: bytes) -> None:
        if not self.line.closed:
            self.line.write(frame)

    async def _subscribe(self, command: Command) -> None:
        asked = _payload(command, _Subscribe)
        if asked.since is not None and asked.since < 0:
            raise Malformed("invalid", "since is negative")
        name = command.topic
        if not can_be_topic(name):
            raise Malformed("unknown_topic")
        kind, topic = find(name, self.identity.person)
        reader, access = await self._let_in(kind, topic)
        if access is None:
            raise NotFound

        def greet(standing: Standing) -> bytes:
            self.topics[topic] = kind
            if reader is not self.identity.person:
                self.read_as[topic] = reader
            return reply(
                command.ref,
                name,
                {"seq": standing.seq, "epoch": standing.epoch, "recovered": standing.recovered},
            )

        await self._relay.subscribe(self.line, topic, greet, since=asked.since, epoch=asked.epoch)
        if not self.line.closed:
            kind.subscribed(self, topic, access)

    async def _let_in(self, kind: TopicKind, topic: str) -> tuple[Person, Access | None]:
        """As whom this connection reads the topic, and what was found; None: neither theirs nor opened to them."""
        person, session = self.identity.person, self.identity.session_key
        if not self.identity.may_ask_for(topic):
            return person, None
        ask = self._relay.together(kind.access)
        access = await ask((person.pk, topic))
        if access is not None or session is None or not kind.by_secret:
            return person, access
        requester = await self._relay.together(proven)((session, topic))
        return (requester, await ask((requester.pk, topic))) if requester else (person, None)

    def reader(self, topic: str) -> Person:
        """As whom this connection reads a topic: who it is, or whose secret it has shown."""
        return self.read_as.get(topic, self.identity.person)

    def _unsubscribe(self, command: Command) -> None:
        _kind, topic = find(command.topic, self.identity.person)
        self.forget(topic)
        self._say(reply(command.ref, command.topic, {}))

    def forget(self, topic: str) -> None:
        """Stop getting this topic."""
        self.topics.pop(topic, None)
        self.read_as.pop(topic, None)
        self._relay.unsubscribe(self.line, topic)

    async def _run(self, command: Command) -> None:
        kind, topic = find(command.topic, self.identity.person)
        if topic not in self.topics:
            raise NotSubscribed
        handler = kind.commands.get(command.event)
        if handler is None:
            raise Malformed("unknown_event")
        asked = _payload(command, handler.payload)
        response: dict[str, Any] = await handler.run(self, topic, asked)
        self._say(reply(command.ref, command.topic, response))

    @property
    def relay(self) -> Relay:
        return self._relay


def _nothing(connection: Connection) -> None:
    return


def _payload(command: Command, shape: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.json.decode(command.payload, type=shape)
    except msgspec.ValidationError as error:
        raise Malformed("invalid", str(error)) from error
