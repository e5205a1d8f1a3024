"""Lets the stories happen: what comes of each, as its town and requester live it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hub.core.ids import new_key
from hub.demo.tickets.dossier import Dossier
from hub.demo.tickets.lives import Life, arrive, close
from hub.demo.tickets.stories import Story, Word
from hub.tickets.models import Priority


def tell(stories: tuple[Story, ...], words: tuple[Word, ...], lives: dict[str, Life]) -> None:
    """Let them happen. `lives`: the tickets of the stories, by key; incidents come last, with all their neighbours."""
    for story in stories:
        life = lives[story.key]
        if story.of and story.course.startswith("task"):
            life.dossier.task_of = lives[story.of].dossier
        if story.course != "held":
            arrive(life)
        _COURSES[story.course](story, life)
    for story in stories:
        if story.course == "incident":
            neighbours = [
                (one.course, lives[one.key]) for one in stories if one.of == story.key and "task" not in one.course
            ]
            _incident(lives[story.key], neighbours, [word for word in words if word.of == story.key])


def _nothing(story: Story, life: Life) -> None:
    pass


def _fresh(story: Story, life: Life) -> None:
    """Under way for days; the town has just answered."""
    created, present = life.dossier.ticket.created_at, life.world.present
    life.dossier.ticket.public = True
    life.take(created + timedelta(hours=13))
    life.answer(created + timedelta(hours=15))
    life.note(created + (present - created) * 0.4)
    life.hear(created + (present - created) * 0.6)
    at = max(story.last_at(present), life.dossier.last_at + timedelta(minutes=1))
    life.dossier.tell(at, life.agent, life.wording.fill(story.last, at.date()))


def _waiting(story: Story, life: Life) -> None:
    """Closed some days ago; nobody has said yet if it is settled."""
    life.take(life.dossier.ticket.created_at + timedelta(hours=12))
    life.answer(life.dossier.ticket.created_at + timedelta(hours=20))
    life.finish(story.last_at(life.world.present))


def _past(story: Story, life: Life) -> None:
    close(life, within=timedelta(days=3), may_refuse=False)
    if life.dossier.ticket.settled is None:
        life.dossier.settle(life.dossier.last_at + timedelta(hours=5), settled=True, comment="Merci !")


def _refused(story: Story, life: Life) -> None:
    life.take(life.dossier.ticket.created_at + timedelta(hours=14))
    life.note(life.dossier.ticket.created_at + timedelta(hours=18))
    life.refuse(life.dossier.ticket.created_at + timedelta(days=4))


def _task_open(story: Story, life: Life) -> None:
    life.take(life.dossier.ticket.created_at + timedelta(minutes=20))


def _task_done(story: Story, life: Life) -> None:
    at = life.dossier.ticket.created_at + timedelta(hours=3)
    life.dossier.tell(at, life.agent, "C’est fait.", internal=True)
    life.dossier.close(at + timedelta(minutes=1), life.agent)


_COURSES: dict[str, Callable[[Story, Life], None]] = {
    "fresh": _fresh, "waiting": _waiting, "new": _nothing, "held": _nothing, "past": _past, "refused": _refused,
    "task-open": _task_open, "task-done": _task_done, "incident": _nothing, "neighbour": _nothing,
    "duplicate": _nothing,
}  # fmt: skip


def _incident(main: Life, neighbours: list[tuple[str, Life]], words: list[Word]) -> None:
    """One agent sees that it is one; what is said on it is said to all who reported it."""
    over, agent, present = main.dossier, main.agent, main.world.present
    for dossier in (over, *(life.dossier for _course, life in neighbours)):
        dossier.ticket.public = not dossier.ticket.merged
    first = min([word.when(present) for word in words])
    at = max(over.last_at + timedelta(minutes=3), first - timedelta(minutes=8))
    over.prioritise(at, agent, Priority.URGENT)
    over.assign(at, agent, agent)
    under: list[Dossier] = []
    said = {word.when(present): word for word in words}
    for moment, life, course in sorted(
        [(max(first - timedelta(minutes=4), life.dossier.last_at + timedelta(minutes=6)), life, course)
         for course, life in neighbours],
        key=lambda row: row[0],
    ):  # fmt: skip
        _say_before(moment, said, over, under, agent_of=main)
        life.dossier.group_under(moment, agent, over, merged=course == "duplicate")
        under.append(life.dossier)
    _say_before(present, said, over, under, agent_of=main)


def _say_before(
    moment: datetime, said: dict[datetime, Word], over: Dossier, under: list[Dossier], *, agent_of: Life
) -> None:
    """What the town has said until then, here and on each of those under it."""
    for at in [at for at in sorted(said) if at < moment]:
        word, key = said.pop(at), new_key()
        for dossier in (over, *under):
            body = word.english if dossier.ticket.language == "en" and word.english else word.words
            dossier.tell(max(at, dossier.last_at), agent_of.agent, body, key=key)
        if word.closes:
            for dossier in (over, *(one for one in under if not one.ticket.merged)):
                dossier.close(max(at, dossier.last_at) + timedelta(seconds=30), agent_of.agent)
