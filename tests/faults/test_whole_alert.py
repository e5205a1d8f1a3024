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

from hub.deliveries.models import Delivery, Dispatch, State
from hub.people.actions import issue_token
from hub.streams.models import Event
from hub.towns.models import Town
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
from tests.processes import Fleet, HubProcess

PEOPLE = 240
TITLE = "Eau non potable"


@pytest.fixture
def hub(fleet: Fleet) -> Iterator[Hub]:
    with Relay() as relay, Twilio() as twilio:
        yield Hub(fleet, relay, twilio)
        fleet.end()


def written_and_submitted_twice(hub: Hub, token: str, town: Town) -> int:
    """The alert that came of it: one."""
    written = {
        "town": town.slug, "emergency": True, "channels": ["email", "sms"], "title": {"fr": TITLE},
        "body": {"fr": "Faites bouillir l’eau une minute."}, "key": "k",
    }  # fmt: skip
    answers = hub.twice(token, "alerts", written)
    assert [status for status, _said in answers] == [201, 201]
    (number,) = {said["id"] for _status, said in answers}
    assert [status for status, _said in hub.twice(token, f"alerts/{number}/submit")] == [200, 200]
    return int(number)


def dies(hub: Hub, worker: HubProcess) -> set[str]:
    """A worker is killed in the middle, and the broker emptied. To whom it may have sent what nobody has noted."""
    until(lambda: min(len(hub.relay.taken), len(hub.twilio.made)) > PEOPLE / 6, "a good part has left")
    worker.kill()
    empty_the_broker()
    assert min(len(hub.relay.taken), len(hub.twilio.made)) < PEOPLE * 0.9, "it died in the middle"
    time.sleep(0.5)  # what the dead one had asked of the database is done
    half_sent = Delivery.objects.filter(claimed_by__startswith=f"{worker.pid}.", state=State.SENDING)
    doubts = set(half_sent.values_list("address", flat=True))
    minutes_pass(worker)
    return doubts


def audit_what_arrived(hub: Hub, doubts: set[str]) -> None:
    """Everybody has it, and nobody twice but for a doubt: a relay can't be asked, and this is an emergency."""
    asked = [mail for mail in hub.relay.taken if mail.mail["Subject"].startswith("Alerte à approuver")]
    assert len(asked) == 1
    mails = Counter(mail.recipients[0] for mail in hub.relay.taken if mail.mail["Subject"] == TITLE)
    texts = Counter(one["to"] for one in hub.twilio.made)
    assert (len(mails), len(texts)) == (PEOPLE + 2, PEOPLE)
    assert {address for address, times in mails.items() if times > 1} <= doubts
    assert max(mails.values()) <= 2
    assert max(texts.values()) == 1


def audit_what_was_told(watched: list[dict[str, Any]], number: int) -> None:
    """By the API and on the topic: never fewer than before, and at the end all of them."""
    events = Event.objects.filter(topic=f"alert.{number}").order_by("seq")
    for seen in (watched, [json.loads(event.payload) for event in events]):
        for name in ("total", "reached"):
            assert all(before[name] <= after[name] for before, after in pairwise(seen)), name
        assert (seen[-1]["status"], seen[-1]["total"], seen[-1]["reached"]) == ("done", PEOPLE + 2, PEOPLE + 2)
    assert len(watched) > 5


def test_an_alert_sent_twice_at_once_reaches_all_once_through_every_fault(hub: Hub) -> None:
    town = make_crowd(PEOPLE)
    author, second = (issue_token(person=make(town), name="essai") for make in (make_agent, make_mayor))
    ahead, behind = hub.worker(timedelta(minutes=5)), hub.worker(timedelta(minutes=-5))
    workers_listen(2)
    number = written_and_submitted_twice(hub, author, town)
    postman, watch = Postman(hub.twilio), Watch(hub, second, number)
    for thread in (postman, watch):
        thread.start()
    assert [status for status, _said in hub.twice(second, f"alerts/{number}/approve")] == [200, 409]
    assert hub.call(second, "POST", f"alerts/{number}/approve")[0] == 409  # the first answer may have been lost
    doubts = dies(hub, behind)
    until(lambda: watch.over, "the alert is over")
    postman.end()

    assert ahead.runs
    assert not watch.refused
    assert not postman.refused
    audit_what_arrived(hub, doubts)
    audit_what_was_told(watch.seen, number)
    assert set(Dispatch.objects.filter(cause="alert").values_list("key", flat=True)) == {f"alert.{number}"}
    _status, last = hub.call(second, "GET", f"alerts/{number}/progress")
    nothing = dict.fromkeys(("queued", "sent", "delivered", "failed", "suppressed"), 0)
    assert last["by_channel"] == {
        "email": nothing | {"sent": PEOPLE + 2}, "sms": nothing | {"delivered": PEOPLE},
    }  # fmt: skip
