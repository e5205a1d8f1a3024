"""A town of some hundreds, its providers, and the processes by which its alerts leave."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from redis import Redis
from twilio.request_validator import RequestValidator

from hub.alerts import tasks as alerts
from hub.alerts.models import Alert
from hub.core.clock import now
from hub.deliveries import tasks as outbox
from hub.deliveries.models import Delivery
from hub.people.models import Membership, Person, Phone, Role
from hub.towns.models import Town
from tests.channels_adapters.relay import Relay
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, SERVICE, Twilio
from tests.engines import free_port, wait_until
from tests.factories import make_town
from tests.processes import Fleet, HubProcess

# Until something is to be so, however slow the machine.
PATIENCE_S = 90.0


def make_crowd(size: int) -> Town:
    """A town of so many people with an address and a mobile each."""
    town = make_town(languages=["fr"])
    people = Person.objects.bulk_create(
        Person(email=f"foule-{number}@citoyen.example", password="!", language="fr") for number in range(size)
    )
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    Phone.objects.bulk_create(
        Phone(person=person, number=f"+33612{340_000 + number}", by_staff=True) for number, person in enumerate(people)
    )
    return town


class Hub:
    """A web process, and workers whose clocks are minutes wrong; `relay` and `twilio` take 50 ms over each message."""

    def __init__(self, fleet: Fleet, relay: Relay, twilio: Twilio) -> None:
        self.relay, self.twilio = relay, twilio
        self._fleet, self._port = fleet, free_port()
        relay.replies["wait"], twilio.hang_s = "0.05", 0.05
        self._env = {
            "PARVIS_PUBLIC_URL": f"http://127.0.0.1:{self._port}", "PARVIS_RATE_LIMITS": "off",
            "PARVIS_EMAIL_ADAPTER": "smtp", "PARVIS_SMTP_PORT": str(relay.port), "PARVIS_SMTP_SECURITY": "none",
            "PARVIS_SMTP_TIMEOUT_S": str(PATIENCE_S), "PARVIS_SMTP_AT_ONCE": "6", "PARVIS_SMS_ADAPTER": "twilio",
            "PARVIS_TWILIO_URL": twilio.url, "PARVIS_TWILIO_ACCOUNT_SID": ACCOUNT, "PARVIS_TWILIO_AT_ONCE": "6",
            "PARVIS_TWILIO_AUTH_TOKEN": AUTH_TOKEN, "PARVIS_TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "PARVIS_TWILIO_TIMEOUT_S": str(PATIENCE_S),
        }  # fmt: skip
        self.web = fleet.web(self._port, self._env)

    def worker(self, ahead: timedelta) -> HubProcess:
        """One whose clock is so far ahead."""
        env = {**self._env, "SKEW_S": str(ahead.total_seconds())}
        return self._fleet.worker(env=env, module="tests.faults.skewed_hub")

    def call(self, token: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """The API's answer to whose token it is: status, and what it says."""
        request = urllib.request.Request(
            f"{self.web.url}/api/v1/{path}", json.dumps(body or {}).encode() if method == "POST" else None,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, method=method,
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def twice(self, token: str, path: str, body: Mapping[str, Any] | None = None) -> list[tuple[int, Any]]:
        """The answers to the same POST made twice at the same instant, by status."""
        together = threading.Barrier(2)

        def call(_number: int) -> tuple[int, Any]:
            together.wait(PATIENCE_S)
            return self.call(token, "POST", path, body)

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(call, range(2)), key=lambda answer: answer[0])


class Watch(threading.Thread):
    """Asks again and again how far an alert is; `seen`: the answers."""

    def __init__(self, hub: Hub, token: str, alert_id: int) -> None:
        super().__init__(daemon=True)
        self.seen: list[dict[str, Any]] = []
        self.refused: list[int] = []
        self._hub, self._token, self._path = hub, token, f"alerts/{alert_id}/progress"

    @property
    def over(self) -> bool:
        """Whether the last answer said so."""
        return bool(self.seen) and self.seen[-1]["status"] == "done"

    def run(self) -> None:
        while not self.over:
            status, said = self._hub.call(self._token, "GET", self._path)
            if status == 200:
                self.seen.append(said)
            else:
                self.refused.append(status)
            time.sleep(0.15)


class Postman(threading.Thread):
    """Twilio says what becomes of each message as soon as it is made: ten times and the wrong way round to some."""

    def __init__(self, twilio: Twilio) -> None:
        super().__init__(daemon=True)
        self.told: set[str] = set()
        self.refused: Counter[int] = Counter()
        self._twilio, self._ended = twilio, threading.Event()

    def end(self) -> None:
        """Once all are told."""
        wait_until(lambda: {one["sid"] for one in self._twilio.made} <= self.told, "all receipts are there", PATIENCE_S)
        self._ended.set()
        self.join(PATIENCE_S)

    def run(self) -> None:
        while not self._ended.wait(0.02):
            for one in [one for one in list(self._twilio.made) if one["sid"] not in self.told]:
                states = ["delivered", "sent", "queued"] * 10 if len(self.told) % 100 == 0 else ["delivered"]
                for state in states:
                    self._say(one, state)
                self.told.add(one["sid"])

    def _say(self, one: Mapping[str, Any], state: str) -> None:
        said = {"MessageSid": one["sid"], "MessageStatus": state, "To": one["to"], "AccountSid": ACCOUNT}
        url = self._twilio.callbacks[one["sid"]]
        request = urllib.request.Request(
            url, urlencode(said).encode(),
            {"X-Twilio-Signature": RequestValidator(AUTH_TOKEN).compute_signature(url, said)},
        )  # fmt: skip
        try:
            urllib.request.urlopen(request, timeout=PATIENCE_S).close()
        except urllib.error.HTTPError as error:
            self.refused[error.code] += 1


def until(true: Callable[[], bool], what: str) -> None:
    """As the clock does, but each second: ring, until it is so."""
    rung = 0.0

    def rings() -> bool:
        nonlocal rung
        if time.monotonic() - rung > 1:
            rung = time.monotonic()
            outbox.sweep.delay()
            alerts.tick.delay()
        return true()

    wait_until(rings, what, PATIENCE_S)


def workers_listen(number: int) -> None:
    """Wait until so many do: to begin takes some longer than others."""
    redis = Redis.from_url(os.environ["REDIS_URL"])
    wait_until(
        lambda: sum(client["cmd"] == "brpop" for client in redis.client_list()) >= number, "workers listen", PATIENCE_S
    )


def empty_the_broker() -> None:
    """Every task is lost, and all else that Redis knew."""
    Redis.from_url(os.environ["REDIS_URL"]).flushall()


def minutes_pass(dead: HubProcess) -> None:
    """What that process held is nobody's any more."""
    Delivery.objects.filter(claimed_by__startswith=f"{dead.pid}.").update(lease_until=now() - timedelta(seconds=1))
    Alert.objects.update(watched_until=None)
