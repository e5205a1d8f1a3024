"""What comes of the demo's tickets: who takes them, what is said on the way, how they end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from hub.conversations.models import Via
from hub.demo.tickets.dossier import Dossier
from hub.demo.tickets.subject import Subject
from hub.demo.tickets.wording import Wording
from hub.demo.tickets.world import World
from hub.people.models import Person
from hub.tickets.models import Priority, Source, Status

_THANKS = (
    "Merci, c’est parfait.", "Merci beaucoup, c’était rapide !", "Réglé, bonne journée à l’équipe.",
    "Très bien, merci de m’avoir tenu au courant.", "", "", "",
)  # fmt: skip
_THANKS_EN = ("Thank you, that was quick!", "All good, thanks.", "")
_STILL_NOT = (
    "Le problème est revenu le lendemain.", "C’est mieux, mais ce n’est fait qu’à moitié.",
    "Personne n’est passé, en tout cas rien n’a changé.",
)  # fmt: skip
_GRATEFUL = {
    "fr": ("Merci pour votre réponse rapide.", "D’accord, merci pour l’information.", "Bien noté, merci."),
    "en": ("Thank you for the quick answer.", "Noted, thanks."),
}


@dataclass
class Life:
    """One ticket's days, in order: each step comes after the one before."""

    world: World
    dossier: Dossier
    subject: Subject
    variant: int
    wording: Wording
    rng: Random
    agent: Person
    said: set[str] = field(default_factory=set)

    # Steps. Each takes the earliest moment at which it may be.

    def take(self, at: datetime) -> None:
        """An agent makes it theirs, and sets its priority right; now and then it is another service's."""
        at = self._office(at)
        if self.subject.hand and self.dossier.ticket.service != self.world.services[self.subject.hand]:
            self.dossier.hand_to(at, self.agent, self.world.services[self.subject.hand])
            self.agent = self.world.staff.agents(self.dossier.ticket.service)[0]
            at = self._office(at + timedelta(hours=2))
        if self.dossier.ticket.priority != self.subject.priority:
            self.dossier.prioritise(at, self.agent, Priority(self.subject.priority))
        if self.rng.random() < 0.7:
            self.dossier.assign(at, self.agent, self.agent)

    def note(self, at: datetime) -> None:
        """A word among colleagues; now and then with a picture of the place."""
        at = self._office(at)
        pictured = self.subject.picture and self.rng.random() < 0.12
        files = [("Vu sur place.jpg", self.subject.picture)] if pictured else []
        text = self._text(self.world.stock.notes(self.subject), at)
        self.dossier.tell(at, self.agent, text, internal=True, files=files)

    def answer(self, at: datetime) -> None:
        """The town says what it will do; to who is unknown, nothing can be said."""
        answers = self.world.stock.answers(self.subject)
        if self.mute or not answers:
            return self.note(at)
        at = self._office(at)
        self.dossier.tell(at, self.agent, self._text(answers, at))
        return None

    def hear(self, at: datetime, texts: tuple[str, ...] = ()) -> None:
        """The requester says more, by the way they came or by another."""
        said = texts or self.world.stock.says(self.subject)
        if self.mute or not said:
            return
        at = self.next(at)
        via = self._way()
        by_staff = via in {Via.PHONE, Via.LETTER}
        at = self._office(at) if by_staff else at
        self.dossier.hear(at, self._text(said, at), via=via, noted_by=self.agent if by_staff else None)

    def finish(self, at: datetime) -> None:
        """Said to be done, and closed."""
        at = self._office(at)
        done = self.subject.done
        text = done[self.variant] if len(done) == len(self.subject.words) else self.rng.choice(done)
        body = self.wording.fill(text, at.date())
        if self.dossier.ticket.internal:
            self.dossier.tell(at, self.agent, body, internal=True)
        elif not self.mute and self.rng.random() < 0.85:
            self.dossier.tell(at, self.agent, body, files=self._proof())
        self.dossier.close(at + timedelta(seconds=40), self.agent)

    def refuse(self, at: datetime) -> None:
        at = self._office(at)
        self.dossier.close(at, self.agent, reason=self.wording.fill(self.subject.refused, at.date()))

    def settle(self, after: timedelta) -> None:
        """« C’est réglé ? » Most say yes."""
        at = self.dossier.last_at + after
        if at >= self.world.present or self.mute:
            return
        if self.rng.random() < 0.86:
            thanks = _THANKS_EN if self.dossier.ticket.language == "en" else _THANKS
            self.dossier.settle(at, settled=True, comment=self.rng.choice(thanks))
        else:
            self.dossier.settle(at, settled=False, comment=self.rng.choice(_STILL_NOT))

    def postpone(self, days: int) -> None:
        """It takes longer than promised."""
        at = self.next(self.world.at_work(self.dossier.last_at + timedelta(hours=5), self.rng))
        self.dossier.postpone(at, self.agent, self.world.working(self.world.present.date(), days))

    # How.

    @property
    def mute(self) -> bool:
        """Whether nobody is there to be written to."""
        return self.dossier.ticket.anonymous or self.dossier.ticket.internal

    def _text(self, texts: tuple[str, ...], at: datetime) -> str:
        fresh = [text for text in texts if text not in self.said] or texts
        text = self.rng.choice(fresh)
        self.said.add(text)
        return self.wording.fill(text, at.date())

    def next(self, at: datetime) -> datetime:
        """At that moment, but after the last step, and never to come."""
        after = self.dossier.last_at + timedelta(minutes=self.rng.randint(3, 25))
        latest = self.world.present - timedelta(seconds=90)
        return max(min(max(at, after), latest), self.dossier.last_at + timedelta(seconds=1))

    def _office(self, at: datetime) -> datetime:
        """The same, while the town hall works, and not at once after what was said."""
        said = self.dossier.messages[-1].at if self.dossier.messages else at
        return self.next(self.world.at_work(max(at, said + timedelta(minutes=self.rng.randint(20, 150))), self.rng))

    def _way(self) -> Via:
        ticket = self.dossier.ticket
        if ticket.requester.email:
            return self.rng.choice((Via.WEB, Via.WEB, Via.EMAIL))
        if ticket.source == Source.LETTER:
            return Via.LETTER
        if not ticket.email:
            return Via.PHONE
        return self.rng.choice((Via.EMAIL, Via.EMAIL, Via.WEB, Via.PHONE))

    def _proof(self) -> list[tuple[str, str]]:
        """What the town sends along, now and then."""
        if self.rng.random() > 0.12:
            return []
        ticket = self.dossier.ticket
        return [("Bon de travail.pdf", f"Bon de travail {ticket.number} : {ticket.title}")]


# Ends, and what they look like.

Steps = tuple[Callable[[Life, datetime], None], ...]
_WAYS: tuple[tuple[Steps, int], ...] = (
    ((Life.take, Life.answer), 30),
    ((Life.take, Life.note, Life.answer, Life.hear), 16),
    ((Life.answer,), 12),
    ((Life.take, Life.hear, Life.answer, Life.note), 10),
    ((Life.take, Life.note), 12),
    ((Life.note, Life.answer, Life.hear, Life.note, Life.answer), 8),
    ((), 12),
)
_REFUSED_WAYS: tuple[tuple[Steps, int], ...] = (((Life.take, Life.note), 3), ((Life.take,), 2), ((Life.note,), 2))
_OPEN_WAYS: tuple[tuple[Steps, int], ...] = (
    ((Life.take,), 14),
    ((Life.take, Life.answer), 22),
    ((Life.take, Life.note, Life.answer), 18),
    ((Life.answer, Life.hear), 14),
    ((Life.take, Life.answer, Life.hear, Life.note), 10),
    ((Life.note,), 8),
)


def arrive(life: Life) -> None:
    """The call centre hands on what it took."""
    ticket = life.dossier.ticket
    if ticket.status == Status.NOT_TRANSFERRED:
        at = ticket.created_at + timedelta(minutes=life.rng.randint(2, 14))
        life.dossier.transfer(min(at, life.world.present - timedelta(seconds=100)), life.world.staff.operator)


def close(life: Life, *, within: timedelta, may_refuse: bool = True) -> None:
    """Walk a ticket to its end, in about that time."""
    rng, created = life.rng, life.dossier.ticket.created_at
    refused = may_refuse and bool(life.subject.refused) and rng.random() < 0.4
    ways = _REFUSED_WAYS if refused else _WAYS
    steps = rng.choices([way for way, _share in ways], [share for _way, share in ways])[0]
    _walk(life, steps, within * 0.8)
    end = created + within
    if refused:
        life.refuse(end)
        return
    life.finish(end)
    if rng.random() < 0.4:
        life.settle(timedelta(hours=rng.randint(3, 240)))
    elif rng.random() < 0.1:
        life.hear(end + timedelta(hours=rng.randint(1, 20)), _GRATEFUL[life.dossier.ticket.language])


def work_on(life: Life) -> None:
    """Begun, and not at its end."""
    steps = life.rng.choices([way for way, _share in _OPEN_WAYS], [share for _way, share in _OPEN_WAYS])[0]
    _walk(life, steps, life.world.present - life.dossier.ticket.created_at)


def _walk(life: Life, steps: Steps, span: timedelta) -> None:
    created = life.dossier.ticket.created_at
    first = timedelta(hours=life.rng.randint(2, 26))
    for number, step in enumerate(steps):
        after = span * ((number + life.rng.random() * 0.6) / (len(steps) + 1))
        step(life, created + (after if number else min(after, first)))
