"""What a kind of topic says of itself: who may subscribe, which commands it takes."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from hub.people.models import Person

if TYPE_CHECKING:
    from consumers.connection import Connection


@dataclass(frozen=True, slots=True)
class Access:
    """What was found when somebody was let in: whose presence this topic shows, by person."""

    people: tuple[int, ...] = ()


class NoPayload(msgspec.Struct, forbid_unknown_fields=True):
    """A command that says nothing more."""


@dataclass(frozen=True, slots=True)
class Handler:
    """One command: the shape of its payload, and what it does. `run` answers the reply's response."""

    payload: type[msgspec.Struct]
    run: Callable[["Connection", str, Any], Awaitable[dict[str, Any]]]


class TopicKind:
    """The root of all kinds of topics. What a kind does not allow is forbidden."""

    name = ""
    by_secret = False  # whether who is signed in reads another's, too, once they have shown its secret
    commands: Mapping[str, Handler] = {}

    def internal(self, wire_name: str, person: Person) -> str:
        """The topic's own name for this person."""
        return wire_name

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        """Whom of these (person, topic) pairs to let in; None: it is not theirs. Few queries for all of them."""
        return [None] * len(pairs)

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        """Which of these (person, topic) pairs may not go on reading; few queries for all of them."""
        return set(pairs)

    def subscribed(self, connection: "Connection", topic: str, access: Access) -> None:
        """The connection gets this topic from now on."""


class UnknownKind(TopicKind):
    """What there is not answers like what is not yours."""
