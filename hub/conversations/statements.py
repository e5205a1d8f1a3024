"""The statements that every message runs, written out: the ORM would take four times as long to compose them.

They are the same on PostgreSQL and SQLite. Only `actions` and `queries` use them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from hub.conversations.models.replies import LIVES
from hub.core.jsons import encode_text
from hub.core.tables import given, rows_of

# In a group or a live chat, who no longer belongs to the town has no part any more, nor who speaks for the town hall
# and no longer works there (`rules.part_in_group`): they may come in again as what they are.
_STILL = """
(c.kind = 'private' OR EXISTS (
SELECT 1 FROM people_membership m WHERE m.person_id = p.person_id AND m.town_id = c.town_id AND CASE p.part
WHEN 'mayor' THEN m.role = 'mayor' WHEN 'agent' THEN m.role NOT IN ('citizen', 'operator')
ELSE m.role <> 'operator' END))
"""

_PART = (
    """
SELECT p.part, c.kind, c.town_id, c.closed_at IS NOT NULL, c.slow_s FROM conversations_participant p
JOIN conversations_conversation c ON c.id = p.conversation_id
JOIN people_person u ON u.id = p.person_id
WHERE p.conversation_id = %s AND p.person_id = %s AND p.left_at IS NULL AND u.is_active AND """
    + _STILL
)

_INSERT = """
INSERT INTO conversations_message (conversation_id, seq, author_id, key, body, via, at, reply_to_id, mentions)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""

_ANSWER = """
INSERT INTO conversations_answer (town_id, conversation_id, asked_at, answered_at)
SELECT town_id, id, waiting_since, %s FROM conversations_conversation WHERE id = %s AND waiting_since IS NOT NULL
"""

# COALESCE: in RETURNING, SQLite 3.40 takes « IS NULL » for false whatever the column holds.
_LATEST = """
UPDATE conversations_conversation SET last_seq = %s, last_author_id = %s, last_excerpt = %s, last_at = %s,
posts = posts + 1, waiting_since = CASE WHEN %s THEN COALESCE(waiting_since, %s) END WHERE id = %s
RETURNING waiting_since = %s AND COALESCE(answered_by_id, 0) = 0 AND EXISTS (
SELECT 1 FROM towns_town t WHERE t.id = conversations_conversation.town_id AND t.automatic_answer), posts
"""

# Where the conversation's own row holds the number, and no stream does: on tickets.
_NEXT = """
UPDATE conversations_conversation SET posts = posts + 1, last_seq = posts + 1, last_author_id = %s,
last_excerpt = %s, last_at = %s WHERE id = %s RETURNING posts
"""

_LAST_OF = """
SELECT at FROM conversations_message WHERE conversation_id = %s AND author_id = %s ORDER BY seq DESC LIMIT 1
"""

_SILENT = """
SELECT MAX(until) FROM conversations_silence
WHERE person_id = %s AND town_id = %s AND until > %s AND lifted_at IS NULL
AND (conversation_id IS NULL OR conversation_id = %s)
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

_GIVEN = """
INSERT INTO conversations_replyaddress (token, conversation_id, address, person_id, created_at, expires_at)
VALUES {} ON CONFLICT (conversation_id, address) WHERE revoked_at IS NULL
DO UPDATE SET expires_at = excluded.expires_at RETURNING address, token
"""

_GONE = (
    """
SELECT asked.person_id, asked.conversation_id FROM {}
LEFT JOIN conversations_participant p
ON p.conversation_id = asked.conversation_id AND p.person_id = asked.person_id AND p.left_at IS NULL
LEFT JOIN conversations_conversation c ON c.id = p.conversation_id
WHERE p.id IS NULL OR NOT """
    + _STILL
)


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _read(value: Any) -> datetime | None:
    """A moment as a written-out statement gives it: SQLite's is in UTC, as text or without a zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment is None:
        return None
    assert isinstance(moment, datetime)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is in a conversation, and what sort of conversation it is."""

    part: str
    kind: str
    town_id: int
    closed: bool
    slow_s: int


def place_of(person_id: int, conversation_id: int) -> Place | None:
    """Where a person stands in a conversation; None when they have no part in it, or no account."""
    rows = rows_of(_PART, [conversation_id, person_id])
    if not rows:
        return None
    part, kind, town_id, closed, slow_s = rows[0]
    return Place(part, kind, town_id, bool(closed), slow_s)


def insert_message(
    *, conversation_id: int, seq: int, author_id: int, key: str, body: str, via: str, at: datetime,
    reply_to_id: int | None, mentions: Sequence[int],
) -> int:  # fmt: skip
    """Store words under their number; their id. Raises `IntegrityError` when the author used the key before."""
    named = encode_text(mentions) if mentions else None
    values = [conversation_id, seq, author_id, key, body, via, _moment(at), reply_to_id, named]
    return int(rows_of(_INSERT, values)[0][0])


def last_of(*, conversation_id: int, author_id: int) -> datetime | None:
    """When somebody said their last words there."""
    rows = rows_of(_LAST_OF, [conversation_id, author_id])
    return _read(rows[0][0]) if rows else None


def silent_until(*, conversation_id: int, town_id: int, person_id: int, at: datetime) -> datetime | None:
    """Until when somebody may not write there; None when they may."""
    return _read(rows_of(_SILENT, [person_id, town_id, _moment(at), conversation_id])[0][0])


def remember_answer(*, conversation_id: int, at: datetime) -> None:
    """The town answers: how long the citizen waited, if they did."""
    rows_of(_ANSWER, [_moment(at), conversation_id])


@dataclass(frozen=True, slots=True)
class Latest:
    """What new words made of a conversation's row.

    `may_be_away`: the citizen waits since these words, for the mayor, and the town answers by itself at times.
    """

    may_be_away: bool
    posts: int


def set_latest(*, conversation_id: int, seq: int, author_id: int, excerpt: str, at: datetime, waiting: bool) -> Latest:
    """The conversation's row in lists. `waiting`: the citizen waits for an answer, since now or since earlier."""
    moment = _moment(at)
    values = [seq, author_id, excerpt, moment, waiting, moment, conversation_id, moment]
    may_be_away, posts = rows_of(_LATEST, values)[0]
    return Latest(bool(may_be_away), posts)


def set_next(*, conversation_id: int, author_id: int, excerpt: str, at: datetime) -> int:
    """The next number of a conversation that has no stream: 1, 2, 3 … Others who write there wait until the
    transaction ends."""
    return int(rows_of(_NEXT, [author_id, excerpt, _moment(at), conversation_id])[0][0])


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


def give_reply_addresses(
    *, conversation_id: int, at: datetime, readers: Sequence[tuple[str, str, int | None]]
) -> dict[str, str]:
    """Each reader's address there, and the token under which they answer: the one that they have, which lives on, or
    this one. `readers`: (token, address, person)."""
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(readers))
    from_now, until = _moment(at), _moment(at + LIVES)
    values = [
        value for token, address, person in readers
        for value in (token, conversation_id, address, person, from_now, until)
    ]  # fmt: skip
    return dict(rows_of(_GIVEN.format(rows), values))


def gone(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (person, conversation) pairs where the person has no part, or no longer."""
    asked, values = given("asked", {"person_id": "bigint", "conversation_id": "bigint"}, pairs)
    return set(rows_of(_GONE.format(asked), values))
