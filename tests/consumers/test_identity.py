"""Who is at the other end of a socket, and who no longer is: on both databases."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session

from consumers.identity import Identity, ended, identify
from hub.core.clock import now
from hub.people.actions import issue_token
from hub.people.models import ApiToken, Person
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

Two = tuple[Identity, Identity]


@pytest.fixture
def known(town: Town) -> Two:
    """One by session, one by token, of two people."""
    by_session, by_token = (factories.make_person(town=town) for _ in range(2))
    headers = [
        {b"cookie": factories.cookie(by_session).encode()},
        {b"authorization": f"Bearer {issue_token(person=by_token, name='essai')}".encode()},
    ]
    first, second = identify(headers)
    assert first is not None
    assert second is not None
    return first, second


def test_who_is_still_there_has_not_ended(known: Two) -> None:
    assert ended(known) == []
    assert ended([]) == []


def expire(known: Two) -> None:
    Session.objects.filter(session_key=known[0].session_key).update(expire_date=now())


def sign_out(known: Two) -> None:
    Session.objects.filter(session_key=known[0].session_key).delete()


def close_first(known: Two) -> None:
    Person.objects.filter(pk=known[0].person.pk).update(is_active=False)


def change_first(known: Two) -> None:
    Person.objects.filter(pk=known[0].person.pk).update(password="un autre")


@pytest.mark.parametrize("change", [expire, sign_out, close_first, change_first])
def test_a_session_ends(known: Two, change: Callable[[Two], None]) -> None:
    change(known)
    assert ended(known) == [known[0]]


def revoke(known: Two) -> None:
    ApiToken.objects.filter(digest=known[1].token).delete()


def close_second(known: Two) -> None:
    Person.objects.filter(pk=known[1].person.pk).update(is_active=False)


@pytest.mark.parametrize("change", [revoke, close_second])
def test_a_token_ends(known: Two, change: Callable[[Two], None]) -> None:
    change(known)
    assert ended(known) == [known[1]]


def test_many_are_asked_about_together(known: Two) -> None:
    sign_out(known)
    assert ended(known * 300) == [known[0]] * 300
