"""« Notifications sur cet appareil », as page, as API, and the service worker behind it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from channels_adapters.vapid import public_key
from hub.deliveries.models import Channel, Delivery, Lane
from hub.people.actions import register_device, retire_device
from hub.people.actions.devices import MOST_DEVICES
from hub.people.models import Device, Person
from hub.people.queries import devices_of
from tests.api.conftest import Caller, call, problem, stranger
from tests.people.browsers import subscription

__all__ = ["call", "stranger"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_worker")]

PAGE = "/notifications/preferences/"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
Call = Callable[[Person], Caller]


@pytest.fixture
def page(client: Client, citizen: Person) -> Client:
    """The citizen's browser."""
    client.force_login(citizen)
    return client


def refused(answer: HttpResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    return problem(answer)


def browser_of(person: Person) -> Device:
    return register_device(actor=person, kind="web", target=subscription(), user_agent=FIREFOX)


def test_the_page_lists_ones_own_devices_and_gives_the_key_to_subscribe_with(
    page: Client, citizen: Person, mayor: Person, settings: Settings
) -> None:
    mine, other = browser_of(citizen), register_device(actor=mayor, kind="fcm", target="x", name="Téléphone du maire")
    shown = page.get(PAGE).content.decode()
    assert f'data-key="{public_key(settings.VAPID_PRIVATE_KEY)}"' in shown
    assert f'data-device="{mine.digest}"' in shown
    assert "Firefox sur Android" in shown
    assert other.name not in shown
    assert json.loads(mine.target)["keys"]["auth"] not in shown
    # Without JavaScript, one reads what is needed.
    assert "avec JavaScript" in shown


def test_where_no_notification_ever_leaves_the_page_says_nothing_of_devices(page: Client, settings: Settings) -> None:
    settings.ADAPTERS = {**settings.ADAPTERS, "push": []}
    assert "data-push" not in page.get(PAGE).content.decode()


def test_a_device_is_taken_away_by_its_button(page: Client, citizen: Person) -> None:
    device = browser_of(citizen)
    answer = page.post(f"/notifications/appareils/{device.pk}/retirer/", follow=True)
    assert "Cet appareil ne recevra plus rien." in answer.content.decode()
    assert not devices_of(citizen).exists()


def test_one_is_sent_to_try_it(page: Client, citizen: Person, mayor: Person) -> None:
    device = browser_of(citizen)
    answer = page.post(f"/notifications/appareils/{device.pk}/essai/", follow=True)
    assert "Un essai part vers « Firefox sur Android »." in answer.content.decode().replace("\u00a0", " ")
    (queued,) = Delivery.objects.filter(dispatch__cause="device_test")
    assert (queued.channel, queued.address, queued.lane, queued.person) == (
        Channel.PUSH, f"device:{device.pk}", Lane.TRANSACTIONAL, citizen,
    )  # fmt: skip
    assert (queued.subject, queued.headers) == ("Les notifications fonctionnent", {"Link": PAGE})
    for _more in range(9):
        page.post(f"/notifications/appareils/{device.pk}/essai/")
    assert page.post(f"/notifications/appareils/{device.pk}/essai/").status_code == 429
    # Nobody else's, nor one that was taken away.
    others = browser_of(mayor)
    assert page.post(f"/notifications/appareils/{others.pk}/essai/").status_code == 404
    retire_device(actor=citizen, device_id=device.pk)
    assert page.post(f"/notifications/appareils/{device.pk}/essai/").status_code == 404


def test_a_browser_is_registered_over_the_api_as_its_page_does(call: Call, citizen: Person, mayor: Person) -> None:
    caller = call(citizen)
    # As browsers write it, with a field that we don't keep.
    given = {**json.loads(subscription()), "expirationTime": None}
    made = caller.post("me/devices", {"kind": "web", "subscription": given})
    assert made.status_code == 201
    device = devices_of(citizen).get()
    assert made.json() == {
        "id": device.pk, "kind": "web", "name": "Appareil", "created_at": made.json()["created_at"], "last_ok_at": None,
    }  # fmt: skip
    assert json.loads(device.target) == {"endpoint": given["endpoint"], "keys": given["keys"]}
    again = caller.post("me/devices", {"kind": "web", "subscription": given, "name": "Mon ordinateur"}).json()
    assert (again["id"], again["name"]) == (device.pk, "Mon ordinateur")
    assert caller.get("me/devices").json() == [again]
    assert call(mayor).get("me/devices").json() == []
    assert refused(call(mayor).send("delete", f"me/devices/{device.pk}"), 404)["code"] == "not_found"
    assert caller.send("delete", f"me/devices/{device.pk}").status_code == 204
    assert caller.get("me/devices").json() == []


def test_a_telephone_is_registered_with_its_token(call: Call, citizen: Person) -> None:
    made = call(citizen).post("me/devices", {"kind": "fcm", "token": "c0:APA91b", "name": "Mon téléphone"})
    assert (made.status_code, made.json()["name"], devices_of(citizen).get().target) == (
        201, "Mon téléphone", "c0:APA91b",
    )  # fmt: skip


def test_what_leads_elsewhere_or_says_nothing_is_refused(call: Call, citizen: Person) -> None:
    caller = call(citizen)
    elsewhere = json.loads(subscription("https://169.254.169.254/latest/"))
    for payload, field in (
        ({"kind": "web", "subscription": elsewhere}, "subscription"),
        ({"kind": "web"}, "subscription"),
        ({"kind": "fcm"}, "token"),
        ({"kind": "pigeon"}, "kind"),
        ({"kind": "fcm", "token": "x", "colour": "blue"}, "colour"),
    ):
        assert refused(caller.post("me/devices", payload), 400)["field"] == field
    for number in range(MOST_DEVICES):
        register_device(actor=citizen, kind="fcm", target=f"token-{number}")
    assert refused(caller.post("me/devices", {"kind": "fcm", "token": "one-more"}), 409)["code"] == "conflict"


def test_the_key_to_subscribe_with_is_the_same_everywhere(
    call: Call, citizen: Person, stranger: Caller, settings: Settings
) -> None:
    key = call(citizen).get("me/push-key").json()["key"]
    assert (key, len(key)) == (public_key(settings.VAPID_PRIVATE_KEY), 87)
    assert (Path(settings.PARVIS_HOME) / "vapid-key").stat().st_mode & 0o777 == 0o600
    refused(stranger.get("me/push-key"), 401)


def test_the_service_worker_stands_at_the_root_and_is_looked_at_each_time(client: Client) -> None:
    answer = client.get("/sw.js")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/javascript", "no-cache")
    assert "showNotification" in answer.content.decode()
    # It may speak to this site only.
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
