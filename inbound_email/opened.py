"""What the sandbox says of a mail, as both its sides know it. Plain values, packed by msgspec: no pickle, no code."""

from typing import Literal

import msgspec

Op = Literal["read", "show", "prove"]


class Asked(msgspec.Struct, frozen=True):
    """One request; the mail's bytes follow in a frame of their own.

    `read`: what the hub acts upon. `show`: the original, for people. `prove`: whether the author's domain stands by
    it, as DNS says; `peer` and `envelope_from`: who brought it; `nameserver`: `host:port`, empty for the machine's own.
    """

    op: Op
    peer: str = ""
    envelope_from: str = ""
    nameserver: str = ""


class File(msgspec.Struct, frozen=True):
    """A file that came with a mail. `data` is empty when it is larger than may be kept."""

    name: str
    content_type: str
    size_bytes: int
    data: bytes = b""


class Failure(msgspec.Struct, frozen=True):
    """One recipient that a report is about (`inbound_email.bounces.Failure`)."""

    recipient: str
    fate: str
    status: str
    diagnostic: str


class Opened(msgspec.Struct, frozen=True, tag="opened", kw_only=True):
    """A mail that was read.

    `kind` and `answerable`: as `inbound_email.automatic` says. `one_author`: there is one, whatever program shows it.
    `words`: what the person wrote; `quote`: what they handed on or answered. `results`: its `Authentication-Results`,
    the topmost first. `failures` and `about`: what a report says, and of which mail of ours.
    """

    kind: Literal["human", "auto", "bounce"]
    answerable: bool
    subject: str
    mail_id: str
    references: list[str]
    from_address: str
    from_name: str
    one_author: bool
    words: str
    quote: str = ""
    forwarded: bool = False
    files: list[File] = []
    results: list[str] = []
    failures: list[Failure] = []
    about: str = ""


class Shown(msgspec.Struct, frozen=True, tag="shown", kw_only=True):
    """A mail as people look at it."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    files: list[File]


class Proved(msgspec.Struct, frozen=True, tag="proved"):
    """Whether the domain of the author's address stands by the mail; `how`: « dkim=pass example.fr », for people."""

    stands: bool
    how: str


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It isn't read: `too_much`, `too_slow` or `crashed`."""

    why: Literal["too_much", "too_slow", "crashed"]
    detail: str


Answer = Opened | Shown | Proved | Refused
