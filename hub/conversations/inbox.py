"""The list of a person's conversations, on the citizen's side and on the desk."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hub.conversations import queries, words
from hub.conversations.models import Kind, Message, Part, Participant
from hub.conversations.thread import locale_of, place
from hub.people.models import Person
from hub.people.queries import mayor_of
from hub.streams import topics
from hub.streams.queries import Head, head, heads
from hub.towns.models import Town

ROWS = 60
MOST_ROWS = 600
GROUPS = 40
WAITING, UNREAD, ALL = "a-repondre", "non-lus", "tous"


@dataclass(frozen=True)
class Row:
    """One conversation in the list: with whom, and where it opens."""

    part: Participant
    face: Person | None
    official: bool
    title: str
    mine: bool
    url: str


@dataclass(frozen=True)
class Chip:
    """One filter of the desk's list. `count` None: not told."""

    label: str
    url: str
    current: bool
    count: int | None = None


def inbox_standing(request: HttpRequest, person: Person) -> Head:
    """Where the person's inbox stood before this page read any list: what came since is told live."""
    standing: Head | None = getattr(request, "inbox_standing", None)
    if standing is None:
        standing = head(topics.inbox(person.pk))
        request.inbox_standing = standing  # type: ignore[attr-defined]
    return standing


def for_citizen(request: HttpRequest, person: Person, *, opened: Participant | None = None) -> dict[str, Any]:
    """The list over all towns. `opened`: the conversation that the page shows."""
    found = queries.participations(person).filter(conversation__last_seq__gt=0)
    address = reverse("messages")
    town = opened.conversation.town if opened else None
    return _context(request, found, among=found, address=address, asked={}, opened=opened, town=town, person=person)


def for_desk(request: HttpRequest, person: Person, town: Town, *, opened: Participant | None = None) -> dict[str, Any]:
    """One town hall's list with its filters: to answer, unread, all. What is to answer comes first."""
    found = queries.participations(person, town=town).filter(conversation__last_seq__gt=0).exclude(part=Part.CITIZEN)
    waiting = found.filter(conversation__waiting_since__isnull=False)
    unread = found.filter(queries.with_news())
    counts = {WAITING: waiting.count(), UNREAD: unread.count(), ALL: None}
    asked = request.GET.get("filtre", "")
    chosen = asked if asked in counts else (WAITING if counts[WAITING] and not request.GET.get("q") else ALL)
    address = reverse("desk_messages", args=[town.slug])
    labels = {WAITING: _("À répondre"), UNREAD: _("Non lus"), ALL: _("Tous")}
    return {
        **_context(
            request,
            {WAITING: waiting, UNREAD: unread, ALL: found}[chosen],
            among=found,
            address=address,
            asked={"filtre": chosen},
            opened=opened,
            town=town,
            person=person,
        ),
        "chips": [
            Chip(label, f"{address}?filtre={name}", name == chosen, counts[name]) for name, label in labels.items()
        ],
    }


def _context(
    request: HttpRequest,
    found: QuerySet[Participant],
    *,
    among: QuerySet[Participant],
    address: str,
    asked: dict[str, str],
    opened: Participant | None,
    town: Town | None,
    person: Person,
) -> dict[str, Any]:
    inbox_standing(request, person)
    groups = _group_heads(among)  # before the list is read: what comes since is told live
    search = request.GET.get("q", "").strip()[:80]
    if search:
        found, asked = queries.search(found, search), {**asked, "q": search}
    shown = min(_number(request, "n") or ROWS, MOST_ROWS)
    open_id = opened.conversation_id if opened else _number(request, "ouverte")
    parts = _parts(found, among, shown, open_id)
    mayors: dict[int, Person | None] = {}
    query = f"?{urlencode(asked)}" if asked else ""
    return {
        "rows": [_row(part, query, mayors) for part in parts[:shown]],
        "more_url": f"{address}?{urlencode({**asked, 'n': str(shown + ROWS)})}" if len(parts) > shown else "",
        "search": search,
        "hits": _hits(person, search, town if "filtre" in asked else None),
        "list_url": address,
        "filter": asked.get("filtre", ""),
        "opened": open_id,
        "inbox": {
            "me": person.pk,
            "address": f"{address}?{urlencode({**asked, 'n': str(shown), 'ouverte': str(open_id or '')})}",
            "open": open_id,
            "groups": groups,
            "words": words.for_inbox(locale_of(town)),
            **place(town),
        },
    }


def _parts(
    found: QuerySet[Participant], among: QuerySet[Participant], shown: int, open_id: int | None
) -> list[Participant]:
    """The list's rows, and one more where there is one. What is being read stays in sight, whatever the filter."""
    parts = list(found[: shown + 1])
    if open_id and open_id not in {part.conversation_id for part in parts}:
        parts[:0] = among.filter(conversation_id=open_id)
    return parts


@dataclass(frozen=True)
class Hit:
    """One message that a search has found, and where it is read."""

    message: Message
    title: str
    url: str


def _hits(person: Person, search: str, town: Town | None) -> list[Hit]:
    """What the search has found in messages; `town`: at its desk, only there."""
    found = queries.found_messages(person, search, town=town) if search else []
    return [
        Hit(
            message=message,
            title=message.conversation.subject if message.conversation.shared else "",
            url=f"{reverse('conversation', args=[message.conversation_id])}?autour={message.seq}#m{message.seq}",
        )
        for message in found
    ]


def _group_heads(among: QuerySet[Participant]) -> dict[str, dict[str, Any]]:
    """Where the reader's groups stand, by topic: their rows live by the groups' own events, written once for all."""
    mine = among.filter(conversation__kind=Kind.GROUP, left_at=None).values_list("conversation_id", flat=True)
    names = [topics.conversation(pk) for pk in mine[:GROUPS]]
    return {topic: {"seq": head.seq, "epoch": head.epoch} for topic, head in heads(names).items()}


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def _row(part: Participant, query: str, mayors: dict[int, Person | None]) -> Row:
    conversation = part.conversation
    mine = conversation.last_author_id == part.person_id
    if conversation.shared:
        return Row(part, None, False, conversation.subject, mine, url_of(part) + query + "#fin")
    if part.part != Part.CITIZEN:
        citizen = conversation.citizen
        return Row(part, citizen, False, citizen.name if citizen else "", mine, url_of(part) + query + "#fin")
    face = conversation.answered_by
    if face is None:
        if conversation.town_id not in mayors:
            mayors[conversation.town_id] = mayor_of(conversation.town)
        face = mayors[conversation.town_id]
        title = words.mayor_and_office(face) if face else town_hall(conversation.town)
    else:
        title = face.name
    return Row(part, face, True, title, mine, url_of(part) + query + "#fin")


def town_hall(town: Town) -> str:
    """The town hall, while no mayor has joined."""
    return _("Mairie de %(town)s") % {"town": town.name}


def url_of(part: Participant) -> str:
    """Where this person reads the conversation: as a citizen, or at the desk."""
    if part.part == Part.CITIZEN:
        return reverse("conversation", args=[part.conversation_id])
    return reverse("desk_conversation", args=[part.conversation.town.slug, part.conversation_id])
