"""What the plain forms of a conversation's page do, on both sides. They work without JavaScript."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from hub.conversations.actions import Posted, mark_read, post_message
from hub.conversations.models import Participant
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.people.models import Person


def say(request: HttpRequest, actor: Person, part: Participant) -> Posted:
    """Post the form's words and files under the form's key: sent twice, it is one message.

    Raises the errors of `store_file` and `post_message`.
    """
    files = [str(stored.pk) for stored in _stored(actor, request.FILES.getlist("file"))]
    return post_message(
        actor=actor,
        conversation_id=part.conversation_id,
        key=request.POST.get("key", ""),
        body=request.POST.get("body", ""),
        file_ids=files,
        reply_to=number(request.POST.get("reply_to", "")),
    )


def _stored(actor: Person, files: Iterable["UploadedFile[bytes]"]) -> list[StoredFile]:
    return [store_file(owner=actor, name=file.name or "", content=file) for file in files]


def read_all(request: HttpRequest, actor: Person, part: Participant) -> None:
    """« Marquer comme lu »: a browser without JavaScript can't tell what was looked at."""
    seq = number(request.POST.get("seq", ""))
    if seq is not None:
        mark_read(actor=actor, conversation_id=part.conversation_id, up_to=seq)


def number(text: str) -> int | None:
    """A number that a form brought; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
