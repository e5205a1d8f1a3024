"""The sandbox's inner side: a process that opens one mail after another, and may do nothing else.

Started by `inbound_email.sandbox`. It holds no secret, no database, no Django: what a mail made to hurt breaks here is
this process, within 256 MB and ten seconds. It ends when its parent does, or when nobody asks it for ten minutes.
"""

import os
import resource
import select
import signal
import sys
from contextlib import suppress

import msgspec

from inbound_email.domain_proof import prove
from inbound_email.errors import MailError
from inbound_email.opened import Answer, Asked, Refused
from inbound_email.opening import open_mail, show_mail

MEMORY_BYTES = 256 * 1024 * 1024
SECONDS = 10
IDLE_S = 600.0
_LINE = 0  # the socket to the parent

_asked = msgspec.msgpack.Decoder(Asked)


def main() -> None:
    """Answer until the parent hangs up."""
    line = os.dup(_LINE)
    _close_off()
    while select.select([line], [], [], IDLE_S)[0]:
        asked = _take(line)
        if asked is None:
            return
        answer, go_on = _answered(_asked.decode(asked), _take(line) or b"")
        packed = msgspec.msgpack.encode(answer)
        _give(line, len(packed).to_bytes(8, "big"))
        _give(line, packed)
        if not go_on:
            return


def _close_off() -> None:
    """No more memory, no files, nothing said anywhere but on the line."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    for what, most in (("RLIMIT_AS", MEMORY_BYTES), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        with suppress(ValueError, OSError):  # not every system has each
            resource.setrlimit(getattr(resource, what), (most, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's


def _answered(asked: Asked, raw: bytes) -> tuple[Answer, bool]:
    """The answer, and whether this process is as good as before."""
    _within_time()
    try:
        if asked.op == "read":
            return open_mail(raw), True
        if asked.op == "show":
            return show_mail(raw), True
        return prove(raw, peer=asked.peer, envelope_from=asked.envelope_from, nameserver=asked.nameserver), True
    except MailError as error:
        return Refused("too_much", str(error)), True
    except MemoryError:
        return Refused("too_much", f"MemoryError: more than {MEMORY_BYTES >> 20} MB"), False
    except Exception as error:  # whatever a stranger's bytes do to a reader
        return Refused("crashed", type(error).__name__), False
    finally:
        signal.alarm(0)


def _within_time() -> None:
    """The system ends this process when it works or waits for longer, whatever it is at: nothing here is asked."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.alarm(SECONDS)


def _take(line: int) -> bytes | None:
    """One frame; None when the parent is gone."""
    head = _exactly(line, 8)
    return _exactly(line, int.from_bytes(head, "big")) if head is not None else None


def _exactly(line: int, size: int) -> bytes | None:
    taken = bytearray(size)
    view, here = memoryview(taken), 0
    while here < size:
        count = os.readv(line, [view[here:]])
        if count == 0:
            return None
        here += count
    view.release()
    return bytes(taken)


def _give(line: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(line, view) :]


if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError):
        main()
    sys.exit(0)
