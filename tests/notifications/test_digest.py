"""The mail of the day: what would have come at once comes at six in the evening, in one mail, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from hub.core.clock import standing_at
from hub.deliveries import links
from hub.deliveries.models import Delivery, Lane
from hub.deliveries.writing import items_of
from hub.notifications import digest, writer
from hub.notifications.actions import delete_all, mark_read, set_preferences, set_rhythm
from hub.notifications.digest import send_due
from hub.notifications.models import Gathered, Kind, Notification, Rhythm
from hub.notifications.queries import wishes_of
from hub.notifications.rules import GATHERED, Wish, next_digest
from hub.people.actions import close_account, follow_town, unfollow_town
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.notifications.conftest import tell_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_worker")]

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 26, 12, tzinfo=PARIS)
EVENING = datetime(2026, 11, 26, 18, 0, 30, tzinfo=PARIS)
BY_EMAIL = {Kind.NEW_GROUP: Wish(site=True, email=True)}


@pytest.fixture
def reader(town: Town) -> Person:
    """Wants new groups by mail, once a day, since noon."""
    return _reader(town)


def _reader(town: Town, **fields: object) -> Person:
    person = factories.make_person(town=town, **fields)
    set_preferences(actor=person, wishes=BY_EMAIL)
    with standing_at(NOON):
        set_rhythm(actor=person, daily=True)
    return person


def _news(town: Town, *titles: str, actor: Person | None = None, path: str = "/groupes/5/") -> None:
    for number, title in enumerate(titles):
        with standing_at(NOON + timedelta(hours=1, seconds=number)):
            writer.write(tell_town(town, actor, title=title, path=path).pk, for_s=10)


def _ring(at: datetime = EVENING) -> int:
    with standing_at(at):
        return send_due()


def _mails(person: Person) -> list[Delivery]:
    return list(Delivery.objects.filter(person=person).order_by("pk"))


@pytest.mark.both_stores
def test_what_came_is_told_at_six_in_one_mail_and_once(town: Town, mayor: Person, reader: Person) -> None:
    at_once = factories.make_person(town=town)
    set_preferences(actor=at_once, wishes=BY_EMAIL)
    _news(town, "Le marché & ses fleurs", "Jardins partagés", actor=mayor)
    assert (len(_mails(at_once)), len(_mails(reader))) == (2, 0)
    assert _ring(EVENING - timedelta(minutes=1)) == 0
    assert [_ring(), _ring(), _ring(EVENING + timedelta(minutes=9))] == [1, 0, 0]
    (mail,) = _mails(reader)
    item = items_of([mail])[mail.pk].item
    assert item.subject == "2 nouvelles aujourd’hui"
    assert item.text.index("Le marché & ses fleurs") < item.text.index("Jardins partagés")
    assert "Hélène Carpentier a ouvert le groupe «\u00a0Jardins partagés\u00a0»" in item.text
    assert "marché &amp; ses" in item.html
    assert item.headers["From"].startswith(town.name)
    assert links.preferences(mail.pk) in item.text
    assert mail.lane == Lane.NOTIFICATION
    assert Gathered.objects.count() == 0
    _news(town, "Le lendemain")
    assert [_ring(EVENING + timedelta(hours=23)), _ring(EVENING + timedelta(days=1))] == [0, 1]


def test_no_news_no_mail_and_the_next_evening_is_asked_again(reader: Person) -> None:
    assert _ring() == 0
    assert Delivery.objects.count() == 0
    assert Rhythm.objects.get(person=reader).next_at == EVENING.replace(second=0) + timedelta(days=1)


@pytest.mark.both_stores
def test_what_was_read_meanwhile_is_left_out_and_nothing_left_is_no_mail(town: Town, reader: Person) -> None:
    both, gone, site_off = _reader(town), _reader(town), _reader(town)
    set_preferences(actor=site_off, wishes={Kind.NEW_GROUP: Wish(site=False, email=True)})
    _news(town, "Le marché", path="/groupes/5/")
    _news(town, "La chorale", path="/groupes/6/")
    _first, second = Notification.objects.filter(person=reader).order_by("path")
    mark_read(actor=reader, notification_ids=[second.pk])
    mark_read(actor=both)
    delete_all(actor=gone)
    assert _ring() == 2
    assert [_subject(person) for person in (reader, site_off)] == ["1 nouvelle aujourd’hui", "2 nouvelles aujourd’hui"]
    assert (_mails(both), _mails(gone), Gathered.objects.count()) == ([], [], 0)
    with standing_at(EVENING + timedelta(hours=1)):  # the same again: that one is not read
        writer.write(tell_town(town, title="La chorale", path="/groupes/6/").pk, for_s=10)
    assert _ring(EVENING + timedelta(days=1)) == 4


def _subject(person: Person) -> str:
    (mail,) = _mails(person)
    return items_of([mail])[mail.pk].item.subject


def test_it_is_in_their_language_at_their_towns_hour(town: Town) -> None:
    far = factories.make_town(time_zone="America/Toronto")
    person = _reader(far, language="en")
    _news(far, "Le marché")
    assert _ring() == 0  # it is noon there
    assert _ring(EVENING + timedelta(hours=6)) == 1
    assert '<html lang="en">' in items_of(_mails(person))[_mails(person)[0].pk].item.html


def test_several_towns_stand_in_one_mail_under_their_names(town: Town, reader: Person) -> None:
    other = factories.make_town()
    follow_town(person=reader, town=other)
    _news(town, "Le marché")
    _news(other, "La chorale")
    assert _ring() == 1
    (mail,) = _mails(reader)
    text = items_of([mail])[mail.pk].item.text
    assert text.index(f"\n{town.name}\n") < text.index("Le marché") < text.index(f"\n{other.name}\n")


def test_who_goes_back_gets_what_was_gathered_and_then_each_at_once(town: Town, reader: Person) -> None:
    _news(town, "Le marché")
    set_rhythm(actor=reader, daily=False)
    _news(town, "La chorale")
    (mail,) = _mails(reader)
    assert "La chorale" in items_of([mail])[mail.pk].item.subject
    assert [_ring(), _ring(EVENING + timedelta(days=1))] == [1, 0]
    assert Rhythm.objects.get(person=reader).next_at is None
    with standing_at(EVENING):
        set_rhythm(actor=reader, daily=True)
        set_rhythm(actor=reader, daily=True)
    assert Rhythm.objects.get(person=reader).next_at == EVENING.replace(second=0) + timedelta(days=1)


def test_a_mail_that_fails_leaves_all_as_it_was(town: Town, reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    luckier = _reader(town)
    _news(town, "Le marché")
    queue = digest.queue_emails

    def die(**given: object) -> None:
        queue(**given)  # type: ignore[arg-type]
        if given["to"][0][0] == reader:  # type: ignore[index]
            raise RuntimeError

    monkeypatch.setattr(digest, "queue_emails", die)
    assert _ring() == 1
    assert (len(_mails(reader)), len(_mails(luckier)), Gathered.objects.get().person) == (0, 1, reader)
    monkeypatch.undo()
    assert [_ring(), _ring()] == [1, 0]
    assert len(_mails(reader)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
def test_four_clocks_at_once_tell_it_once(town: Town) -> None:
    readers = [_reader(town) for _ in range(3)]
    _news(town, "Le marché")

    def ring(_number: int) -> int:
        sent = _ring()
        connection.close()
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ring, range(4))) == 3
    assert [len(_mails(reader)) for reader in readers] == [1, 1, 1]


def test_who_has_left_or_has_no_address_any_more_gets_none(town: Town, reader: Person) -> None:
    silent = _reader(town)
    _news(town, "Le marché")
    close_account(person=reader)
    Person.objects.filter(pk=silent.pk).update(email="")
    assert _ring() == 0
    assert (Delivery.objects.count(), Gathered.objects.count()) == (0, 0)


def test_news_of_a_town_that_they_left_before_the_evening_are_left_out(town: Town, reader: Person) -> None:
    _news(town, "Le marché")
    unfollow_town(person=reader, town=town)
    assert (_ring(), Delivery.objects.count(), Gathered.objects.count()) == (0, 0, 0)


def test_one_press_in_the_mail_stops_what_it_was_about_and_nothing_else(
    client: Client, town: Town, reader: Person
) -> None:
    set_preferences(actor=reader, wishes={Kind.COMMENTS: Wish(site=True, email=True)})
    _news(town, "Le marché")
    _ring()
    (mail,) = _mails(reader)
    path = links.preferences(mail.pk).partition("/m/")[2]
    assert client.post(f"/m/{path}arreter/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    wishes = wishes_of(reader)
    assert [wishes[kind].email for kind in (Kind.NEW_GROUP, Kind.COMMENTS, Kind.PRIVATE_MESSAGES)] == [
        False, True, True,
    ]  # fmt: skip


def test_it_is_chosen_on_the_page(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    path = "/notifications/preferences/"
    assert 'name="rhythm" value="at_once" checked' in client.get(path).content.decode()
    client.post(path, {"rhythm": "daily", "site": ["new_group"]})
    assert Rhythm.objects.get(person=citizen).daily
    assert 'name="rhythm" value="daily" checked' in client.get(path).content.decode()
    client.post(path, {"site": ["new_group"]})  # a page of before says nothing of it
    assert Rhythm.objects.get(person=citizen).daily
    client.post(path, {"rhythm": "at_once"})
    assert not Rhythm.objects.get(person=citizen).daily


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (datetime(2026, 3, 28, 19, tzinfo=PARIS), 22),  # the night that has an hour less
        (datetime(2026, 10, 24, 19, tzinfo=PARIS), 24),
        (datetime(2026, 11, 26, 18, tzinfo=PARIS), 24),
        (datetime(2026, 11, 26, 17, 30, tzinfo=PARIS), 0.5),
    ],
)
def test_the_next_evening_is_at_six_by_the_towns_clock(at: datetime, hours: float) -> None:
    following = next_digest(at, "Europe/Paris")
    assert following.timestamp() - at.timestamp() == hours * 3600
    assert following.hour == 18


def test_what_cannot_wait_never_does() -> None:
    assert not GATHERED & {Kind.PRIVATE_MESSAGES, Kind.NEW_ALERT, Kind.TICKETS, Kind.MODERATION}
