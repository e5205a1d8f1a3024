"""Which tickets are open today, which of those are late, and how long the others took."""

from datetime import timedelta

from hub.demo.tickets.lives import Life, arrive, close, work_on
from hub.demo.tickets.world import World
from hub.tickets.models import Priority

OPEN = 60  # with those of the stories, which come on top
LATE = 12
POSTPONED = 6
_FRESH = timedelta(hours=20)


def befall(world: World, lives: list[Life], open_already: int) -> None:
    """Let them all have their days. `lives`: the oldest first; `open_already`: how many the stories left open."""
    for life in lives:
        arrive(life)
    waiting = _open(world, lives, OPEN - LATE - POSTPONED - open_already)
    late = _overdue(world, [life for life in lives if id(life) not in waiting])
    for life in lives:
        number = late.get(id(life))
        if id(life) in waiting:
            _begin(life)
        elif number is None:
            _end(life)
        else:
            work_on(life)
            if number >= LATE:
                life.postpone(life.rng.randint(2, 12))


def _open(world: World, lives: list[Life], count: int) -> set[int]:
    """The latest that are still within their delay; some are closed quickly all the same."""
    today = world.present.date()
    found: set[int] = set()
    for life in reversed(lives):
        ticket = life.dossier.ticket
        quick = world.present - ticket.created_at > timedelta(hours=9) and life.rng.random() < 0.15
        if len(found) < count and ticket.due_on and ticket.due_on >= today and not quick:
            found.add(id(life))
    return found


def _overdue(world: World, lives: list[Life]) -> dict[int, int]:
    """Those that nobody came to the end of, numbered: first those that are late, then those that were given longer."""
    today, oldest = world.present.date(), world.present - timedelta(days=75)
    recent = [life for life in lives if life.dossier.ticket.created_at > oldest]
    past = [life for life in recent if life.dossier.ticket.due_on and life.dossier.ticket.due_on < today]
    past = [life for life in past if life.subject.priority != Priority.URGENT]
    chosen = world.rng("late").sample(past, min(len(past), LATE + POSTPONED))
    return {id(life): number for number, life in enumerate(chosen)}


def _begin(life: Life) -> None:
    """Just come in: half of these nobody has touched yet."""
    age = life.world.present - life.dossier.ticket.created_at
    if age > _FRESH or life.rng.random() < 0.5:
        work_on(life)


def _end(life: Life) -> None:
    """Most in time, some after the date that was promised."""
    ticket = life.dossier.ticket
    promised = timedelta(days=(ticket.due_on - ticket.created_at.date()).days) if ticket.due_on else timedelta(days=5)
    age = life.world.present - ticket.created_at
    longest = 0.3 if life.subject.priority == Priority.URGENT else 1.2
    within = promised * life.rng.uniform(0.1, longest) + timedelta(hours=1)
    close(life, within=min(within, age * life.rng.uniform(0.5, 0.9)))
