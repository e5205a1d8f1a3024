"""Who is at the other end of a socket: by session cookie or bearer token, and whether they still are."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from hub.core.clock import now
from hub.people.models import ApiToken, Person
from hub.people.queries import lacking_second_factor, person_of_token, token_digest


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, and by what they are known: a session's key or a token's digest.

    `password_mark` changes with the password; it is compared as long as the socket is open.
    """

    person: Person
    session_key: str | None
    token: str | None
    password_mark: bytes


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
    return Identity(person, None, token_digest(token), _mark(person.password)) if person else None


def _people_of_sessions(keys: set[str]) -> dict[str, Identity]:
    """Who is signed in, by session key; a session that has ended, or whose password has changed, is left out."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=now()) if keys else ()
    sessions: dict[str, dict[str, Any]] = {row.session_key: row.get_decoded() for row in rows}
    ids = {data[SESSION_KEY] for data in sessions.values() if SESSION_KEY in data}
    people = {str(person.pk): person for person in Person.objects.filter(pk__in=ids, is_active=True)} if ids else {}
    found = {}
    for key, data in sessions.items():
        person = people.get(data.get(SESSION_KEY, ""))
        if person and constant_time_compare(str(data.get(HASH_SESSION_KEY, "")), person.get_session_auth_hash()):
            found[key] = Identity(person, key, None, _mark(person.password))
    return found


def _mark(password: str) -> bytes:
    return hashlib.blake2b(password.encode(), digest_size=8).digest()


def still_valid(identities: Iterable[Identity]) -> set[Identity]:
    """Those who are still who they were: session not ended, token not revoked, account open, password unchanged.

    Three queries at most, however many they are.
    """
    asked = list(identities)
    sessions = {identity.session_key for identity in asked if identity.session_key}
    tokens = {identity.token for identity in asked if identity.token}
    open_sessions = set(
        Session.objects.filter(session_key__in=sessions, expire_date__gt=now()).values_list("session_key", flat=True)
    )
    open_tokens = set(ApiToken.objects.filter(digest__in=tokens).values_list("digest", flat=True)) if tokens else set()
    people = {identity.person.pk for identity in asked}
    marks = {
        person_id: _mark(password)
        for person_id, password in Person.objects.filter(pk__in=people, is_active=True).values_list("pk", "password")
    }
    return {
        identity
        for identity in asked
        if marks.get(identity.person.pk) == identity.password_mark
        and (identity.session_key in open_sessions or identity.token in open_tokens)
    }
