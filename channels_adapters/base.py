"""The small contract that every way out keeps.

    outcome = adapter.send(item, hand_over)

An adapter never raises for what the outside world does: it says how it went. It keeps nothing between two
calls and may be called from several threads. What can go wrong on our side:

    AdapterError
    ├── ConfigurationError   no such adapter, or wrong options: said when it is built
    └── UnsendableError      this item can't be written for that channel; `send` answers REFUSED
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

REASON_MAX = 300
PROVIDER_ID_MAX = 200


class AdapterError(ValueError):
    """The root."""


class ConfigurationError(AdapterError):
    """No such adapter, it does not serve that channel, or its options are wrong: one sentence says which."""


class UnsendableError(AdapterError):
    """The item can't be written: a bad address, a header that holds a line break."""


@dataclass(frozen=True)
class Item:
    """One thing to one address.

    `headers` are an email's own (`From`, `Message-ID`, `Date`, `Reply-To` …); other channels have none.
    """

    channel: str
    to: str
    text: str
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Result(StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"  # the provider has it
    REFUSED = "refused"  # the provider will never take it: another attempt is useless
    TEMPORARY = "temporary"  # nothing has left: try again later
    UNKNOWN = "unknown"  # handed over, and no answer: it may have left


@dataclass(frozen=True)
class Outcome:
    """What the provider said. `provider_id`: its own name for the item. `reason`: one line for staff."""

    result: Result
    provider_id: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        line = " ".join(self.reason.split())
        object.__setattr__(self, "reason", line[:REASON_MAX])
        object.__setattr__(self, "provider_id", self.provider_id[:PROVIDER_ID_MAX])


# Called once, right before the words leave for good. False: the item is no longer the caller's to send.
HandOver = Callable[[], bool]


def freely() -> bool:
    """Nobody else may have the item: hand it over."""
    return True


NO_LONGER_OURS = Outcome(Result.TEMPORARY, reason="taken over by another worker before it was handed over")


class Adapter(Protocol):
    """A way out. `channels` names the means of contact that it serves."""

    channels: ClassVar[frozenset[str]]

    def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once. After `hand_over()` said yes, every doubt is `UNKNOWN`; before it, nothing has left."""
        ...
