"""The bench of what comes in says what it claims to say: its mails are answers, and a door that refuses ends it."""

import asyncio

import pytest

from bench.inbound.__main__ import table
from bench.inbound.sender import bring
from inbound_email.opening import open_mail
from tests.channels_adapters.relay import Relay

LINES = [f"reply+{n}@in.example\talice-{n}@citoyen.example\tTE26-{n:05}\n" for n in range(12)]


def test_what_it_brings_are_answers() -> None:
    with Relay() as relay:
        seconds, told = asyncio.run(bring(relay.port, LINES, 40))
    assert sorted(told.at) == [f"TE26-{n:05}" for n in range(12)]
    assert (len(told.took_ms), seconds > 11 / 40) == (12, True)
    taken = min(relay.taken, key=lambda one: one.recipients)
    assert (taken.sender, taken.recipients) == ("alice-0@citoyen.example", ["reply+0@in.example"])
    opened = open_mail(taken.raw)
    assert (opened.kind, opened.subject) == ("human", "Re: La mairie vous répond [#TE26-00000]")
    assert opened.words.startswith("Bonjour,\n\nle lampadaire est encore éteint")
    assert opened.words.endswith("Merci d’avance,\nAlice")


def test_a_door_that_refuses_ends_it() -> None:
    with Relay({"RCPT": "550 nobody"}) as relay, pytest.raises(ValueError, match="550 nobody"):
        asyncio.run(bring(relay.port, LINES, 0))


def test_people_read_a_table() -> None:
    found = {
        "received_per_s": 400.0, "received_p99_ms": 40.0, "sink_per_s": 1_200.0, "vs_sink": 0.33,
        "threaded_per_s": 31.4, "at_once_per_s": 20.0, "at_once_p99_ms": 900.0, "vs_at_once": 1.57,
        "seen": 1.0, "seen_p50_s": 0.2,
        "seen_p99_s": 0.61, "worker_mb": 210.0, "door_mb": 90.0, "growth": 1.02,
    }  # fmt: skip
    text = table(found)
    assert "| … p99                                               | 0.61 s | < 1 s  |" in text
    assert "| the greater growth, from the first fifth to the end | 1.02×  | ≤ 1.1× |" in text
