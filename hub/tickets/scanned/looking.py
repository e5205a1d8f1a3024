"""Has a scan looked at, in a process of its own that ends with it (`reader`)."""

import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import structlog

_READER = Path(__file__).with_name("reader.py")
_MOST_S = 30.0  # it ends itself after 10 s: this is for one that can't, on a machine that is busy
_AT_ONCE = threading.BoundedSemaphore(2)

log = structlog.get_logger(__name__)


class Looked(msgspec.Struct, frozen=True):
    """What stands on a scan. `pages`: how many it has, of which the first five were looked at.

    `refused`: "encrypted", "unreadable", "too_slow"; "" when it was looked at.
    """

    codes: list[str] = []
    text: str = ""
    pages: int = 0
    refused: str = ""


def look(data: bytes, content_type: str) -> Looked:
    """Codes and words of a PDF or a picture. Never raises for what the file does."""
    kind = "pdf" if content_type == "application/pdf" else "picture"
    # Isolated, and without our environment: keys and passwords are in it.
    program = [sys.executable, "-I", str(_READER), kind]
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                program, input=data, capture_output=True, timeout=_MOST_S, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            return Looked(refused="too_slow")
    if done.returncode == 0:
        return msgspec.json.decode(done.stdout, type=Looked)
    log.warning("tickets.scan_refused", ended=done.returncode, said=done.stderr[-300:].decode("utf-8", "replace"))
    return Looked(refused="too_slow" if done.returncode < 0 else "unreadable")
