"""Fills the bench's database: towns, people with sessions, conversations. `python -m bench.fanout.seed FOLDER`

Rows go in by the thousand, past the hub's actions; what sockets need is there and nothing else. For each crowd a file
in FOLDER says, per person, the `Cookie` header and the topics they read, as loadgen takes them:

- `square`: 250 people who all read one conversation, each also their own with a mayor, and their inbox.
- `citizens`: 5,000 people, each with two conversations of their own (two towns) and their inbox.
- `signed-in`: the same 5,000, who subscribe to nothing.
- `pairs`: a citizen and their mayor in turns, 50 times; each pair has a conversation, and another one apart.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from hub.conversations.models import Conversation, Part, Participant
from hub.core.clock import now
from hub.core.ids import new_epoch, new_key
from hub.people.models import Person
from hub.streams import topics
from hub.streams.models import Stream
from hub.towns.models import Town

SQUARE = 250
CITIZENS = 5_000
PAIRS = 50

_numbers = count(1)


def make_towns(how_many: int) -> list[Town]:
    numbers = [next(_numbers) for _ in range(how_many)]
    return Town.objects.bulk_create(Town(slug=f"ville-{n}", name=f"Ville {n}", languages=["fr"]) for n in numbers)


def make_people(how_many: int) -> list[Person]:
    numbers = [next(_numbers) for _ in range(how_many)]
    password = make_password(None)
    return Person.objects.bulk_create(
        Person(email=f"personne-{n}@parvis.test", first_name="Camille", last_name=f"Essai {n}", password=password)
        for n in numbers
    )


def make_private(town: Town, mayor: Person, citizens: Sequence[Person]) -> list[Conversation]:
    """Each citizen's conversation with the mayor of `town`."""
    made = Conversation.objects.bulk_create(Conversation(town=town, citizen=citizen) for citizen in citizens)
    parts = [(chat, citizen, Part.CITIZEN) for chat, citizen in zip(made, citizens, strict=True)]
    parts += [(chat, mayor, Part.MAYOR) for chat in made]
    Participant.objects.bulk_create(
        Participant(conversation=chat, person=person, part=part) for chat, person, part in parts
    )
    return made


def make_square(people: Sequence[Person]) -> Conversation:
    """One conversation with all these people in it."""
    square = Conversation.objects.create(town=make_towns(1)[0], citizen=people[0])
    Participant.objects.bulk_create(
        Participant(conversation=square, person=person, part=Part.CITIZEN) for person in people
    )
    return square


def cookies(people: Sequence[Person]) -> list[str]:
    """Sign all of them in; their browsers' `Cookie` headers."""
    store, end = SessionStore(), now() + timedelta(days=1)
    sessions = [
        Session(session_key=new_key(), session_data=store.encode(_session_of(person)), expire_date=end)
        for person in people
    ]
    Session.objects.bulk_create(sessions)
    return [f"{settings.SESSION_COOKIE_NAME}={session.session_key}" for session in sessions]


def _session_of(person: Person) -> dict[str, str]:
    return {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }


def write(file: Path, people: Sequence[Person], read: Sequence[Sequence[Conversation]]) -> None:
    """One line per person: the cookie, and what they read; nothing when `read` is empty."""
    lines = []
    for number, cookie in enumerate(cookies(people)):
        wanted = [*(chat.topic for chat in read[number]), "inbox.me"] if read else []
        lines.append(f"{cookie}\t{','.join(wanted)}\n")
    file.write_text("".join(lines))


def seed(folder: Path) -> None:
    """Make it all."""
    folder.mkdir()
    first, second = make_towns(2)
    mayors = make_people(2)
    people = make_people(SQUARE)
    square = make_square(people)
    write(folder / "square", people, [(square, own) for own in make_private(first, mayors[0], people)])

    citizens = make_people(CITIZENS)
    own = zip(make_private(first, mayors[0], citizens), make_private(second, mayors[1], citizens), strict=True)
    write(folder / "citizens", citizens, list(own))
    write(folder / "signed-in", citizens, [])

    _seed_pairs(folder)
    Stream.objects.bulk_create(Stream(topic=topic, epoch=new_epoch()) for topic in sorted(_topics()))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _seed_pairs(folder: Path) -> None:
    together, read = [], []
    for _ in range(PAIRS):
        (here, there), (citizen, mayor) = make_towns(2), make_people(2)
        chats = (make_private(here, mayor, [citizen])[0], make_private(there, mayor, [citizen])[0])
        together += [citizen, mayor]
        read += [chats, chats]
    write(folder / "pairs", together, read)


def _topics() -> list[str]:
    conversations = Conversation.objects.values_list("pk", flat=True)
    people = Person.objects.values_list("pk", flat=True)
    return [*map(topics.conversation, conversations), *map(topics.inbox, people)]


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
