"""What a conversation's page shows, on the citizen's side and on the desk: computed once, for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from hub.conversations import queries, rules, words
from hub.conversations.events import MessagePosted, Quote
from hub.conversations.models import Conversation, Part, Participant
from hub.core import typography
from hub.core.errors import NotFound
from hub.core.ids import new_key
from hub.people.models import Person
from hub.people.queries import mayor_of
from hub.streams.queries import head
from hub.towns.models import Town

MESSAGES = 50


@dataclass(frozen=True)
class Counterpart:
    """Whom the reader writes with in private: a citizen, or who answers for the town hall (None: nobody has joined)."""

    person: Person | None
    part: str
    habit: str = ""

    @property
    def official(self) -> bool:
        """Whether they speak for the town hall."""
        return self.part != Part.CITIZEN


@dataclass(frozen=True)
class Said:
    """One message as this reader sees it. `status`, for the reader's own: sent, delivered, read."""

    message: MessagePosted
    mine: bool
    author: Person | None
    official: bool
    begins_day: bool
    status: str
    read_at: datetime | None
    names_reader: bool = False

    @property
    def system_line(self) -> str:
        """What the hub says, when it is the author."""
        return words.system_line(self.message.system or {})

    @property
    def author_name(self) -> str:
        """« Hélène Carpentier, maire », « Paul Gagnon »."""
        author = self.message.author
        if author is None:
            return ""
        return words.signed(author.name, author.part)

    @property
    def gone_line(self) -> str:
        """What stands in the place of words that are not shown any more."""
        return words.gone_line(self.message.removal)


def counterpart(part: Participant) -> Counterpart:
    """The other side of the reader's `part`: for a citizen, who answers them from now on."""
    conversation = part.conversation
    if part.part != Part.CITIZEN:
        return Counterpart(conversation.citizen, Part.CITIZEN)
    if conversation.answered_by is not None:
        return Counterpart(conversation.answered_by, Part.AGENT)
    return Counterpart(mayor_of(conversation.town), Part.MAYOR, queries.town_habit(conversation.town))


def asked_number(request: HttpRequest, name: str) -> int | None:
    """A message's number in the address: `?avant=` (older ones), `?autour=` (found by a search), `?repondre=`."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def context(request: HttpRequest, part: Participant) -> dict[str, Any]:
    """All that the thread's templates need."""
    conversation = part.conversation
    standing = head(conversation.topic)  # first: what comes after it is told live, even if it is on the page already
    around, before = asked_number(request, "autour"), asked_number(request, "avant")
    if around is not None:
        before = around + MESSAGES // 2
    page = queries.page_of_messages(conversation, reader=part.person, before=before, limit=MESSAGES)
    people = queries.people_of(conversation, page.messages)
    others = [one for one in people if rules.answers_for_town(one.part) != rules.answers_for_town(part.part)]
    here = [one for one in people if one.left_at is None]
    return {
        "part": part,
        "conversation": conversation,
        "town": conversation.town,
        "shared": conversation.shared,
        "said": told(page.messages, part, people, [] if conversation.shared else others),
        "older_than": page.messages[0].seq if page.has_older else None,
        "people": people,
        "here": here,
        "files": queries.files_of(conversation),
        "key": new_key(),
        "answered": _answered(request, part),
        "pinned": queries.pinned_of(conversation),
        "writable": conversation.closed_at is None,
        "signs": rules.REACTIONS,
        "partial": before is not None,
        "privacy": words.privacy_of(conversation, part, with_agents=any(one.part == Part.AGENT for one in here)),
        "thread": {
            **_standing(part, others),
            "seq": standing.seq,
            "epoch": standing.epoch,
            "partial": before is not None,
            "around": around,
        },
    }


def _answered(request: HttpRequest, part: Participant) -> Quote | None:
    """The message that is being answered, for a browser without JavaScript."""
    seq = asked_number(request, "repondre")
    if seq is None:
        return None
    try:
        return queries.quote(queries.access_message(part, seq))
    except NotFound:
        return None


def _standing(part: Participant, others: Sequence[Participant]) -> dict[str, Any]:
    """What the live page needs to know of this conversation."""
    conversation = part.conversation
    return {
        "conversation": conversation.pk,
        "kind": conversation.kind,
        "topic": conversation.topic,
        "me": part.person_id,
        "read": part.read_seq,
        "closed": conversation.closed_at is not None,
        "slow_s": 0 if rules.answers_for_town(part.part) else conversation.slow_s,
        "signs": rules.REACTIONS,
        "others": [reached(one) for one in others],
        "history": f"/api/v1/conversations/{conversation.pk}/messages",
        "upload": reverse("upload", args=[conversation.pk]),
        "options": reverse("message", args=[conversation.pk, 0]),
        "people": reverse("people_to_name", args=[conversation.pk]) if conversation.shared else None,
        "draft": str(conversation.pk),
        "begun_as": begun_as(conversation),
        "words": words.for_thread(locale_of(conversation.town)),
        **place(conversation.town),
    }


def begun_as(conversation: Conversation) -> list[str]:
    """The names of the drafts from which this conversation may have been begun."""
    return [draft_to_town(conversation.town), draft_to_citizen(conversation.town, conversation.citizen_id or 0)]


def draft_to_town(town: Town) -> str:
    """The name of the draft of a first message to a town's mayor."""
    return f"new.{town.slug}"


def draft_to_citizen(town: Town, citizen_id: int) -> str:
    """The name of the draft of a mayor's first message to a citizen."""
    return f"new.{town.slug}.{citizen_id}"


def place(town: Town | None) -> dict[str, str]:
    """How and in which zone a live page tells times."""
    locale = locale_of(town).replace("_", "-")
    return {"locale": locale, "zone": town.time_zone if town else "Europe/Paris"}


def locale_of(town: Town | None) -> str:
    """The Babel locale of the reader's language in the town's country."""
    return typography.locale_name((get_language() or "fr")[:2], town.country if town else "FR")


def reached(other: Participant) -> dict[str, Any]:
    """How far one of the others has got, for a live page."""
    return {
        "id": other.person_id,
        "gone": other.left_at is not None,
        "delivered": other.delivered_seq,
        "read": other.read_seq,
        "read_at": other.read_at,
    }


def told(
    messages: Sequence[MessagePosted],
    part: Participant,
    people: Sequence[Participant],
    others: Sequence[Participant],
) -> list[Said]:
    """The messages as the reader sees them. `others`: the participants whose reading counts."""
    known = {one.person_id: one for one in people}
    delivered = max((other.delivered_seq for other in others), default=0)
    furthest = max(others, key=lambda other: other.read_seq, default=None)
    read = furthest.read_seq if furthest else 0
    mine = [message.seq for message in messages if message.author and message.author.id == part.person_id]
    last_read = max((seq for seq in mine if seq <= read), default=0)
    zone = ZoneInfo(part.conversation.town.time_zone)
    said, day = [], None
    for message in messages:
        own = message.author is not None and message.author.id == part.person_id
        begins = (today := message.at.astimezone(zone).date()) != day
        day = today
        read_at = furthest.read_at if furthest and message.seq == last_read else None
        status = _status(message.seq, delivered=delivered, read=read) if own else ""
        said.append(_said(message, known, part.person_id, begins, status, read_at))
    return said


def _status(seq: int, *, delivered: int, read: int) -> str:
    if seq <= read:
        return "read"
    return "delivered" if seq <= delivered else "sent"


def _said(
    message: MessagePosted,
    known: Mapping[int, Participant],
    reader: int,
    begins_day: bool,
    status: str,
    read_at: datetime | None,
) -> Said:
    author = known.get(message.author.id) if message.author else None
    return Said(
        message=message,
        mine=message.author is not None and message.author.id == reader,
        author=author.person if author else None,
        official=author is not None and rules.answers_for_town(author.part),
        begins_day=begins_day,
        status=status,
        read_at=read_at,
        names_reader=reader in message.mentions,
    )
