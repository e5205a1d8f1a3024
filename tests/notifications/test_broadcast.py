"""What is told to a whole town: at once on open pages, soon in everybody's list, once, whatever dies meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from pytest_django import Settings

from hub.core.clock import now
from hub.deliveries import links
from hub.deliveries.devices import address_of
from hub.deliveries.models import Delivery
from hub.deliveries.writing import items_of
from hub.notifications import tasks, writer
from hub.notifications.actions import catch_up, delete_all, mark_read, set_preferences
from hub.notifications.models import Broadcast, Kind, Notification
from hub.notifications.queries import notifications_of, standing, total_unread
from hub.notifications.rules import Wish
from hub.people.actions import close_account, follow_town, unfollow_town
from hub.people.models import Device, Person, Role
from hub.streams import topics
from hub.streams.actions import unit
from hub.streams.queries import head
from hub.towns.models import Town
from tests import factories
from tests.notifications.conftest import events, inbox_counts, rows, tell, tell_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("no_worker")]

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]
NO_NEW_GROUPS = {Kind.NEW_GROUP: Wish(site=False, email=False)}
BY_EMAIL = {Kind.NEW_GROUP: Wish(site=True, email=True)}


class Killed(Exception):
    """The worker dies here."""


@pytest.fixture
def followers(town: Town) -> list[Person]:
    return [factories.make_person(town=town) for _ in range(10)]


@pytest.fixture(autouse=True)
def _by_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is of three people, and none waits."""
    monkeypatch.setattr(writer, "BATCH", 3)
    monkeypatch.setattr(writer, "PACE_S", 0)


def write(told: Broadcast) -> bool:
    return writer.write(told.pk, for_s=30)


def told_people(told: Broadcast) -> list[int]:
    return sorted(Notification.objects.filter(broadcast=told).values_list("person_id", flat=True))


def test_the_towns_topic_tells_it_at_the_commit_and_a_worker_is_called(
    town: Town, mayor: Person, no_worker: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        told = tell_town(town, mayor, title="Le marché")
    assert no_worker == [told.pk]
    assert events(topics.town(town.slug)) == [
        {
            "id": told.pk, "kind": "new_group", "code": "group_created",
            "actor": {"id": mayor.pk, "name": "Hélène Carpentier"}, "what": {"title": "Le marché"},
            "path": "/groupes/5/", "at": told.at.isoformat().replace("+00:00", "Z"),
        }
    ]  # fmt: skip


def test_what_was_not_committed_was_never_told(town: Town, mayor: Person) -> None:
    def give_up() -> None:
        with unit():
            tell_town(town, mayor)
            raise Killed

    with pytest.raises(Killed):
        give_up()
    assert (Broadcast.objects.count(), events(topics.town(town.slug))) == (0, [])


def test_everybody_of_the_town_is_told_once(town: Town, mayor: Person, followers: list[Person]) -> None:
    agent = factories.make_person(town=town, roles=[Role.AGENT, Role.CITIZEN])
    elsewhere = factories.make_person(town=factories.make_town())
    silent, gone, left = followers[:3]
    set_preferences(actor=silent, wishes=NO_NEW_GROUPS)
    close_account(person=gone)
    unfollow_town(person=left, town=town)
    told = tell_town(town, mayor, title="Le marché")
    assert write(told)
    assert told_people(told) == sorted(person.pk for person in [agent, *followers[3:]])
    assert rows(elsewhere) == []
    (row,) = rows(agent)
    assert (row.town, row.kind, row.code, row.actor, row.what, row.path, row.at, row.subject) == (
        town, "new_group", "group_created", mayor, {"title": "Le marché"}, "/groupes/5/", told.at, "",
    )  # fmt: skip
    told.refresh_from_db()
    assert told.done_at is not None


def test_writing_it_again_changes_nothing(town: Town, mayor: Person, followers: list[Person]) -> None:
    told = tell_town(town, mayor)
    assert write(told)
    assert write(told)
    assert len(told_people(told)) == 10


def test_a_batch_that_was_killed_is_written_again_and_nobody_is_told_twice(
    town: Town, mayor: Person, followers: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in followers:
        set_preferences(actor=person, wishes=BY_EMAIL)
    told = tell_town(town, mayor)
    queue_mails, batches = writer.queue_mails, iter(range(100))

    def die_in_the_third(*args: object, **kwargs: int) -> int:
        if next(batches) == 2:
            raise Killed
        return queue_mails(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(writer, "queue_mails", die_in_the_third)
    with pytest.raises(Killed):
        write(told)
    told.refresh_from_db()
    written = told_people(told)
    # The mayor's id is the lowest: they take a place of the first batch.
    assert (len(written), told.reached, told.done_at) == (5, max(written), None)
    assert write(told)
    assert told_people(told) == sorted(person.pk for person in followers)
    assert sorted(mail.address for mail in Delivery.objects.all()) == sorted(person.email for person in followers)


def test_a_worker_gives_way_after_a_while_and_says_so(town: Town, mayor: Person, followers: list[Person]) -> None:
    told = tell_town(town, mayor)
    assert writer.write(told.pk, for_s=0) is False
    assert told_people(told) == []


def test_what_a_worker_did_not_end_goes_to_the_end_of_the_queue(
    town: Town, mayor: Person, followers: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, rung = tell_town(town, mayor), list[int]()
    monkeypatch.setattr(tasks, "nudge", rung.append)
    monkeypatch.setattr(tasks, "WORK_S", 0)
    tasks.write(told.pk)
    monkeypatch.setattr(tasks, "WORK_S", 30)
    tasks.write(told.pk)
    assert (rung, len(told_people(told))) == ([told.pk], 10)


def test_the_clock_finds_what_was_left(town: Town, mayor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    left, _fresh, done = (tell_town(town, mayor) for _ in range(3))
    write(done)
    long_ago = now() - timedelta(seconds=writer.LEFT_AFTER_S + 1)
    Broadcast.objects.filter(pk__in=[left.pk, done.pk]).update(at=long_ago)
    rung = list[int]()
    monkeypatch.setattr(tasks, "nudge", rung.append)
    tasks.write_left()
    assert rung == [left.pk]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_tell_everybody_once(town: Town, mayor: Person, followers: list[Person]) -> None:
    for person in followers:
        set_preferences(actor=person, wishes=BY_EMAIL)
    told = tell_town(town, mayor)

    def work(_number: int) -> None:
        try:
            while Broadcast.objects.filter(pk=told.pk, done_at=None).exists():
                write(told)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert told_people(told) == sorted(person.pk for person in followers)
    assert sorted(mail.address for mail in Delivery.objects.all()) == sorted(person.email for person in followers)


# Between the commit and the writing.


def test_what_is_still_being_written_is_counted(town: Town, citizen: Person, mayor: Person) -> None:
    silent, elsewhere = factories.make_person(town=town), factories.make_person(town=factories.make_town())
    set_preferences(actor=silent, wishes=NO_NEW_GROUPS)
    told = tell_town(town, mayor)
    before = [total_unread(person.pk) for person in (citizen, mayor, silent, elsewhere)]
    write(told)
    after = [total_unread(person.pk) for person in (citizen, mayor, silent, elsewhere)]
    assert before == after == [1, 0, 0, 0]


def test_the_count_of_an_inbox_says_how_far_the_town_had_spoken(town: Town, citizen: Person, mayor: Person) -> None:
    other = factories.make_town()
    follow_town(person=citizen, town=other)
    tell(town, citizen, actor=mayor)
    tell_town(town, mayor)
    told = tell_town(town, mayor)
    tell(town, citizen, actor=mayor)
    write(told)
    tell(town, citizen, actor=mayor)
    said = events(topics.inbox(citizen.pk), "notification.added")
    assert [(event["unread"], event["towns"]) for event in said] == [
        (1, {}), (4, {town.slug: 2}), (5, {town.slug: 2}),
    ]  # fmt: skip
    stood = standing(citizen.pk)
    assert stood.towns == {
        other.slug: (0, ""),
        town.slug: (2, head(topics.town(town.slug)).epoch),
    }


def test_told_in_the_same_breath_as_the_town_it_is_not_counted_twice(
    town: Town, citizen: Person, mayor: Person
) -> None:
    """The inbox is told before the town has its number: what the town says then comes on top."""
    with unit():
        tell_town(town, mayor)
        tell(town, citizen, actor=mayor)
    (said,) = events(topics.inbox(citizen.pk), "notification.added")
    assert (said["unread"], said["towns"]) == (1, {})
    assert total_unread(citizen.pk) == 2


def test_a_list_lacks_nothing_and_the_worker_does_not_repeat_it(town: Town, citizen: Person, mayor: Person) -> None:
    other = factories.make_person(town=town)
    told = tell_town(town, mayor)
    assert rows(citizen) == []
    for _ in range(2):
        catch_up(citizen)
        assert [row.broadcast for row in notifications_of(citizen)] == [told]
    catch_up(mayor)
    write(told)
    assert told_people(told) == sorted([citizen.pk, other.pk])
    assert total_unread(citizen.pk) == 1


def test_who_comes_when_their_turn_has_passed_is_neither_told_nor_counted(town: Town) -> None:
    late = factories.make_person()
    followers = [factories.make_person(town=town) for _ in range(4)]
    told = tell_town(town)
    assert writer._write_some(told, [])
    follow_town(person=late, town=town)
    catch_up(late)
    assert (total_unread(late.pk), total_unread(followers[3].pk)) == (0, 1)
    assert write(told)
    assert told_people(told) == sorted(person.pk for person in followers)


def test_catching_up_respects_what_one_wants(town: Town, citizen: Person) -> None:
    set_preferences(actor=citizen, wishes=NO_NEW_GROUPS)
    tell_town(town)
    catch_up(citizen)
    assert rows(citizen) == []


def test_what_was_read_before_it_was_written_stays_read(town: Town, citizen: Person, mayor: Person) -> None:
    told = tell_town(town, mayor)
    mark_read(actor=citizen)
    write(told)
    assert [row.read_at is None for row in rows(citizen)] == [False]
    assert inbox_counts(citizen) == [0]


def test_what_was_deleted_before_it_was_written_does_not_come_back(town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, actor=mayor)
    told = tell_town(town, mayor)
    delete_all(actor=citizen)
    write(told)
    catch_up(citizen)
    assert list(notifications_of(citizen)) == []
    assert (total_unread(citizen.pk), inbox_counts(citizen)) == (0, [1, 0])


def test_who_wants_no_more_keeps_what_was_told_already(town: Town, citizen: Person, mayor: Person) -> None:
    told = tell_town(town, mayor)
    set_preferences(actor=citizen, wishes=NO_NEW_GROUPS)
    write(told)
    assert total_unread(citizen.pk) == 1


# By mail.


@pytest.fixture
def readers(town: Town) -> tuple[Person, Person]:
    """One reads French, one English; both want it by mail."""
    french, english = (factories.make_person(town=town, language=language) for language in ("fr", "en"))
    for person in (french, english):
        set_preferences(actor=person, wishes=BY_EMAIL)
    return french, english


def test_who_wants_it_by_mail_gets_one(
    town: Town, citizen: Person, mayor: Person, readers: tuple[Person, Person], settings: Settings
) -> None:
    set_preferences(actor=mayor, wishes=BY_EMAIL)
    told = tell_town(town, mayor, title="Le marché & ses fleurs")
    write(told)
    write(told)
    mails = {mail.address: mail for mail in Delivery.objects.select_related("content", "dispatch__town")}
    items = {written.item.to: written.item for written in items_of(list(mails.values())).values()}
    assert set(mails) == {person.email for person in readers}
    mail, leave = items[readers[0].email], links.preferences(mails[readers[0].email].pk)
    assert mail.subject == "Hélène Carpentier a ouvert le groupe « Le marché & ses fleurs »"
    for said in (mail.text, mail.html):
        assert f"{settings.LINK_BASE}/groupes/5/" in said
        assert leave in said
    assert "marché & ses" in mail.text
    assert "marché &amp; ses" in mail.html
    assert mail.headers["From"] == f"{town.name} <parvis@localhost>"
    assert mail.headers["List-Unsubscribe"] == f"<{leave}arreter/>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mails[readers[0].email].dispatch.about == {"kind": "new_group"}
    assert len({item.headers["Message-ID"] for item in items.values()}) == 2


def test_who_wants_it_on_their_devices_is_shown_it_there_once(
    town: Town, citizen: Person, mayor: Person, readers: tuple[Person, Person]
) -> None:
    wishes = {Kind.NEW_GROUP: Wish(site=False, email=False, push=True)}
    for person in (citizen, mayor, readers[1]):
        set_preferences(actor=person, wishes=wishes)
    devices = [
        Device.objects.create(person=person, kind="web", target="{}", digest=f"{person.pk}.{number}", name="Firefox")
        for person in (citizen, mayor, *readers)
        for number in (1, 2)
    ]
    told = tell_town(town, mayor, title="Le marché")
    write(told)
    write(told)
    shown = {row.address: row for row in Delivery.objects.filter(channel="push").select_related("dispatch__town")}
    assert set(shown) == {address_of(one) for one in devices if one.person in (citizen, readers[1])}
    items = {one.item.to: one.item for one in items_of(list(shown.values())).values()}
    (item,) = items.values()  # each device has the same target here
    assert (item.subject, item.link.endswith("/groupes/5/")) == (town.name, True)
    assert {row.text for row in shown.values()} == {
        "Hélène Carpentier a ouvert le groupe «\u00a0Le marché\u00a0»",
        "Hélène Carpentier opened the group “Le marché”",
    }


def test_the_mail_alone_may_be_wanted(town: Town, readers: tuple[Person, Person]) -> None:
    set_preferences(actor=readers[0], wishes={Kind.NEW_GROUP: Wish(site=False, email=True)})
    write(tell_town(town))
    assert (len(rows(readers[0])), len(rows(readers[1])), Delivery.objects.count()) == (0, 1, 2)


def test_an_address_that_nobody_proved_gets_no_mail(town: Town, readers: tuple[Person, Person]) -> None:
    stranger, none = readers
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    Person.objects.filter(pk=stranger.pk).update(self_registered=True)
    Person.objects.filter(pk=none.pk).update(email="")
    write(tell_town(town))
    assert Delivery.objects.count() == 0


def test_the_call_centre_lives_in_none_of_the_towns_it_works_for(town: Town, followers: list[Person]) -> None:
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    resident_too = factories.make_person(town=town, roles=[Role.OPERATOR, Role.CITIZEN])
    told = tell_town(town)
    assert (total_unread(operator.pk), total_unread(resident_too.pk)) == (0, 1)
    assert town.slug not in standing(operator.pk).towns
    catch_up(operator)
    write(told)
    assert operator.pk not in told_people(told)
    assert resident_too.pk in told_people(told)
    assert (total_unread(operator.pk), total_unread(resident_too.pk)) == (0, 1)
