"""Over real sockets and with real workers: all pages and devices of a person agree, and a dead worker loses nothing."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hub.core.clock import now
from hub.deliveries.models import Delivery
from hub.notifications import tasks
from hub.notifications.actions import delete_all, mark_read
from hub.notifications.models import Broadcast, Kind, Notification, Preference
from hub.notifications.queries import total_unread
from hub.people.models import Membership, Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conftest import Start
from tests.engines import wait_until
from tests.notifications.conftest import rows, tell, tell_town
from tests.processes import Fleet, HubProcess
from tests.wire import Wire

INBOX = "inbox.me"


@pytest.fixture(scope="module")
def web(fleet: Fleet) -> Iterator[HubProcess]:
    process = fleet.web()
    yield process
    process.kill()


@pytest.fixture
def home(web: HubProcess) -> Town:
    return factories.make_town()


@pytest.fixture
def alice(home: Town) -> Person:
    return factories.make_person(town=home)


@pytest.fixture
def hers(web: HubProcess, alice: Person) -> tuple[Wire, Wire]:
    """Two devices, each signed in by itself."""
    return tuple(Wire(web.ws_url, cookie=factories.cookie(alice), origin=web.url) for _ in range(2))  # type: ignore[return-value]


def told(wire: Wire) -> list[tuple[str, int]]:
    return [(frame["event"], frame["payload"]["unread"]) for frame in wire.seen[INBOX]]


async def test_what_is_read_on_one_device_is_read_on_the_other(
    home: Town, alice: Person, hers: tuple[Wire, Wire]
) -> None:
    async with hers[0] as phone, hers[1] as desk:
        for wire in (phone, desk):
            await wire.subscribe(INBOX)
        for subject in ("conversation.1", "conversation.2", "conversation.2"):
            await asyncio.to_thread(tell, home, alice, subject=subject)
        last = await asyncio.to_thread(lambda: rows(alice)[0].pk)
        await asyncio.to_thread(mark_read, actor=alice, notification_ids=[last])
        await asyncio.to_thread(delete_all, actor=alice)
        expected = [("notification.added", 1), ("notification.added", 2), ("notifications.changed", 1)]
        for wire in (phone, desk):
            await wire.until(lambda wire=wire: len(wire.seen[INBOX]) == 4)
            assert told(wire) == [*expected, ("notifications.changed", 0)]


async def test_a_device_that_was_away_learns_the_count(home: Town, alice: Person, hers: tuple[Wire, Wire]) -> None:
    async with hers[0] as phone:
        stood = await phone.subscribe(INBOX)
    for _ in range(3):
        await asyncio.to_thread(tell, home, alice)
    async with hers[1] as desk:
        await desk.subscribe(INBOX, since=stood["seq"], epoch=stood["epoch"])
        await desk.until(lambda: len(desk.seen[INBOX]) == 3)
        assert told(desk)[-1] == ("notification.added", 3)


# Workers.


@pytest.fixture
def crowd(start_worker: Start) -> Iterator[Town]:
    """A town that three thousand people follow, one of whom wants mails."""
    town = factories.make_town()
    people = Person.objects.bulk_create(
        Person(email=f"{town.slug}-{number}@parvis.test", password="!") for number in range(3_000)
    )
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    Preference.objects.create(person=people[-1], kind=Kind.NEW_GROUP, site=True, email=True)
    yield town
    Delivery.objects.all().delete()
    Broadcast.objects.all().delete()


def _done(broadcast: Broadcast) -> bool:
    return Broadcast.objects.filter(pk=broadcast.pk, done_at__isnull=False).exists()


def _written(broadcast: Broadcast) -> int:
    return Notification.objects.filter(broadcast=broadcast).count()


def test_a_worker_writes_it_soon_after_the_commit(crowd: Town, start_worker: Start) -> None:
    worker = start_worker("--threads", "2")
    broadcast = tell_town(crowd)
    wait_until(lambda: _done(broadcast), "all are told", 30)
    assert (_written(broadcast), Delivery.objects.count()) == (3_000, 1)
    worker.kill()


def test_a_worker_killed_in_the_middle_loses_nobody_and_tells_nobody_twice(crowd: Town, start_worker: Start) -> None:
    worker = start_worker("--threads", "2")
    broadcast = tell_town(crowd)
    wait_until(lambda: _written(broadcast) > 0, "some are told", 30)
    worker.kill()
    somebody = Person.objects.filter(memberships__town=crowd).last()
    assert somebody is not None
    assert 0 < _written(broadcast) < 3_000
    assert total_unread(somebody.pk) == 1  # counted, though not written yet
    start_worker("--threads", "2")
    Broadcast.objects.filter(pk=broadcast.pk).update(at=now() - timedelta(minutes=1))
    tasks.write_left()  # the clock
    wait_until(lambda: _done(broadcast), "all are told", 30)
    people = Notification.objects.filter(broadcast=broadcast).values("person").distinct().count()
    assert (people, _written(broadcast), Delivery.objects.count()) == (3_000, 3_000, 1)
