"""Bare psycopg: what PostgreSQL stores a second when threads run the statements of `message.post` and do nothing else.

    python -m bench.fanout.bare PAIRS_FILE SECONDS

The statements are not written here: one message of a citizen and one of a mayor are posted by the hub's own action and
what it sends is taken down, so that both always run the same. Prints messages per second.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

import psycopg
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from hub.conversations.actions import post_message
from hub.core.clock import now
from hub.core.ids import new_epoch, new_key
from hub.people.models import Person
from hub.streams import topics

BODY = "a" * 200
Values = list[Any]


class Drifted(Exception):
    """The hub sends other statements than this file knows the values of."""


class Post:
    """One message on its way: what the statements are given, and what they answer."""

    def __init__(self, conversation: int, author: int, other: int, payloads: list[str]) -> None:
        self.conversation, self.author, self.other = conversation, author, other
        self.topic = topics.conversation(conversation)
        self.inboxes = sorted([topics.inbox(author), topics.inbox(other)])
        self.payloads = payloads
        self.at = now()
        self.seq = 0
        self.numbers: dict[str, int] = {}


# Each statement by its beginning: what it is given (None: as the hub gave it), and what becomes of its answer.
Step = tuple[str, Callable[[Post], Values] | None, Callable[[Post, list[tuple[Any, ...]]], None]]


def _nothing(post: Post, rows: list[tuple[Any, ...]]) -> None:
    return


def _keep(name: str, column: int = 0) -> Callable[[Post, list[tuple[Any, ...]]], None]:
    return lambda post, rows: setattr(post, name, rows[0][column])


def _numbers(some: list[str]) -> Values:
    return [value for topic in some for value in (topic, new_epoch(), 1)]


def _events(post: Post) -> Values:
    topics_in_order = [post.topic, *post.inboxes]
    names = ["message.posted", "conversation.changed", "conversation.changed"]
    seqs = [post.seq, *(post.numbers[inbox] for inbox in post.inboxes)]
    rows = zip(topics_in_order, seqs, names, post.payloads, strict=True)
    return [value for topic, seq, name, payload in rows for value in (topic, seq, name, payload, post.at)]


_BEGIN: list[Step] = [
    ("SELECT p.part", lambda post: [post.conversation, post.author], _nothing),
    ("INSERT INTO streams_stream", lambda post: _numbers([post.topic]), _keep("seq", 1)),
    (
        "INSERT INTO conversations_message",
        lambda post: [post.conversation, post.seq, post.author, new_key(), BODY, "web", post.at, None, None],
        _nothing,
    ),
]
_ANSWER: Step = ("INSERT INTO conversations_answer", lambda post: [post.at, post.conversation], _nothing)


def _end(waiting: bool) -> list[Step]:
    return [
        (
            "UPDATE conversations_conversation",
            lambda post: [post.seq, post.author, BODY[:110], post.at, waiting, post.at, post.conversation, post.at],
            _nothing,
        ),
        (
            "UPDATE conversations_participant",
            lambda post: [post.author, post.author, post.at, post.conversation],
            _nothing,
        ),
        ("INSERT INTO notifications_notification", None, _nothing),
        (
            "INSERT INTO streams_stream",
            lambda post: _numbers(post.inboxes),
            lambda post, rows: post.numbers.update(rows),
        ),
        ("SELECT person_id, SUM(unread)", lambda post: [post.author, post.other], _nothing),
        ("INSERT INTO streams_event", _events, _nothing),
    ]


CITIZEN = [*_BEGIN, *_end(waiting=True)]
MAYOR = [*_BEGIN, _ANSWER, *_end(waiting=False)]
Script = list[tuple[str, Values, Step]]


def take_down(person: Person, conversation: int, steps: list[Step]) -> tuple[Script, list[str]]:
    """Post one message by the hub; what it sent, beside what this file knows of it, and its three events' payloads.

    Raises `Drifted` when they don't fit.
    """
    sent: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        sent.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        post_message(actor=person, conversation_id=conversation, key=new_key(), body=BODY)
    texts = [" ".join(sql.split()) for sql, _ in sent]
    known = [beginning for beginning, _, _ in steps]
    if len(texts) != len(known) or not all(map(str.startswith, texts, known)):
        raise Drifted("message.post runs other statements now:\n" + "\n".join(texts))
    script = [(sql, list(values), step) for (sql, values), step in zip(sent, steps, strict=True)]
    return script, [value for value in sent[-1][1] if isinstance(value, str) and value.startswith("{")]


class Talk:
    """One pair: their messages in turns. Many threads may ask for the next one; each gets another pair's turn."""

    def __init__(self, citizen: Person, mayor: Person, conversation: int) -> None:
        self.people = (citizen, mayor)
        self.conversation = conversation
        for person in self.people:  # the first words make rows that the next ones renew
            post_message(actor=person, conversation_id=conversation, key=new_key(), body=BODY)
        self.scripts = [
            take_down(citizen, conversation, CITIZEN),
            take_down(mayor, conversation, MAYOR),
        ]
        self.said = 0

    def say(self, session: "psycopg.Connection[Any]") -> None:
        """Run one message's statements, as the hub does: the first by itself, the others in a transaction."""
        side = self.said % 2
        self.said += 1
        script, payloads = self.scripts[side]
        post = Post(self.conversation, self.people[side].pk, self.people[not side].pk, payloads)
        session.autocommit = True
        _run(session, script[:1], post)
        session.autocommit = False
        _run(session, script[1:], post)
        session.commit()


def _run(session: "psycopg.Connection[Any]", script: Script, post: Post) -> None:
    for sql, sent, (_beginning, values, keep) in script:
        with session.cursor() as cursor:
            cursor.execute(sql, sent if values is None else values(post))
            keep(post, cursor.fetchall() if cursor.description else [])


def talks(file: Path) -> list[Talk]:
    """The pairs of the file that loadgen takes, too."""
    lines = [line.split("\t") for line in file.read_text().splitlines()]
    people = [_person(cookie) for cookie, _ in lines]
    conversations = [int(topics_read.split(",")[0].partition(".")[2]) for _, topics_read in lines]
    return [Talk(people[at], people[at + 1], conversations[at]) for at in range(0, len(lines), 2)]


def _person(cookie: str) -> Person:
    session = Session.objects.get(session_key=cookie.partition("=")[2])
    return Person.objects.get(pk=session.get_decoded()["_auth_user_id"])


def rate(pairs: list[Talk], *, threads: int, seconds: float) -> float:
    """Messages stored a second, each thread with a connection of its own and pairs of its own."""
    stored = [0] * threads
    end = time.monotonic() + seconds

    def work(number: int) -> None:
        mine = pairs[number::threads]
        with psycopg.connect(os.environ["DATABASE_URL"]) as session:
            while time.monotonic() < end:
                mine[stored[number] % len(mine)].say(session)
                stored[number] += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    begun = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(stored) / (time.monotonic() - begun)


if __name__ == "__main__":
    print(rate(talks(Path(sys.argv[1])), threads=settings.SOCKET_THREADS, seconds=float(sys.argv[2])))
