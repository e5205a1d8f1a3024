"""The API of tickets: the same actions as a click."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from ninja import File, Form, Path, Query, Router, UploadedFile

from hub.conversations.models import Via, Visibility
from hub.core.errors import Forbidden
from hub.core.ids import new_key
from hub.core.shapes import Limit, Offset
from hub.files.serving import file_response
from hub.people.identity import ApiRequest, by_token
from hub.people.models import Person
from hub.people.queries import needs_second_factor, towns_of
from hub.people.rules import is_staff
from hub.tickets import describing, queries
from hub.tickets.actions import Changes, add_answer, add_follow_up, change_ticket, create_ticket, note_words
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import Source, Ticket, TicketKind
from hub.tickets.queries import Seen
from hub.tickets.rules import Stance
from hub.tickets.shapes import (
    CategoryWithQuestions,
    ContactIn,
    FollowUpOut,
    NewFollowUp,
    NewTicket,
    PlaceIn,
    StatusName,
    TicketChanges,
    TicketOut,
)
from hub.tickets.tree import Tree
from hub.towns.models import Town
from hub.towns.queries import town_by_slug

router = Router(tags=["tickets"])

Number = Annotated[str, Path(max_length=16)]


@router.get("towns/{slug}/categories", response=list[CategoryWithQuestions], summary="What tickets can be about")
def list_categories(request: ApiRequest, slug: str) -> list[dict[str, Any]]:
    """In the order in which people see them; what only staff may use is told to staff."""
    town = town_by_slug(slug)
    tree = Tree(town)
    citizens = not is_staff(queries.reader_of(request.auth, town).roles)
    return [
        {
            **describing.category_of(tree, category),
            "questions": [
                {
                    "id": one.pk, "text": one.label, "answering": one.answering, "required": one.required,
                    "choices": ["oui", "non"] if one.answering == "yes_no" else [value for value, _ in one.options],
                }
                for one in tree.questions(category)
            ],
        }
        for category in tree.leaves(by_citizens=citizens)
    ]  # fmt: skip


@router.get("tickets", response=list[TicketOut], summary="My tickets, and those of my desks")
def list_tickets(
    request: ApiRequest,
    town: Annotated[str | None, Query(description="Of this town only.")] = None,
    status: Annotated[list[StatusName] | None, Query(description="In one of these states.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """The latest first: what I asked for myself; at a desk of mine also what is my work there."""
    found = _mine(request.auth)
    if town is not None:
        found = found.filter(town=town_by_slug(town))
    if status:
        found = found.filter(status__in=status)
    rows = list(found.select_related(*queries.WITH).order_by("-created_at", "-pk")[offset : offset + limit])
    return [_out(queries.seen_by(request.auth, ticket)) for ticket in rows]


def _mine(person: Person) -> QuerySet[Ticket]:
    asked = Q(requester=person, internal=False)
    for town, roles in towns_of(person).items():
        if is_staff(roles) and not needs_second_factor(person):
            asked |= Q(town=town) & queries.in_reach(queries.reader_of(person, town))
    return Ticket.objects.filter(asked)


@router.post("tickets", response={201: TicketOut}, summary="Ask something of a town")
def make_ticket(request: ApiRequest, payload: NewTicket) -> tuple[int, dict[str, Any]]:
    """The same key with the same words again: the same ticket. At a desk of mine I may ask for somebody else."""
    town = town_by_slug(payload.town)
    ticket = create_ticket(actor=request.auth, town=town, draft=_draft(request, town, payload))
    return 201, _out(_seen(request, ticket))


def _seen(request: ApiRequest, ticket: Ticket) -> Seen:
    """What was just made is shown to its maker, even if it is anonymous and nobody's from now on."""
    if ticket.anonymous:
        return queries.seen_by(ticket.requester, queries.ticket_by_secret(ticket.number, ticket.secret))
    return queries.access_ticket(request.auth, ticket.number)


def _draft(request: ApiRequest, town: Town, payload: NewTicket) -> Draft:
    staff = is_staff(queries.reader_of(request.auth, town).roles)
    usual = Source.API if staff and by_token(request) else Source.WEB
    return Draft(
        category_id=payload.category, description=payload.description, kind=TicketKind(payload.kind),
        source=Source(payload.source) if payload.source else usual, key=payload.key or new_key(), title=payload.title,
        place=_place(payload.place) or Place(), answers=_answers(payload.answers), public=payload.public,
        anonymous=payload.anonymous, wants_follow_ups=payload.wants_follow_ups, internal=payload.internal,
        contact=_contact(payload.contact), priority=payload.priority or "", service_id=payload.service,
        task_of=payload.task_of,
    )  # fmt: skip


def _answers(given: dict[str, str] | None) -> dict[int, str]:
    """By the question's number; what is none is refused as a question of another category is."""
    return {int(key) if key.isascii() and key.isdecimal() else 0: value for key, value in (given or {}).items()}


def _place(given: PlaceIn | None) -> Place | None:
    return Place(given.address, given.lat, given.lon) if given else None


def _contact(given: ContactIn | None) -> Contact | None:
    return Contact(**given.model_dump()) if given else None


@router.get("tickets/{number}", response=TicketOut, summary="One ticket")
def get_ticket(request: ApiRequest, number: Number) -> dict[str, Any]:
    """Mine, one of my desk's, or a public one."""
    return _out(queries.access_ticket(request.auth, number))


@router.patch("tickets/{number}", response=TicketOut, summary="Change a ticket")
def patch_ticket(request: ApiRequest, number: Number, payload: TicketChanges) -> dict[str, Any]:
    """Staff; its requester may change `place`, `contact` and `wants_follow_ups`. The rules are those of the desk."""
    given = payload.model_fields_set
    changes = Changes(
        status=payload.status, reason=payload.reason, priority=payload.priority, due_on=payload.due_on,
        service_id=(payload.service or 0) if "service" in given else None,
        assignee_id=(payload.assignee or 0) if "assignee" in given else None,
        category_id=payload.category, title=payload.title, public=payload.public, place=_place(payload.place),
        contact=_contact(payload.contact), wants_follow_ups=payload.wants_follow_ups,
    )  # fmt: skip
    before = queries.access_ticket(request.auth, number)
    changed = change_ticket(actor=request.auth, number=number, changes=changes, sure=payload.sure)
    return _out(Seen(changed, before.stance, before.roles))  # it may be another service's from now on


@router.get("tickets/{number}/follow-ups", response=list[FollowUpOut], summary="What was said on a ticket")
def list_follow_ups(
    request: ApiRequest, number: Number, limit: Limit = 100, offset: Offset = 0
) -> list[dict[str, Any]]:
    """The oldest first. Staff read all; the requester what is external; of a public ticket all read the town's."""
    seen = queries.access_ticket(request.auth, number)
    found = queries.follow_ups_of(seen)[offset : offset + limit]
    return [describing.follow_up(seen, one) for one in found]


@router.post("tickets/{number}/follow-ups", response={201: FollowUpOut}, summary="Write on a ticket")
def say(request: ApiRequest, number: Number, payload: NewFollowUp) -> tuple[int, dict[str, Any]]:
    """The same key with the same words again: the same answer, and no second follow-up."""
    actor, seen = request.auth, queries.access_ticket(request.auth, number)
    key = payload.key or new_key()
    if not seen.works:
        if seen.stance != Stance.REQUESTER or payload.visibility != "external":
            raise Forbidden
        message = add_answer(actor=actor, number=number, body=payload.body, key=key)
    elif payload.requester:
        via = Via(payload.via or Via.PHONE)
        message = note_words(actor=actor, number=number, body=payload.body, via=via, key=key)
    else:
        message = add_follow_up(
            actor=actor, number=number, visibility=Visibility(payload.visibility), body=payload.body,
            body_en=payload.body_en, via=Via(payload.via or Via.DESK), key=key, sure=payload.sure,
        )  # fmt: skip
    return 201, describing.follow_up(seen, queries.describe(seen.ticket, message))


@router.post("tickets/{number}/files", response={201: FollowUpOut}, summary="Send a file with words")
def send_file(
    request: ApiRequest, number: Number, file: File[UploadedFile], body: Form[str] = "",
    visibility: Form[str] = Visibility.EXTERNAL, sure: Form[bool] = False,
) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """One file of 10 MB at most, of the kinds that S117 names; it comes with a follow-up, or with an answer of mine.

    `sure`: as for follow-ups; the file's name is read by everybody too.
    """
    actor, seen = request.auth, queries.access_ticket(request.auth, number)
    given = [(file.name or "", file)]
    if seen.works and visibility in Visibility.values:
        message = add_follow_up(
            actor=actor, number=number, visibility=Visibility(visibility), body=body, files=given, sure=sure
        )
    elif seen.stance == Stance.REQUESTER:
        message = add_answer(actor=actor, number=number, body=body, files=given)
    else:
        raise Forbidden
    return 201, describing.follow_up(seen, queries.describe(seen.ticket, message))


@router.get("tickets/{number}/files/{file_id}", response={200: None}, summary="Get a file")
def get_file(request: ApiRequest, number: Number, file_id: UUID, thumbnail: bool = False) -> HttpResponse:
    """The bytes of a file that I may have, or its thumbnail."""
    seen = queries.access_ticket(request.auth, number)
    return file_response(queries.access_file(seen, file_id), thumbnail=thumbnail)


def _out(seen: Seen) -> dict[str, Any]:
    return describing.described(seen, Tree(seen.ticket.town))
