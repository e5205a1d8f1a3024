"""Names to adapters, built from plain options."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, cast

from channels_adapters.base import Adapter, ConfigurationError

# Where each stands. It is imported when it is named, and with it the library of its provider: who sends no SMS has no
# memory to spare for it.
ADAPTERS: Mapping[str, str] = {
    "capture": "channels_adapters.capture:Capture",
    "smtp": "channels_adapters.smtp_email:SmtpEmail",
    "smtp2": "channels_adapters.smtp_email:SmtpEmail",
    "ovh": "channels_adapters.ovh_sms:OvhSms",
    "twilio": "channels_adapters.twilio_sms:TwilioSms",
    "twilio-voice": "channels_adapters.twilio_voice:TwilioVoice",
    "web-push": "channels_adapters.web_push:WebPush",
    "fcm": "channels_adapters.fcm_push:FcmPush",
}


def build(channel: str, names: Sequence[str], options: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Adapter]]:
    """The adapters of `channel` with their names, in order of preference. `options`: per name, what its constructor
    takes.

    Raises `ConfigurationError`. Opens no connection.
    """
    return [(name, _one(channel, name, options.get(name, {}))) for name in names]


def _one(channel: str, name: str, options: Mapping[str, Any]) -> Adapter:
    place = ADAPTERS.get(name)
    if place is None:
        raise ConfigurationError(f"there is no adapter named {name!r}: {', '.join(sorted(ADAPTERS))}")
    module, _, kind = place.partition(":")
    make = cast(Callable[..., Adapter], getattr(import_module(module), kind))
    try:
        adapter = make(**options)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"the options of adapter {name!r} are wrong: {error}") from error
    if channel not in adapter.channels:
        raise ConfigurationError(f"adapter {name!r} does not serve {channel!r}")
    return adapter
