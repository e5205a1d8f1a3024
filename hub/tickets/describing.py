"""A ticket as programs get it: what its reader may know, and nothing else."""

from typing import Any

from django.conf import settings

from hub.conversations.models import Side
from hub.tickets import naming
from hub.tickets.models import Category, Ticket
from hub.tickets.queries import FollowUp, Seen
from hub.tickets.rules import Stance
from hub.tickets.tree import Tree


def category_of(tree: Tree, category: Category) -> dict[str, Any]:
    """One that tickets are made in."""
    return {
        "id": category.pk,
        "name": category.label,
        "path": tree.path_name(category),
        "public_allowed": category.public_allowed,
        "icon": tree.icon(category),
    }


def tracking_url(ticket: Ticket) -> str:
    """The link that opens it to who has no account (S133)."""
    return f"{settings.LINK_BASE}/suivi/{ticket.number}/?c={ticket.secret}"


def described(seen: Seen, tree: Tree) -> dict[str, Any]:
    """For an API's answer (`shapes.TicketOut`)."""
    ticket = seen.ticket
    own = seen.stance != Stance.READER
    return {
        "number": ticket.number,
        "topic": ticket.topic,
        "town": ticket.town.slug,
        "kind": ticket.kind,
        "status": ticket.status,
        "priority": ticket.priority_name,
        "title": ticket.title if own else naming.public_title(ticket),
        "description": ticket.description if own else "",
        "category": category_of(tree, ticket.category),
        "service": {"id": ticket.service.pk, "name": ticket.service.name} if ticket.service else None,
        "assignee": ticket.assignee.name if seen.works and ticket.assignee else None,
        "place": {"address": ticket.address, "lat": ticket.lat, "lon": ticket.lon},
        "answers": ticket.answers if own else None,
        "public": ticket.public,
        "anonymous": ticket.anonymous,
        "internal": ticket.internal,
        "wants_follow_ups": ticket.wants_follow_ups if own else None,
        "source": ticket.source,
        "contact": _contact(ticket) if own else None,
        "created_at": ticket.created_at,
        "changed_at": ticket.changed_at,
        "due_on": ticket.due_on,
        "closed_at": ticket.closed_at,
        "refusal_reason": ticket.refusal_reason,
        "follow_ups": ticket.external_count + (ticket.internal_count if seen.works else 0),
        "followers": ticket.follower_count,
        "parent": ticket.parent.number if seen.works and ticket.parent else None,
        "merged": ticket.merged,
        "tracking_url": tracking_url(ticket) if seen.stance == Stance.REQUESTER else None,
    }


def _contact(ticket: Ticket) -> dict[str, str]:
    return {name: getattr(ticket, name) for name in ("first_name", "last_name", "email", "phone", "phone2")}


def follow_up(seen: Seen, one: FollowUp) -> dict[str, Any]:
    """One of `queries.follow_ups_of`. Who is not of the desk is told the service's or town's name, not the agent's."""
    message = one.message
    name = one.name if seen.works or message.side != Side.TOWN else naming.speaker_of(message, seen.ticket.town)
    return {
        "id": message.pk,
        "visibility": message.visibility,
        "body": message.body,
        "author": {"side": message.side, "name": name},
        "noted_by": one.noted_by if seen.works else "",
        "via": message.via,
        "at": message.at,
        "files": [
            {
                "id": str(kept.file_id),
                "name": kept.file.name,
                "content_type": kept.file.content_type,
                "size_bytes": kept.file.size_bytes,
            }
            for kept in one.files
        ],
    }
