"""Firebase Cloud Messaging against a server that plays Google's, with the codes of its documentation."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels_adapters.base import Cause, ConfigurationError, Item, Result
from channels_adapters.fcm_push import FcmPush
from channels_adapters.registry import build
from tests.channels_adapters.push_rigs import NOTICE
from tests.channels_adapters.push_service import PushService, Reply, service_account
from tests.channels_adapters.test_contract import send
from tests.engines import free_port
from tests.people.browsers import subscription

ITEM = replace(NOTICE, to="c0Xy:APA91bE-saint_aurele")
FCM = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "message.data[0].value"}]}


@pytest.fixture
def google() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def account(google: PushService, tmp_path: Path) -> str:
    return service_account(tmp_path / "account.json", google)


def _to(google: PushService, account: str, **options: Any) -> FcmPush:
    return FcmPush(**{"credentials_file": account, "endpoint": google.origin, "timeout_s": 5.0} | options)


def _error(status: int, name: str, code: str = "", **headers: str) -> Reply:
    details = [{"@type": FCM, "errorCode": code}] if code else [BAD] if status == 400 else []
    said = {"error": {"code": status, "message": "As it says.", "status": name, "details": details}}
    return Reply(status, json.dumps(said), headers)


@pytest.mark.parametrize(
    ("reply", "result", "cause", "wait"),
    [
        (_error(404, "NOT_FOUND", "UNREGISTERED"), Result.REFUSED, Cause.GONE, None),
        (_error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), Result.REFUSED, Cause.ADDRESS, None),
        (_error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), Result.REFUSED, Cause.ADDRESS, None),
        (_error(400, "INVALID_ARGUMENT"), Result.REFUSED, Cause.CONTENT, None),
        (_error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), Result.TEMPORARY, Cause.RATE, 60.0),
        (_error(429, "RESOURCE_EXHAUSTED", **{"Retry-After": "90"}), Result.TEMPORARY, Cause.RATE, 90.0),
        (_error(503, "UNAVAILABLE", "UNAVAILABLE", **{"Retry-After": "20"}), Result.TEMPORARY, Cause.DOWN, 20.0),
        (_error(500, "INTERNAL", "INTERNAL"), Result.TEMPORARY, Cause.DOWN, None),
        (_error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), Result.REFUSED, Cause.ACCOUNT, None),
        (_error(403, "PERMISSION_DENIED"), Result.REFUSED, Cause.ACCOUNT, None),
        (_error(404, "NOT_FOUND"), Result.REFUSED, Cause.ACCOUNT, None),
        (Reply(502, "<html>Bad gateway"), Result.TEMPORARY, Cause.DOWN, None),
        (Reply(404, "<html>"), Result.REFUSED, Cause.ACCOUNT, None),
        (Reply(418, "[]"), Result.REFUSED, Cause.CONTENT, None),
    ],
)
def test_the_code_decides(
    google: PushService, account: str, reply: Reply, result: Result, cause: Cause, wait: float | None
) -> None:
    google.reply = reply
    (outcome,) = send(_to(google, account), ITEM)
    assert (outcome.result, outcome.cause, outcome.retry_after_s) == (result, cause, wait)
    assert outcome.reason.startswith(str(reply.status))
    assert len(google.came) == 1  # nobody has tried again behind our back


@pytest.mark.parametrize("reply", [Reply(hang_s=1.0), Reply(drop=True)])
def test_silence_after_the_request_is_unknown(google: PushService, account: str, reply: Reply) -> None:
    google.reply = reply
    assert send(_to(google, account, timeout_s=0.3), ITEM)[0].result is Result.UNKNOWN


@pytest.mark.parametrize(("urgent", "android", "apple"), [(True, "high", "10"), (False, "normal", "5")])
def test_what_is_urgent_says_so_to_both_sorts_of_telephones(
    google: PushService, account: str, urgent: bool, android: str, apple: str
) -> None:
    (outcome,) = send(_to(google, account), replace(ITEM, urgent=urgent))
    assert outcome.provider_id == "projects/mairie-de-saint-aurele/messages/1"
    (came,) = google.came
    message = came.said["message"]
    assert came.path == "/v1/projects/mairie-de-saint-aurele/messages:send"
    assert message["data"] == {
        "link": NOTICE.link, "urgent": "true" if urgent else "false", "tag": message["data"]["tag"],
    }  # fmt: skip
    assert message["android"]["priority"] == android
    assert message["apns"]["headers"]["apns-priority"] == apple


def test_one_token_serves_many_and_a_new_one_is_fetched_when_it_is_taken_back(
    google: PushService, account: str
) -> None:
    assert {one.result for one in send(_to(google, account), ITEM, ITEM, ITEM)} == {Result.ACCEPTED}
    send(_to(google, account), ITEM)  # another adapter, as the next piece of work builds it
    assert {came.headers["authorization"] for came in google.came} == {"Bearer token-1"}
    google.reply = _error(401, "UNAUTHENTICATED")
    assert send(_to(google, account), ITEM)[0].result is Result.TEMPORARY
    google.reply = None
    send(_to(google, account), ITEM)
    assert google.came[-1].headers["authorization"] == "Bearer token-2"


@pytest.mark.parametrize(
    ("reply", "result", "cause"),
    [
        (Reply(400, '{"error": "invalid_grant"}'), Result.REFUSED, Cause.ACCOUNT),
        (Reply(401, '{"error": "invalid_client"}'), Result.REFUSED, Cause.ACCOUNT),
    ],
)
def test_an_account_that_google_does_not_know_sends_nothing(
    google: PushService, account: str, reply: Reply, result: Result, cause: Cause
) -> None:
    google.token_reply = reply
    (outcome,) = send(_to(google, account), ITEM)
    assert (outcome.result, outcome.cause, google.came) == (result, cause, [])


def test_nobody_who_gives_tokens_is_temporary(google: PushService, account: str) -> None:
    file = Path(account)
    there = json.loads(file.read_text())
    file.write_text(json.dumps({**there, "token_uri": f"http://127.0.0.1:{free_port()}/token"}))
    (outcome,) = send(_to(google, account), ITEM)
    assert (outcome.result, outcome.cause, google.came) == (Result.TEMPORARY, Cause.DOWN, [])


def test_it_takes_telephones_only(google: PushService, account: str) -> None:
    adapter = _to(google, account)
    assert adapter.takes(ITEM)
    assert not adapter.takes(Item(channel="push", to=subscription(), text=""))
    assert not adapter.takes(Item(channel="push", to="", text=""))


@pytest.mark.parametrize("content", [None, "{}", "no JSON", '{"type": "service_account"}'])
def test_a_file_that_is_none_is_said_when_it_is_built(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "account.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigurationError, match=r"account\.json"):
        build("push", ["fcm"], {"fcm": {"credentials_file": str(file)}})
    with pytest.raises(ConfigurationError, match="missing"):
        build("push", ["fcm"], {"fcm": {"credentials_file": ""}})
