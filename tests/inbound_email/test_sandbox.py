"""What a mail made to hurt does, it does to a process of its own: bounded, and gone for the next one."""

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from inbound_email import sandbox
from inbound_email.opened import Asked, Opened, Refused, Shown
from tests.engines import wait_until

PLAIN = b"From: Alice <alice@ailleurs.example>\r\nSubject: Le banc\r\n\r\nIl est cass\xc3\xa9.\r\n"
ROOT = Path(__file__).resolve().parents[2]
_MEGABYTE = 1024 * 1024


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    """winmail.dat: what it says of its lengths, and what there is."""
    body = b"".join(struct.pack("<BII", 2, kind, len(data)) + data + b"\0\0" for kind, data in attributes)
    packed = struct.pack("<IH", 0x223E9F78, 1) + body
    return b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + packed


def nested(levels: int) -> bytes:
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(levels))
    return b"".join(heads) + b"\r\nx"


MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
ZIP = b"Content-Type: application/zip; name=a.zip\r\n\r\n"
# Sixty megabytes, made where they are sent: each process of the suite imports this file.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "subject": lambda: b"Subject: " + b" ".join([b"=?utf-8?b?w6k=?="] * 17_500) + b"\r\n\r\nx",
    "parts": lambda: MIXED + b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--\r\n",
    "nesting": lambda: nested(1_500),
    "quotes": lambda: b"Subject: x\r\n\r\n" + b"> \r\n" * (25 * _MEGABYTE // 4 - 10),
    "one line of quotes": lambda: b"Subject: x\r\n\r\n" + b">" * (25 * _MEGABYTE - 100),
    "headers": lambda: b"".join(b"X-%d: y\r\n" % number for number in range(5_000)) + b"\r\nx",
    "boxes": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div><blockquote>" * 1_000_000,
    "a file that says it is four gigabytes": lambda: tnef((0x0006800F, b"x" * 10), (0x00069002, b"")) + b"\xff" * 64,
    "files of nothing": lambda: tnef(*[(0x00069002, b""), (0x0006800F, b"x")] * 200_000),
    "packed noughts": lambda: ZIP + zlib.compress(b"\0" * 200 * _MEGABYTE),
    "noughts": lambda: b"\0" * _MEGABYTE,
    "nothing": lambda: b"",
}  # fmt: skip
TOO_MUCH = {"subject", "parts", "nesting", "headers"}


def opened(raw: bytes) -> object:
    return sandbox.ask(Asked("read"), raw)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_next_mail_is_read(name: str) -> None:
    answer = opened(HOSTILE[name]())
    assert isinstance(answer, Opened | Refused)
    if name in TOO_MUCH:
        assert isinstance(answer, Refused)
        assert answer.why == "too_much"
    following = opened(PLAIN)
    assert isinstance(following, Opened)
    assert (following.words, following.from_address) == ("Il est cassé.", "alice@ailleurs.example")


def test_it_is_bounded_and_knows_nothing() -> None:
    opened(PLAIN)
    process = psutil.Process(sandbox._idle[-1]._process.pid)
    assert process.rlimit(psutil.RLIMIT_AS) == (256 * _MEGABYTE, 256 * _MEGABYTE)
    assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process.memory_info().rss < 100 * _MEGABYTE
    assert not {name for name in process.environ() if "SECRET" in name or "DATABASE" in name or "PARVIS" in name}


def test_the_same_one_reads_many_and_several_read_at_once() -> None:
    before = time.monotonic()
    answers = [opened(PLAIN) for _ in range(50)]
    assert time.monotonic() - before < 10  # a tenth of what it takes, and far from starting anew for each
    assert all(isinstance(answer, Opened) for answer in answers)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(opened(PLAIN))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(answer, Opened) for answer in found)
    assert len(found) == 8


def test_one_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(PLAIN)
    process = sandbox._idle[-1]._process
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(sandbox, "SECONDS", -0.5)
    answer = opened(PLAIN)
    assert isinstance(answer, Refused)
    assert answer.why == "too_slow"
    assert process.poll() is not None
    monkeypatch.undo()
    assert isinstance(opened(PLAIN), Opened)


def test_one_that_is_killed_at_work_says_so() -> None:
    opened(PLAIN)
    process = sandbox._idle[-1]._process
    os.kill(process.pid, signal.SIGSTOP)
    threading.Timer(0.3, process.kill).start()
    answer = opened(PLAIN)
    assert answer == Refused("crashed", "ended with -9")
    assert isinstance(opened(PLAIN), Opened)


def test_one_that_left_for_want_of_work_is_replaced() -> None:
    opened(PLAIN)
    opener = sandbox._idle[-1]
    opener._line.shutdown(socket.SHUT_WR)
    wait_until(lambda: opener._process.poll() is not None, "it has left")
    assert isinstance(opened(PLAIN), Opened)


@pytest.mark.parametrize("work", ["time.sleep(60)", "sum(iter(int, 1))"])
def test_it_ends_itself_when_a_mail_takes_too_long(work: str) -> None:
    """Whoever started it may be gone by then."""
    code = (
        "import time, inbound_email.opener as opener; opener.SECONDS = 1;"
        f"opener.open_mail = lambda raw: {work}; opener.main()"
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen([sys.executable, "-c", code], stdin=theirs.fileno(), cwd=ROOT)
        for frame in (b"\x81\xa2op\xa4read", PLAIN):
            ours.sendall(len(frame).to_bytes(8, "big") + frame)
        assert process.wait(timeout=60) == -signal.SIGALRM


def test_it_ends_with_who_started_it() -> None:
    code = (
        "import time; from inbound_email import sandbox; from inbound_email.opened import Asked;"
        "sandbox.ask(Asked('read'), b'x'); print(sandbox._idle[0]._process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    wait_until(lambda: not _works(child), "it has ended")


def _works(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_original_is_shown_whole() -> None:
    raw = PLAIN.replace(b"Subject", b"X-Odd: =?utf-8?q?=C3=A9t=C3=A9?=\r\nSubject")
    answer = sandbox.ask(Asked("show"), raw)
    assert isinstance(answer, Shown)
    assert ("x-odd", "été") in [tuple(header) for header in answer.headers]
    assert answer.text == "Il est cassé.\n"
