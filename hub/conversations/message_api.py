"""The API of what becomes of a message: changed, taken back, marked, reported, found again."""

from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Path, Query, Router

from hub.conversations import queries
from hub.conversations.actions import edit_message, react, report_message, withdraw_message
from hub.conversations.api import ConversationId, titled
from hub.conversations.events import MessagePosted
from hub.conversations.finding import parts_of_authors
from hub.conversations.group_shapes import Edited, FoundOut, NewReport, ReportedOut
from hub.conversations.models import Message, Report
from hub.conversations.shapes import MessageOut, ReactedOut
from hub.core.shapes import MAX_NUMBER, Limit
from hub.people.identity import ApiRequest
from hub.people.models import Person
from hub.people.queries import access_town

router = Router(tags=["conversations"])

Seq = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


@router.patch("conversations/{conversation_id}/messages/{seq}", response=MessageOut, summary="Change my message")
def edit(request: ApiRequest, conversation_id: ConversationId, seq: Seq, payload: Edited) -> MessagePosted:
    """My own words, for ten minutes. The others see that they were changed."""
    edit_message(actor=request.auth, conversation_id=conversation_id, seq=seq, body=payload.body)
    return described(request.auth, conversation_id, seq)


@router.delete("conversations/{conversation_id}/messages/{seq}", response=MessageOut, summary="Take my message back")
def withdraw(request: ApiRequest, conversation_id: ConversationId, seq: Seq) -> MessagePosted:
    """In a group or a live chat. A trace stays in its place."""
    withdraw_message(actor=request.auth, conversation_id=conversation_id, seq=seq)
    return described(request.auth, conversation_id, seq)


@router.put(
    "conversations/{conversation_id}/messages/{seq}/reactions/{sign}", response=ReactedOut, summary="Put a sign"
)
def put_sign(request: ApiRequest, conversation_id: ConversationId, seq: Seq, sign: str) -> dict[str, Any]:
    """On a message: like, heart, bravo, smile, surprise or sad. Again changes nothing."""
    count = react(actor=request.auth, conversation_id=conversation_id, seq=seq, sign=sign)
    return {"sign": sign, "count": count, "mine": True}


@router.delete(
    "conversations/{conversation_id}/messages/{seq}/reactions/{sign}", response=ReactedOut, summary="Take a sign off"
)
def take_sign(request: ApiRequest, conversation_id: ConversationId, seq: Seq, sign: str) -> dict[str, Any]:
    """My own. Again changes nothing."""
    count = react(actor=request.auth, conversation_id=conversation_id, seq=seq, sign=sign, on=False)
    return {"sign": sign, "count": count, "mine": False}


@router.post(
    "conversations/{conversation_id}/messages/{seq}/report", response={201: ReportedOut}, summary="Report a message"
)
def report(request: ApiRequest, conversation_id: ConversationId, seq: Seq, payload: NewReport) -> tuple[int, Report]:
    """Of a group or a live chat, and not my own. Moderators are told; I am, of what they decide. Once is enough."""
    made = report_message(
        actor=request.auth, conversation_id=conversation_id, seq=seq, reason=payload.reason, words=payload.words
    )
    return 201, made


@router.get("search", response=list[FoundOut], summary="Find words again")
def search(
    request: ApiRequest,
    q: Annotated[str, Query(max_length=200, description="Every word of it; the last letters may be missing.")],
    town: Annotated[str, Query(description="Only in this town of mine.")] = "",
    limit: Limit = 30,
) -> list[dict[str, Any]]:
    """The latest messages of my conversations and groups that hold all the words, accents and case apart."""
    place = access_town(request.auth, town)[0] if town else None
    return _found(request.auth, queries.found_messages(request.auth, q, town=place, limit=limit))


def _found(reader: Person, messages: Sequence[Message]) -> list[dict[str, Any]]:
    inside = {message.conversation_id for message in messages}
    parts = queries.participations(reader).filter(conversation__in=inside)
    titles = {part.conversation_id: title for part, title in titled(parts)}
    authors = parts_of_authors(messages)
    return [
        {
            "conversation": message.conversation_id,
            "topic": message.conversation.topic,
            "title": titles.get(message.conversation_id, ""),
            "town": message.conversation.town.slug,
            "seq": message.seq,
            "author": queries.author(message.author, authors.get((message.conversation_id, message.author.pk), "")),
            "body": message.body,
            "at": message.at,
        }
        for message in messages
        if message.author is not None
    ]


def described(reader: Person, conversation_id: int, seq: int) -> MessagePosted:
    """One message as it is now, for who takes part."""
    part = queries.access_conversation(reader, conversation_id)
    return queries.describe_all(part.conversation, [queries.access_message(part, seq)], reader)[0]
