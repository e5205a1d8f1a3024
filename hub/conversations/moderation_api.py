"""The API of moderators: what is reported, what they decide, who may not write for a while."""

from typing import Annotated, Any

from ninja import Path, Query, Router

from hub.conversations import queries, reported
from hub.conversations.actions import (
    hide_message,
    keep_message,
    lift_silence,
    remove_message,
    restore_message,
    silence,
)
from hub.conversations.api import ConversationId
from hub.conversations.events import MessagePosted
from hub.conversations.group_shapes import Decision, NewSilence, ReportOut, SilenceOut
from hub.conversations.message_api import Seq
from hub.conversations.models import Report, Silence
from hub.conversations.shapes import MessageOut
from hub.core.shapes import MAX_NUMBER, Limit, Offset
from hub.people.identity import ApiRequest
from hub.people.models import Person

router = Router(tags=["moderation"])

SilenceId = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


@router.post(
    "conversations/{conversation_id}/messages/{seq}/moderation", response=MessageOut, summary="Decide of a message"
)
def decide(request: ApiRequest, conversation_id: ConversationId, seq: Seq, payload: Decision) -> MessagePosted:
    """Of a group or a live chat of a town that I moderate. Its author and who reported it are told.

    "hide": not shown until somebody decides; "remove": not shown any more; "restore": shown again; "keep": reports of
    it are closed, and it stays.
    """
    place: dict[str, Any] = {"actor": request.auth, "conversation_id": conversation_id, "seq": seq}
    if payload.action == "hide":
        hide_message(**place, reason=payload.reason)
    elif payload.action == "remove":
        remove_message(**place, reason=payload.reason)
    elif payload.action == "restore":
        restore_message(**place)
    else:
        keep_message(**place)
    return _as_it_is(request.auth, conversation_id, seq)


def _as_it_is(reader: Person, conversation_id: int, seq: int) -> MessagePosted:
    """As those who take part get it; a moderator need not be one of them."""
    conversation = queries.access_shared(reader, conversation_id)
    message = reported.access_case(conversation.town, conversation_id, seq)
    return queries.describe_all(conversation, [message], reader)[0]


@router.get("towns/{slug}/reports", response=list[ReportOut], summary="What is reported")
def list_reports(
    request: ApiRequest,
    slug: str,
    handled: Annotated[bool, Query(description="Those that somebody has decided of.")] = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """In a town that I moderate, the newest first."""
    town = reported.access_moderated_town(request.auth, slug)
    found = reported.reports(town, handled=handled)
    return [_report(report) for report in found[offset : offset + limit]]


@router.get("towns/{slug}/silences", response=list[SilenceOut], summary="Who may not write for a while")
def list_silences(request: ApiRequest, slug: str, limit: Limit = 50, offset: Offset = 0) -> list[dict[str, Any]]:
    """In a town that I moderate: those in force, the one that ends first first."""
    town = reported.access_moderated_town(request.auth, slug)
    return [_silence(one) for one in reported.silences(town)[offset : offset + limit]]


@router.post("towns/{slug}/silences", response={201: SilenceOut}, summary="Keep somebody from writing")
def make_silence(request: ApiRequest, slug: str, payload: NewSilence) -> tuple[int, dict[str, Any]]:
    """For an hour, a day, a week or a month; they are told why. Not who is of the town hall."""
    town = reported.access_moderated_town(request.auth, slug)
    made = silence(
        actor=request.auth, town=town, person=reported.access_member(town, payload.person), for_name=payload.duration,
        reason=payload.reason, conversation_id=payload.conversation,
    )  # fmt: skip
    return 201, _silence(made)


@router.delete("towns/{slug}/silences/{silence_id}", response={204: None}, summary="Let somebody write again")
def end_silence(request: ApiRequest, slug: str, silence_id: SilenceId) -> tuple[int, None]:
    """They are told. Again changes nothing."""
    town = reported.access_moderated_town(request.auth, slug)
    lift_silence(actor=request.auth, town=town, silence_id=silence_id)
    return 204, None


def _report(report: Report) -> dict[str, Any]:
    message = report.message
    return {
        "id": report.pk,
        "conversation": message.conversation_id,
        "title": message.conversation.subject,
        "seq": message.seq,
        "author": message.author,
        "body": message.body,
        "removal": message.removal,
        "reason": report.reason,
        "words": report.words,
        "reporter": report.reporter,
        "at": report.at,
        "outcome": report.outcome,
        "handled_by": report.handled_by,
        "handled_at": report.handled_at,
    }


def _silence(made: Silence) -> dict[str, Any]:
    return {
        "id": made.pk,
        "person": made.person,
        "conversation": made.conversation_id,
        "until": made.until,
        "reason": made.reason,
        "by": made.by,
        "at": made.at,
    }
