"""Twilio against a real HTTP server that misbehaves, by Twilio's own library."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from channels_adapters.base import (
    NO_LONGER_OURS,
    Cause,
    Item,
    Outcome,
    Result,
)
from channels_adapters.twilio_sms import TwilioSms
from channels_adapters.twilio_voice import TwilioVoice, twiml
from tests.channels_adapters.arrived import SMS
from tests.channels_adapters.test_contract import send
from tests.channels_adapters.twilio_rigs import CALL, TOLD, of, sms, voice
from tests.channels_adapters.twilio_there import OURS, SERVICE, Answer, Twilio
from tests.engines import free_port


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with Twilio() as there:
        yield there


# What is asked for.


def test_an_sms_is_asked_for_as_it_is_documented(twilio: Twilio) -> None:
    (outcome,) = send(sms(twilio), replace(TOLD, urgent=True))
    assert outcome == Outcome(Result.ACCEPTED, provider_id=twilio.made[0]["sid"])
    assert twilio.asked == [{
        "To": [SMS.to], "Body": [SMS.text], "MessagingServiceSid": [SERVICE], "StatusCallback": [TOLD.callback],
        "ValidityPeriod": ["300"], "SmartEncoded": ["false"],
    }]  # fmt: skip


def test_an_sms_may_come_from_a_number_and_be_told_of_by_nobody(twilio: Twilio) -> None:
    send(sms(twilio, messaging_service_sid="", sender=OURS), SMS)
    assert twilio.asked == [{"To": [SMS.to], "Body": [SMS.text], "From": [OURS], "SmartEncoded": ["false"]}]


def test_an_api_key_stands_for_the_account() -> None:
    key, secret = "SK" + "2c" * 16, "s3cret"
    with Twilio(credentials=(key, secret)) as twilio:
        assert send(sms(twilio, api_key=key, api_secret=secret), SMS)[0].result is Result.ACCEPTED
        assert send(sms(twilio), SMS)[0].cause is Cause.ACCOUNT


def test_a_call_is_asked_for_as_it_is_documented(twilio: Twilio) -> None:
    send(voice(twilio), CALL)
    (asked,) = twilio.asked
    (spoken,) = asked.pop("Twiml")
    assert asked == {
        "To": [CALL.to], "From": [OURS], "MachineDetection": ["DetectMessageEnd"],
        "StatusCallback": [CALL.callback], "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["40"], "TimeLimit": ["300"],
    }  # fmt: skip
    response = ElementTree.fromstring(spoken)
    gather, bye, _breath = response
    assert gather.attrib == {
        "action": f"{CALL.callback}?voix=fr-CA", "method": "POST", "numDigits": "1", "timeout": "8",
    }  # fmt: skip
    press = "Appuyez sur 1 pour confirmer que vous avez entendu ce message."
    assert [say.text for say in gather.findall("Say")] == [CALL.text, press, f"Je répète. {CALL.text}", press]
    assert bye.text == "Au revoir."
    assert {tuple(say.attrib.items()) for say in response.iter("Say")} == {
        (("language", "fr-CA"), ("voice", "Polly.Gabrielle-Neural"))
    }


@pytest.mark.parametrize(
    ("locale", "voice_of", "language", "again"),
    [
        ("fr-FR", "Polly.Lea-Neural", "fr-FR", "Je répète."),
        ("fr-BE", "Polly.Lea-Neural", "fr-FR", "Je répète."),
        ("en-CA", "Polly.Joanna-Neural", "en-US", "I repeat."),
        ("en-GB", "Polly.Amy-Neural", "en-GB", "I repeat."),
    ],
)
def test_the_voice_is_of_the_language_and_the_country(locale: str, voice_of: str, language: str, again: str) -> None:
    response = ElementTree.fromstring(twiml(replace(CALL, locale=locale, confirms=False)))
    assert response.find("Gather") is None
    says = response.findall("Say")
    assert says[1].text == f"{again} {CALL.text}"
    assert {(say.attrib["voice"], say.attrib["language"]) for say in says} == {(voice_of, language)}


def test_what_xml_cannot_hold_is_not_said_and_what_is_long_is_said_once(twilio: Twilio) -> None:
    odd = ElementTree.fromstring(twiml(replace(CALL, text="a\x00b\x1b\ud800c\u202f!😀")))
    assert next(odd.iter("Say")).text == "a b  c\u202f!😀"
    long = ElementTree.fromstring(twiml(replace(CALL, text="é" * 2_500)))
    assert [len(say.text or "") > 2_000 for say in long.iter("Say")] == [True, False, False]
    (outcome,) = send(voice(twilio), replace(CALL, text="é" * 4_000))
    assert (outcome.result, outcome.cause, twilio.asked) == (Result.REFUSED, Cause.CONTENT, [])


@pytest.mark.parametrize("bad", ["0639980012", "+33 6 39", "client:alice", "sip:a@b.example", "+33639980012\n", ""])
def test_what_is_no_number_is_refused_before_anybody_is_asked(twilio: Twilio, bad: str) -> None:
    for adapter in (sms(twilio), voice(twilio)):
        (outcome,) = send(adapter, replace(of(adapter), to=bad))
        assert (outcome.result, outcome.cause) == (Result.REFUSED, Cause.ADDRESS)
    assert twilio.lines == 0


# What is answered.


@pytest.mark.parametrize(
    ("answer", "result", "cause"),
    [
        (Answer(400, 21211), Result.REFUSED, Cause.ADDRESS),
        (Answer(400, 21408), Result.REFUSED, Cause.NOT_ALLOWED),
        (Answer(400, 21610), Result.REFUSED, Cause.BLOCKED),
        (Answer(400, 21612), Result.REFUSED, Cause.CARRIER),
        (Answer(400, 21614), Result.REFUSED, Cause.NOT_CAPABLE),
        (Answer(400, 21617), Result.REFUSED, Cause.CONTENT),
        (Answer(400, 21611), Result.TEMPORARY, Cause.RATE),
        (Answer(400, 21606), Result.REFUSED, Cause.ACCOUNT),
        (Answer(400, 21999), Result.REFUSED, Cause.ACCOUNT),
        (Answer(400, 30003), Result.REFUSED, Cause.OFF),
        (Answer(400, 30001), Result.TEMPORARY, Cause.RATE),
        (Answer(401, 20003), Result.REFUSED, Cause.ACCOUNT),
        (Answer(401), Result.REFUSED, Cause.ACCOUNT),
        (Answer(403, 20006), Result.REFUSED, Cause.ACCOUNT),
        (Answer(404, 20404), Result.REFUSED, Cause.ACCOUNT),
        (Answer(429, 20429), Result.TEMPORARY, Cause.RATE),
        (Answer(429, 63038), Result.TEMPORARY, Cause.RATE),
        (Answer(429), Result.TEMPORARY, Cause.RATE),
        (Answer(500, 20500), Result.UNKNOWN, Cause.DOWN),
        (Answer(502), Result.UNKNOWN, Cause.DOWN),
        (Answer(504), Result.UNKNOWN, Cause.DOWN),
        (Answer(503, 20503), Result.TEMPORARY, Cause.DOWN),
        (Answer(302), Result.TEMPORARY, Cause.DOWN),
    ],
)
def test_the_code_decides_else_the_status(twilio: Twilio, answer: Answer, result: Result, cause: Cause) -> None:
    twilio.answers = [answer, answer]
    for adapter in (sms(twilio), voice(twilio)):
        (outcome,) = send(adapter, of(adapter))
        assert (outcome.result, outcome.cause, outcome.retry_after_s) == (result, cause, None)
        assert str(answer.status) in outcome.reason
        if answer.code:
            assert str(answer.code) in outcome.reason
            assert "Permission refused" in outcome.reason


def test_patience_is_kept_as_it_is_asked_for(twilio: Twilio) -> None:
    twilio.answers = [Answer(429, 20429, {"Retry-After": "17"}), Answer(429, 20429, {"Retry-After": "soon"})]
    first, second = (send(sms(twilio), SMS)[0] for _time in range(2))
    assert (first.retry_after_s, second.retry_after_s) == (17.0, None)


@pytest.mark.parametrize("fault", ["hang", "cut", "garbled"])
def test_without_an_answer_that_can_be_read_it_is_unknown(twilio: Twilio, fault: str) -> None:
    twilio.hang_s, twilio.cut, twilio.garbled = (1.0 if fault == "hang" else 0), fault == "cut", fault == "garbled"
    for adapter in (sms(twilio, timeout_s=0.3), voice(twilio, timeout_s=0.3)):
        (outcome,) = send(adapter, of(adapter))
        assert (outcome.result, outcome.cause) == (Result.UNKNOWN, Cause.DOWN)
    assert len(twilio.made) == 2


def test_a_slow_answer_is_waited_for(twilio: Twilio) -> None:
    twilio.hang_s = 0.5
    assert send(sms(twilio), SMS)[0].result is Result.ACCEPTED


def test_who_is_away_or_never_says_a_word_was_not_handed_anything(twilio: Twilio) -> None:
    asked: list[bool] = []

    async def asking() -> bool:
        asked.append(True)
        return True

    for url in (f"http://127.0.0.1:{free_port()}", "http://api.twilio.invalid"):
        (outcome,) = send(sms(url=url), SMS, hand_over=asking)
        assert (outcome.result, outcome.cause) == (Result.TEMPORARY, Cause.DOWN)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # TLS is never begun
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        (outcome,) = send(sms(url=url, timeout_s=0.3), SMS, hand_over=asking)
    assert (outcome.result, outcome.cause) == (Result.TEMPORARY, Cause.DOWN)
    assert asked == []


def test_the_clerks_answer_may_take_its_time_and_may_be_no(twilio: Twilio) -> None:
    async def slowly() -> bool:
        await asyncio.sleep(0.6)
        return True

    async def no_longer() -> bool:
        assert twilio.lines > 0, "it is connected by then"
        return False

    assert send(sms(twilio, timeout_s=0.3), SMS, hand_over=slowly)[0].result is Result.ACCEPTED
    assert send(sms(twilio), SMS, hand_over=no_longer) == [NO_LONGER_OURS]
    assert len(twilio.asked) == 1


def test_connections_are_kept_and_as_many_as_allowed(twilio: Twilio) -> None:
    twilio.hang_s = 0.02
    assert {one.result for one in send(sms(twilio, at_once=3), *[SMS] * 12)} == {Result.ACCEPTED}
    assert (twilio.lines, len(twilio.made)) == (4, 12)  # one is an emergency's


# What became of it.


def find(adapter: TwilioSms | TwilioVoice, item: Item, ago: timedelta = timedelta(minutes=1)) -> Outcome | None:
    async def ask() -> Outcome | None:
        try:
            return await adapter.find(item, ago)
        finally:
            await adapter.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("ahead_min", [0, 5, -5])
@pytest.mark.parametrize("keeps_dates", [True, False])
def test_what_it_had_no_answer_for_is_found_again(twilio: Twilio, keeps_dates: bool, ahead_min: int) -> None:
    """Also while it waits in Twilio's queue, where it has no date yet; and whatever Twilio's clock says, or ours."""
    twilio.keeps_dates, twilio.cut, twilio.ahead = keeps_dates, True, timedelta(minutes=ahead_min)
    for adapter in (sms(twilio), voice(twilio)):
        item = of(adapter)
        assert send(adapter, item)[0].result is Result.UNKNOWN
        sid = twilio.made[0]["sid"]
        assert find(adapter, item) == Outcome(Result.ACCEPTED, provider_id=sid)
        assert find(adapter, item, timedelta(minutes=-1)) is None
        assert find(adapter, replace(item, to="+33639980099")) is None
    assert find(sms(twilio), replace(TOLD, text="Autre chose")) is None


def test_what_failed_meanwhile_is_told_so(twilio: Twilio) -> None:
    send(sms(twilio), TOLD)
    twilio.made[0] |= {"status": "undelivered", "error_code": 30005}
    found = find(sms(twilio), TOLD)
    assert found is not None
    assert (found.result, found.cause) == (Result.REFUSED, Cause.ADDRESS)
    send(voice(twilio), CALL)
    twilio.made[0] |= {"status": "busy"}
    found = find(voice(twilio), CALL)
    assert found is not None
    assert (found.result, found.cause, found.provider_id) == (Result.REFUSED, Cause.BUSY, twilio.made[0]["sid"])


def test_who_cannot_be_asked_now_is_asked_later(twilio: Twilio) -> None:
    twilio.answers = [Answer(500), Answer(429, 20429)]
    for adapter in (sms(twilio), voice(twilio), sms(url=f"http://127.0.0.1:{free_port()}")):
        found = find(adapter, of(adapter))
        assert found is not None
        assert (found.result, found.cause) == (Result.TEMPORARY, Cause.DOWN)
