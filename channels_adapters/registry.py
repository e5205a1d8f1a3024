"""Names to adapters, built from plain options."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from channels_adapters.base import Adapter, ConfigurationError
from channels_adapters.capture import Capture
from channels_adapters.smtp_email import SmtpEmail

ADAPTERS: Mapping[str, Callable[..., Adapter]] = {"capture": Capture, "smtp": SmtpEmail}


def build(channel: str, names: Sequence[str], options: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Adapter]]:
    """The adapters of `channel` with their names, in order of preference. `options`: per name, what its constructor
    takes.

    Raises `ConfigurationError`. Opens no connection.
    """
    return [(name, _one(channel, name, options.get(name, {}))) for name in names]


def _one(channel: str, name: str, options: Mapping[str, Any]) -> Adapter:
    make = ADAPTERS.get(name)
    if make is None:
        raise ConfigurationError(f"there is no adapter named {name!r}: {', '.join(sorted(ADAPTERS))}")
    try:
        adapter = make(**options)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"the options of adapter {name!r} are wrong: {error}") from error
    if channel not in adapter.channels:
        raise ConfigurationError(f"adapter {name!r} does not serve {channel!r}")
    return adapter
