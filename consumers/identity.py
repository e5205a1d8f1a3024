"""Who is at the other end of a socket: by session cookie or bearer token, and whether they still are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import constant_time_compare

from hub.core.clock import now
from hub.core.tables import given, rows_of
from hub.people.models import Person
from hub.people.queries import lacking_second_factor, person_of_token, token_digest
from hub.streams import topics
from hub.tickets.proof import SESSION_KEY as PROVEN


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, and by what they are known: a session's key or a token's digest.

    `scope`: the only topics that are open to who has shown a ticket's secret, and has no account here; None: all that
    are the person's.
    """

    person: Person
    session_key: str | None
    token: str | None
    scope: frozenset[str] | None = None

    def may_ask_for(self, topic: str) -> bool:
        """Whether the topic is within what they are known for."""
        return self.scope is None or topic in self.scope


def origin_is_ours(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser's `Origin` is exactly the site's own. A program sends none (RFC 6455 §10.2)."""
    origin = headers.get(b"origin")
    return origin is None or origin.decode("latin-1") in settings.SITE_ORIGINS


def identify(asked: Sequence[Mapping[bytes, bytes]]) -> list[Identity | None]:
    """Who opens each of these sockets, by its headers; None for nobody. Few queries for all of them."""
    sessions = [_session_key(headers) for headers in asked]
    by_session = _people_of_sessions({key for key in sessions if key})
    pairs = zip(asked, sessions, strict=True)
    found = [by_session.get(key) if key else _by_token(_bearer(headers)) for headers, key in pairs]
    lacking = lacking_second_factor({identity.person.pk for identity in found if identity})
    return [None if identity and identity.person.pk in lacking else identity for identity in found]


def _bearer(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _session_key(headers: Mapping[bytes, bytes]) -> str | None:
    """A program that sends a token is never taken for a browser."""
    return None if _bearer(headers) else _cookie(headers.get(b"cookie", b"").decode("latin-1"))


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _by_token(token: str) -> Identity | None:
    person = person_of_token(token) if token else None
    return Identity(person, None, token_digest(token)) if person else None


def _people_of_sessions(keys: set[str]) -> dict[str, Identity]:
    """Who is signed in, by session key; a session that has ended, or whose password has changed, is left out."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=now()) if keys else ()
    sessions: dict[str, dict[str, Any]] = {row.session_key: row.get_decoded() for row in rows}
    ids = {_person_id(data) for data in sessions.values()} - {""}
    people = {str(person.pk): person for person in Person.objects.filter(pk__in=ids, is_active=True)} if ids else {}
    found = {}
    for key, data in sessions.items():
        person = people.get(_person_id(data))
        if person is None:
            continue
        if SESSION_KEY not in data:
            found[key] = Identity(person, key, None, _proven_topics(data, person))
        elif constant_time_compare(str(data.get(HASH_SESSION_KEY, "")), person.get_session_auth_hash()):
            found[key] = Identity(person, key, None)
    return found


def _person_id(data: Mapping[str, Any]) -> str:
    """Who is signed in; else the requester of the ticket whose secret was shown last; else nobody."""
    if SESSION_KEY in data:
        return str(data[SESSION_KEY])
    proven = data.get(PROVEN, [])
    return str(proven[-1][1]) if proven else ""


def _proven_topics(data: Mapping[str, Any], person: Person) -> frozenset[str]:
    return frozenset(topics.ticket(number) for number, requester in data.get(PROVEN, []) if requester == person.pk)


def proven(asked: Sequence[tuple[str, str]]) -> list[Person | None]:
    """As whom a browser reads each (session's key, topic), when it was shown the secret of somebody else's ticket.

    Read anew each time: who is signed in may be shown one while their socket is open. Two queries for all of them.
    """
    rows = Session.objects.filter(session_key__in={key for key, _ in asked}, expire_date__gt=now())
    shown = {
        (row.session_key, topics.ticket(number)): requester
        for row in rows
        for number, requester in row.get_decoded().get(PROVEN, [])
    }
    people = Person.objects.filter(is_active=True).in_bulk([shown[one] for one in asked if one in shown])
    return [people.get(shown.get(one, 0)) for one in asked]


# Compared as long as the socket is open: a changed password ends it.
_ENDED = """
SELECT asked.number FROM {}
LEFT JOIN people_person p ON p.id = asked.person_id AND p.password = asked.password AND p.is_active
LEFT JOIN django_session s ON s.session_key = asked.session AND s.expire_date > %s
LEFT JOIN people_apitoken t ON t.digest = asked.token
WHERE p.id IS NULL OR (s.session_key IS NULL AND t.id IS NULL)
"""
_COLUMNS = {"number": "bigint", "person_id": "bigint", "password": "text", "session": "text", "token": "text"}


def ended(identities: Sequence[Identity]) -> list[Identity]:
    """Those who are no longer who they were: signed out, token revoked, account closed, password changed.

    One query, however many they are.
    """
    rows = [
        (number, who.person.pk, who.person.password, who.session_key, who.token)
        for number, who in enumerate(identities)
    ]
    asked, values = given("asked", _COLUMNS, rows)
    found = rows_of(_ENDED.format(asked), [*values, connection.ops.adapt_datetimefield_value(now())])
    return [identities[number] for (number,) in found]
