"""What Twilio says when it calls, and how its adapters are set up."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from channels_adapters.base import (
    Became,
    Call,
    Cause,
    ConfigurationError,
    Heard,
    Incoming,
    Receipt,
    SignatureError,
)
from channels_adapters.registry import build
from channels_adapters.twilio_sms import TwilioSms
from channels_adapters.twilio_voice import TwilioVoice, twiml
from tests.channels_adapters.arrived import SMS
from tests.channels_adapters.twilio_rigs import CALL, TOLD, sms, voice
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE

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


def test_a_call_that_names_its_keys_itself_takes_each_of_them() -> None:
    asking = replace(CALL, keys="12", text="Tapez 1 si vous allez bien, 2 pour être rappelé.")
    spoken = ElementTree.fromstring(twiml(asking))
    assert "Appuyez sur 1 pour" not in " ".join(spoken.itertext())
    action = spoken.find("Gather").attrib["action"]  # type: ignore[union-attr]
    for key, pressed in (("1", "1"), ("2", "2"), ("3", ""), ("12", "")):
        heard = says(voice(), action, CallSid="CA1", CallStatus="in-progress", Digits=key)
        assert list(heard.receipts) == [Receipt("CA1", Became.DELIVERED, pressed=pressed)], key
        words = " ".join(ElementTree.fromstring(heard.body).itertext())
        assert ("Merci" in words) is bool(pressed)
        assert ("des touches" in words) is not bool(pressed)


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
