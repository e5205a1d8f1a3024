"""Twilio against a real HTTP server that misbehaves, by Twilio's own library."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from channels_adapters.base import (
    NO_LONGER_OURS,
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
from channels_adapters.registry import build
from channels_adapters.twilio_sms import TwilioSms
from channels_adapters.twilio_voice import TwilioVoice, twiml
from tests.channels_adapters.conftest import SMS
from tests.channels_adapters.test_contract import send
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE, Answer, Twilio
from tests.engines import free_port

CALL = Item(
    channel="voice", to="+14185550142", locale="fr-CA", urgent=True, confirms=True,
    text="Ici la mairie de Saint-Aurèle : l’eau n’est pas potable <jusqu’à demain> & après.",
    callback="https://parvis.example/hooks/twilio-voice/1a.MAC/",
)  # fmt: skip
TOLD = replace(SMS, callback="https://parvis.example/hooks/twilio/1a.MAC/")


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with Twilio() as there:
        yield there


def sms(twilio: Twilio | None = None, **options: Any) -> TwilioSms:
    return TwilioSms(**{"messaging_service_sid": SERVICE, **_account(twilio), **options})


def voice(twilio: Twilio | None = None, **options: Any) -> TwilioVoice:
    return TwilioVoice(**{"caller": OURS, **_account(twilio), **options})


def _account(twilio: Twilio | None) -> dict[str, Any]:
    where = {"url": twilio.url} if twilio else {}
    return {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "timeout_s": 2.0, **where}


def of(adapter: TwilioSms | TwilioVoice) -> Item:
    return TOLD if isinstance(adapter, TwilioSms) else CALL


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
    assert (twilio.lines, len(twilio.made)) == (3, 12)


# What became of it.


def find(adapter: TwilioSms | TwilioVoice, item: Item, since: datetime) -> Outcome | None:
    async def ask() -> Outcome | None:
        try:
            return await adapter.find(item, since)
        finally:
            await adapter.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("keeps_dates", [True, False])
def test_what_it_had_no_answer_for_is_found_again(twilio: Twilio, keeps_dates: bool) -> None:
    """Also while it waits in Twilio's queue, where it has no date yet."""
    twilio.keeps_dates, twilio.cut = keeps_dates, True
    since = datetime.now(UTC)
    for adapter in (sms(twilio), voice(twilio)):
        item = of(adapter)
        assert send(adapter, item)[0].result is Result.UNKNOWN
        sid = twilio.made[0]["sid"]
        assert find(adapter, item, since) == Outcome(Result.ACCEPTED, provider_id=sid)
        assert find(adapter, item, since + timedelta(minutes=1)) is None
        assert find(adapter, replace(item, to="+33639980099"), since) is None
    assert find(sms(twilio), replace(TOLD, text="Autre chose"), since) is None


def test_what_failed_meanwhile_is_told_so(twilio: Twilio) -> None:
    since = datetime.now(UTC)
    send(sms(twilio), TOLD)
    twilio.made[0] |= {"status": "undelivered", "error_code": 30005}
    found = find(sms(twilio), TOLD, since)
    assert found is not None
    assert (found.result, found.cause) == (Result.REFUSED, Cause.ADDRESS)
    send(voice(twilio), CALL)
    twilio.made[0] |= {"status": "busy"}
    found = find(voice(twilio), CALL, since)
    assert found is not None
    assert (found.result, found.cause, found.provider_id) == (Result.REFUSED, Cause.BUSY, twilio.made[0]["sid"])


def test_who_cannot_be_asked_now_is_asked_later(twilio: Twilio) -> None:
    twilio.answers = [Answer(500), Answer(429, 20429)]
    for adapter in (sms(twilio), voice(twilio), sms(url=f"http://127.0.0.1:{free_port()}")):
        found = find(adapter, of(adapter), datetime.now(UTC))
        assert found is not None
        assert (found.result, found.cause) == (Result.TEMPORARY, Cause.DOWN)


# What it says when it calls.


def says(adapter: TwilioSms | TwilioVoice, url: str = TOLD.callback, **fields: str) -> Heard:
    """A call as Twilio makes it, signed by its own library."""
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, fields)
    return adapter.hear(Call("POST", url, {"x-twilio-signature": signature}, urlencode(fields).encode()))


@pytest.mark.parametrize(
    ("state", "code", "receipt"),
    [
        ("queued", "", Receipt("SM1", Became.SENT)),
        ("sent", "", Receipt("SM1", Became.SENT)),
        ("delivered", "", Receipt("SM1", Became.DELIVERED)),
        ("undelivered", "30003", Receipt("SM1", Became.FAILED, Cause.OFF, "Twilio 30003")),
        ("undelivered", "30004", Receipt("SM1", Became.FAILED, Cause.CARRIER, "Twilio 30004")),
        ("undelivered", "30005", Receipt("SM1", Became.UNDELIVERABLE, Cause.ADDRESS, "Twilio 30005")),
        ("undelivered", "30006", Receipt("SM1", Became.UNDELIVERABLE, Cause.NOT_CAPABLE, "Twilio 30006")),
        ("undelivered", "30007", Receipt("SM1", Became.FAILED, Cause.CONTENT, "Twilio 30007")),
        ("undelivered", "30008", Receipt("SM1", Became.FAILED, Cause.CARRIER, "Twilio 30008")),
        ("undelivered", "31999", Receipt("SM1", Became.UNDELIVERABLE, Cause.CARRIER, "Twilio 31999")),
        ("failed", "21610", Receipt("SM1", Became.UNDELIVERABLE, Cause.BLOCKED, "Twilio 21610")),
        ("failed", "30002", Receipt("SM1", Became.FAILED, Cause.ACCOUNT, "Twilio 30002")),
        ("failed", "63038", Receipt("SM1", Became.FAILED, Cause.RATE, "Twilio 63038")),
        ("failed", "", Receipt("SM1", Became.FAILED, Cause.CARRIER, "Twilio")),
        ("invented", "", None),
    ],
)
def test_what_becomes_of_an_sms(state: str, code: str, receipt: Receipt | None) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": state, "To": SMS.to, "AccountSid": ACCOUNT}
    fields |= {"ErrorCode": code} if code else {}
    heard = says(sms(), **fields)
    assert heard.receipts == ([receipt] if receipt else [])
    assert says(sms(), **fields) == heard
    assert heard.incoming == ()


def test_words_that_somebody_writes_to_us() -> None:
    heard = says(
        sms(), "https://parvis.example/hooks/twilio/", MessageSid="SM9", SmsStatus="received", From=SMS.to, To=OURS,
        Body=" Stop é ", NumMedia="0",
    )  # fmt: skip
    assert list(heard.incoming) == [Incoming("SM9", SMS.to, OURS, " Stop é ")]
    assert (heard.receipts, heard.content_type) == ((), "text/xml")
    assert len(ElementTree.fromstring(heard.body)) == 0


AT = datetime(2026, 11, 26, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "receipt"),
    [
        ({"CallStatus": "ringing"}, Receipt("CA1", Became.SENT, at=AT)),
        ({"CallStatus": "in-progress"}, Receipt("CA1", Became.SENT, at=AT)),
        ({"CallStatus": "completed", "AnsweredBy": "human"}, Receipt("CA1", Became.DELIVERED, at=AT)),
        ({"CallStatus": "completed"}, Receipt("CA1", Became.DELIVERED, at=AT)),
        (
            {"CallStatus": "completed", "AnsweredBy": "machine_end_beep"},
            Receipt("CA1", Became.DELIVERED, reason="répondeur", at=AT),
        ),
        (
            {"CallStatus": "completed", "AnsweredBy": "fax"},
            Receipt("CA1", Became.UNDELIVERABLE, Cause.NOT_CAPABLE, "fax", at=AT),
        ),
        ({"CallStatus": "busy"}, Receipt("CA1", Became.FAILED, Cause.BUSY, at=AT)),
        ({"CallStatus": "no-answer"}, Receipt("CA1", Became.FAILED, Cause.NO_ANSWER, at=AT)),
        ({"CallStatus": "canceled"}, Receipt("CA1", Became.FAILED, Cause.DOWN, at=AT)),
        (
            {"CallStatus": "failed", "SipResponseCode": "404"},
            Receipt("CA1", Became.UNDELIVERABLE, Cause.ADDRESS, "Twilio 404", at=AT),
        ),
        (
            {"CallStatus": "failed", "ErrorCode": "13227"},
            Receipt("CA1", Became.FAILED, Cause.NOT_ALLOWED, "Twilio 13227", at=AT),
        ),
        ({"CallStatus": "failed"}, Receipt("CA1", Became.FAILED, Cause.CARRIER, "Twilio", at=AT)),
    ],
)
def test_what_becomes_of_a_call(fields: dict[str, str], receipt: Receipt) -> None:
    said = {"CallSid": "CA1", "Timestamp": "Thu, 26 Nov 2026 03:04:05 +0000", "Direction": "outbound-api", **fields}
    heard = says(voice(), CALL.callback, **said)
    assert list(heard.receipts) == [receipt]
    assert says(voice(), CALL.callback, **said) == heard


@pytest.mark.parametrize(("locale", "thanks"), [("fr-CA", "Merci, c’est noté."), ("en-CA", "Thank you")])
def test_a_key_confirms_and_is_thanked_in_the_voice_of_the_call(locale: str, thanks: str) -> None:
    action = ElementTree.fromstring(twiml(replace(CALL, locale=locale))).find("Gather").attrib["action"]  # type: ignore[union-attr]
    heard = says(voice(), action, CallSid="CA1", CallStatus="in-progress", Digits="1")
    assert list(heard.receipts) == [Receipt("CA1", Became.DELIVERED, pressed="1")]
    assert heard.content_type == "text/xml"
    said = ElementTree.fromstring(heard.body).find("Say")
    assert said is not None
    assert (said.text or "").startswith(thanks)
    assert says(voice(), action, CallSid="CA1", CallStatus="in-progress", Digits="1") == heard


def test_another_key_is_asked_again_and_confirms_nothing() -> None:
    action = f"{CALL.callback}?voix=fr-CA"
    heard = says(voice(), action, CallSid="CA1", CallStatus="in-progress", Digits="7")
    assert list(heard.receipts) == [Receipt("CA1", Became.DELIVERED)]
    gather = ElementTree.fromstring(heard.body).find("Gather")
    assert gather is not None
    assert gather.attrib["action"] == action
    assert "Appuyez sur 1" in (gather[0].text or "")


def test_who_calls_us_back_is_nobodys_receipt() -> None:
    heard = says(voice(), CALL.callback, CallSid="CA7", CallStatus="ringing", Direction="inbound", From=CALL.to)
    assert (heard.receipts, heard.incoming) == ((), ())


def test_only_what_twilio_signed_is_believed() -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    body, url = urlencode(fields).encode(), TOLD.callback
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, fields)
    right = Call("POST", url, {"x-twilio-signature": signature}, body)
    for adapter in (sms(), voice()):
        assert adapter.hear(right)
        for wrong in (
            replace(right, headers={}),
            replace(right, headers={"x-twilio-signature": signature[:-2] + "A="}),
            replace(right, headers={"x-twilio-signature": "é"}),
            replace(right, url=url + "?voix=fr-CA"),
            replace(right, body=body.replace(b"SM1", b"SM2")),
            replace(right, body=body + b"&MessageSid=SM2"),
            replace(right, body=b"\xff\xfe"),
            replace(right, method="GET"),
        ):
            with pytest.raises(SignatureError):
                adapter.hear(wrong)
        other = sms(auth_token="x" * 32) if isinstance(adapter, TwilioSms) else voice(auth_token="x" * 32)
        with pytest.raises(SignatureError):
            other.hear(right)


# How it is set up.


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("twilio", {"account_sid": "AC12"}, "account_sid"),
        ("twilio", {"auth_token": ""}, "auth_token"),
        ("twilio", {"api_key": "SK12", "api_secret": "x"}, "api_key"),
        ("twilio", {"api_key": "SK" + "0" * 32}, "api_secret"),
        ("twilio", {"messaging_service_sid": ""}, "messaging_service_sid or sender"),
        ("twilio", {"messaging_service_sid": "MG1"}, "messaging_service_sid"),
        ("twilio", {"sender": "Mairie de Saint-Aurèle"}, "sender"),
        ("twilio", {"url": "api.twilio.com"}, "https"),
        ("twilio", {"at_once": 0}, "at_once"),
        ("twilio-voice", {"caller": ""}, "caller"),
        ("twilio-voice", {"caller": "Mairie"}, "caller"),
    ],
)
def test_wrong_options_are_told_by_name(name: str, wrong: dict[str, Any], said: str) -> None:
    own = {"messaging_service_sid": SERVICE} if name == "twilio" else {"caller": OURS}
    options = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, **own}
    channel = "sms" if name == "twilio" else "voice"
    assert build(channel, [name], {name: options})
    with pytest.raises(ConfigurationError, match=said):
        build(channel, [name], {name: options | wrong})
