"""Parts of a citizen's record that rooms above bring: tabs of the same form, kept by its one button (S8, S24)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Part:
    """One tab. `template` is given it as `part`, and draws the part's body; `shown`: what stands in it; `save`: keep
    what was typed, of this citizen: it may raise what actions raise."""

    key: str
    title: str
    template: str
    shown: Any
    save: Callable[[Person, Person], None]


# Of whose town, of which citizen (None: not registered yet), and what was posted.
Build = Callable[[Town, Person | None, QueryDict | None], Part]

_builds: list[Build] = []


def learn(build: Build) -> None:
    """Remember how to build a room's part."""
    if build not in _builds:
        _builds.append(build)


def parts_of(town: Town, citizen: Person | None, data: QueryDict | None) -> list[Part]:
    """All parts, in the order in which rooms were set up."""
    return [build(town, citizen, data) for build in _builds]
