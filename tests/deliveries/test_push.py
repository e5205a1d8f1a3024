"""What is pushed to devices: read where they are when it leaves, and never again to one that is gone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from channels_adapters.base import Cause
from hub.core.clock import now
from hub.deliveries import sender
from hub.deliveries.actions import queue_push
from hub.deliveries.models import Content, Delivery, Dispatch, Lane, State, Suppression
from hub.people.actions import register_device, retire_device
from hub.people.models import Device, Person
from hub.people.queries import devices_of
from tests.channels_adapters.push_service import PushService, Reply
from tests.deliveries.conftest import Left
from tests.factories import make_person
from tests.people.browsers import Browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """Where browsers of these tests are reached; the hub is set up as it is out of the box."""
    with PushService() as service:
        own = dict(settings.ADAPTER_OPTIONS["web-push"])
        settings.PUSH_SERVICES = [service.origin]
        settings.ADAPTER_OPTIONS = {"web-push": {**own, "services": [service.origin], "timeout_s": 2.0}}
        yield service


def browser_of(person: Person, service: PushService) -> tuple[Browser, Device]:
    browser = Browser(f"{service.origin}/push/")
    return browser, register_device(actor=person, kind="web", target=browser.subscription)


def push(device: Device, **fields: object) -> Delivery:
    words = {
        "cause": "test", "device": device, "title": "Un essai", "text": "Bonjour", "link": "/notifications/",
        "lane": Lane.TRANSACTIONAL,  # day and night
    }  # fmt: skip
    return queue_push(**{**words, **fields})  # type: ignore[arg-type]


def send() -> None:
    """What is due, and what was put off."""
    Delivery.objects.filter(state=State.QUEUED).update(next_at=now())
    sender.send_due("push", for_s=5)


def again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_a_notification_is_shown_on_the_device(service: PushService, settings: Settings) -> None:
    browser, device = browser_of(make_person(), service)
    delivery = push(device, title="Alerte\nà tous", lane=Lane.EMERGENCY)
    send()
    (came,) = service.came
    told = browser.read(came.body)
    link = f"{settings.LINK_BASE}/notifications/"
    assert (told["title"], told["body"], told["link"], told["urgent"]) == ("Alerte à tous", "Bonjour", link, True)
    kept = again(delivery)
    assert (kept.state, kept.provider, kept.address, kept.person) == (
        State.SENT, "web-push", f"device:{device.pk}", device.person,
    )  # fmt: skip
    device.refresh_from_db()
    assert device.last_ok_at is not None


def test_one_answer_that_it_is_gone_retires_a_device_for_good(service: PushService) -> None:
    person = make_person()
    _browser, dead = browser_of(person, service)
    first, second = push(dead), push(dead, text="Autre chose", expires_in=timedelta(hours=1))
    Delivery.objects.filter(pk=second.pk).update(next_at=now() + timedelta(minutes=5))
    service.reply = Reply(410)
    sender.send_due("push", for_s=5)
    assert (again(first).state, again(first).cause) == (State.FAILED, Cause.GONE)
    assert list(devices_of(person)) == []
    send()
    assert (again(second).state, again(second).reason, again(second).cause) == (
        State.SUPPRESSED, "gone", Cause.GONE,
    )  # fmt: skip
    assert len(service.came) == 1
    assert not Suppression.objects.exists()  # whoever comes back with it is reached again


def test_nothing_comes_to_a_device_that_was_taken_away_or_is_anothers_by_now(service: PushService) -> None:
    alice, bruno = make_person(), make_person()
    (_mine, taken), (shared, lent) = browser_of(alice, service), browser_of(alice, service)
    first, second = push(taken), push(lent)
    retire_device(actor=alice, device_id=taken.pk)
    register_device(actor=bruno, kind="web", target=shared.subscription)
    send()
    assert [again(one).state for one in (first, second)] == [State.SUPPRESSED] * 2
    assert service.came == []


def test_what_can_not_be_taken_now_is_tried_again(service: PushService) -> None:
    _browser, device = browser_of(make_person(), service)
    delivery = push(device)
    service.reply = Reply(429, "", {"Retry-After": "600"})
    send()
    kept = again(delivery)
    assert (kept.state, kept.cause) == (State.QUEUED, Cause.RATE)
    assert kept.next_at > now() + timedelta(minutes=9)
    service.reply = None
    send()
    assert again(delivery).state == State.SENT


def test_each_adapter_is_given_its_own_devices_only(service: PushService) -> None:
    phone = register_device(actor=make_person(), kind="fcm", target="c0:APA91b")
    delivery = push(phone)
    send()
    assert (again(delivery).state, again(delivery).cause) == (State.FAILED, Cause.NOT_ALLOWED)
    assert service.came == []
    assert list(devices_of(phone.person)) == [phone]


def test_what_many_are_told_alike_stands_once(service: PushService, settings: Settings) -> None:
    browsers = [browser_of(make_person(), service) for _number in range(3)]
    dispatch = Dispatch.objects.create(cause="test")
    content = Content.objects.create(
        dispatch=dispatch, channel="push", language="fr", subject="Alerte", text="Fermez tout.", headers={"Link": "/a/"}
    )
    Delivery.objects.bulk_create(
        Delivery(
            dispatch=dispatch, content=content, person=device.person, channel="push", lane=Lane.EMERGENCY,
            address=f"device:{device.pk}", next_at=now(), expires_at=now() + timedelta(hours=1),
        )
        for _browser, device in browsers
    )  # fmt: skip
    send()
    by_path = {came.path: came.body for came in service.came}
    told = [browser.read(by_path[f"/push/{browser.name}"]) for browser, _device in browsers]
    assert {(one["title"], one["link"]) for one in told} == {("Alerte", f"{settings.LINK_BASE}/a/")}


def test_a_demo_keeps_it(left: Left, settings: Settings) -> None:
    settings.ADAPTERS = {"push": ["capture"]}
    device = register_device(actor=make_person(), kind="fcm", target="c0:APA91b")
    push(device)
    send()
    (kept,) = left()
    assert (kept.channel, kept.to, kept.subject) == ("push", "c0:APA91b", "Un essai")
    assert kept.headers["Link"] == f"{settings.LINK_BASE}/notifications/"
