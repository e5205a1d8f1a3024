"""What may be said and done in a conversation, and what follows. Pure."""

import re
import statistics
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hub.conversations.models import Kind, Part
from hub.core.errors import Invalid
from hub.people.models import Role
from hub.people.rules import Roles

MAX_BODY = 10_000
MAX_LIVE_BODY = 500
MAX_KEY = 64
MAX_ATTACHMENTS = 10
MAX_MENTIONS = 10
EXCERPT = 110
ANSWERS_TO_TELL = 5  # fewer say nothing of a habit
EDIT_FOR = timedelta(minutes=10)
# An account is new for a day: it writes less, and no addresses of the web.
NEW_FOR = timedelta(days=1)
SLOW_MODES_S = (0, 10, 30, 60, 300)
SILENCES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(30)}

# By name, as clients send them; the sign is what people see.
REACTIONS = {"like": "👍", "heart": "❤️", "bravo": "👏", "smile": "😄", "surprise": "😮", "sad": "😢"}

_ADDRESS = re.compile(r"(https?://|www\.)\S", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w@.])@([^\W\d_][^\n@]{0,99})")


def clean_body(body: str, *, has_files: bool, kind: str = Kind.PRIVATE) -> str:
    """The words as they are kept: no NUL, no edge white space, 10,000 characters at most (500 in a live chat).

    Raises `Invalid` when nothing is left and no file comes along, or when it is too long.
    """
    text = body.replace("\x00", "").replace("\r\n", "\n").strip()
    most = MAX_LIVE_BODY if kind == Kind.LIVE else MAX_BODY
    if not text and not has_files:
        raise Invalid(_("Écrivez un message avant d’envoyer."), field="body")
    if len(text) > most:
        raise Invalid(
            _("Ce message est trop long : %(count)d caractères, pour %(max)d au plus.")
            % {"count": len(text), "max": most},
            field="body",
        )
    return text


def clean_key(key: str) -> str:
    """The sender's key. Raises `Invalid` when it is empty or longer than 64 characters."""
    if not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise Invalid(_("La clé du message doit compter de 1 à 64 caractères."), field="key")
    return key


def clean_line(text: str, *, field: str, most: int, missing: str = "") -> str:
    """One line that somebody typed into a field. Raises `Invalid`: too long, or empty where `missing` says so."""
    line = " ".join(text.replace("\x00", "").split())
    if not line and missing:
        raise Invalid(missing, field=field)
    if len(line) > most:
        raise Invalid(_("C’est trop long : %(max)d caractères au plus.") % {"max": most}, field=field)
    return line


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


# Groups and live chats.


def may_make_groups(roles: Roles) -> bool:
    """Groups and live chats are the mayor's to make, to open and to close (S48, S67), and who manages for them."""
    return bool(roles & {Role.MAYOR, Role.MANAGER})


def may_moderate(roles: Roles) -> bool:
    """Who decides of reports, removes messages, lets people be silent for a while."""
    return bool(roles & {Role.MAYOR, Role.MANAGER, Role.MODERATOR})


def reports_subject(town_id: int) -> str:
    """What moderators' notifications of a town's reports are about: one stands for all while it is unread."""
    return f"moderation.{town_id}"


def part_in_group(roles: Roles) -> Part | None:
    """What somebody is in a group of their town; None when they may not join."""
    if Role.MAYOR in roles:
        return Part.MAYOR
    if roles & {Role.AGENT, Role.MODERATOR, Role.MANAGER}:
        return Part.AGENT
    return Part.CITIZEN if Role.CITIZEN in roles else None


def may_enter(part: str, *, kind: str, closed: bool) -> bool:
    """A live chat that is over takes nobody in, but who is of the town hall: they read again what was said."""
    return kind != Kind.LIVE or not closed or answers_for_town(part)


def may_edit(*, at: datetime, moment: datetime) -> bool:
    """One's own words, for ten minutes."""
    return moment - at <= EDIT_FOR


def may_withdraw(kind: str) -> bool:
    """One's own words can be taken back where many read them; to the town hall, what is said is said."""
    return kind != Kind.PRIVATE


def is_new(*, created_at: datetime, moment: datetime) -> bool:
    """Whether an account is less than a day old."""
    return moment - created_at < NEW_FOR


def has_address(body: str) -> bool:
    """Whether the words hold an address of the web."""
    return _ADDRESS.search(body) is not None


def names_after_at(body: str) -> list[str]:
    """What may be a person's name after an « @ »: the next one to four words, the longest first, without case.

    « @Paul Martin, merci » gives « paul martin, merci », « paul martin », « paul ».
    """
    found: list[str] = []
    for match in _NAMED.finditer(body):
        words = match[1].split()
        for count in range(min(4, len(words)), 0, -1):
            name = " ".join(words[:count]).rstrip(".,;:!?…)»").strip().casefold()
            if name and name not in found:
                found.append(name)
    return found


def mentioned(body: str, people: Collection[tuple[int, str]]) -> list[int]:
    """Which of these (number, name) the words name by « @Name », ten at most, in no special order."""
    named = set(names_after_at(body))
    return sorted(number for number, name in people if name.casefold() in named)[:MAX_MENTIONS]


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
