"""Towns, people and conversations for tests, made by the hub's own actions."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from hub.conversations.actions import Posted, create_group, join, open_conversation, open_live, post_message
from hub.conversations.models import Conversation
from hub.core.clock import now
from hub.core.ids import new_key
from hub.people.actions import follow_town, grant_role
from hub.people.models import Person, Role
from hub.towns.models import Service, Town

_numbers = itertools.count(1)


def make_town(slug: str = "", **fields: Any) -> Town:
    """A town without people."""
    number = next(_numbers)
    slug = slug or f"ville-{number}"
    return Town.objects.create(slug=slug, **{"name": slug.title(), "languages": ["fr", "en"], **fields})


def make_person(
    email: str = "", *, town: Town | None = None, roles: Sequence[Role] = (Role.CITIZEN,), password: str | None = None,
    services: Sequence[Service] = (), **fields: Any,
) -> Person:  # fmt: skip
    """A person with a confirmed address and these roles in `town`. Without a password (quick): sign in by cookie."""
    email = email or f"personne-{next(_numbers)}@parvis.test"
    names = {"first_name": email.split("@")[0].title(), "last_name": "Essai"}
    person = Person.objects.create_user(email, password, **{**names, **fields})
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    for role in roles if town else ():
        assert town is not None
        if role == Role.CITIZEN:
            follow_town(person=person, town=town)
        else:
            grant_role(actor=None, person=person, town=town, role=role, services=services)
    return person


def make_mayor(town: Town, email: str = "", **fields: Any) -> Person:
    """The mayor of `town`."""
    return make_person(email, town=town, roles=[Role.MAYOR], **fields)


def make_agent(town: Town, email: str = "", **fields: Any) -> Person:
    """An agent of `town`."""
    return make_person(email, town=town, roles=[Role.AGENT], **fields)


def make_conversation(town: Town, citizen: Person, *words: str) -> Conversation:
    """The citizen's conversation with the mayor of `town`, who should be there already; the citizen says `words`."""
    conversation = open_conversation(actor=citizen, town=town)
    for body in words:
        say(citizen, conversation, body)
    return conversation


def make_group(maker: Person, town: Town, *members: Person, title: str = "Marché du samedi") -> Conversation:
    """A group of `town`, made by its mayor or who manages for them; `members` are in it."""
    group = create_group(actor=maker, town=town, title=title, about="Jours, places et horaires.")
    for person in members:
        join(actor=person, conversation_id=group.pk)
    group.refresh_from_db()
    return group


def make_live(maker: Person, town: Town, *members: Person, title: str = "Vos questions") -> Conversation:
    """The open live chat of `town`; `members` are in it."""
    chat = open_live(actor=maker, town=town, title=title)
    for person in members:
        join(actor=person, conversation_id=chat.pk)
    chat.refresh_from_db()
    return chat


def settled(*people: Person) -> None:
    """Their accounts are no longer new: they may write as much as others."""
    for person in people:
        person.created_at = now() - timedelta(days=30)
        person.save(update_fields=["created_at"])


def say(author: Person, conversation: Conversation, body: str, key: str = "") -> Posted:
    """One message, under a new key unless one is given."""
    return post_message(actor=author, conversation_id=conversation.pk, key=key or new_key(), body=body)


def session_key(person: Person) -> str:
    """Sign the person in; the value of their session cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key is not None
    return session.session_key


def cookie(person: Person) -> str:
    """Sign the person in; the `Cookie` header of their browser."""
    return f"{settings.SESSION_COOKIE_NAME}={session_key(person)}"
