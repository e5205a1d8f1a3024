"""Pages of the desk that rooms above the hub bring: each says, when it is set up, how its entry stands among others."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.people.models import Person
from hub.people.rules import Roles
from hub.towns.models import Town


@dataclass(frozen=True)
class Entry:
    """One of them, for one reader. `count`: what waits there."""

    label: str
    icon: str
    url: str
    count: int = 0


# What somebody in these roles finds there; None: nothing, for them.
Find = Callable[[Person, Town, Roles], Entry | None]

_find: list[Find] = []


def learn(find: Find) -> None:
    """Remember one more."""
    if find not in _find:
        _find.append(find)


def entries(person: Person, town: Town, roles: Roles) -> list[Entry]:
    """Those that this reader has, in the order in which they were brought."""
    return [entry for find in _find if (entry := find(person, town, roles)) is not None]
