"""The bench of the outbox says what it claims to say: its relay is one, and counts."""

import json
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from bench.dispatch.__main__ import table
from tests.engines import die_with_parent, free_port, wait_until

LATENCY_MS = 60


@pytest.fixture
def relay() -> Iterator[tuple[int, int]]:
    port, control = free_port(), free_port()
    command = [sys.executable, "-m", "bench.dispatch.sink", str(port), str(LATENCY_MS), str(control)]
    process = subprocess.Popen(command, preexec_fn=die_with_parent)
    try:
        wait_until(lambda: not socket.socket().connect_ex(("127.0.0.1", control)), "it listens")
        yield port, control
    finally:
        process.kill()
        process.wait()


def _asked(control: int) -> dict[str, float]:
    with socket.create_connection(("127.0.0.1", control)) as line:
        found: dict[str, float] = json.loads(line.makefile("rb").read())
        return found


def test_its_relay_takes_mails_each_answer_later(relay: tuple[int, int]) -> None:
    port, control = relay
    begun = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@b.example", ["c@d.example"], "Subject: Lettre\r\n\r\nBonjour\r\n.\r\n..\r\n")
        assert time.monotonic() - begun > 6 * LATENCY_MS / 1000  # greeting, EHLO, MAIL, RCPT, DATA and the content
        assert (_asked(control)["mails"], _asked(control)["first_urgent"]) == (1, 0)
        client.sendmail("a@b.example", ["c@d.example"], "Subject: URGENT\r\n\r\nBonjour\r\n")
    assert _asked(control)["mails"] == 2
    assert _asked(control)["first_urgent"] == pytest.approx(time.time(), abs=5)


def test_people_read_a_table() -> None:
    found = {
        "rows_per_s": 41_000.0, "mails_per_s": 190.0, "pool_per_s": 95.0, "plain_per_s": 11.0, "vs_pool": 2.0,
        "vs_plain": 17.3, "worker_mb": 150.0, "urgent_s": 0.4,
        "count_ms": 900.0, "progress_ms": 90.0, "together_per_s": 900.0, "email_per_s": 150.0, "sms_per_s": 250.0,
        "voice_per_s": 240.0, "push_per_s": 260.0,
    }  # fmt: skip
    text = table(found)
    assert "| worker / plain Celery tasks                     | 17.3×                 | ≥ 10×    |" in text
    assert "150 + 250 + 240 + 260" in text
    assert "0.40 s" in text
