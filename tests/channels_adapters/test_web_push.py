"""Web Push against a real push service that answers as told: encrypted for the browser, signed by us."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from py_vapid import Vapid02

from channels_adapters.base import Cause, ConfigurationError, Item, Outcome, Result
from channels_adapters.registry import build
from channels_adapters.vapid import new_private_key, public_key
from channels_adapters.web_push import WebPush
from tests.channels_adapters.push_rigs import NOTICE
from tests.channels_adapters.push_service import PushService, Reply
from tests.channels_adapters.test_contract import send
from tests.people.browsers import Browser, subscription

KEY = new_private_key()
SUBJECT = "mailto:parvis@saint-aurele.example"


def _to(service: PushService, **options: Any) -> WebPush:
    return WebPush(**{"private_key": KEY, "subject": SUBJECT, "services": [service.origin], "timeout_s": 5.0} | options)


def _send(reply: Reply, **options: Any) -> Outcome:
    with PushService(reply) as service:
        browser = Browser(f"{service.origin}/push/")
        (outcome,) = send(_to(service, **options), replace(NOTICE, to=browser.subscription))
        assert len(service.came) == 1
    return outcome


@pytest.mark.parametrize(
    ("status", "result", "cause"),
    [
        (201, Result.ACCEPTED, None),
        (307, Result.TEMPORARY, Cause.DOWN),
        (400, Result.REFUSED, Cause.CONTENT),
        (401, Result.REFUSED, Cause.ACCOUNT),
        (403, Result.REFUSED, Cause.ACCOUNT),
        (404, Result.REFUSED, Cause.GONE),
        (406, Result.TEMPORARY, Cause.RATE),
        (410, Result.REFUSED, Cause.GONE),
        (413, Result.REFUSED, Cause.CONTENT),
        (418, Result.REFUSED, Cause.CONTENT),
        (429, Result.TEMPORARY, Cause.RATE),
        (500, Result.TEMPORARY, Cause.DOWN),
        (503, Result.TEMPORARY, Cause.DOWN),
    ],
)
def test_the_status_decides(status: int, result: Result, cause: Cause | None) -> None:
    # A redirect is followed nowhere: one request has come.
    outcome = _send(Reply(status, "UnauthorizedRegistration", {"Location": "https://127.0.0.1/elsewhere"}))
    assert (outcome.result, outcome.cause) == (result, cause)
    assert outcome.reason == ("" if result is Result.ACCEPTED else f"{status} UnauthorizedRegistration")


@pytest.mark.parametrize(
    ("said", "waited"), [("120", 120.0), ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0), ("soon", None), ("", None)]
)
def test_a_service_says_when_to_come_back(said: str, waited: float | None) -> None:
    assert _send(Reply(429, "", {"Retry-After": said})).retry_after_s == waited


@pytest.mark.parametrize("reply", [Reply(hang_s=1.0), Reply(drop=True)])
def test_silence_after_the_request_is_unknown(reply: Reply) -> None:
    assert _send(reply, timeout_s=0.3).result is Result.UNKNOWN


@pytest.mark.parametrize(("urgent", "urgency", "ttl"), [(True, "high", "43200"), (False, "normal", "172800")])
def test_what_is_urgent_says_so_to_service_and_browser(urgent: bool, urgency: str, ttl: str) -> None:
    with PushService() as service:
        browser = Browser(f"{service.origin}/push/")
        item = replace(NOTICE, to=browser.subscription, urgent=urgent)
        again = replace(item, text="Autre chose")
        assert [one.result for one in send(_to(service), item)] == [Result.ACCEPTED]
        assert [one.result for one in send(_to(service), item, again)] == [Result.ACCEPTED] * 2
        told = [browser.read(came.body) for came in service.came]
        headers = [came.headers for came in service.came]
    assert told[0] == {
        "title": NOTICE.subject, "body": NOTICE.text, "link": NOTICE.link, "urgent": urgent, "tag": told[0]["tag"],
    }  # fmt: skip
    # The same words again take the place of the first; other words don't.
    assert len({one["tag"] for one in told}) == 2
    assert {one["topic"] for one in headers} == {one["tag"] for one in told}
    assert {(one["urgency"], one["ttl"], one["content-encoding"]) for one in headers} == {(urgency, ttl, "aes128gcm")}


def test_we_sign_for_that_service_with_the_key_that_browsers_know() -> None:
    with PushService() as service:
        browser = Browser(f"{service.origin}/push/")
        send(_to(service), replace(NOTICE, to=browser.subscription))
        (came,) = service.came
        origin = service.origin
    said = came.headers["authorization"]
    assert Vapid02.verify(said)
    token, key = said.removeprefix("vapid ").split(",")
    assert key == f"k={public_key(KEY)}"
    payload = token.removeprefix("t=").split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["aud"], claims["sub"]) == (origin, SUBJECT)
    assert came.path == urlsplit(json.loads(browser.subscription)["endpoint"]).path
    # Another browser can read nothing of it.
    with pytest.raises(Exception, match=r".*"):
        Browser().read(came.body)


def test_long_words_are_cut_to_what_services_take() -> None:
    with PushService() as service:
        browser = Browser(f"{service.origin}/push/")
        long = replace(NOTICE, to=browser.subscription, text="Évacuez\n« maintenant » " * 400, subject="É" * 900)
        assert send(_to(service), long)[0].result is Result.ACCEPTED
        (came,) = service.came
    told = browser.read(came.body)
    assert len(came.body) < 4_096
    assert told["body"].endswith("…")
    assert long.text.startswith(told["body"][:-1])


@pytest.mark.parametrize(
    "to",
    [
        subscription("https://127.0.0.1/push"),
        subscription("https://evil.example/push"),
        subscription("http://fcm.googleapis.com/fcm/send/x"),
        json.dumps({"endpoint": "ORIGIN/x", "keys": {"p256dh": "BA" * 44, "auth": "A" * 22}}),  # not on the curve
        "{}",
        "{",
    ],
)
def test_nothing_leaves_to_what_is_no_push_service(to: str) -> None:
    asked: list[bool] = []

    async def asking() -> bool:
        return not asked.append(True)

    with PushService() as service:
        item = replace(NOTICE, to=to.replace("ORIGIN", service.origin))
        (outcome,) = send(_to(service), item, hand_over=asking)
        assert (outcome.result, outcome.cause, service.came, asked) == (Result.REFUSED, Cause.ADDRESS, [], [])


def test_it_takes_browsers_only() -> None:
    with PushService() as service:
        adapter = _to(service)
    assert adapter.takes(replace(NOTICE, to=subscription()))
    assert not adapter.takes(Item(channel="push", to="c0:APA91b", text=""))


@pytest.mark.parametrize("wrong", [{"private_key": "short"}, {"private_key": "é"}, {"subject": "la mairie"}])
def test_wrong_keys_are_said_when_it_is_built(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="web-push"):
        build("push", ["web-push"], {"web-push": {"private_key": KEY, "subject": SUBJECT, **wrong}})
