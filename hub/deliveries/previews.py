"""What the hub sends, shown before it leaves: every mail, SMS, call and push, made from sample values.

Each room brings its own (`learn`) when it is set up. Samples are fictional, are about the town that looks, and write
no row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.core.errors import NotFound
from hub.deliveries.links import CONFIRM, LEAVE
from hub.deliveries.models import Channel
from hub.towns.models import Town

# A mail's style stands in its tags; nothing else of it is let in, and nothing runs.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


class Subject(StrEnum):
    """What a group of them is about, in the order of the page."""

    ACCOUNT = "account"
    MESSAGES = "messages"
    NEWS = "news"
    TICKETS = "tickets"
    ALERTS = "alerts"
    SITE = "site"

    @property
    def label(self) -> "str | Promise":
        return _LABELS[self]


_LABELS = {
    Subject.ACCOUNT: _("Compte et connexion"),
    Subject.MESSAGES: _("Messages"),
    Subject.NEWS: _("Nouvelles de la commune"),
    Subject.TICKETS: _("Requêtes"),
    Subject.ALERTS: _("Alertes"),
    Subject.SITE: _("Marche du site"),
}


@dataclass(frozen=True)
class Sample:
    """What one of them says. `html`: of mails only; `subject`: of mails and push."""

    text: str
    subject: str = ""
    html: str = ""

    @property
    def title(self) -> str:
        """What it is known by in a list."""
        return self.subject or self.text


@dataclass(frozen=True)
class Preview:
    """One of them. `key`: its name in addresses; `cause`: that of its dispatch; `to`: who gets it."""

    key: str
    cause: str
    subject: Subject
    to: "str | Promise"
    write: Callable[[Town], Sample]
    channel: Channel = Channel.EMAIL


_builds: list[Callable[[], Sequence[Preview]]] = []


def learn(build: Callable[[], Sequence[Preview]]) -> None:
    """Remember how to build a room's previews."""
    if build not in _builds:
        _builds.append(build)


def previews() -> Iterator[Preview]:
    """All of them, by subject, in the order in which rooms tell them."""
    known = [preview for build in _builds for preview in build()]
    return (preview for subject in Subject for preview in known if preview.subject == subject)


def access_preview(key: str) -> Preview:
    """One of them. Raises `NotFound`."""
    found = next((preview for preview in previews() if preview.key == key), None)
    if found is None:
        raise NotFound
    return found


def written(preview: Preview, town: Town, language: str) -> Sample:
    """As it would leave for somebody there who reads that language; each one's own links lead to the site."""
    with translation.override(language), timezone.override(town.time_zone):
        made = preview.write(town)
    return Sample(_shown(made.text), made.subject, _shown(made.html))


def _shown(text: str) -> str:
    return text.replace(LEAVE, f"{settings.LINK_BASE}/").replace(CONFIRM, f"{settings.LINK_BASE}/")
