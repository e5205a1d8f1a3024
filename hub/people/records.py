"""What the hub keeps about one person, room by room: given to them as files, and forgotten with their account.

People stand near the ground, and rooms above know things about them: each brings its own (`learn`) when it is set up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models.fields.files import FieldFile

from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Asked:
    """Whose records, by whom. `town`: only what that town holds and `actor`, of its staff, may read; None: all, for
    the person themselves."""

    person: Person
    actor: Person
    town: Town | None = None


@dataclass(frozen=True)
class KeptFile:
    """A file among them. `name`: its place in the archive, below its room's."""

    name: str
    size_bytes: int
    content: FieldFile


@dataclass
class Kept:
    """What a room knows: `data` as JSON takes it, times included; never another person's name or address."""

    data: Any
    files: list[KeptFile] = field(default_factory=list)


Collect = Callable[[Asked], Kept]
Forget = Callable[[Person], None]

_collect: dict[str, Collect] = {}
_forget: dict[str, Forget] = {}


def learn(room: str, collect: Collect, forget: Forget | None = None) -> None:
    """Remember how to collect a room's records, and what to do when an account is closed.

    `room`: names its part of the archive. `forget` runs in the transaction of the closing, while the person's
    addresses are still there.
    """
    _collect[room] = collect
    if forget is not None:
        _forget[room] = forget


def collected(asked: Asked) -> Iterator[tuple[str, Kept]]:
    """Every room's records, one after the other."""
    return ((room, collect(asked)) for room, collect in _collect.items())


def forget(person: Person) -> None:
    """Let every room forget who it was."""
    for one in _forget.values():
        one(person)
