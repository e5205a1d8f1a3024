"""Who is at the other end of a socket: by session cookie or bearer token, and whether they still are."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from hub.core.clock import now
from hub.people.models import ApiToken, Person
from hub.people.queries import needs_second_factor, person_of_token, token_digest

_SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


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


def identify(headers: Mapping[bytes, bytes]) -> Identity | None:
    """The person who opens a socket, or None. Reads the database."""
    bearer = headers.get(b"authorization", b"").decode("latin-1")
    if bearer.lower().startswith("bearer "):
        return _by_token(bearer[7:].strip())
    return _by_session(_cookie(headers.get(b"cookie", b"").decode("latin-1")))


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _by_token(token: str) -> Identity | None:
    person = person_of_token(token)
    if person is None or needs_second_factor(person):
        return None
    return Identity(person, None, token_digest(token), _mark(person.password))


def _by_session(session_key: str | None) -> Identity | None:
    if not session_key:
        return None
    data: dict[str, Any] = _SessionStore(session_key).load()
    person_id = data.get(SESSION_KEY)
    person = Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None
    if person is None or not constant_time_compare(str(data.get(HASH_SESSION_KEY, "")), person.get_session_auth_hash()):
        return None
    if needs_second_factor(person):
        return None
    return Identity(person, session_key, None, _mark(person.password))


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
