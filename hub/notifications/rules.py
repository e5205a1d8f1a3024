"""Which news people can choose, what they get when they chose nothing, and how long it is kept. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from hub.notifications.models import Kind

Means = Literal["site", "email"]

# What the page « Mes notifications » offers, in its order.
CHOSEN = (Kind.NEW_GROUP, Kind.GROUP_MESSAGES, Kind.PRIVATE_MESSAGES)

KEEP_READ = timedelta(days=183)
KEEP_UNREAD = timedelta(days=365)

_ALSO_BY_EMAIL = {Kind.PRIVATE_MESSAGES}


@dataclass(frozen=True)
class Wish:
    """Whether a kind of news is wanted, on the site and by mail."""

    site: bool
    email: bool

    def on(self, means: Means) -> bool:
        return self.site if means == "site" else self.email


def default(kind: Kind) -> Wish:
    """What somebody gets who has not chosen: everything on the site, and private messages by mail too."""
    return Wish(site=True, email=kind in _ALSO_BY_EMAIL)


def check_path(path: str) -> str:
    """The path, when it leads to a page of this site. Raises `ValueError` otherwise: that is a fault of the code."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"not a path of this site: {path!r}")
    return path
