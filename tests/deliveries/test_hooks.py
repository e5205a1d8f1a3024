"""Where providers call: Twilio from one end to the other, signed as it signs, and what comes early, late or often."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from channels_adapters.base import Outcome, Result
from hub.core.clock import now
from hub.deliveries import ledger, links, receipts, sender, writing
from hub.deliveries.actions import queue_call, queue_sms
from hub.deliveries.courier import Job, Said
from hub.deliveries.models import Delivery, EarlyReceipt, Provider, State, Suppression, Why
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE, Answer, Twilio
from tests.deliveries.conftest import Left

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

ALICE = "+33639980012"


@pytest.fixture
def twilio(settings: Settings) -> Iterator[Twilio]:
    """SMS and calls go by Twilio, and Twilio knows us by an address of the internet."""
    settings.LINK_BASE = "https://parvis.example"
    with Twilio() as there:
        account = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "url": there.url, "timeout_s": 3.0}
        settings.ADAPTERS = {"sms": ["twilio"], "voice": ["twilio-voice"]}
        settings.ADAPTER_OPTIONS = {
            "twilio": {**account, "messaging_service_sid": SERVICE},
            "twilio-voice": {**account, "caller": OURS},
        }
        yield there


def sent(channel: str = "sms") -> Delivery:
    """One that Twilio has taken."""
    queued = (queue_sms if channel == "sms" else queue_call)(cause="test", to=ALICE, text="L’eau revient.")
    assert sender.send_due(channel, for_s=5) == 1
    delivery = again(queued)
    assert delivery.state == State.SENT
    return delivery


def again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def callback(twilio: Twilio) -> str:
    """The address that Twilio was told last."""
    return twilio.asked[-1]["StatusCallback"][0]


def calls(url: str, *, token: str = AUTH_TOKEN, **fields: str) -> HttpResponse:
    """Twilio calls that address, and signs with its own library."""
    signature = RequestValidator(token).compute_signature(url, fields)
    there = urlsplit(url)
    answer = Client().post(
        f"{there.path}?{there.query}" if there.query else there.path,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    assert isinstance(answer, HttpResponse)
    return answer


def of_sms(sid: str, state: str, code: str = "") -> dict[str, str]:
    told = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": state, "To": ALICE, "AccountSid": ACCOUNT}
    return told | ({"ErrorCode": code} if code else {})


def of_call(sid: str, state: str, **more: str) -> dict[str, str]:
    return {"CallSid": sid, "CallStatus": state, "To": ALICE, "Direction": "outbound-api", **more}


def test_receipts_end_alike_ten_times_and_in_any_order(twilio: Twilio) -> None:
    for states in (["queued", "sent", "delivered"], ["delivered", "sent", "queued"]):
        delivery = sent()
        for state in states * 10:
            assert calls(callback(twilio), **of_sms(delivery.provider_id, state)).status_code == 200
        kept = again(delivery)
        assert (kept.state, kept.provider, kept.cause) == (State.DELIVERED, "twilio", "")
        assert kept.ended_at is not None
        assert kept.ended_at >= delivery.created_at
    assert not EarlyReceipt.objects.exists()


@pytest.mark.parametrize("reverse", [False, True])
def test_what_failed_says_why_and_a_delivery_after_all_wins(twilio: Twilio, reverse: bool) -> None:
    delivery = sent()
    words = [("undelivered", "30003"), ("delivered", "")]
    for state, code in reversed(words) if reverse else words:
        calls(callback(twilio), **of_sms(delivery.provider_id, state, code))
        if (state, reverse) == ("undelivered", False):
            assert (again(delivery).state, again(delivery).cause) == (State.FAILED, "off")
            assert again(delivery).reason == "Twilio 30003"
    assert again(delivery).state == State.DELIVERED


def test_who_said_stop_is_left_alone(twilio: Twilio) -> None:
    delivery = sent()
    calls(callback(twilio), **of_sms(delivery.provider_id, "failed", "21610"))
    assert (again(delivery).state, again(delivery).cause) == (State.UNDELIVERABLE, "blocked")
    assert Suppression.objects.get().why == Why.STOPPED
    queue_sms(cause="test", to=ALICE, text="Encore")
    sender.send_due("sms", for_s=5)
    assert len(twilio.made) == 1
    twilio.answers = [Answer(400, 21610)]
    other = queue_sms(cause="test", to="+33639980099", text="Bonjour")
    sender.send_due("sms", for_s=5)
    assert again(other).state == State.FAILED
    assert Suppression.objects.filter(address="+33639980099", why=Why.STOPPED).exists()


def test_a_receipt_that_overtakes_the_answer_stays(twilio: Twilio) -> None:
    """The token in the address says whose it is, before the row has Twilio's name."""
    queued = queue_sms(cause="test", to=ALICE, text="Bonjour")
    (claimed,) = ledger.claim("sms", 1)
    assert ledger.hand_over([(claimed, "twilio")]) == {claimed.pk}
    assert calls(links.callback("twilio", queued.pk), **of_sms("SM77", "delivered")).status_code == 200
    kept = again(queued)
    assert (kept.state, kept.provider_id) == (State.DELIVERED, "SM77")
    written = writing.items_of([claimed])[claimed.pk]
    outcome = Outcome(Result.ACCEPTED, provider_id="SM77")
    assert ledger.record([Said(Job(claimed, written), outcome, "twilio")], chance=lambda: 0.5) == {queued.pk}
    assert again(queued).state == State.DELIVERED
    assert not EarlyReceipt.objects.exists()


def test_a_name_that_nobody_has_yet_is_kept_for_five_minutes(twilio: Twilio) -> None:
    general = "https://parvis.example/hooks/twilio/"
    for _time in range(3):
        assert calls(general, **of_sms("SM88", "delivered")).status_code == 200
        assert calls(general, **of_sms("SM99", "delivered")).status_code == 200
    # A token that nobody here wrote is none.
    assert calls(f"{general}{links.token(1, 'recipient')}/", **of_sms("SM99", "sent")).status_code == 200
    assert EarlyReceipt.objects.count() == 3
    assert receipts.take_early() == (0, 0)
    delivery = sent()
    Delivery.objects.update(provider_id="SM88")
    assert receipts.take_early() == (1, 0)
    assert again(delivery).state == State.DELIVERED
    EarlyReceipt.objects.update(at=now() - timedelta(minutes=6))
    assert receipts.take_early() == (0, 2)
    assert not EarlyReceipt.objects.exists()


def test_what_twilio_did_not_sign_changes_nothing(twilio: Twilio) -> None:
    delivery = sent()
    said = of_sms(delivery.provider_id, "delivered")
    url = callback(twilio)
    assert calls(url, token="another", **said).status_code == 403
    for answer in (
        Client().post(urlsplit(url).path, said),
        Client().get(urlsplit(url).path, said),
        Client().post(urlsplit(url).path, said, headers={"X-Twilio-Signature": "AAAA"}),
    ):
        assert answer.status_code == 403
    # Signed for one delivery, and called for another.
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, said)
    other = urlsplit(links.callback("twilio", delivery.pk + 1)).path
    assert Client().post(other, said, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert again(delivery).state == State.SENT
    assert not EarlyReceipt.objects.exists()


def test_who_is_no_provider_of_ours_is_not_found(twilio: Twilio, settings: Settings) -> None:
    assert calls("https://parvis.example/hooks/pigeon/", MessageSid="SM1").status_code == 404
    settings.ADAPTERS = {"sms": ["capture"]}
    settings.ADAPTER_OPTIONS = {"capture": {"directory": "unused"}}
    for name in ("twilio", "capture"):
        assert calls(f"https://parvis.example/hooks/{name}/", **of_sms("SM1", "sent")).status_code == 404


def test_a_call_is_told_of_and_its_key_is_kept(twilio: Twilio) -> None:
    delivery = sent("voice")
    sid, url = delivery.provider_id, callback(twilio)
    for state in ("initiated", "ringing", "in-progress"):
        assert calls(url, **of_call(sid, state)).status_code == 200
    assert again(delivery).state == State.SENT
    for _time in range(2):
        answer = calls(f"{url}?voix=fr-CA", **of_call(sid, "in-progress", Digits="1"))
        assert "Merci, c’est noté." in answer.content.decode()
        assert "Polly.Gabrielle-Neural" in answer.content.decode()
        assert answer.headers["Content-Type"] == "text/xml"
    calls(url, **of_call(sid, "completed", AnsweredBy="human"))
    kept = again(delivery)
    assert (kept.state, kept.pressed, kept.reason) == (State.DELIVERED, "1", "")


def test_a_mailbox_has_it_and_nobody_pressed_a_key(twilio: Twilio) -> None:
    delivery = sent("voice")
    at = "Thu, 26 Nov 2026 03:04:05 +0000"
    calls(callback(twilio), **of_call(delivery.provider_id, "completed", AnsweredBy="machine_end_beep", Timestamp=at))
    kept = again(delivery)
    assert (kept.state, kept.pressed, kept.reason) == (State.DELIVERED, "", "répondeur")
    assert kept.ended_at is not None
    assert f"{kept.ended_at:%H:%M:%S}" == "03:04:05"
    busy = sent("voice")
    calls(callback(twilio), **of_call(busy.provider_id, "busy"))
    assert (again(busy).state, again(busy).cause) == (State.FAILED, "busy")


def test_words_to_our_number_are_answered_with_silence(twilio: Twilio) -> None:
    url = "https://parvis.example/hooks/twilio/"
    answer = calls(url, MessageSid="SM5", SmsStatus="received", From=ALICE, To=OURS, Body="MERCI")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml")
    assert answer.content.decode().endswith("<Response/>")


# A doubt, and whom to ask next.


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_what_was_cut_off_is_found_at_twilio_and_not_sent_twice(twilio: Twilio, channel: str) -> None:
    twilio.cut = True
    queued = (queue_sms if channel == "sms" else queue_call)(cause="test", to=ALICE, text="L’eau revient.")
    sender.send_due(channel, for_s=5)
    assert again(queued).state == State.UNKNOWN
    Delivery.objects.update(ask_at=now())
    sender.send_due(channel, for_s=5)
    kept = again(queued)
    assert (kept.state, kept.provider_id, len(twilio.made)) == (State.SENT, twilio.made[0]["sid"], 1)


def test_what_twilio_never_had_is_sent_once_more(twilio: Twilio) -> None:
    twilio.answers = [Answer(500)]
    queued = queue_sms(cause="test", to=ALICE, text="L’eau revient.")
    sender.send_due("sms", for_s=5)
    assert (again(queued).state, again(queued).cause) == (State.UNKNOWN, "down")
    for _time in ("it is asked", "it is sent"):
        Delivery.objects.update(ask_at=now(), next_at=now())
        sender.send_due("sms", for_s=5)
    assert (again(queued).state, len(twilio.made)) == (State.SENT, 1)


def test_an_account_that_is_refused_leaves_it_to_the_next(twilio: Twilio, left: Left, settings: Settings) -> None:
    kept = settings.ADAPTER_OPTIONS
    account = {"account_sid": ACCOUNT, "auth_token": "wrong", "url": twilio.url, "messaging_service_sid": SERVICE}
    settings.ADAPTERS = {"sms": ["twilio", "capture"]}
    settings.ADAPTER_OPTIONS = {**kept, "twilio": account}
    queued = queue_sms(cause="test", to=ALICE, text="L’eau revient.")
    sender.send_due("sms", for_s=5)
    assert [one.to for one in left()] == [ALICE]
    assert (again(queued).state, again(queued).provider) == (State.SENT, "capture")
    fault = Provider.objects.get(name="twilio")
    assert "401 20003" in fault.reason
