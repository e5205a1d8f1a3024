"""Other programs are told of a town's tickets: calls are written with their cause, and made after it.

Never of internal tickets, nor of internal follow-ups; never with the requester's details. docs/webhooks.md is for who
writes such a program.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction

from hub.core import jsons
from hub.core.clock import now
from hub.core.ids import new_key
from hub.core.tables import rows_of
from hub.tickets import links, tasks
from hub.tickets.models import Ticket, Webhook, WebhookCall
from hub.tickets.tree import path_name
from hub.towns.models import Town

EVENTS = ("ticket.created", "ticket.changed", "follow_up.added")
TEST = "test"
_ANY = "SELECT id FROM tickets_webhook WHERE town_id = %s AND active LIMIT 1"


def enqueue(ticket: Ticket, event: str, what: Mapping[str, Any]) -> None:
    """One call for each webhook of the town that wants this event, in the caller's transaction.

    Where a town has none, as most, it costs one small statement. `what`: the event's own.
    """
    if ticket.internal or not rows_of(_ANY, [ticket.town_id]):
        return
    wanting = [one for one in Webhook.objects.filter(town=ticket.town_id, active=True) if event in one.events]
    if wanting:
        _write(wanting, ticket.town, event, {"ticket": _told(ticket), "details": dict(what)})


def enqueue_test(webhook: Webhook) -> WebhookCall:
    """A call of that one webhook which tells nothing, in the caller's transaction."""
    return _write([webhook], webhook.town, TEST, {"ticket": None, "details": {}})[0]


def _write(webhooks: Iterable[Webhook], town: Town, event: str, said: Mapping[str, Any]) -> list[WebhookCall]:
    with transaction.atomic():
        calls = WebhookCall.objects.bulk_create(_call(webhook, town, event, said) for webhook in webhooks)
        for call in calls:
            transaction.on_commit(partial(tasks.nudge, call.pk), robust=True)
    return calls


def _call(webhook: Webhook, town: Town, event: str, said: Mapping[str, Any]) -> WebhookCall:
    at, key = now(), new_key()
    body = {"event": event, "id": key, "at": at, "town": town.slug, **said}
    return WebhookCall(webhook=webhook, event=event, key=key, body=jsons.encode_text(body), created_at=at, next_at=at)


def _told(ticket: Ticket) -> dict[str, Any]:
    """Where it stands. Neither title nor description: they are the requester's words."""
    path = path_name(ticket.category, label=False)
    return {
        "number": ticket.number,
        "status": ticket.status,
        "priority": ticket.priority_name,
        "category": {"id": ticket.category_id, "path": path},
        "public": ticket.public,
        "internal": ticket.internal,
        "due_on": ticket.due_on,
        "link": links.desk(ticket),
    }
