"""The API of conversations: the same actions as a click."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, UploadedFile

from hub.conversations import inbox, queries, rules, words
from hub.conversations.actions import Posted, open_conversation, post_message
from hub.conversations.events import FileRef, MessagePosted
from hub.conversations.models import Conversation, Part, Participant, Via
from hub.conversations.shapes import (
    ConversationOut,
    FileOut,
    MessageOut,
    NewConversation,
    NewMessage,
    OpenedOut,
    PostedOut,
)
from hub.core.ids import new_key
from hub.core.shapes import MAX_NUMBER, Limit, Offset
from hub.files.actions import store_file
from hub.files.serving import file_response
from hub.people.identity import ApiRequest, by_token
from hub.people.models import Person
from hub.people.queries import access_town, mayor_of

router = Router(tags=["conversations"])

ConversationId = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


@router.get("conversations", response=list[ConversationOut], summary="My conversations")
def list_conversations(request: ApiRequest, limit: Limit = 50, offset: Offset = 0) -> list[dict[str, Any]]:
    """The latest first, my groups among them. Those in which nothing has been said yet are left out."""
    parts = queries.participations(request.auth).filter(conversation__last_seq__gt=0)
    return [_described(part, title) for part, title in titled(parts[offset : offset + limit])]


@router.post("conversations", response={201: OpenedOut}, summary="Write to a mayor")
def open_or_continue(request: ApiRequest, payload: NewConversation) -> tuple[int, dict[str, Any]]:
    """Opens my private conversation with the town's mayor, or continues it: there is one per citizen and town."""
    town, _roles = access_town(request.auth, payload.town)
    rules.clean_body(payload.body, has_files=False)
    key = rules.clean_key(new_key() if payload.key is None else payload.key)
    conversation = open_conversation(actor=request.auth, town=town, subject=payload.subject)
    posted = post_message(
        actor=request.auth, conversation_id=conversation.pk, key=key, body=payload.body, via=_via(request)
    )
    return 201, {"id": conversation.pk, "topic": conversation.topic, "town": town.slug, "message": posted}


@router.get("conversations/{conversation_id}/messages", response=list[MessageOut], summary="Messages")
def list_messages(
    request: ApiRequest,
    conversation_id: ConversationId,
    limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, le=MAX_NUMBER, description="Only those with a lower `seq`.")] = None,
) -> list[MessagePosted]:
    """The latest first; go on with `before` = the lowest `seq` that you have."""
    part = queries.access_conversation(request.auth, conversation_id)
    page = queries.page_of_messages(part.conversation, reader=request.auth, before=before, limit=limit)
    return list(reversed(page.messages))


@router.post("conversations/{conversation_id}/messages", response={201: PostedOut}, summary="Say something")
def say(request: ApiRequest, conversation_id: ConversationId, payload: NewMessage) -> tuple[int, Posted]:
    """The same key with the same words again: the same answer, and no second message. With other words: 409."""
    posted = post_message(
        actor=request.auth,
        conversation_id=conversation_id,
        key=new_key() if payload.key is None else payload.key,
        body=payload.body,
        file_ids=[str(file_id) for file_id in payload.attachments],
        via=_via(request),
        reply_to=payload.reply_to,
    )
    return 201, posted


@router.post("conversations/{conversation_id}/files", response={201: FileOut}, summary="Send a file")
def send_file(request: ApiRequest, conversation_id: ConversationId, file: File[UploadedFile]) -> tuple[int, FileRef]:
    """For a message to come (`attachments`): jpg, png, webp, pdf, doc, docx, xls, xlsx, odt, ods or txt, 10 MB at most.

    Pictures are made anew, without what the camera wrote into them. A file that no message took in two days is
    forgotten.
    """
    queries.access_conversation(request.auth, conversation_id)
    stored = store_file(owner=request.auth, name=file.name or "", content=file)
    return 201, queries.file_ref(conversation_id, stored)


@router.get("conversations/{conversation_id}/files/{file_id}", response={200: None}, summary="Get a file")
def get_file(
    request: ApiRequest, conversation_id: ConversationId, file_id: UUID, thumbnail: bool = False
) -> HttpResponse:
    """The bytes of a file that came with a message, or its thumbnail."""
    return file_response(queries.access_attachment(request.auth, conversation_id, file_id), thumbnail=thumbnail)


def _via(request: HttpRequest) -> Via:
    return Via.API if by_token(request) else Via.WEB


def titled(parts: Iterable[Participant]) -> list[tuple[Participant, str]]:
    """Each with the name of the other side, or a group's own. A town's mayor is looked up once."""
    mayors: dict[int, Person | None] = {}
    found = []
    for part in parts:
        conversation = part.conversation
        if part.part == Part.CITIZEN and not conversation.shared and conversation.town_id not in mayors:
            mayors[conversation.town_id] = mayor_of(conversation.town)
        found.append((part, _title(part, mayors.get(conversation.town_id))))
    return found


def _title(part: Participant, mayor: Person | None) -> str:
    conversation = part.conversation
    if conversation.shared:
        return conversation.subject
    if part.part != Part.CITIZEN:
        return conversation.citizen.name if conversation.citizen else ""
    if conversation.answered_by is not None:
        return conversation.answered_by.name
    return words.mayor_and_office(mayor) if mayor else inbox.town_hall(conversation.town)


def _described(part: Participant, title: str) -> dict[str, Any]:
    conversation = part.conversation
    return {
        **_people(conversation),
        "id": conversation.pk,
        "topic": conversation.topic,
        "title": title,
        "town": conversation.town.slug,
        "kind": conversation.kind,
        "subject": conversation.subject,
        "part": part.part,
        "last_seq": conversation.last_seq,
        "last_excerpt": conversation.last_excerpt,
        "last_at": conversation.last_at,
        "unread": part.news,
        "read_seq": part.read_seq,
        "waiting_since": conversation.waiting_since,
        "members": conversation.members,
        "posts": conversation.posts,
        "closed": conversation.closed_at is not None,
        "muted": part.muted,
    }


def _people(conversation: Conversation) -> dict[str, Any]:
    citizen, agent = conversation.citizen, conversation.answered_by
    return {
        "citizen": queries.author(citizen, Part.CITIZEN) if citizen else None,
        "answered_by": queries.author(agent, Part.AGENT) if agent else None,
    }
