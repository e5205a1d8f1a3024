"""The statements that many people's rows hang on, written out: one for all of them, the same on PostgreSQL and SQLite.

The call centre works for towns and lives in none: an operator is not told what a town tells all who follow it.
Whoever has not chosen is told of everything on the site: hence `COALESCE(p.site, TRUE)` (`rules.default`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hub.core.jsons import encode_text
from hub.core.tables import given, rows_of

_TELL = """
INSERT INTO notifications_notification (person_id, town_id, kind, code, actor_id, what, path, subject, count, at)
SELECT asked.person_id, %s, %s, %s, %s, %s, %s, %s, 1, %s
FROM {} JOIN people_person u ON u.id = asked.person_id AND u.is_active
LEFT JOIN notifications_preference p ON p.person_id = asked.person_id AND p.kind = %s
WHERE COALESCE(p.site, TRUE) ORDER BY asked.person_id
ON CONFLICT (person_id, subject) WHERE read_at IS NULL AND NOT subject = '' DO UPDATE SET town_id = excluded.town_id,
kind = excluded.kind, code = excluded.code, actor_id = excluded.actor_id, what = excluded.what, path = excluded.path,
at = excluded.at, count = notifications_notification.count + 1
RETURNING person_id, id, count
"""

_SETTLE = """
UPDATE notifications_notification SET read_at = %s
WHERE person_id = %s AND subject = %s AND read_at IS NULL AND NOT subject = '' RETURNING id
"""

# What a worker has still to write for a person counts as written; the towns' numbers are of the same instant. They
# are those of stored events: a unit that tells a town something too has taken its number, and not stored it yet.
_STANDING = """
WITH counted AS (
SELECT asked.person_id, (
    SELECT COUNT(*) FROM notifications_notification n WHERE n.person_id = asked.person_id AND n.read_at IS NULL
) + (
    SELECT COUNT(*) FROM notifications_broadcast b
    WHERE b.done_at IS NULL AND b.reached < asked.person_id AND COALESCE(b.actor_id, 0) <> asked.person_id
    AND EXISTS (SELECT 1 FROM people_membership m
        WHERE m.person_id = asked.person_id AND m.town_id = b.town_id AND m.role <> 'operator')
    AND NOT EXISTS (SELECT 1 FROM notifications_preference p
        WHERE p.person_id = asked.person_id AND p.kind = b.kind AND NOT p.site)
    AND NOT EXISTS (SELECT 1 FROM notifications_notification w
        WHERE w.person_id = asked.person_id AND w.broadcast_id = b.id)
) AS unread FROM {})
SELECT counted.person_id, counted.unread, t.slug, s.epoch,
(SELECT MAX(e.seq) FROM streams_event e WHERE e.topic = s.topic) AS seq FROM counted
LEFT JOIN people_membership m ON m.person_id = counted.person_id AND m.role <> 'operator'
LEFT JOIN towns_town t ON t.id = m.town_id
LEFT JOIN streams_stream s ON s.topic = 'town.' || t.slug
ORDER BY counted.person_id, t.name
"""

_ROWS = """
INSERT INTO notifications_notification
(person_id, town_id, kind, code, actor_id, what, path, subject, count, at, broadcast_id)
SELECT m.person_id, b.town_id, b.kind, b.code, b.actor_id, b.what, b.path, '', 1, b.at, b.id
FROM notifications_broadcast b
JOIN (SELECT DISTINCT person_id, town_id FROM people_membership
    WHERE role <> 'operator' AND {followers}) m ON m.town_id = b.town_id
JOIN people_person u ON u.id = m.person_id AND u.is_active
LEFT JOIN notifications_preference p ON p.person_id = m.person_id AND p.kind = b.kind
WHERE {broadcasts} AND m.person_id <> COALESCE(b.actor_id, 0) AND COALESCE(p.site, TRUE) ORDER BY m.person_id
ON CONFLICT (person_id, broadcast_id) WHERE broadcast_id IS NOT NULL DO NOTHING
"""

_SOME = _ROWS.format(followers="town_id = %s AND person_id > %s AND person_id <= %s", broadcasts="b.id = %s")
_OWN = _ROWS.format(followers="person_id = %s", broadcasts="b.done_at IS NULL AND b.reached < m.person_id")

_NEXT = """
SELECT MAX(next.person_id) FROM (
SELECT DISTINCT person_id FROM people_membership
WHERE town_id = %s AND person_id > %s AND role <> 'operator' ORDER BY person_id LIMIT %s
) AS next
"""

# Nobody else has moved it since it was seen: `reached` says so.
_MOVE = """
UPDATE notifications_broadcast SET reached = %s WHERE id = %s AND reached = %s AND done_at IS NULL RETURNING id
"""


@dataclass(frozen=True)
class Told:
    """One person's row: a new one, or one that was still unread and has been renewed (`count` above 1)."""

    person_id: int
    id: int
    count: int


@dataclass(frozen=True)
class Standing:
    """How many notifications one person has not read, and where the topics of their towns stood at that instant.

    `towns`: number and epoch of each topic, by the town's short name; (0, "") where nothing has been said yet.
    """

    unread: int
    towns: Mapping[str, tuple[int, str]]

    @property
    def numbers(self) -> dict[str, int]:
        """How far each town has spoken; one that never has is left out."""
        return {slug: seq for slug, (seq, _epoch) in self.towns.items() if seq}


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def tell(
    people: Collection[int], *, town_id: int, kind: str, code: str, actor_id: int | None, what: Mapping[str, str],
    path: str, subject: str, at: datetime,
) -> list[Told]:  # fmt: skip
    """Write or renew the rows of those of these people who want this kind."""
    asked, values = given("asked", {"person_id": "bigint"}, [(person_id,) for person_id in people])
    fields = [town_id, kind, code, actor_id, encode_text(what), path, subject, _moment(at)]
    return [Told(*row) for row in rows_of(_TELL.format(asked), [*fields, *values, kind])]


def settle(person_id: int, subject: str, at: datetime) -> bool:
    """Mark what this person has not read about `subject` as read. Whether there was any."""
    return bool(rows_of(_SETTLE, [_moment(at), person_id, subject]))


def standing(people: Sequence[int]) -> dict[int, Standing]:
    """How each of these people stands. One statement, and one instant, for all of them."""
    asked, values = given("asked", {"person_id": "bigint"}, [(person_id,) for person_id in people])
    unread: dict[int, int] = {}
    towns: dict[int, dict[str, tuple[int, str]]] = {}
    for person_id, count, slug, epoch, seq in rows_of(_STANDING.format(asked), values):
        unread[person_id] = int(count)
        theirs = towns.setdefault(person_id, {})
        if slug is not None:
            theirs[slug] = (seq or 0, epoch or "")
    return {person_id: Standing(count, towns[person_id]) for person_id, count in unread.items()}


def let_commit_early() -> None:
    """This transaction need not wait for the disk: should the database crash, it may be undone, but as a whole.

    Others' commits then wait less for the disk, too.
    """
    if connection.vendor == "postgresql":
        rows_of("SET LOCAL synchronous_commit TO off", [])


def next_follower(town_id: int, *, after: int, size: int) -> int | None:
    """The id of the last of the next `size` people of a town, by id; None when there is nobody after `after`."""
    found = rows_of(_NEXT, [town_id, after, size])[0][0]
    return None if found is None else int(found)


def move(broadcast_id: int, *, seen: int, to: int) -> bool:
    """Say that a broadcast has reached further than it was seen to. False when somebody else was quicker."""
    return bool(rows_of(_MOVE, [to, broadcast_id, seen]))


def write_rows(broadcast_id: int, town_id: int, *, after: int, up_to: int) -> None:
    """The rows of a broadcast for its followers with these ids. Who has theirs already keeps it."""
    rows_of(_SOME, [town_id, after, up_to, broadcast_id])


def write_own(person_id: int) -> None:
    """One person's rows of all broadcasts that are still being written."""
    rows_of(_OWN, [person_id])
