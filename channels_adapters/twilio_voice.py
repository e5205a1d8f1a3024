"""Calls by Twilio: a voice reads the message twice, and a key confirms that it was heard.

https://www.twilio.com/docs/voice/api/call-resource
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from twilio.base import values
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.twiml import TwiML
from twilio.twiml.voice_response import Gather, VoiceResponse

from channels_adapters.base import (
    Became,
    Call,
    Cause,
    HandOver,
    Heard,
    Item,
    Outcome,
    Receipt,
    Result,
    UnsendableError,
    freely,
)
from channels_adapters.twilio_api import Account, is_e164, recipient
from channels_adapters.twilio_codes import as_became
from channels_adapters.twilio_hooks import TWIML, Form, moment, number, signed

# What stands in the address that is called when a key was pressed: the voice in which we go on, and the keys.
VOICE = "voix"
KEYS = "touches"
CONFIRMS = "1"

_TWIML_MAX = 4_000  # of the parameter `Twiml`
_RING_S = 40
_LONGEST_S = 300  # a line that never hangs up costs no more than that
_LISTEN_S = 8
# What XML can't hold (XML 1.0, 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKED_AT = 50
_EVENTS = ["initiated", "ringing", "answered", "completed"]


@dataclass(frozen=True)
class Voice:
    """Who reads, and the words that stand around the message. `language` goes with `name`
    (https://www.twilio.com/docs/voice/twiml/say/text-speech)."""

    name: str
    language: str
    again: str
    press: str
    either: str
    thanks: str
    bye: str


_FRENCH = (
    "Je répète.",
    "Appuyez sur 1 pour confirmer que vous avez entendu ce message.",
    "Appuyez sur l’une des touches que le message vous a dites.",
    "Merci, c’est noté. Au revoir.",
    "Au revoir.",
)
_ENGLISH = (
    "I repeat.",
    "Press 1 to confirm that you have heard this message.",
    "Press one of the keys that the message has told you.",
    "Thank you, this has been noted. Goodbye.",
    "Goodbye.",
)
_VOICES = {
    "fr-CA": Voice("Polly.Gabrielle-Neural", "fr-CA", *_FRENCH),
    "fr-FR": Voice("Polly.Lea-Neural", "fr-FR", *_FRENCH),
    # No voice of Canada is documented; an accent from the neighbours is understood there.
    "en-CA": Voice("Polly.Joanna-Neural", "en-US", *_ENGLISH),
    "en-GB": Voice("Polly.Amy-Neural", "en-GB", *_ENGLISH),
}

_STATES: Mapping[str, tuple[Became, Cause | None]] = {
    "queued": (Became.SENT, None),
    "initiated": (Became.SENT, None),
    "ringing": (Became.SENT, None),
    "in-progress": (Became.SENT, None),
    "completed": (Became.DELIVERED, None),
    "busy": (Became.FAILED, Cause.BUSY),
    "no-answer": (Became.FAILED, Cause.NO_ANSWER),
    "failed": (Became.FAILED, Cause.CARRIER),
    "canceled": (Became.FAILED, Cause.DOWN),
}
# Why a call failed, in the words of telephone exchanges (RFC 3261, 21).
_BY_SIP: Mapping[int, tuple[Became, Cause | None]] = {
    404: (Became.UNDELIVERABLE, Cause.ADDRESS),
    410: (Became.UNDELIVERABLE, Cause.ADDRESS),
    480: (Became.FAILED, Cause.OFF),
    484: (Became.UNDELIVERABLE, Cause.ADDRESS),
    486: (Became.FAILED, Cause.BUSY),
    487: (Became.FAILED, Cause.NO_ANSWER),
    600: (Became.FAILED, Cause.BUSY),
    603: (Became.FAILED, Cause.NO_ANSWER),
    604: (Became.UNDELIVERABLE, Cause.ADDRESS),
}


class TwilioVoice:
    """Calls, hears how calls end and which key was pressed, and finds out what it had no answer for.

    `caller`: the number of ours that people see. The rest is `Account`'s. An account makes one call a second unless
    Twilio allows it more; the others wait in Twilio's queue.
    """

    channels: ClassVar[frozenset[str]] = frozenset({"voice"})

    def __init__(self, *, caller: str, at_once: int = 10, **account: Any) -> None:
        if not is_e164(caller):
            raise ValueError("caller is a number as +33…")
        self.at_once = at_once
        self._account = Account(at_once=at_once, **account)
        self._caller = caller

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once."""
        try:
            to = recipient(item)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.ADDRESS)
        try:
            spoken = twiml(item)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.CONTENT)

        async def make(client: Client) -> CallInstance:
            return await client.calls.create_async(
                to=to,
                from_=self._caller,
                twiml=spoken,
                machine_detection="DetectMessageEnd",  # a mailbox hears the message after its tone
                status_callback=item.callback or values.unset,
                status_callback_event=_EVENTS if item.callback else values.unset,
                timeout=_RING_S,
                time_limit=_LONGEST_S,
            )

        return await self._account.make(make, hand_over)

    async def close(self) -> None:
        """Let go of connections."""
        await self._account.close()

    async def find(self, item: Item, ago: timedelta) -> Outcome | None:
        """The call to this number, from ours, made so long `ago` or later. What it said, Twilio does not tell."""
        # As with messages: a call that waits has no date of its beginning yet.
        ours = {"to": item.to, "from_": self._caller, "limit": _LOOKED_AT}
        found = await self._account.find(
            [
                lambda client, day: client.calls.list_async(start_time_after=day, **ours),
                lambda client, _day: client.calls.list_async(**ours),
            ],
            lambda made, since: made.date_created is not None and made.date_created >= since,
            ago,
        )
        return found if found is None or isinstance(found, Outcome) else _outcome(found)

    def hear(self, call: Call) -> Heard:
        """How a call goes on or ends; which key was pressed, with the answer to it."""
        form, asked = signed(call, self._account.auth_token)
        name = form.first("CallSid")
        if form.first("Direction") == "inbound":  # somebody calls us back: nobody would answer
            return Heard(body=VoiceResponse().to_xml(), content_type=TWIML)
        if VOICE in asked or "Digits" in form:
            voice, keys = (next(iter(asked.get(name, [])), "") for name in (VOICE, KEYS))
            return _pressed(call, form, _voice(voice), keys or CONFIRMS)
        state = _STATES.get(form.first("CallStatus"))
        receipts = [] if state is None or not name else [_receipt(name, *state, form)]
        return Heard(receipts=receipts, body=VoiceResponse().to_xml(), content_type=TWIML)


def twiml(item: Item) -> str:
    """What the call says. Raises `UnsendableError`: too long to be told."""
    voice = _voice(item.locale)
    for times in (2, 1):
        response = VoiceResponse()
        asking = _asking(response, _going_on(item)) if item.confirms and item.callback else None
        for time in range(times):
            words = f"{voice.again} {item.text}" if time else item.text
            _say(asking or response, words, voice)
            if asking and item.keys == CONFIRMS:
                _say(asking, voice.press, voice)
        _say(response, voice.bye, voice)
        spoken = response.to_xml(xml_declaration=False)
        if len(spoken) <= _TWIML_MAX:
            return str(spoken)
    raise UnsendableError("the message is too long for a call")


def _pressed(call: Call, form: Form, voice: Voice, keys: str) -> Heard:
    """Somebody is there, and has pressed a key. Any other than those asked for may be a slip: it is asked again."""
    response, key = VoiceResponse(), form.first("Digits")
    answered = len(key) == 1 and key in keys
    if answered:
        _say(response, voice.thanks, voice)
    else:
        _say(_asking(response, call.url), voice.press if keys == CONFIRMS else voice.either, voice)
        _say(response, voice.bye, voice)
    receipt = Receipt(form.first("CallSid"), Became.DELIVERED, pressed=key if answered else "")
    return Heard(receipts=[receipt] if receipt.provider_id else [], body=response.to_xml(), content_type=TWIML)


def _asking(response: VoiceResponse, action: str) -> Gather:
    gather: Gather = response.gather(num_digits=1, action=action, method="POST", timeout=_LISTEN_S)
    return gather


def _say(within: TwiML, words: str, voice: Voice) -> None:
    """Words, and a breath. The library escapes them; what XML can't hold is left out."""
    spoken = _NOT_XML.sub(" ", words)
    within.say(spoken, voice=voice.name, language=voice.language)
    within.pause(length=1)


def _voice(locale: str) -> Voice:
    return _VOICES.get(locale) or _VOICES["en-GB" if locale.startswith("en") else "fr-FR"]


def _going_on(item: Item) -> str:
    """Where a key that was pressed is told."""
    said = {VOICE: item.locale, **({} if item.keys == CONFIRMS else {KEYS: item.keys})}
    return f"{item.callback}{'&' if '?' in item.callback else '?'}{urlencode(said)}"


def _receipt(name: str, became: Became, cause: Cause | None, form: Form) -> Receipt:
    at = moment(form.first("Timestamp"))
    code, sip = number(form.first("ErrorCode")), number(form.first("SipResponseCode"))
    if became is Became.FAILED and cause is Cause.CARRIER:
        became, cause = as_became(code) if code else _BY_SIP.get(sip, (became, cause))
        return Receipt(name, became, cause, f"Twilio {code or sip}" if code or sip else "Twilio", at=at)
    answered = form.first("AnsweredBy")
    if became is Became.DELIVERED and answered.startswith("machine"):
        return Receipt(name, became, None, "répondeur", at=at)
    if became is Became.DELIVERED and answered == "fax":
        return Receipt(name, Became.UNDELIVERABLE, Cause.NOT_CAPABLE, "fax", at=at)
    return Receipt(name, became, cause, at=at)


def _outcome(call: CallInstance) -> Outcome:
    """What has come of it in the meantime: its receipts may never have reached us."""
    became, cause = _STATES.get(str(call.status), (Became.SENT, None))
    result = Result.REFUSED if became is Became.FAILED else Result.ACCEPTED
    return Outcome(result, provider_id=call.sid or "", reason="" if cause is None else str(call.status), cause=cause)
