"""An outbox of the test's own, and what has left by it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from channels_adapters.capture import Captured, captured
from hub.deliveries.actions import queue_email
from hub.deliveries.models import Delivery
from tests.channels_adapters.relay import Relay

Left = Callable[[], list[Captured]]


@pytest.fixture
def left(settings: Settings, tmp_path: Path) -> Left:
    """`left()`: what was sent, newest first; the capturing adapter keeps it."""
    folder = str(tmp_path / "outbox")
    settings.ADAPTERS = {"email": ["capture"]}
    settings.ADAPTER_OPTIONS = {"capture": {"directory": folder}}
    return lambda: captured(folder)


@pytest.fixture
def by_smtp(settings: Settings) -> Iterator[Callable[..., Relay]]:
    """`by_smtp(replies)`: mail goes through a real SMTP server that answers as told."""
    relays: list[Relay] = []

    def start(at_once: int = 4, timeout_s: float = 0.4, **replies: str) -> Relay:
        relay = Relay(replies)
        relay.__enter__()
        relays.append(relay)
        settings.ADAPTERS = {"email": ["smtp"]}
        settings.ADAPTER_OPTIONS = {
            "smtp": {
                "host": "127.0.0.1", "port": relay.port, "security": "none", "timeout_s": timeout_s, "at_once": at_once,
            }
        }  # fmt: skip
        return relay

    yield start
    for relay in relays:
        relay.__exit__()


def queue(number: int = 1, **fields: object) -> Delivery:
    """One mail in the outbox."""
    words = {"cause": "test", "to": f"personne{number}@citoyen.example", "subject": f"N° {number}", "text": "Bonjour"}
    return queue_email(**{**words, **fields})  # type: ignore[arg-type]


def let_go() -> None:
    """Close this thread's connection to the database."""
    connection.close()
