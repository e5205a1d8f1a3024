"""Which topics somebody may subscribe to: of all that is live."""

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import ConfigDict

from hub.alerts.alert_queries import at_work
from hub.alerts.lifecycle import may_alert
from hub.conversations import words
from hub.conversations.api import titled
from hub.conversations.queries import participations
from hub.core.shapes import Limit, Offset
from hub.people.identity import ApiRequest
from hub.people.models import Person
from hub.people.queries import needs_second_factor, towns_of
from hub.people.rules import is_staff
from hub.streams import topics
from hub.tickets.queries import tickets_of

router = Router(tags=["live"])


class TopicOut(Schema):
    """A topic to subscribe to on `/ws/`."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"topic": "conversation.42", "title": "Hélène Carpentier, maire"}}
    )

    topic: str
    title: str


@router.get("topics", response=list[TopicOut], summary="What I may subscribe to")
def list_topics(request: ApiRequest, limit: Limit = 100, offset: Offset = 0) -> list[dict[str, str]]:
    """My own inbox first, then my desks and their alerts under way, my conversations and groups, what I asked of
    towns, my towns."""
    return list(islice(_mine(request.auth, offset + limit), offset, offset + limit))


def _mine(person: Person, most: int) -> Iterator[dict[str, str]]:
    yield {"topic": "inbox.me", "title": words.inbox_title()}
    held = towns_of(person)
    strong = not needs_second_factor(person)
    for town, roles in held.items():
        if strong and is_staff(roles):
            yield {"topic": topics.desk(town.slug), "title": _("Bureau de %(town)s") % {"town": town.name}}
        if strong and may_alert(roles):
            for alert in at_work(town):
                yield {"topic": topics.alert(alert.pk), "title": alert.heading}
    for part, title in titled(participations(person)[:most]):
        yield {"topic": part.conversation.topic, "title": title}
    for ticket in tickets_of(person)[:most]:
        yield {"topic": ticket.topic, "title": ticket.title}
    for town in held:
        yield {"topic": topics.town(town.slug), "title": town.name}
