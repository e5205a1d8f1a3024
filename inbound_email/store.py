"""The one store behind all doors: what is kept here was taken, and what was not kept was not."""

import hashlib
import re
import zlib
from functools import partial

from django.db import transaction

from hub.core.clock import now
from inbound_email.models import Door, InboundEmail, RawEmail

MAX_BYTES = 25 * 1024 * 1024

_HEAD_END = re.compile(rb"\r?\n\r?\n")
# What the author's program wrote, and no server on the way changes.
_LASTING = (b"message-id", b"date", b"from", b"subject")


def keep(raw: bytes, *, recipient: str, door: Door, envelope_from: str = "") -> tuple[InboundEmail, bool]:
    """Keep a mail for one of its recipients; whether it is new. It is committed when this returns.

    The same again, through whatever door, is the one that is there. Raises `ValueError` when it is over `MAX_BYTES`;
    the database's errors when it is away or full: then nothing is kept, and the door says so.
    """
    with transaction.atomic():
        return keep_for(keep_bytes(raw), recipient=recipient, door=door, envelope_from=envelope_from)


def keep_bytes(raw: bytes) -> RawEmail:
    """The bytes alone, once for all whom they are for; in the caller's transaction. Raises as `keep` does."""
    if len(raw) > MAX_BYTES:
        raise ValueError(f"a mail of {len(raw)} bytes; {MAX_BYTES} at most")
    kept, _new = RawEmail.objects.get_or_create(
        digest=digest_of(raw), defaults={"packed": partial(zlib.compress, raw), "size_bytes": len(raw)}
    )
    return kept


def keep_for(kept: RawEmail, *, recipient: str, door: Door, envelope_from: str = "") -> tuple[InboundEmail, bool]:
    """One recipient's row; in the caller's transaction."""
    return InboundEmail.objects.get_or_create(
        raw=kept, recipient=recipient.lower()[:254],
        defaults={"door": door, "envelope_from": envelope_from[:254], "received_at": now()},
    )  # fmt: skip


def digest_of(raw: bytes) -> str:
    """Of a mail's name, date, author, subject and body: the same whatever servers wrote on it on its way, and whether
    its lines end in CR LF or LF."""
    end = _HEAD_END.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()
    told = {
        name.strip().lower(): value.strip() for name, colon, value in (line.partition(b":") for line in lines) if colon
    }
    digest = hashlib.sha256()
    for name in _LASTING:
        digest.update(name + b":" + told.get(name, b"") + b"\n")
    digest.update(body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
