"""What is asked in a year: when, of what, by which way and by whom; before it is a ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from hub.demo.tickets.subject import Subject
from hub.demo.tickets.world import World
from hub.tickets.models import Source

YEAR = timedelta(days=364)
INTERNAL = 14  # of all, those that the town hall writes to itself

_SOURCES = (
    (Source.WEB, 60), (Source.PHONE, 22), (Source.EMAIL, 6), (Source.COUNTER, 6), (Source.LETTER, 4),
    (Source.SMS, 1), (Source.API, 1),
)  # fmt: skip
BY_CITIZENS = {Source.WEB, Source.API}


@dataclass(frozen=True)
class Plan:
    """One demand. `account`: the key of who has one; `story`: what is told of it (`hub.demo.tickets.stories`)."""

    at: datetime
    subject: Subject
    variant: int
    source: Source
    account: str = ""
    story: str = ""
    street: str = ""
    number: int = 0
    words: str = ""  # instead of the subject's


def of_a_year(world: World, count: int) -> list[Plan]:
    """So many demands over the year before now, more of late, each in its season; the oldest first."""
    rng = world.rng("plans")
    used: dict[tuple[int, int], float] = {}
    plans = []
    for at, source in sorted(_moments(world, count, rng), key=lambda pair: pair[0]):
        subject, variant = _subject(world, at, used, rng, internal=source == Source.INTERNAL)
        plans.append(Plan(at, subject, variant, source, _account(world, source, rng)))
    return plans


def _account(world: World, source: Source, rng: Random) -> str:
    """One of the town's residents with an account, or nobody's."""
    if source != Source.WEB or rng.random() > 0.25:
        return ""
    return rng.choice([key for key in world.accounts if key not in {"alice", "bruno", "chloe"}])


def _moments(world: World, count: int, rng: Random) -> list[tuple[datetime, Source]]:
    sources = rng.choices([one for one, _share in _SOURCES], [share for _one, share in _SOURCES], k=count)
    for number in range(5, count, max(1, count // INTERNAL)):
        sources[number] = Source.INTERNAL
    # The square: the portal is used more and more.
    ages = [YEAR * (((number + rng.random()) / count) ** 2) + timedelta(minutes=25) for number in range(count)]
    return [
        (_moment(world, world.present - age, source, rng), source) for age, source in zip(ages, sources, strict=True)
    ]


def _moment(world: World, raw: datetime, source: Source, rng: Random) -> datetime:
    """Citizens write in the morning and in the evening; the town hall writes down while it works."""
    if source not in BY_CITIZENS:
        day = raw.date()
        while not world.works(day):
            day -= timedelta(days=1)
        hour, minute = rng.randint(8, 15), rng.randint(10, 59)
    else:
        day = raw.date()
        hour, minute = rng.choice((6, 7, 7, 8, 10, 12, 12, 14, 16, 17, 18, 19, 20, 20, 21, 22)), rng.randint(0, 59)
    at = raw.replace(year=day.year, month=day.month, day=day.day, hour=hour, minute=minute, second=rng.randint(0, 59))
    return at if at < world.present else raw


def _subject(
    world: World, at: datetime, used: dict[tuple[int, int], float], rng: Random, *, internal: bool
) -> tuple[Subject, int]:
    """One of those of the season that were written about the least, and which of its words."""
    fitting = [
        (used.setdefault((number, variant), rng.random()) / subject.often, number, variant)
        for number, subject in enumerate(world.stock.subjects)
        if at.month in subject.season and subject.internal == internal
        for variant in range(len(subject.words))
    ]
    _share, number, variant = min(fitting)
    used[number, variant] += 1 + rng.random() * 0.5
    return world.stock.subjects[number], variant
