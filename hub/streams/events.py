"""Typed events: what may be published, and nothing else."""

from typing import ClassVar

import msgspec


class TypedEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The root of all events. `event_name` is their name on the wire."""

    event_name: ClassVar[str] = ""
