"""Keeps what it was given, and sends nothing: what a demo and the tests look at."""

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import ClassVar

from channels_adapters.base import NO_LONGER_OURS, HandOver, Item, Outcome, Result, freely

_SHOWN = 100


@dataclass(frozen=True)
class Captured:
    """One item as it would have left. `sent_at`: ISO 8601, UTC."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    sent_at: str


class Capture:
    """Writes each item into `directory`, one JSON file each, whole or not at all."""

    channels: ClassVar[frozenset[str]] = frozenset({"email", "sms", "voice", "push"})
    at_once = 4

    def __init__(self, *, directory: str) -> None:
        self._directory = Path(directory)

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Always accepted, unless the disk won't take it (temporary)."""
        if not await hand_over():
            return NO_LONGER_OURS
        # Names sort by time: the newest is found without opening any.
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        to = item.to if len(item.to) <= _SHOWN else f"{item.to[: _SHOWN - 1]}…"  # a browser's is a page long
        link = {"Link": item.link} if item.link else {}
        back = {} if item.comes_back_to is None else {"Return-Path": f"<{item.comes_back_to}>"}
        kept = Captured(
            id=name,
            channel=item.channel,
            to=to,
            subject=item.subject,
            text=item.text,
            html=item.html,
            headers={**item.headers, "To": to, "Subject": item.subject, **link, **back},
            sent_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        try:
            self._write(name, json.dumps(asdict(kept), ensure_ascii=False))
        except OSError as error:
            return Outcome(Result.TEMPORARY, reason=f"cannot write: {error.strerror}")
        return Outcome(Result.ACCEPTED, provider_id=name)

    async def close(self) -> None:
        """There is nothing to close."""

    def _write(self, name: str, text: str) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._directory / f"{name}.tmp"
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, self._directory / f"{name}.json")


def captured(
    directory: str | Path, channel: str | None = None, to: str | None = None, limit: int | None = None
) -> list[Captured]:
    """What was kept, newest first: of one channel, to one address (in any letter case), `limit` at most."""
    wanted = (
        item
        for item in _newest_first(Path(directory))
        if (not channel or item.channel == channel) and (not to or item.to.lower() == to.lower())
    )
    return list(islice(wanted, limit))


def _newest_first(directory: Path) -> Iterator[Captured]:
    for file in sorted(directory.glob("*.json"), reverse=True):
        try:
            yield Captured(**json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:  # a demo begun again, meanwhile
            continue
