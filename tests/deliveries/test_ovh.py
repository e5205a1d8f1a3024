"""OVHcloud from one end to the other: sent, told of at a secret address, answered, and asked for the answers."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from hub.deliveries import sender
from hub.deliveries.actions import queue_sms
from hub.deliveries.listening import listen
from hub.deliveries.models import Delivery, InboundSms, State, Suppression
from hub.schedule import SCHEDULE
from tests.channels_adapters.ovh_there import KEYS, SERVICE, Ovh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

ALICE, SECRET = "+33612345678", "a-secret-of-the-path"


@pytest.fixture
def ovh(settings: Settings) -> Iterator[Ovh]:
    with Ovh() as there:
        options = {**KEYS, "service_name": SERVICE, "endpoint": there.url, "timeout_s": 3.0, "hook_secret": SECRET}
        settings.ADAPTERS, settings.ADAPTER_OPTIONS = {"sms": ["ovh"]}, {"ovh": options}
        yield there


def test_what_ovh_says_at_its_secret_address_is_believed_and_stop_is_heard(ovh: Ovh, client: Client) -> None:
    delivery = queue_sms(cause="test", to=ALICE, text="L'eau revient.")
    sender.send_due("sms", for_s=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.provider, delivery.provider_id) == (State.SENT, "ovh", "1001")
    said = {"id": "1001", "dlr": "1", "ptt": "0"}
    assert client.get("/hooks/ovh/another-secret/", said).status_code == 403
    assert client.get("/hooks/ovh/", said).status_code == 403
    assert client.get(f"/hooks/ovh/{SECRET}/", said).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
    ovh.answered = [{"id": 7, "sender": ALICE, "message": "Stop"}, {"id": 8, "sender": ALICE, "message": "Merci"}]
    assert [listen(), listen()] == [2, 0]
    assert InboundSms.objects.count() == 2
    assert Suppression.objects.get().address == ALICE
    sender.send_due("sms", for_s=5)
    assert [job["receivers"] for job in ovh.asked] == [[ALICE]] * 2  # the answer left all the same
    assert "REPRENDRE" in ovh.asked[1]["message"]
    assert Delivery.objects.filter(state=State.SENT).count() == 1
    assert SCHEDULE["deliveries.listen"]["task"] == "deliveries.listen"


def test_where_nothing_is_kept_nobody_is_asked(settings: Settings) -> None:
    settings.ADAPTERS = {"sms": ["capture"], "email": ["smtp"]}
    assert listen() == 0
    settings.ADAPTERS = {"email": ["smtp"]}
    assert listen() == 0
