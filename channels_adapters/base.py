"""The small contract that every way out keeps.

    outcome = await adapter.send(item, hand_over)

An adapter never raises for what the outside world does: it says how it went. It belongs to one event loop, which may
have it send several items at a time (`at_once`), and is closed with it. What can go wrong on our side:

    AdapterError
    ├── ConfigurationError   no such adapter, or wrong options: said when it is built
    ├── UnsendableError      this item can't be written for that channel; `send` answers REFUSED
    └── SignatureError       a callback that the provider did not sign: nothing in it is believed
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

REASON_MAX = 300
PROVIDER_ID_MAX = 200


class AdapterError(ValueError):
    """The root."""


class ConfigurationError(AdapterError):
    """No such adapter, it does not serve that channel, or its options are wrong: one sentence says which."""


class UnsendableError(AdapterError):
    """The item can't be written: a bad address, a header that holds a line break."""


class SignatureError(AdapterError):
    """Whoever called is not the provider, or the call was changed on its way."""


@dataclass(frozen=True)
class Item:
    """One thing to one address.

    `to`: an email address; a number in E.164; for push what the browser or the phone gave (a subscription as JSON, or
    a token). `headers` are an email's own (`From`, `Message-ID`, `Date`, `Reply-To` …); other channels have none.
    `locale`: BCP 47, the voice that reads a call (fr-CA, fr-FR, en-CA …). `urgent`: an emergency. `bulk`: a newsletter,
    which says how to stop it where the law asks for that. `callback`: where the provider is to say what becomes of it;
    empty: it can't be told. `confirms`: a call asks for a key to be pressed. `keys`: which; where there are
    several, its words say what each is for. `link`: what a notification opens. `comes_back_to`: where a mail that can't
    be delivered goes (`MAIL FROM`); None: to whom it is from; empty: nowhere, which answers of machines ask for.
    """

    channel: str
    to: str
    text: str
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    locale: str = "fr-FR"
    urgent: bool = False
    bulk: bool = False
    callback: str = ""
    confirms: bool = False
    keys: str = "1"
    link: str = ""
    comes_back_to: str | None = None


class Result(StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"  # the provider has it
    REFUSED = "refused"  # the provider will never take it: another attempt is useless
    TEMPORARY = "temporary"  # nothing has left: try again later
    UNKNOWN = "unknown"  # handed over, and no answer: it may have left


class Cause(StrEnum):
    """Why something did not get through, in words of all providers."""

    # The recipient's side: no provider would do better.
    ADDRESS = "address"  # no such address, number out of service
    BLOCKED = "blocked"  # they said STOP, or complained
    NO_ANSWER = "no_answer"  # nobody picked up
    BUSY = "busy"
    OFF = "off"  # the phone is off, or out of reach
    FULL = "full"  # the mailbox holds no more
    GONE = "gone"  # the application was removed, the browser has forgotten
    NOT_CAPABLE = "not_capable"  # a landline can't show an SMS
    # Our side.
    CONTENT = "content"  # too long, taken for spam
    NOT_ALLOWED = "not_allowed"  # a country or sort of number that we may not reach
    ACCOUNT = "account"  # our credentials, or our credit
    # The provider's side: another one may do it.
    RATE = "rate"  # too fast for them
    DOWN = "down"  # they can't, or don't answer
    CARRIER = "carrier"  # the phone network between them and the person


# What tells that a provider, not a person, is the matter: the next one is asked, and this one trusted less.
PROVIDERS_FAULTS = frozenset({Cause.ACCOUNT, Cause.RATE, Cause.DOWN})


@dataclass(frozen=True)
class Outcome:
    """What the provider said. `provider_id`: its own name for the item. `reason`: one line for staff.

    `retry_after_s`: it asked for so much patience.
    """

    result: Result
    provider_id: str = ""
    reason: str = ""
    cause: Cause | None = None
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        line = " ".join(self.reason.split())
        object.__setattr__(self, "reason", line[:REASON_MAX])
        object.__setattr__(self, "provider_id", self.provider_id[:PROVIDER_ID_MAX])


# Awaited once, right before the words leave for good. False: the item is no longer the caller's to send.
HandOver = Callable[[], Awaitable[bool]]


async def freely() -> bool:
    """Nobody else may have the item: hand it over."""
    return True


NO_LONGER_OURS = Outcome(Result.TEMPORARY, reason="taken over by another worker before it was handed over")


def with_spare(at_once: int) -> int:
    """How many lines there are where so many items are taken at a time: an emergency has some that nothing else takes,
    and never waits for what a slow provider chews on."""
    return at_once + max(1, at_once // 4)


class Adapter(Protocol):
    """A way out. `channels` names the means of contact that it serves; `at_once`: how many items it takes at a time,
    with some more in an emergency (`with_spare`)."""

    channels: ClassVar[frozenset[str]]
    at_once: int

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once. After `hand_over()` said yes, every doubt is `UNKNOWN`; before it, nothing has left."""
        ...

    async def close(self) -> None:
        """Let go of connections. Nothing is being sent any more."""
        ...


@runtime_checkable
class Chooses(Protocol):
    """An adapter that serves some of its channel's addresses only: the others are for the next one."""

    def takes(self, item: Item) -> bool:
        """Whether this address is one of its own. Asks nobody."""
        ...


class Became(StrEnum):
    """What a provider says afterwards of what it had taken."""

    SENT = "sent"  # on its way
    DELIVERED = "delivered"  # it is there: shown, picked up
    UNDELIVERABLE = "undeliverable"  # it will never be
    FAILED = "failed"  # this attempt was in vain


@dataclass(frozen=True)
class Receipt:
    """One such word. `pressed`: the key that somebody pressed in a call, or "". `at`: when, if it said so."""

    provider_id: str
    became: Became
    cause: Cause | None = None
    reason: str = ""
    pressed: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Incoming:
    """Words that somebody sent to one of our numbers. `sender` and `to` in E.164; `pictures`: how many came along."""

    provider_id: str
    sender: str
    to: str
    text: str
    pictures: int = 0


@dataclass(frozen=True)
class Call:
    """A provider's call of our address. `url`: the public one, to the letter, with what was asked; names of headers
    in small letters."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Heard:
    """What a call said, and what to answer (`body`, of `content_type`)."""

    receipts: Sequence[Receipt] = ()
    incoming: Sequence[Incoming] = ()
    body: str = ""
    content_type: str = "text/plain"


@runtime_checkable
class Listens(Protocol):
    """An adapter whose provider calls back."""

    def hear(self, call: Call) -> Heard:
        """What the provider says. Raises `SignatureError` when it isn't the provider; calling twice is harmless."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """An adapter whose provider can be asked what became of something that we have no answer for."""

    async def find(self, item: Item, ago: timedelta) -> Outcome | None:
        """What it has of this item, handed over so long `ago`; None: it never had it. Raises nothing: `TEMPORARY` when
        it can't be asked now.

        Counted back by the provider's own clock: by ours, minutes apart from it, what left could be taken for what
        never did, and leave once more.
        """
        ...


@runtime_checkable
class Keeps(Protocol):
    """An adapter whose provider keeps what people answer until it is asked for."""

    async def answers(self, since: datetime, known: Collection[str]) -> Sequence[Incoming]:
        """What came in at `since` or later, but for what is `known` by its provider_id. Raises nothing: what can't be
        asked now is there the next time."""
        ...
