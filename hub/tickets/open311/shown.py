"""What is told: of a town's categories, of tickets that anybody may read.

Never whose a ticket is, nor their words (S100): what stands for the description is the title of the public pages.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from hub.conversations.models import Message, Side, Visibility
from hub.tickets import naming
from hub.tickets.attached import SENT
from hub.tickets.models import Answering, Category, Question, Status, Ticket, TicketFile
from hub.tickets.tracking import words
from hub.tickets.tree import Tree
from hub.towns.models import Town

MAX_TEXT = 4_000  # of a description, says the specification

_TYPES = {Answering.TEXT: "string", Answering.CHOICE: "singlevaluelist", Answering.YES_NO: "singlevaluelist"}


# Services.


def services(town: Town, tree: Tree) -> list[dict[str, Any]]:
    """The categories that citizens may choose, in order."""
    asked = set(Question.objects.filter(category__town=town, active=True).values_list("category", flat=True))
    return [_service(tree, category, asked) for category in tree.leaves(by_citizens=True)]


def _service(tree: Tree, category: Category, asked: set[int]) -> dict[str, Any]:
    path = tree.path(category)
    names = [name for one in path for name in (one.name, one.name_en) if name]
    return {
        "service_code": str(category.pk),
        "service_name": category.label,
        "description": tree.path_name(category),
        "metadata": any(one.pk in asked for one in path),
        "type": "realtime",
        "keywords": ", ".join(dict.fromkeys(name.replace(",", " ") for name in names)),
        "group": path[0].label,
    }


def definition(tree: Tree, category: Category) -> dict[str, Any]:
    """What is asked of who reports something there."""
    questions = enumerate(tree.questions(category), 1)
    return {
        "service_code": str(category.pk),
        "attributes": [_attribute(question, order) for order, question in questions],
    }


def _attribute(question: Question, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": str(question.pk),
        "datatype": _TYPES[Answering(question.answering)],
        "required": question.required,
        "datatype_description": None,
        "order": order,
        "description": question.label,
    }
    if choices := _choices(question):
        told["values"] = [{"key": key, "name": name} for key, name in choices]
    return told


def _choices(question: Question) -> list[tuple[str, str]]:
    if question.answering == Answering.YES_NO:
        return [("oui", _("Oui")), ("non", _("Non"))]
    return question.options if question.answering == Answering.CHOICE else []


# Requests.


def requests(found: QuerySet[Ticket]) -> list[dict[str, Any]]:
    """Public tickets. In few queries, however many they are."""
    said = Message.objects.filter(
        conversation=OuterRef("conversation"), side=Side.TOWN, visibility=Visibility.EXTERNAL, removed_at=None
    )
    last_said = Subquery(said.order_by("-seq").values("body")[:1])
    sent = TicketFile.objects.filter(SENT)
    pictures = Prefetch("files", sent.select_related("file"), to_attr="given_out")
    tickets = list(found.annotate(last_said=last_said).prefetch_related(pictures))
    titles = naming.public_titles(tickets)
    return [_request(ticket, titles[ticket.pk]) for ticket in tickets]


def _request(ticket: Ticket, title: str) -> dict[str, Any]:
    zone = ZoneInfo(ticket.town.time_zone)
    due = datetime.combine(ticket.due_on, time(23, 59, 59), zone) if ticket.due_on else None
    closed = ticket.closed_at if ticket.closed else None
    return {
        "service_request_id": ticket.number,
        "status": "closed" if ticket.closed else "open",
        "status_notes": _cut(_notes(ticket)),
        "service_name": ticket.category.label,
        "service_code": str(ticket.category_id),
        "description": _cut(title),
        "agency_responsible": agency(ticket),
        "service_notice": notice(ticket),
        "requested_datetime": _at(ticket.created_at, zone),
        "updated_datetime": _at(closed or ticket.changed_at, zone),
        "expected_datetime": _at(due, zone) if due else None,
        "address": ticket.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": ticket.lat,
        "long": ticket.lon,
        "media_url": _picture(ticket),
    }


def agency(ticket: Ticket) -> str:
    """Who answers for it: the service, else the town hall."""
    return ticket.service.name if ticket.service else naming.town_hall(ticket.town)


def notice(ticket: Ticket) -> str | None:
    """What is to be expected, while it is open."""
    if ticket.closed or ticket.due_on is None:
        return None
    return _("Traitement prévu d’ici %(day)s.") % {"day": words.told_day(ticket.due_on, ticket.town)}


def _notes(ticket: Ticket) -> str:
    """Why it was refused; else the last that the town said on it (S115)."""
    refused = ticket.refusal_reason if ticket.status == Status.CLOSED_REFUSED else ""
    return refused or getattr(ticket, "last_said", None) or ""


def _picture(ticket: Ticket) -> str | None:
    """The latest picture that the town sent along; never one of the requester's."""
    given: Iterable[TicketFile] = getattr(ticket, "given_out", ())
    pictures = [one.file_id for one in given if one.file.is_picture]
    return settings.LINK_BASE + reverse("ticket_file", args=[ticket.number, pictures[-1]]) if pictures else None


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _cut(text: str) -> str | None:
    return (text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…") or None
