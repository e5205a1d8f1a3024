"""Twilio's adapters, their rigs, and what they send."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from channels_adapters.base import Item
from channels_adapters.twilio_sms import TwilioSms
from channels_adapters.twilio_voice import TwilioVoice
from tests.channels_adapters.arrived import SMS, Arrived, Rig
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE, Twilio
from tests.engines import free_port

_AWAY = {"url": f"http://127.0.0.1:{free_port()}"}

CALL = Item(
    channel="voice", to="+14185550142", locale="fr-CA", urgent=True, confirms=True,
    text="Ici la mairie de Saint-Aurèle : l’eau n’est pas potable <jusqu’à demain> & après.",
    callback="https://parvis.example/hooks/twilio-voice/1a.MAC/",
)  # fmt: skip
TOLD = replace(SMS, callback="https://parvis.example/hooks/twilio/1a.MAC/")


def sms(twilio: Twilio | None = None, **options: Any) -> TwilioSms:
    return TwilioSms(**{"messaging_service_sid": SERVICE, **account(twilio), **options})


def voice(twilio: Twilio | None = None, **options: Any) -> TwilioVoice:
    return TwilioVoice(**{"caller": OURS, **account(twilio), **options})


def account(twilio: Twilio | None) -> dict[str, Any]:
    """Options that both have."""
    where = {"url": twilio.url} if twilio else {}
    return {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "timeout_s": 2.0, **where}


def of(adapter: TwilioSms | TwilioVoice) -> Item:
    return TOLD if isinstance(adapter, TwilioSms) else CALL


def sms_rig() -> Iterator[Rig]:
    with Twilio() as twilio:
        options = {**account(twilio), "messaging_service_sid": SERVICE}
        yield Rig(
            "twilio",
            options,
            TwilioSms(**options),
            TwilioSms(**options | _AWAY),
            SMS,
            lambda: [Arrived(one["to"], "", one["body"], "", {}) for one in twilio.made],
        )


def voice_rig() -> Iterator[Rig]:
    with Twilio() as twilio:
        options = {**account(twilio), "caller": OURS}
        yield Rig(
            "twilio-voice",
            options,
            TwilioVoice(**options),
            TwilioVoice(**options | _AWAY),
            Item(channel="voice", to="+14185550142", text="L’eau n’est <pas> potable & c’est sûr.", locale="fr-CA"),
            lambda: [Arrived(form["To"][0], "", _said(form["Twiml"][0]), "", {}) for form in twilio.asked],
        )


def _said(twiml: str) -> str:
    """The first words of a call."""
    return next(ElementTree.fromstring(twiml).iter("Say")).text or ""
