"""The shapes of the tickets' API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hub.core.shapes import MAX_NUMBER, Input, Line
from hub.tickets import rules

Id = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Key = Annotated[str, Field(max_length=64, description="Chosen by the sender: sent again, it is the same.")]
Short = Annotated[Line, Field(max_length=200)]
KindName = Literal["request", "complaint", "permit"]
StatusName = Literal["not_transferred", "transferred", "in_progress", "closed_done", "closed_refused"]
PriorityName = Literal["urgent", "very_important", "important", "minor"]
SourceName = Literal["web", "api", "phone", "counter", "letter", "email", "sms"]
ViaName = Literal["web", "email", "sms", "phone", "letter", "desk"]

_TICKET: dict[str, Any] = {
    "number": "SA26-00042",
    "topic": "ticket.SA26-00042",
    "town": "saint-aurele",
    "kind": "request",
    "status": "in_progress",
    "priority": "important",
    "title": "Lampadaire éteint devant l’école",
    "description": "Lampadaire éteint devant l’école depuis lundi.",
    "category": {"id": 7, "name": "Éclairage", "path": "Voirie > Éclairage", "public_allowed": True},
    "service": {"id": 3, "name": "Travaux publics"},
    "assignee": None,
    "place": {"address": "12, rue du Four", "lat": 46.81, "lon": -71.2},
    "answers": [{"question": 4, "text": "Le lampadaire clignote-t-il ?", "answer": "non"}],
    "public": True,
    "anonymous": False,
    "internal": False,
    "wants_follow_ups": True,
    "source": "web",
    "contact": {
        "first_name": "Alice", "last_name": "Moreau", "email": "alice@citoyen.example", "phone": "", "phone2": "",
    },
    "created_at": "2026-11-22T18:47:52.945123Z",
    "changed_at": "2026-11-23T09:12:00.000000Z",
    "due_on": "2026-12-04",
    "closed_at": None,
    "refusal_reason": "",
    "follow_ups": 2,
    "followers": 0,
    "parent": None,
    "merged": False,
    "tracking_url": "https://parvis.example/suivi/SA26-00042/?c=7HJ2KMNP4Q",
}  # fmt: skip


class CategoryOut(Schema):
    """Something that tickets can be about. `path`: the way to it from the root."""

    model_config = ConfigDict(json_schema_extra={"example": _TICKET["category"]})

    id: int
    name: str
    path: str
    public_allowed: bool


class QuestionOut(Schema):
    """What is asked in a category. `choices`: what may be answered; empty for free text."""

    id: int
    text: str
    answering: str
    required: bool
    choices: list[str]


class CategoryWithQuestions(CategoryOut):
    """The same, with the image of the design system that stands for it and what is asked there."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_TICKET["category"], "icon": "lamp",
                "questions": [
                    {
                        "id": 4, "text": "Le lampadaire clignote-t-il ?", "answering": "yes_no", "required": False,
                        "choices": ["oui", "non"],
                    }
                ],
            }
        }
    )  # fmt: skip

    icon: str
    questions: list[QuestionOut]


class ServiceOut(Schema):
    """A municipal service."""

    id: int
    name: str


class PlaceOut(Schema):
    """Where it is: WGS 84, degrees."""

    address: str
    lat: float | None
    lon: float | None


class ContactOut(Schema):
    """How to reach the requester: staff and the requester alone are told."""

    first_name: str
    last_name: str
    email: str
    phone: str
    phone2: str


class TicketOut(Schema):
    """A ticket as its reader may know it.

    For others (S100) `contact`, `assignee` and `answers` are null, `description` is empty, and `title` says what it is
    about and where, unless the town has written one.
    """

    model_config = ConfigDict(json_schema_extra={"example": _TICKET})

    number: str
    topic: str
    town: str
    kind: str
    status: str
    priority: str
    title: str
    description: str
    category: CategoryOut
    service: ServiceOut | None
    assignee: str | None
    place: PlaceOut
    answers: list[dict[str, Any]] | None
    public: bool
    anonymous: bool
    internal: bool
    wants_follow_ups: bool | None
    source: str
    contact: ContactOut | None
    created_at: datetime
    changed_at: datetime
    due_on: date | None
    closed_at: datetime | None
    refusal_reason: str
    follow_ups: int
    followers: int
    parent: str | None
    merged: bool
    tracking_url: str | None


class TicketFileOut(Schema):
    """A file of a follow-up."""

    id: str
    name: str
    content_type: str
    size_bytes: int


class VoiceOut(Schema):
    """For whom it speaks: `side` is town or requester."""

    side: str
    name: str


class FollowUpOut(Schema):
    """What somebody wrote on a ticket."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 81, "visibility": "external", "body": "Notre équipe passe demain.", "via": "desk",
                "author": {"side": "town", "name": "Travaux publics"}, "noted_by": "",
                "at": "2026-11-23T09:12:00.000000Z", "files": [],
            }
        }
    )  # fmt: skip

    id: int
    visibility: str
    body: str
    author: VoiceOut
    noted_by: str
    via: str
    at: datetime
    files: list[TicketFileOut]


class PlaceIn(Input):
    """An address, a point, or both."""

    address: Short = ""
    lat: float | None = None
    lon: float | None = None


class ContactIn(Input):
    """How to reach the requester."""

    first_name: Annotated[Line, Field(max_length=80)] = ""
    last_name: Annotated[Line, Field(max_length=80)] = ""
    email: Annotated[Line, Field(max_length=254)] = ""
    phone: Annotated[Line, Field(max_length=30)] = ""
    phone2: Annotated[Line, Field(max_length=30)] = ""


class NewTicket(Input):
    """What a town is asked. For staff only: `internal`, `source`, `priority`, `service`, `contact` of another."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "town": "saint-aurele", "kind": "request", "category": 7, "public": True, "wants_follow_ups": True,
                "description": "Lampadaire éteint devant l’école.", "place": {"address": "12, rue du Four"},
                "key": "b2f1c0de5f7e4a0c9d5b8a3e",
            }
        }
    )  # fmt: skip

    town: str
    kind: KindName = "request"
    category: Id
    description: Annotated[str, Field(max_length=rules.MAX_DESCRIPTION + 1)]
    title: Annotated[Line, Field(max_length=rules.MAX_TITLE)] = ""
    place: PlaceIn | None = None
    answers: dict[str, str] | None = None
    public: bool = False
    anonymous: bool = False
    wants_follow_ups: bool = False
    contact: ContactIn | None = None
    internal: bool = False
    source: SourceName | None = None
    priority: PriorityName | None = None
    service: Id | None = None
    task_of: Annotated[str, Field(max_length=16)] = ""
    key: Key | None = None


class TicketChanges(Input):
    """What is to be otherwise. `service`, `assignee` null: nobody. A refusal needs its `reason`, which is sent.

    Staff are answered 409 `names_requester` when everybody would read in it who asked; `sure`: publish it all the same.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "closed_refused", "reason": "Cette route est au département."}}
    )

    status: StatusName | None = None
    reason: Annotated[str, Field(max_length=rules.MAX_REASON)] = ""
    priority: PriorityName | None = None
    service: Id | None = None
    assignee: Id | None = None
    due_on: date | None = None
    category: Id | None = None
    title: Annotated[Line, Field(max_length=rules.MAX_TITLE)] | None = None
    public: bool | None = None
    place: PlaceIn | None = None
    contact: ContactIn | None = None
    wants_follow_ups: bool | None = None
    sure: bool = False


class NewFollowUp(Input):
    """Staff write to the requester (external) or to colleagues (internal); the requester answers (external).

    `via` phone, letter, email or sms, by staff, with `requester`: they write down what the requester said.
    Of an anonymous ticket, an external one goes to those grouped under it, and stands on it as internal.
    `sure`: as in changes, for what tells who asked on a public ticket.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"visibility": "external", "body": "Notre équipe passe demain."}}
    )

    visibility: Literal["external", "internal"] = "external"
    body: str
    body_en: str = ""
    via: ViaName | None = None
    requester: bool = False
    key: Key | None = None
    sure: bool = False
