"""Who is told what, once, and how the count in the bell follows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from hub.notifications import actions
from hub.notifications.actions import set_preferences, settle
from hub.notifications.models import Kind, Notification
from hub.notifications.queries import total_unread
from hub.notifications.rules import Wish
from hub.people.actions import close_account
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import unit
from hub.towns.models import Town
from tests import factories
from tests.notifications.conftest import events, inbox_counts, rows, tell

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_it_says_who_did_what_where(town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, actor=mayor, code="reply", kind=Kind.GROUP_MESSAGES, title="Le marché", excerpt="« Oui »")
    (row,) = rows(citizen)
    assert (row.town, row.kind, row.code, row.actor, row.path) == (
        town, "group_messages", "reply", mayor, "/messages/42/",
    )  # fmt: skip
    assert row.what == {"title": "Le marché", "excerpt": "« Oui »"}
    assert (row.count, row.read_at, row.subject, row.broadcast) == (1, None, "", None)


def test_two_inboxes_hear_of_it_each_with_its_own_count(town: Town, citizen: Person, mayor: Person) -> None:
    other = factories.make_person(town=town)
    tell(town, other, actor=mayor)
    tell(town, citizen, other, actor=mayor)
    assert inbox_counts(citizen) == [1]
    assert inbox_counts(other) == [1, 2]
    told = events(topics.inbox(other.pk), "notification.added")[-1]
    assert told == {"id": rows(other)[0].pk, "kind": "private_messages", "unread": 2, "towns": {}}


def test_what_comes_about_the_same_while_unread_renews_the_row_and_not_the_count(
    town: Town, citizen: Person, mayor: Person
) -> None:
    tell(town, citizen, actor=mayor, subject="conversation.42")
    first = rows(citizen)[0]
    agent = factories.make_agent(town)
    tell(town, citizen, actor=agent, subject="conversation.42", code="reply", title="Le marché")
    tell(town, citizen, actor=mayor, subject="conversation.43")
    two, one = rows(citizen)
    assert (one.pk, one.count, one.actor, one.code, one.what) == (first.pk, 2, agent, "reply", {"title": "Le marché"})
    assert one.at > first.at
    assert two.count == 1
    assert inbox_counts(citizen) == [1, 2]


def test_what_was_read_is_not_renewed(town: Town, citizen: Person, mayor: Person) -> None:
    for _ in range(2):
        tell(town, citizen, actor=mayor, subject="conversation.42")
        with unit() as work:
            settle(work, person_id=citizen.pk, subject="conversation.42")
    assert [row.count for row in rows(citizen)] == [1, 1]
    assert inbox_counts(citizen) == [1, 0, 1, 0]


def test_without_a_subject_nothing_is_merged(town: Town, citizen: Person, mayor: Person) -> None:
    for _ in range(3):
        tell(town, citizen, actor=mayor)
    assert [row.count for row in rows(citizen)] == [1, 1, 1]
    assert total_unread(citizen.pk) == 3


def test_nobody_is_told_of_their_own_act(town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, mayor, actor=mayor)
    tell(town, mayor, actor=mayor)
    assert (len(rows(citizen)), rows(mayor), events(topics.inbox(mayor.pk))) == (1, [], [])


def test_who_does_not_want_a_kind_is_not_told_of_it(town: Town, citizen: Person, mayor: Person) -> None:
    other = factories.make_person(town=town)
    set_preferences(actor=citizen, wishes={Kind.PRIVATE_MESSAGES: Wish(site=False, email=True)})
    tell(town, citizen, other, actor=mayor)
    tell(town, citizen, other, actor=mayor, kind=Kind.GROUP_MESSAGES, code="mention")
    assert [row.kind for row in rows(citizen)] == ["group_messages"]
    assert len(rows(other)) == 2
    assert inbox_counts(citizen) == [1]


def test_closed_accounts_are_told_nothing(town: Town, citizen: Person, mayor: Person) -> None:
    close_account(person=citizen)
    tell(town, citizen, actor=mayor)
    assert rows(citizen) == []


def test_a_subject_that_is_settled_without_anything_unread_tells_nothing(town: Town, citizen: Person) -> None:
    with unit() as work:
        settle(work, person_id=citizen.pk, subject="conversation.42")
    assert events(topics.inbox(citizen.pk)) == []


def test_settling_ends_with_its_own_subject_and_person(town: Town, citizen: Person, mayor: Person) -> None:
    other = factories.make_person(town=town)
    for subject in ("conversation.42", "conversation.43", ""):
        tell(town, citizen, other, actor=mayor, subject=subject)
    with unit() as work:
        settle(work, person_id=citizen.pk, subject="conversation.42")
        settle(work, person_id=citizen.pk, subject="")
    assert {row.subject for row in rows(citizen) if row.read_at is None} == {"conversation.43", ""}
    assert total_unread(other.pk) == 3


def test_a_merged_one_costs_one_statement(
    town: Town, citizen: Person, mayor: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [citizen, *(factories.make_person(town=town) for _ in range(3))]
    tell(town, *people, actor=mayor, subject="conversation.42")
    with unit() as work, django_assert_num_queries(1):
        actions.notify(
            work, town_id=town.pk, kind=Kind.PRIVATE_MESSAGES, code="private_message",
            people=[person.pk for person in people], actor=mayor, what={}, path="/messages/42/",
            subject="conversation.42",
        )  # fmt: skip
    assert [rows(person)[0].count for person in people] == [2, 2, 2, 2]


def test_a_path_leads_to_this_site(town: Town, citizen: Person) -> None:
    for path in ("https://ailleurs.example/", "//ailleurs.example/", "messages/"):
        with pytest.raises(ValueError, match="not a path"):
            tell(town, citizen, path=path)
    assert rows(citizen) == []


@pytest.mark.django_db(transaction=True)
def test_who_writes_at_the_same_time_counts_the_other(town: Town, citizen: Person, mayor: Person) -> None:
    """Each event's count is true at its number: the last one is how many there are."""

    def write(number: int) -> None:
        try:
            for _ in range(5):
                tell(town, citizen, actor=mayor, subject=f"conversation.{number}")
                tell(town, citizen, mayor, subject="")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert inbox_counts(citizen) == list(range(1, 37))
    assert Notification.objects.filter(person=citizen).count() == 36 == total_unread(citizen.pk)
    assert sorted({row.count for row in rows(citizen)}) == [1, 5]
