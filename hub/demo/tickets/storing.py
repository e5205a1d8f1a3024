"""Stores the tickets of one town: all rows of a kind at once."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import ContentFile

from hub.audit import rules as audit_rules
from hub.audit.models import Entry, Trail
from hub.conversations.models import Conversation, Message
from hub.core.ids import new_key
from hub.demo import bench
from hub.demo.tickets.dossier import Dossier, Enclosure
from hub.demo.tickets.drawings import NAMES, draw
from hub.demo.tickets.world import World
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.tickets import rules
from hub.tickets.actions.trail import actor_of, what_of
from hub.tickets.models import Change, Counter, Follower, Ticket, TicketFile


def store(world: World, dossiers: list[Dossier], last: dict[int, int]) -> None:
    """Write them down, in the order in which they were made. `last`: the last number given in each year."""
    tickets = [dossier.ticket for dossier in dossiers]
    for ticket in tickets:
        ticket.words = rules.search_words(ticket, world.path(ticket.category))
    Person.objects.bulk_create(ticket.requester for ticket in tickets if ticket.requester.pk is None)
    Conversation.objects.bulk_create(dossier.conversation for dossier in dossiers)
    Ticket.objects.bulk_create(tickets)
    _link(dossiers)
    messages = sorted((one for dossier in dossiers for one in dossier.messages), key=lambda one: one.at)
    changes = sorted((one for dossier in dossiers for one in dossier.changes), key=lambda one: one.at)
    Message.objects.bulk_create(messages)
    Change.objects.bulk_create(changes)
    Follower.objects.bulk_create(one for dossier in dossiers for one in dossier.followers)
    Counter.objects.bulk_create(Counter(town=world.town, year=year, last=number) for year, number in last.items())
    _store_files(one for dossier in dossiers for one in dossier.enclosures)
    _leave_trail(world, {dossier.conversation.pk: dossier.ticket for dossier in dossiers}, messages, changes)


def _link(dossiers: list[Dossier]) -> None:
    """What stands under others, and what is a task of others."""
    linked = [dossier for dossier in dossiers if dossier.parent or dossier.task_of]
    for dossier in linked:
        dossier.ticket.parent = dossier.parent.ticket if dossier.parent else None
        dossier.ticket.task_of = dossier.task_of.ticket if dossier.task_of else None
    Ticket.objects.bulk_update([dossier.ticket for dossier in linked], ["parent", "task_of"])


def _store_files(enclosures: Iterable[Enclosure]) -> None:
    rows = []
    for enclosure in enclosures:
        enclosure.row.file = _kept(enclosure)
        rows.append(enclosure.row)
    StoredFile.objects.bulk_create(row.file for row in rows)
    TicketFile.objects.bulk_create(rows)


def _kept(enclosure: Enclosure) -> StoredFile:
    """Its bytes, as an upload would have left them."""
    file = StoredFile(owner=enclosure.owner, name=enclosure.name)
    if enclosure.content in NAMES:
        picture, thumbnail = draw(enclosure.content)
        file.content_type, file.width_px, file.height_px = picture.content_type, picture.width_px, picture.height_px
        file.thumbnail.save(_random_name(), ContentFile(thumbnail.data), save=False)
        data = picture.data
    else:
        file.content_type, data = "application/pdf", bench.paper(enclosure.content)
    file.size_bytes = len(data)
    file.content.save(_random_name(), ContentFile(data), save=False)
    return file


def _random_name() -> str:
    name = new_key()
    return f"{name[:2]}/{name}.bin"


def _leave_trail(world: World, tickets: dict[int, Ticket], messages: list[Message], changes: list[Change]) -> None:
    """What was done, as the town's trail tells it (`hub.tickets.actions.trail`)."""
    entries = [_of_change(change) for change in changes]
    entries += [_of_message(message, tickets[message.conversation_id]) for message in messages]
    entries.sort(key=lambda entry: entry.at)
    end, _made = Trail.objects.get_or_create(town=world.town)
    for number, entry in enumerate(entries, end.number + 1):
        entry.town, entry.number, entry.former = world.town, number, end.digest
        entry.digest = end.digest = audit_rules.digest(
            former=entry.former, town_id=world.town.pk, number=number, at=entry.at, actor_id=entry.actor_id,
            actor_name=entry.actor_name, act=entry.act, subject=entry.subject, what=entry.what,
        )  # fmt: skip
        end.number = number
    Entry.objects.bulk_create(entries)
    end.save()


def _of_change(change: Change) -> Entry:
    return _entry(change.ticket, change.actor, f"ticket.{change.field}", change.at, what_of(change))


def _of_message(message: Message, ticket: Ticket) -> Entry:
    what = {"visibility": str(message.visibility), "side": str(message.side)}
    return _entry(ticket, message.author, "ticket.said", message.at, what)


def _entry(ticket: Ticket, person: Person | None, act: str, at: datetime, what: dict[str, str]) -> Entry:
    actor = actor_of(ticket, person)
    return Entry(
        at=at, actor_id=actor.pk if actor else None, actor_name=actor.name[:170] if actor else "", act=act,
        subject=f"ticket.{ticket.number}", what=what,
    )  # fmt: skip
