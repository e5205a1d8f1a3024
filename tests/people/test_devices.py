"""Devices: who has them, where they may be reached, and when they are forgotten."""

import json

import pytest
from pytest_django import Settings

from hub.core.clock import now
from hub.core.errors import Conflict, Invalid, NotFound
from hub.people import own_records
from hub.people.actions import close_account, note_devices, register_device, retire_device
from hub.people.actions.devices import MOST_DEVICES
from hub.people.devices import named_by
from hub.people.models import Device, Person
from hub.people.queries import devices_of, targets_of
from hub.people.records import Asked
from tests.people.browsers import subscription

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (FIREFOX, ("Firefox", "Android")),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
            " Safari/537.36 Edg/140.0.0.0",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0"
            " Safari/605.1.15",
            ("Safari", "Mac"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " CriOS/140.0 Mobile/15E148 Safari/604.1",
            ("Chrome", "iPhone"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36",
            ("Chrome", "Linux"),
        ),
        ("curl/8.5.0", ("", "")),
    ],
)
def test_a_device_has_the_name_that_people_know_it_by(said: str, named: tuple[str, str]) -> None:
    assert named_by(said) == named


def test_a_browser_is_registered_once_and_comes_back_after_it_was_taken_away(citizen: Person) -> None:
    given = subscription()
    first = register_device(actor=citizen, kind="web", target=given, user_agent=FIREFOX)
    assert (first.name, first.target) == ("Firefox sur Android", given)
    assert register_device(actor=citizen, kind="web", target=given) == first
    retire_device(actor=citizen, device_id=first.pk)
    kept = Device.objects.get()
    assert (kept.target, kept.retired_at is not None, list(devices_of(citizen))) == ("", True, [])
    with pytest.raises(NotFound):
        retire_device(actor=citizen, device_id=first.pk)
    assert register_device(actor=citizen, kind="web", target=given) == first
    assert targets_of([first.pk]) == {first.pk: given}


def test_a_shared_browser_is_the_last_ones_and_shows_nothing_of_the_former(citizen: Person, mayor: Person) -> None:
    given = subscription()
    former = register_device(actor=citizen, kind="web", target=given)
    device = register_device(actor=mayor, kind="web", target=given)
    assert device.pk != former.pk
    assert targets_of([former.pk, device.pk]) == {device.pk: given}
    with pytest.raises(NotFound):
        retire_device(actor=citizen, device_id=device.pk)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://127.0.0.1/x",
        "https://localhost:8000/admin",
        "https://169.254.169.254/latest/meta-data/",
        "https://evil.example/fcm.googleapis.com/",
        "https://fcm.googleapis.com.evil.example/fcm/send/abc",
        "https://evilpush.apple.com.example/3/device",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com@evil.example/fcm/send/abc",
        "https://evil.example\\@fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com/fcm/send/a\nb",
        "https://fcm.googleapis.com/fcm/send/abc#x",
        "https://push.services.mozilla.com.evil.example/wpush",
        "https://notify.windows.com/w/",
        "file:///etc/passwd",
        "",
        None,
        ["https://fcm.googleapis.com/fcm/send/abc"],
    ],
)
def test_a_subscription_never_leads_elsewhere_than_to_a_push_service(citizen: Person, endpoint: object) -> None:
    with pytest.raises(Invalid) as refusal:
        register_device(actor=citizen, kind="web", target=subscription(endpoint))
    assert refusal.value.field == "target"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/cP6:APA91bE-_x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2b%2f",
    ],
)
def test_browsers_give_these(citizen: Person, endpoint: str) -> None:
    register_device(actor=citizen, kind="web", target=subscription(endpoint))


def test_what_is_no_subscription_and_no_token_is_refused(citizen: Person, settings: Settings) -> None:
    whole = json.loads(subscription())
    short = {**whole, "keys": {**whole["keys"], "auth": "AAAA"}}
    for kind, target in (
        ("web", "a token"), ("web", "{}"), ("web", json.dumps(short)), ("web", json.dumps({**whole, "keys": None})),
        ("web", "[" * 1_500), ("fcm", "with a blank"), ("fcm", ""), ("fcm", subscription()), ("fcm", "x" * 2_001),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            register_device(actor=citizen, kind=kind, target=target)
    settings.PUSH_SERVICES = ["push.commune.example"]
    register_device(actor=citizen, kind="web", target=subscription("https://push.commune.example/x"))
    assert register_device(actor=citizen, kind="fcm", target="c0:APA91b-x").name == "Appareil"


def test_twenty_are_enough(citizen: Person) -> None:
    devices = [register_device(actor=citizen, kind="fcm", target=f"token-{n}") for n in range(MOST_DEVICES)]
    with pytest.raises(Conflict):
        register_device(actor=citizen, kind="fcm", target="one-more")
    register_device(actor=citizen, kind="fcm", target="token-3")
    retire_device(actor=citizen, device_id=devices[0].pk)
    register_device(actor=citizen, kind="fcm", target="one-more")


def test_what_push_services_say_is_kept(citizen: Person) -> None:
    here, gone = (register_device(actor=citizen, kind="fcm", target=f"token-{n}") for n in range(2))
    for _again in range(2):
        note_devices(reached=[here.pk], gone=[gone.pk])
    assert list(devices_of(citizen)) == [here]
    here.refresh_from_db()
    assert here.last_ok_at is not None
    assert (now() - here.last_ok_at).total_seconds() < 60


def test_they_are_among_ones_own_records_and_go_with_the_account(citizen: Person) -> None:
    register_device(actor=citizen, kind="web", target=subscription(), user_agent=FIREFOX)
    (told,) = own_records.collect(Asked(citizen, citizen)).data["devices"]
    assert (told["kind"], told["name"]) == ("web", "Firefox sur Android")
    assert "target" not in told
    close_account(person=citizen)
    assert not Device.objects.exists()
