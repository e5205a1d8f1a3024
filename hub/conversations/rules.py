"""What may be said and done in a conversation, and what follows. Pure."""

import statistics
from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from hub.conversations.models import Part
from hub.core.errors import Invalid
from hub.people.models import Role
from hub.people.rules import Roles

MAX_BODY = 10_000
MAX_KEY = 64
MAX_ATTACHMENTS = 10
EXCERPT = 110
ANSWERS_TO_TELL = 5  # fewer say nothing of a habit


def clean_body(body: str, *, has_files: bool) -> str:
    """The words as they are kept: no NUL, no edge white space, 10,000 characters at most.

    Raises `Invalid` when nothing is left and no file comes along, or when it is too long.
    """
    text = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text and not has_files:
        raise Invalid(_("Écrivez un message avant d’envoyer."), field="body")
    if len(text) > MAX_BODY:
        raise Invalid(
            _("Ce message est trop long : %(count)d caractères, pour %(max)d au plus.")
            % {"count": len(text), "max": MAX_BODY},
            field="body",
        )
    return text


def clean_key(key: str) -> str:
    """The sender's key. Raises `Invalid` when it is empty or longer than 64 characters."""
    if not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise Invalid(_("La clé du message doit compter de 1 à 64 caractères."), field="key")
    return key


def excerpt(body: str, limit: int = EXCERPT) -> str:
    """One line, for lists of 110 characters at most, cut between words where possible."""
    line = " ".join(body.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0] + "…"


def answers_for_town(part: str) -> bool:
    """Whether words of this part are the town hall's."""
    return part in {Part.MAYOR, Part.AGENT}


def may_invite(part: str) -> bool:
    """Who brings an agent into a conversation, or hands it over: the mayor."""
    return part == Part.MAYOR


def may_be_invited(roles: Roles) -> bool:
    """Who can be brought in: agents, moderators and managers of the same town hall."""
    return bool(roles & {Role.AGENT, Role.MODERATOR, Role.MANAGER})


def habit(delays: Sequence[timedelta]) -> str:
    """How fast the town usually answers: `hour`, `day`, `three_days`, `week`, or `` when there is too little to say.

    "Usually" is three times out of four: the third quartile of the delays.
    """
    if len(delays) < ANSWERS_TO_TELL:
        return ""
    usual = timedelta(seconds=statistics.quantiles((d.total_seconds() for d in delays), n=4)[2])
    bounds = [(timedelta(hours=1), "hour"), (timedelta(days=1), "day"), (timedelta(days=3), "three_days")]
    for bound, name in bounds:
        if usual <= bound:
            return name
    return "week" if usual <= timedelta(days=7) else ""
