"""What rooms above know of citizens, as columns of the list and of its files: read, planned, written with the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hub.people.citizen_list import COLUMNS, Column
from hub.people.exchange import columns
from hub.people.exchange.cells import Clean
from hub.people.exchange.columns import Names
from hub.people.models import Person
from hub.towns.models import Town

# What stands in each of a room's fields; values are texts. No entry: nothing was ever said.
Stands = Mapping[str, str]
Change = tuple[str, Any, Any]


@dataclass(frozen=True)
class Given:
    """What a row gives of somebody, and how they are reached once it is imported."""

    values: Mapping[str, Any]
    email: str
    first_phone: str


class Room(Protocol):
    """One column of the list, which is one or several of a file. `names`: those; `help`: what a cell may hold."""

    column: Column
    names: Mapping[str, Names]

    def help(self) -> str:
        """A sentence for who fills in a file."""

    def cleaners(self, town: Town) -> Mapping[str, Clean]:
        """What makes a value of each field's cell. They raise `ValueError` with a sentence."""

    def standing(self, town: Town, people: Collection[int], *, lock: bool = False) -> Mapping[int, Stands]:
        """What stands now, for those of these people who said something: the same few queries for all."""

    def changes(self, given: Given, stands: Stands | None) -> list[Change]:
        """What a row changes: `(field, before, after)`. Pure."""

    def write(self, town: Town, changed: Sequence[tuple[Person, Mapping[str, str]]]) -> None:
        """Keep what changes, in the caller's transaction: a few statements for all."""

    def shown(self, name: str, value: str) -> str:
        """A field's value in the reader's words, which a file's cell may hold too."""

    def summed_up(self, stands: Stands | None) -> str:
        """All of it in the list's one cell; "" for nothing."""


_rooms: list[Room] = []


def learn(room: Room) -> None:
    """Remember a room's columns: they stand behind ours, in the order in which rooms were set up."""
    if room not in _rooms:
        _rooms.append(room)
        COLUMNS.append(room.column)
        columns.learn(room.names)


def rooms() -> Sequence[Room]:
    """All of them."""
    return _rooms


def room_of(name: str) -> Room | None:
    """Whose field that is; None: ours."""
    return next((room for room in _rooms if name in room.names), None)


def cleaners(town: Town) -> dict[str, Clean]:
    """What cleans each of their fields."""
    return {name: clean for room in _rooms for name, clean in room.cleaners(town).items()}


def standing(town: Town, people: Collection[int], *, lock: bool = False) -> list[Mapping[int, Stands]]:
    """What each room knows of these people, in the rooms' order."""
    return [room.standing(town, people, lock=lock) for room in _rooms]


def write(town: Town, changed: Sequence[tuple[Person, Mapping[str, Any]]]) -> None:
    """Keep what changes of theirs. `changed`: what will stand in each field that changes, ours among them."""
    for room in _rooms:
        theirs = [
            (person, own)
            for person, after in changed
            if (own := {name: after[name] for name in room.names if name in after})
        ]
        if theirs:
            room.write(town, theirs)
