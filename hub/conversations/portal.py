"""Citizens' pages of conversations, and the files of conversations for both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hub.conversations import forms, groups, inbox, queries, rules, thread, words
from hub.conversations.actions import open_conversation, post_message
from hub.conversations.models import Part, Participant
from hub.core.access import signed_in
from hub.core.errors import Invalid, ParvisError
from hub.core.ids import new_key
from hub.core.jsons import encode
from hub.files.actions import store_file
from hub.files.serving import file_response
from hub.people.models import Person, Role
from hub.people.queries import mayor_of, towns_of
from hub.towns.models import Town


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # `signed_in` stands before every caller
    return request.user


@signed_in
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """« Messages »: my conversations, over all towns."""
    person = _person(request)
    context = inbox.for_citizen(request, person)
    return render(request, "conversations/messages.html", {**context, "writable": _recipients(person)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """One conversation, as a citizen. Staff find theirs at their desk."""
    person = _person(request)
    part = queries.access_conversation(person, conversation_id)
    if part.part != Part.CITIZEN:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(inbox.url_of(part) + asked)
    if request.method == "POST":
        return _posted(request, person, part)
    return _thread(request, person, part)


def _posted(request: HttpRequest, person: Person, part: Participant) -> HttpResponse:
    if request.POST.get("action") == "read":
        forms.read_all(request, person, part)
        return redirect(inbox.url_of(part))
    try:
        forms.say(request, person, part)
    except ParvisError as error:
        return _thread(request, person, part, error)
    return redirect(f"{inbox.url_of(part)}#fin")


def _thread(request: HttpRequest, person: Person, part: Participant, error: ParvisError | None = None) -> HttpResponse:
    town = part.conversation.town
    request.town = town  # type: ignore[attr-defined]
    shown = {
        **inbox.for_citizen(request, person, opened=part),
        **thread.context(request, part),
        "error": error,
        "body": request.POST.get("body", "") if error else "",
        **(groups.beside(part) if part.conversation.shared else _beside(part)),
    }
    if error:
        shown["key"] = request.POST.get("key", "")
    template = "group" if part.conversation.shared else "conversation"
    return render(request, f"conversations/{template}.html", shown, status=error.status if error else 200)


def _beside(part: Participant) -> dict[str, Any]:
    """Who answers, and when."""
    counterpart = thread.counterpart(part)
    return {
        "counterpart": counterpart,
        "habit": words.habit(counterpart.habit),
        "where_to_meet": words.where_to_meet(part.conversation.town),
        "when_read": words.when_read(part.conversation.town),
    }


# A new message.


def _recipients(person: Person) -> list[tuple[Town, Person | None]]:
    """Whom this person may write to: the mayor of each town they belong to, but themselves."""
    return [(town, mayor_of(town)) for town, roles in towns_of(person).items() if Role.MAYOR not in roles]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_message(request: HttpRequest) -> HttpResponse:
    """« Écrire un nouveau message » (S40): whom, what, « Envoyer ». A conversation that exists goes on."""
    person = _person(request)
    recipients = _recipients(person)
    slug = request.POST.get("town") or request.GET.get("commune") or ""
    chosen = next((town for town, _mayor in recipients if town.slug == slug), None)
    if chosen is None and len(recipients) == 1:
        chosen = recipients[0][0]
    if request.method == "POST":
        try:
            return _begin(request, person, chosen)
        except ParvisError as error:
            return _new_message(request, person, recipients, chosen, error)
    if slug and chosen and (known := _known(person, chosen)):
        return redirect(f"{inbox.url_of(known)}#fin")
    return _new_message(request, person, recipients, chosen)


def _known(person: Person, town: Town) -> Participant | None:
    talks = queries.participations(person, town=town)
    return talks.filter(part=Part.CITIZEN, conversation__last_seq__gt=0).first()


def _begin(request: HttpRequest, person: Person, town: Town | None) -> HttpResponse:
    if town is None:
        raise Invalid(_("Choisissez à qui vous écrivez."), field="town")
    body = rules.clean_body(request.POST.get("body", ""), has_files=False)
    talk = open_conversation(actor=person, town=town)
    post_message(actor=person, conversation_id=talk.pk, key=request.POST.get("key", ""), body=body)
    return redirect("conversation", talk.pk)


def _new_message(
    request: HttpRequest,
    person: Person,
    recipients: list[tuple[Town, Person | None]],
    chosen: Town | None,
    error: ParvisError | None = None,
) -> HttpResponse:
    if chosen:
        request.town = chosen  # type: ignore[attr-defined]
    shown = {
        **inbox.for_citizen(request, person),
        "recipients": recipients,
        "chosen": chosen,
        "key": request.POST.get("key") or new_key(),
        "body": request.POST.get("body", ""),
        "error": error,
        "draft": {"person": person.pk, "draft": thread.draft_to_town(chosen) if chosen else "new"},
    }
    return render(request, "conversations/new_message.html", shown, status=error.status if error else 200)


# Files.


@signed_in
@require_POST
def upload(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Take one file for a message to come. 201 with its reference; errors as `{code, message}`."""
    person = _person(request)
    try:
        queries.access_conversation(person, conversation_id)
        given = request.FILES.get("file")
        if given is None:
            raise Invalid(_("Aucun fichier n’est arrivé."), field="file")
        stored = store_file(owner=person, name=given.name or "", content=given)
    except ParvisError as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
    reference = queries.file_ref(conversation_id, stored)
    return HttpResponse(encode(reference), content_type="application/json", status=201)


@signed_in
@require_GET
def download(request: HttpRequest, conversation_id: int, file_id: UUID) -> HttpResponse:
    """A file of a conversation, to its participants."""
    return file_response(queries.access_attachment(_person(request), conversation_id, file_id))


@signed_in
@require_GET
def thumbnail(request: HttpRequest, conversation_id: int, file_id: UUID) -> HttpResponse:
    """Its small picture."""
    return file_response(queries.access_attachment(_person(request), conversation_id, file_id), thumbnail=True)
