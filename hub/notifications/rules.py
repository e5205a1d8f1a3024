"""Which news people can choose, what they get when they chose nothing, and how long it is kept. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hub.notifications.models import Kind

Means = Literal["site", "email", "push"]

# What the page « Mes notifications » offers, in its order (S30).
CHOSEN = (
    Kind.NEW_PUBLICATION, Kind.NEW_ALERT, Kind.NEW_POLL, Kind.NEW_GROUP, Kind.GROUP_MESSAGES, Kind.COMMENTS,
    Kind.PRIVATE_MESSAGES,
)  # fmt: skip

KEEP_READ = timedelta(days=183)
KEEP_UNREAD = timedelta(days=365)

# What the room that tells it mails by itself (`hub.alerts.notices`): it knows who gets it otherwise already.
MAILED_OTHERWISE = frozenset({Kind.NEW_ALERT})

# News, which may come by one mail a day. What is written to one alone, what one asked for, and danger never wait.
GATHERED = frozenset({Kind.NEW_PUBLICATION, Kind.NEW_POLL, Kind.NEW_GROUP, Kind.GROUP_MESSAGES, Kind.COMMENTS})
DIGEST_AT = time(18)  # where the person lives

_ALSO_BY_EMAIL = {Kind.PRIVATE_MESSAGES}
_ALSO_ON_DEVICES = {Kind.PRIVATE_MESSAGES, Kind.NEW_ALERT}


@dataclass(frozen=True)
class Wish:
    """Whether a kind of news is wanted, on the site, by mail, and on one's devices (None: never said)."""

    site: bool
    email: bool
    push: bool | None = None


def default(kind: Kind) -> Wish:
    """What somebody gets who has not chosen: everything on the site, and private messages by mail too."""
    return Wish(site=True, email=kind in _ALSO_BY_EMAIL)


def wanted_on_devices(kind: Kind, said: bool | None) -> bool:
    """Whether a kind is wanted there; who never said gets what can't wait."""
    return kind in _ALSO_ON_DEVICES if said is None else said


def wanted_by_default(kind: Kind, means: Means) -> bool:
    """Whether who has not chosen gets the kind by these means."""
    if means == "push":
        return wanted_on_devices(kind, None)
    return default(kind).site if means == "site" else default(kind).email


def next_digest(at: datetime, zone: str) -> datetime:
    """The next six o'clock in the evening there, after that moment."""
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=1 if local.time() >= DIGEST_AT else 0)
    return datetime.combine(day, DIGEST_AT, ZoneInfo(zone))


def check_path(path: str) -> str:
    """The path, when it leads to a page of this site. Raises `ValueError` otherwise: that is a fault of the code."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"not a path of this site: {path!r}")
    return path
