"""What tickets keep about a person: what they asked and were answered, what they follow, what they wrote at work."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from hub.conversations.models import Message, Side
from hub.people.records import Asked, Kept, KeptFile
from hub.tickets import queries
from hub.tickets.models import BoardMemory, Favourite, Follower, SavedView, Ticket, TicketFile, Watcher
from hub.tickets.queries import Seen
from hub.tickets.rules import Stance
from hub.tickets.tree import Tree


def collect(asked: Asked) -> Kept:
    """Their demands as they may read them: follow-ups meant for them, without the names of who wrote. For a town: those
    made there."""
    tickets = list(queries.tickets_of(asked.person).select_related("conversation", "requester"))
    seen = [
        Seen(ticket, Stance.REQUESTER, frozenset())
        for ticket in reversed(tickets)
        if asked.town is None or ticket.town_id == asked.town.pk
    ]
    trees = {ticket.town_id: Tree(ticket.town) for ticket in tickets}
    data: dict[str, Any] = {
        "tickets": [_ticket(one, trees[one.ticket.town_id]) for one in seen],
        "follows": list(_follows(asked)),
        "written_at_the_desk": list(_written(asked)),
    }
    if asked.town is None:
        data |= _kept_at_hand(asked)
    return Kept(data, [file for one in seen for file in _files(one)])


_PLAIN = (
    "number", "kind", "source", "status", "title", "description", "answers", "address", "lat", "lon", "first_name",
    "last_name", "email", "phone", "phone2", "language", "wants_follow_ups", "public", "anonymous", "due_on",
    "refusal_reason", "merged", "created_at", "changed_at", "transferred_at", "started_at", "closed_at", "settled",
    "settled_comment", "settled_at",
)  # fmt: skip


def _ticket(seen: Seen, tree: Tree) -> dict[str, Any]:
    ticket = seen.ticket
    category = tree.get(ticket.category_id)
    return {
        **{name: getattr(ticket, name) for name in _PLAIN},
        "town": ticket.town.slug,
        "category": tree.path_name(category) if category else "",
        "service": ticket.service.name if ticket.service else "",
        "follow_ups": [_follow_up(one) for one in queries.follow_ups_of(seen)],
        "files": [_name(one) for one in queries.files_of(seen)],
    }


def _follow_up(said: queries.FollowUp) -> dict[str, Any]:
    message = said.message
    return {
        "at": message.at, "from": "you" if said.by_requester else "town", "via": message.via, "body": message.body,
        "files": [_name(one) for one in said.files],
    }  # fmt: skip


def _files(seen: Seen) -> Iterator[KeptFile]:
    for one in queries.files_of(seen):
        yield KeptFile(f"{seen.ticket.number}/{_name(one)}", one.file.size_bytes, one.file.content)


def _name(one: TicketFile) -> str:
    return f"{one.file_id}-{one.file.name}"


def _follows(asked: Asked) -> Iterator[dict[str, Any]]:
    """Others' tickets that they hear of: which ones, since when."""
    found = Follower.objects.filter(person=asked.person).select_related("ticket__town").order_by("pk")
    for one in found:
        if asked.town is None or one.ticket.town_id == asked.town.pk:
            yield {
                "number": one.ticket.number, "town": one.ticket.town.slug, "since": one.created_at,
                "confirmed_at": one.confirmed_at,
            }  # fmt: skip


def _written(asked: Asked) -> Iterator[dict[str, Any]]:
    """Of who works at a town hall: their follow-ups."""
    said = Message.objects.filter(author=asked.person, side=Side.TOWN, conversation__ticket__isnull=False)
    if asked.town is not None:
        said = said.filter(conversation__town=asked.town)
    rows = said.order_by("at", "pk").values_list("conversation__ticket__number", "at", "visibility", "body")
    return ({"number": number, "at": at, "visibility": how, "body": body} for number, at, how, body in rows)


def _kept_at_hand(asked: Asked) -> dict[str, Any]:
    person = asked.person
    views = SavedView.objects.filter(person=person).order_by("pk")
    boards = BoardMemory.objects.filter(person=person).order_by("pk")
    return {
        "favourites": list(Favourite.objects.filter(person=person).values_list("ticket__number", flat=True)),
        "watched": list(Watcher.objects.filter(person=person).values_list("ticket__number", flat=True)),
        "saved_views": list(views.values("name", "filters", town_name=F("town__name"))),
        "boards": list(boards.values("filters", town_name=F("town__name"))),
        "assigned": list(Ticket.objects.filter(assignee=person).order_by("pk").values_list("number", flat=True)),
    }
