"""OVHcloud's SMS against a real HTTP server that misbehaves, by OVH's own client."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_adapters.base import (
    Became,
    Call,
    Cause,
    ConfigurationError,
    Heard,
    Incoming,
    Item,
    Outcome,
    Receipt,
    Result,
    SignatureError,
)
from channels_adapters.ovh_sms import OvhSms
from channels_adapters.registry import build
from tests.channels_adapters.arrived import SMS
from tests.channels_adapters.ovh_there import KEYS, SERVICE, Answer, Ovh
from tests.channels_adapters.test_contract import send
from tests.engines import free_port

SECRET = "a-secret-of-the-path"


@pytest.fixture
def ovh() -> Iterator[Ovh]:
    with Ovh() as there:
        yield there


def sms(there: Ovh | None = None, **options: Any) -> OvhSms:
    given: dict[str, Any] = {**KEYS, "service_name": SERVICE, "timeout_s": 1.0, "hook_secret": SECRET}
    return OvhSms(**given | ({"endpoint": there.url} if there else {}) | options)


def test_an_sms_is_asked_for_as_it_is_documented(ovh: Ovh) -> None:
    ovh.clock_s = 3_600  # signed by their clock
    assert send(sms(ovh), replace(SMS, text="Eau coupée")) == [Outcome(Result.ACCEPTED, provider_id="1001")]
    assert ovh.asked == [{
        "message": "Eau coupée", "receivers": [SMS.to], "charset": "UTF-8", "coding": "7bit", "noStopClause": True,
        "priority": "medium", "validityPeriod": 2880, "senderForResponse": True,
    }]  # fmt: skip


def test_what_is_urgent_goes_first_and_what_promotes_says_how_to_stop_it(ovh: Ovh) -> None:
    send(sms(ovh, sender="Mairie"), replace(SMS, urgent=True, text="Même l’eau"), replace(SMS, bulk=True))
    urgent, bulk = sorted(ovh.asked, key=lambda job: job["priority"])
    assert (urgent["priority"], urgent["validityPeriod"], urgent["coding"]) == ("high", 60, "8bit")
    assert (urgent["noStopClause"], urgent["sender"], "senderForResponse" in urgent) == (True, "Mairie", False)
    assert (bulk["priority"], bulk["noStopClause"]) == ("low", False)


def test_who_is_no_receiver_is_refused_and_no_other_provider_is_asked(ovh: Ovh) -> None:
    ovh.invalid = (SMS.to,)
    (outcome,) = send(sms(ovh), SMS)
    assert (outcome.result, outcome.cause) == (Result.REFUSED, Cause.ADDRESS)
    (outcome,) = send(sms(ovh), replace(SMS, to="0639980012"))
    assert (outcome.result, outcome.cause, len(ovh.asked)) == (Result.REFUSED, Cause.ADDRESS, 1)


@pytest.mark.parametrize(
    ("answer", "result", "cause"),
    [
        (Answer(403, "INVALID_CREDENTIAL"), Result.REFUSED, Cause.ACCOUNT),
        (Answer(403, "NOT_GRANTED_CALL"), Result.REFUSED, Cause.ACCOUNT),
        (Answer(404, "RESOURCE", "This service does not exist"), Result.REFUSED, Cause.ACCOUNT),
        (Answer(400, "BAD", "Invalid sender"), Result.REFUSED, Cause.ACCOUNT),
        (Answer(400, "BAD", "Not enough credits for this message"), Result.REFUSED, Cause.ACCOUNT),
        (Answer(400, "BAD", "[receivers] Given data is not valid"), Result.REFUSED, Cause.ADDRESS),
        (Answer(400, "BAD", "The message is too long"), Result.REFUSED, Cause.CONTENT),
        (Answer(429, "RATE", headers={"Retry-After": "7"}), Result.TEMPORARY, Cause.RATE),
        (Answer(503, "DOWN"), Result.TEMPORARY, Cause.DOWN),
        (Answer(500, "FAULT"), Result.UNKNOWN, Cause.DOWN),
        (Answer(502), Result.UNKNOWN, Cause.DOWN),
    ],
)
def test_each_answer_means_something(ovh: Ovh, answer: Answer, result: Result, cause: Cause) -> None:
    ovh.answers = [answer]
    (outcome,) = send(sms(ovh), SMS)
    assert (outcome.result, outcome.cause) == (result, cause)
    assert outcome.reason
    assert outcome.retry_after_s == (7.0 if answer.status == 429 else None)


def test_as_many_as_allowed_leave_at_once_and_an_emergency_beside_them(ovh: Ovh) -> None:
    ovh.hang_s = 0.3
    assert {one.result for one in send(sms(ovh, at_once=2, timeout_s=20.0), *[SMS] * 6)} == {Result.ACCEPTED}
    assert ovh.busiest == 3


def test_without_an_answer_nobody_knows_and_it_finds_out(ovh: Ovh) -> None:
    """Although its clock is five minutes behind ours."""
    ovh.clock_s = -300
    for fault in ({"cut": True}, {"hang_s": 1.5}, {"report": {"strange": 1}}):
        for name, value in fault.items():
            setattr(ovh, name, value)
        (outcome,) = send(sms(ovh), SMS)
        assert (outcome.result, outcome.cause) == (Result.UNKNOWN, Cause.DOWN), fault
        ovh.cut, ovh.hang_s, ovh.report = False, 0.0, None
    assert [job["message"] for job in ovh.asked] == [SMS.text] * 3  # and the client sent none twice

    def find(item: Item, ago: timedelta = timedelta(minutes=1)) -> Outcome | None:
        return asyncio.run(sms(ovh).find(item, ago))

    assert find(SMS) == Outcome(Result.ACCEPTED, provider_id="1002")
    ovh.waiting = True
    assert find(SMS) == Outcome(Result.ACCEPTED, provider_id="1002")
    assert find(replace(SMS, text="Autre chose")) is None
    assert find(replace(SMS, to="+33639980013")) is None
    assert find(SMS, timedelta(minutes=-1)) is None
    ovh.sent[-1]["deliveryReceipt"] = 16
    found = find(SMS)
    assert found is not None
    assert (found.result, found.cause) == (Result.REFUSED, Cause.CARRIER)
    ovh.answers = [Answer(500, "FAULT")]
    asked = find(SMS)
    assert asked is not None
    assert asked.result is Result.TEMPORARY


def test_what_promotes_is_found_under_the_words_that_ovh_added(ovh: Ovh) -> None:
    send(sms(ovh), replace(SMS, bulk=True))
    ago = timedelta(minutes=1)
    assert asyncio.run(sms(ovh).find(replace(SMS, bulk=True), ago)) is not None
    assert asyncio.run(sms(ovh).find(SMS, ago)) is None


def test_nothing_has_left_when_there_is_no_way_to_it() -> None:
    (outcome,) = send(sms(endpoint=f"http://127.0.0.1:{free_port()}/1.0"), SMS)
    assert (outcome.result, outcome.cause) == (Result.TEMPORARY, Cause.DOWN)
    with socket.socket() as deaf:  # takes the connection, and says nothing, before anything was handed over
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        (outcome,) = send(sms(endpoint=f"http://127.0.0.1:{deaf.getsockname()[1]}/1.0", timeout_s=0.3), SMS)
    assert outcome.result is Result.TEMPORARY


def test_it_says_how_many_credits_are_left(ovh: Ovh) -> None:
    assert asyncio.run(sms(ovh).credits_left()) == 412.5
    ovh.answers = [Answer(403, "INVALID_CREDENTIAL")]
    assert asyncio.run(sms(ovh).credits_left()) is None


def test_what_people_answered_is_asked_for_and_each_of_it_once(ovh: Ovh) -> None:
    ovh.answered = [{"id": number, "sender": SMS.to, "message": words} for number, words in ((7, "STOP"), (8, "Merci"))]
    begun = datetime.now(UTC)
    assert asyncio.run(sms(ovh).answers(begun, {"7"})) == [Incoming("8", SMS.to, "", "Merci")]
    assert asyncio.run(sms(ovh, sender="Mairie").answers(begun, ())) == []  # nobody can answer a name
    ovh.answers = [Answer(503, "DOWN")]
    assert asyncio.run(sms(ovh).answers(begun, ())) == []


def _call(path: str, query: str, body: bytes = b"") -> Call:
    return Call("GET", f"https://parvis.example/hooks/ovh/{path}?{query}", {}, body)


def test_a_receipt_is_believed_by_the_secret_of_its_address_alone() -> None:
    heard = sms().hear(_call(f"{SECRET}/", "id=1001&dlr=1&ptt=0"))
    assert heard == Heard([Receipt("1001", Became.DELIVERED)])
    heard = sms().hear(_call(f"{SECRET}/", "", b"id=1001&dlr=16&ptt=3&descriptionDlr=Absent"))
    assert heard == Heard([
        Receipt("1001", Became.UNDELIVERABLE, Cause.CARRIER, "OVH dlr 16 ptt 3 Absent"),
    ])  # fmt: skip
    assert sms().hear(_call(f"{SECRET}/", "id=1001&dlr=8")) == Heard([Receipt("1001", Became.SENT)])
    assert sms().hear(_call(f"{SECRET}/", "id=1001&dlr=77")) == Heard()
    for adapter, path in (
        (sms(), "another-secret/"),
        (sms(), ""),
        (sms(hook_secret=""), ""),
        (sms(hook_secret=""), "x"),
    ):
        with pytest.raises(SignatureError):
            adapter.hear(_call(path, f"id=1001&dlr=1&{SECRET}"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"application_key": ""}, {"service_name": "../me"}, {"sender": "Mairie de Saint-Aurèle"},
        {"endpoint": "ovh-mars"}, {"hook_secret": "short"}, {"at_once": 0}, {"timeout_s": 0},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_when_it_is_built(wrong: dict[str, Any]) -> None:
    options = {**KEYS, "service_name": SERVICE}
    assert build("sms", ["ovh"], {"ovh": options})
    with pytest.raises(ConfigurationError, match="ovh"):
        build("sms", ["ovh"], {"ovh": {**options, **wrong}})
