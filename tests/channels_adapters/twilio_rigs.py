"""Twilio's adapters, and an API that plays Twilio."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from channels_adapters.base import Item
from channels_adapters.twilio_sms import TwilioSms
from channels_adapters.twilio_voice import TwilioVoice
from tests.channels_adapters.arrived import Arrived, Rig
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE, Twilio
from tests.engines import free_port

_AWAY = {"url": f"http://127.0.0.1:{free_port()}"}


def sms(item: Item) -> Iterator[Rig]:
    with Twilio() as twilio:
        options = {**_account(twilio), "messaging_service_sid": SERVICE}
        yield Rig(
            "twilio",
            options,
            TwilioSms(**options),
            TwilioSms(**options | _AWAY),
            item,
            lambda: [Arrived(one["to"], "", one["body"], "", {}) for one in twilio.made],
        )


def voice() -> Iterator[Rig]:
    with Twilio() as twilio:
        options = {**_account(twilio), "caller": OURS}
        yield Rig(
            "twilio-voice",
            options,
            TwilioVoice(**options),
            TwilioVoice(**options | _AWAY),
            Item(channel="voice", to="+14185550142", text="L’eau n’est <pas> potable & c’est sûr.", locale="fr-CA"),
            lambda: [Arrived(form["To"][0], "", _said(form["Twiml"][0]), "", {}) for form in twilio.asked],
        )


def _account(twilio: Twilio) -> dict[str, Any]:
    return {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "timeout_s": 5.0, "url": twilio.url}


def _said(twiml: str) -> str:
    """The first words of a call."""
    return next(ElementTree.fromstring(twiml).iter("Say")).text or ""
