"""The statements that every message runs, written out: the ORM would take four times as long to compose them.

They are the same on PostgreSQL and SQLite. Only `actions` and `queries` use them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from hub.core.tables import given, rows_of

_PART = """
SELECT p.part FROM conversations_participant p
JOIN people_person u ON u.id = p.person_id
WHERE p.conversation_id = %s AND p.person_id = %s AND p.left_at IS NULL AND u.is_active
"""

_INSERT = """
INSERT INTO conversations_message (conversation_id, seq, author_id, key, body, via, at)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""

_ANSWER = """
INSERT INTO conversations_answer (town_id, conversation_id, asked_at, answered_at)
SELECT town_id, id, waiting_since, %s FROM conversations_conversation WHERE id = %s AND waiting_since IS NOT NULL
"""

_LATEST = """
UPDATE conversations_conversation SET last_seq = %s, last_author_id = %s, last_excerpt = %s, last_at = %s,
waiting_since = CASE WHEN %s THEN COALESCE(waiting_since, %s) END WHERE id = %s
"""

_UNREAD = """
UPDATE conversations_participant SET unread = unread + CASE WHEN person_id = %s THEN 0 ELSE 1 END,
unread_since = CASE WHEN person_id = %s THEN unread_since ELSE COALESCE(unread_since, %s) END
WHERE conversation_id = %s AND left_at IS NULL RETURNING person_id, unread
"""

_TOTALS = """
SELECT person_id, SUM(unread) FROM conversations_participant
WHERE unread > 0 AND left_at IS NULL AND person_id IN ({}) GROUP BY person_id
"""

_GONE = """
SELECT asked.person_id, asked.conversation_id FROM {}
LEFT JOIN conversations_participant p
ON p.conversation_id = asked.conversation_id AND p.person_id = asked.person_id AND p.left_at IS NULL
WHERE p.id IS NULL
"""


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def part_of(person_id: int, conversation_id: int) -> str | None:
    """What a person is in a conversation; None when they have no part in it, or no account."""
    rows = rows_of(_PART, [conversation_id, person_id])
    return rows[0][0] if rows else None


def insert_message(
    *, conversation_id: int, seq: int, author_id: int, key: str, body: str, via: str, at: datetime
) -> int:
    """Store words under their number; their id. Raises `IntegrityError` when the author used the key before."""
    return int(rows_of(_INSERT, [conversation_id, seq, author_id, key, body, via, _moment(at)])[0][0])


def remember_answer(*, conversation_id: int, at: datetime) -> None:
    """The town answers: how long the citizen waited, if they did."""
    rows_of(_ANSWER, [_moment(at), conversation_id])


def set_latest(*, conversation_id: int, seq: int, author_id: int, excerpt: str, at: datetime, waiting: bool) -> None:
    """The conversation's row in lists. `waiting`: the citizen waits for an answer, since now or since earlier."""
    moment = _moment(at)
    rows_of(_LATEST, [seq, author_id, excerpt, moment, waiting, moment, conversation_id])


def count_unread(*, conversation_id: int, author_id: int, at: datetime) -> dict[int, int]:
    """One more to read for everybody but the author; how many each of them, the author too, has now."""
    rows = rows_of(_UNREAD, [author_id, author_id, _moment(at), conversation_id])
    return dict(rows)


def total_unread(people: list[int]) -> dict[int, int]:
    """How many messages wait to be read by each of these people; who has none is left out."""
    return {
        person_id: int(total)
        for person_id, total in rows_of(_TOTALS.format(", ".join(["%s"] * len(people))), list(people))
    }


def gone(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (person, conversation) pairs where the person has no part, or no longer."""
    asked, values = given("asked", {"person_id": "bigint", "conversation_id": "bigint"}, pairs)
    return set(rows_of(_GONE.format(asked), values))
