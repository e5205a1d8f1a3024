"""A whole alert over two workers whose clocks are ten minutes apart: one dies, the broker forgets, and all are reached.

Audited by what the relay and Twilio really received, and by what who watched was told meanwhile.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from hub.alerts.models import Alert
from hub.deliveries.models import Delivery, Dispatch, State
from hub.people.actions import issue_token
from hub.streams.models import Event
from tests.channels_adapters.relay import Relay
from tests.channels_adapters.twilio_there import Twilio
from tests.factories import make_agent, make_mayor
from tests.faults.whole_alert import (
    Hub,
    Postman,
    Watch,
    empty_the_broker,
    make_crowd,
    minutes_pass,
    until,
    workers_listen,
)
from tests.processes import Fleet

PEOPLE = 300
TITLE = "Eau non potable"


@pytest.fixture
def hub(fleet: Fleet) -> Iterator[Hub]:
    with Relay() as relay, Twilio() as twilio:
        yield Hub(fleet, relay, twilio)
        fleet.end()


def goes_back(seen: list[dict[str, Any]], name: str) -> bool:
    return any(after[name] < before[name] for before, after in pairwise(seen))


def test_an_alert_sent_twice_at_once_reaches_all_once_through_every_fault(hub: Hub) -> None:
    town = make_crowd(PEOPLE)
    author, second = (issue_token(person=make(town), name="essai") for make in (make_agent, make_mayor))
    ahead, behind = hub.worker(timedelta(minutes=5)), hub.worker(timedelta(minutes=-5))
    workers_listen(2)
    written = {
        "town": town.slug, "emergency": True, "channels": ["email", "sms"], "title": {"fr": TITLE},
        "body": {"fr": "Faites bouillir l’eau une minute."}, "key": "k",
    }  # fmt: skip
    answers = hub.twice(author, "alerts", written)
    assert [status for status, _said in answers] == [201, 201]
    (number,) = {said["id"] for _status, said in answers}
    assert [status for status, _said in hub.twice(author, f"alerts/{number}/submit")] == [200, 200]
    postman, watch = Postman(hub.twilio), Watch(hub, second, number)
    postman.start()
    watch.start()
    assert [status for status, _said in hub.twice(second, f"alerts/{number}/approve")] == [200, 409]
    assert hub.call(second, "POST", f"alerts/{number}/approve")[0] == 409  # the first answer may have been lost

    until(lambda: min(len(hub.relay.taken), len(hub.twilio.made)) > PEOPLE / 6, "a good part has left")
    behind.kill()
    empty_the_broker()
    assert min(len(hub.relay.taken), len(hub.twilio.made)) < PEOPLE * 0.9, "it died in the middle"
    time.sleep(0.5)  # what the dead one had asked of the database is done
    half_sent = Delivery.objects.filter(claimed_by__startswith=f"{behind.pid}.", state=State.SENDING)
    doubts = set(half_sent.values_list("address", flat=True))
    minutes_pass(behind)
    until(lambda: watch.over, "the alert is over")
    postman.end()
    assert ahead.runs

    alert = Alert.objects.get()
    assert set(Dispatch.objects.filter(cause="alert").values_list("key", flat=True)) == {f"alert.{number}"}
    people = PEOPLE + 2
    mails = Counter(mail.recipients[0] for mail in hub.relay.taken if mail.mail["Subject"] == TITLE)
    texts = Counter(one["to"] for one in hub.twilio.made)
    assert (len(mails), len(texts)) == (people, PEOPLE)
    assert {address for address, times in mails.items() if times > 1} <= doubts
    assert max(mails.values()) <= 2
    assert max(texts.values()) == 1
    asked = [mail for mail in hub.relay.taken if mail.mail["Subject"].startswith("Alerte à approuver")]
    assert len(asked) == 1

    assert not watch.refused
    assert not postman.refused
    told = [json.loads(event.payload) for event in Event.objects.filter(topic=f"alert.{number}").order_by("seq")]
    for seen in (watch.seen, told):
        assert not goes_back(seen, "total")
        assert not goes_back(seen, "reached")
        assert (seen[-1]["status"], seen[-1]["total"], seen[-1]["reached"]) == ("done", people, people)
    assert len(watch.seen) > 5
    status, last = hub.call(second, "GET", f"alerts/{number}/progress")
    nothing = dict.fromkeys(("queued", "sent", "delivered", "failed", "suppressed"), 0)
    assert (status, last["by_channel"]) == (200, {
        "email": nothing | {"sent": len(mails)}, "sms": nothing | {"delivered": len(texts)},
    })  # fmt: skip
    assert set(Delivery.objects.filter(dispatch=alert.dispatch).values_list("channel", "state")) == {
        ("email", State.SENT), ("sms", State.DELIVERED),
    }  # fmt: skip
