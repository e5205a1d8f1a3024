"""What people do with what they were told: read, delete, choose; and what is forgotten by itself."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from hub.core.clock import now
from hub.core.errors import NotFound
from hub.notifications.actions import catch_up, delete_all, mark_read, prune, set_preferences
from hub.notifications.models import Broadcast, Kind, Notification, Preference
from hub.notifications.queries import access_notification, kinds_on_site, notifications_of, total_unread, wants
from hub.notifications.queries import wishes_of as wishes
from hub.notifications.rules import CHOSEN, KEEP_READ, KEEP_UNREAD, Means, Wish
from hub.people.models import Membership, Person
from hub.streams import topics
from hub.towns.models import Town
from tests import factories
from tests.notifications.conftest import events, ids, inbox_counts, rows, tell, tell_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("no_worker")]

DAY = timedelta(days=1)


@pytest.fixture
def three(town: Town, citizen: Person, mayor: Person) -> list[Notification]:
    """What the citizen was told, newest first."""
    for number in range(3):
        tell(town, citizen, actor=mayor, path=f"/messages/{number}/")
    return rows(citizen)


def test_the_newest_comes_first_by_pages(citizen: Person, three: list[Notification]) -> None:
    assert list(notifications_of(citizen)) == three
    assert list(notifications_of(citizen, before=three[0].pk)) == three[1:]
    Notification.objects.update(at=now())  # at the same instant: by number
    assert list(notifications_of(citizen, before=three[1].pk)) == three[2:]


def test_what_is_anothers_is_not_there(mayor: Person, three: list[Notification]) -> None:
    for missing in (three[0].pk, 987_654):
        with pytest.raises(NotFound):
            access_notification(mayor, missing)
        with pytest.raises(NotFound):
            notifications_of(mayor, before=missing)


def test_reading_one_tells_all_pages_how_many_are_left(citizen: Person, three: list[Notification]) -> None:
    mark_read(actor=citizen, notification_ids=[three[1].pk, 987_654])
    assert [row.read_at is None for row in rows(citizen)] == [True, False, True]
    assert inbox_counts(citizen) == [1, 2, 3, 2]
    mark_read(actor=citizen, notification_ids=[three[1].pk])
    mark_read(actor=citizen, notification_ids=[])
    assert inbox_counts(citizen) == [1, 2, 3, 2]


def test_reading_all_and_only_ones_own(citizen: Person, mayor: Person, town: Town, three: list[Notification]) -> None:
    tell(town, mayor, actor=citizen)
    mark_read(actor=citizen, notification_ids=ids(rows(mayor)))
    assert total_unread(mayor.pk) == 1
    read_at = mark_read(actor=citizen) or rows(citizen)[0].read_at
    assert (total_unread(citizen.pk), total_unread(mayor.pk)) == (0, 1)
    mark_read(actor=citizen)
    assert rows(citizen)[0].read_at == read_at
    assert events(topics.inbox(citizen.pk))[-1] == {"unread": 0, "towns": {}}


def test_deleting_takes_read_and_unread_ones_of_ones_own(
    citizen: Person, mayor: Person, town: Town, three: list[Notification]
) -> None:
    tell(town, mayor, actor=citizen)
    mark_read(actor=citizen, notification_ids=[three[0].pk])
    delete_all(actor=citizen)
    assert (rows(citizen), len(rows(mayor))) == ([], 1)
    assert inbox_counts(citizen) == [1, 2, 3, 2, 0]
    delete_all(actor=citizen)
    assert inbox_counts(citizen) == [1, 2, 3, 2, 0]


def test_with_nothing_pending_catching_up_costs_one_query(
    citizen: Person, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    done = tell_town(town)
    Broadcast.objects.filter(pk=done.pk).update(done_at=now())
    with django_assert_num_queries(1):
        catch_up(citizen)


# What one wants.


def test_who_has_not_chosen_gets_what_most_people_want(citizen: Person) -> None:
    quiet = dict.fromkeys(CHOSEN, Wish(site=True, email=False))
    assert wishes(citizen) == {**quiet, Kind.PRIVATE_MESSAGES: Wish(site=True, email=True)}
    assert list(wishes(citizen)) == list(CHOSEN)


def test_a_choice_is_kept_and_told_to_open_pages(citizen: Person) -> None:
    set_preferences(actor=citizen, wishes={Kind.NEW_GROUP: Wish(site=False, email=True)})
    set_preferences(actor=citizen, wishes={Kind.PRIVATE_MESSAGES: Wish(site=True, email=False)})
    assert wishes(citizen) == {
        **dict.fromkeys(CHOSEN, Wish(site=True, email=False)),
        Kind.NEW_GROUP: Wish(site=False, email=True),
    }
    assert Preference.objects.count() == 2
    others = [kind.value for kind in CHOSEN if kind != Kind.NEW_GROUP]
    assert kinds_on_site(citizen) == others
    assert events(topics.inbox(citizen.pk), "preferences.changed")[-1] == {"kinds": others}


def test_a_choice_of_devices_stays_where_the_page_does_not_ask(citizen: Person) -> None:
    set_preferences(actor=citizen, wishes={Kind.NEW_POLL: Wish(site=True, email=False, push=True)})
    set_preferences(actor=citizen, wishes={Kind.NEW_POLL: Wish(site=False, email=False)})
    assert wishes(citizen)[Kind.NEW_POLL] == Wish(site=False, email=False, push=True)


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        (Kind.NEW_GROUP, "site"), (Kind.NEW_GROUP, "email"), (Kind.NEW_GROUP, "push"), (Kind.NEW_ALERT, "push"),
    ],
)  # fmt: skip
def test_other_rows_are_filtered_by_what_their_person_wants(
    town: Town, citizen: Person, kind: Kind, means: Means
) -> None:
    """`wants` is for queries of anything that has a person."""
    on, off = factories.make_person(town=town), factories.make_person(town=town)
    set_preferences(actor=on, wishes={kind: Wish(site=True, email=True, push=True)})
    set_preferences(actor=off, wishes={kind: Wish(site=False, email=False, push=False)})
    silent = {citizen.pk} if means == "site" or (kind, means) == (Kind.NEW_ALERT, "push") else set()
    found = Membership.objects.filter(wants(kind, means), town=town)
    assert set(found.values_list("person", flat=True)) == {on.pk} | silent
    assert set(Person.objects.filter(wants(kind, means, "pk")).values_list("pk", flat=True)) == {on.pk} | silent


# What is forgotten.


def test_old_ones_are_forgotten_read_ones_sooner(town: Town, citizen: Person) -> None:
    ages = {"read": KEEP_READ, "unread": KEEP_UNREAD}
    for path, (state, age) in {
        f"/{state}/{word}/": (state, ages[state] + margin)
        for state in ages
        for word, margin in (("kept", -DAY), ("gone", DAY))
    }.items():
        tell(town, citizen, path=path)
        read_at = now() if state == "read" else None
        Notification.objects.filter(path=path).update(at=now() - age, read_at=read_at)
    assert prune() == 2
    assert {row.path for row in rows(citizen)} == {"/read/kept/", "/unread/kept/"}
    assert prune() == 0


def test_deleted_ones_go_once_their_broadcast_is_written_and_old_broadcasts_too(town: Town, citizen: Person) -> None:
    told = tell_town(town)
    delete_all(actor=citizen)
    assert (prune(), Notification.objects.count()) == (0, 1)
    Broadcast.objects.filter(pk=told.pk).update(done_at=now())
    assert (prune(), Notification.objects.count(), Broadcast.objects.count()) == (1, 0, 1)
    Broadcast.objects.filter(pk=told.pk).update(done_at=now() - KEEP_UNREAD - 2 * DAY)
    prune()
    assert Broadcast.objects.count() == 0
