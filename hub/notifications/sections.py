"""Parts of « Mes notifications » that rooms above bring: each with its own form, which saves by itself too."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hub.people.models import Person


@dataclass(frozen=True)
class Section:
    """One part of the page. `template` is given it as `section`; `shown`: what stands in it."""

    template: str
    shown: Any


Build = Callable[[Person], Sequence[Section]]

_builds: list[Build] = []


def learn(build: Build) -> None:
    """Remember how to build a room's parts for a person; parts stand in the order in which rooms were set up."""
    if build not in _builds:
        _builds.append(build)


def sections_of(person: Person) -> Iterator[Section]:
    """All parts, one after the other."""
    return (section for build in _builds for section in build(person))
