"""The town hall's side of conversations: the list with its filters, a thread, who answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.conversations import forms, groups, inbox, queries, rules, thread
from hub.conversations.actions import (
    invite_agent,
    post_message,
    remove_agent,
    take_back,
    write_to_citizen,
)
from hub.conversations.models import Part, Participant
from hub.core.access import staff
from hub.core.errors import Forbidden, NotFound, ParvisError
from hub.core.ids import new_key
from hub.people.models import Person, Role
from hub.people.queries import access_citizen, access_desk, citizens_of, team_of
from hub.people.rules import Roles, roles_of
from hub.towns.models import Town

RECIPIENTS = 30


def _enter(request: HttpRequest, slug: str) -> tuple[Person, Town, Roles]:
    assert isinstance(request.user, Person)  # `staff` stands before every caller
    town, roles = access_desk(request.user, slug)
    request.town = town  # type: ignore[attr-defined]
    return request.user, town, roles


@staff
@require_safe
def messages(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The conversations of this person at this town hall."""
    person, town, roles = _enter(request, town_slug)
    context = inbox.for_desk(request, person, town)
    return render(request, "conversations/desk_messages.html", {**context, "may_write": Role.MAYOR in roles})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, town_slug: str, conversation_id: int) -> HttpResponse:
    """One conversation, as the mayor or an agent."""
    person, town, roles = _enter(request, town_slug)
    part = _part(person, town, conversation_id)
    if request.method == "POST":
        return _posted(request, person, part, roles)
    return _thread(request, person, part, roles)


def _part(person: Person, town: Town, conversation_id: int) -> Participant:
    part = queries.access_conversation(person, conversation_id)
    if part.conversation.town_id != town.pk or part.part == Part.CITIZEN:
        raise NotFound
    return part


def _posted(request: HttpRequest, person: Person, part: Participant, roles: Roles) -> HttpResponse:
    if request.POST.get("action") == "read":
        forms.read_all(request, person, part)
        return redirect(inbox.url_of(part))
    try:
        forms.say(request, person, part)
    except ParvisError as error:
        return _thread(request, person, part, roles, error)
    return redirect(f"{inbox.url_of(part)}#fin")


def _thread(
    request: HttpRequest, person: Person, part: Participant, roles: Roles, error: ParvisError | None = None
) -> HttpResponse:
    town = part.conversation.town
    shown = {
        **inbox.for_desk(request, person, town, opened=part),
        **thread.context(request, part),
        "may_write": Role.MAYOR in roles,
        "error": error,
        "body": request.POST.get("body", "") if error else "",
    }
    shown |= groups.beside(part) if part.conversation.shared else _beside(part, shown["here"])
    if error:
        shown["key"] = request.POST.get("key", "")
    template = "desk_group" if part.conversation.shared else "desk_conversation"
    return render(request, f"conversations/{template}.html", shown, status=error.status if error else 200)


def _beside(part: Participant, here: list[Participant]) -> dict[str, Any]:
    """Who the citizen is, who else answers, who could."""
    town, citizen = part.conversation.town, part.conversation.citizen
    may_invite = rules.may_invite(part.part)
    return {
        "counterpart": thread.counterpart(part),
        "since": _follows_since(citizen, town) if citizen else None,
        "agents": [one for one in here if one.part == Part.AGENT],
        "may_invite": may_invite,
        "invitable": _invitable(town, inside={one.person_id for one in here}) if may_invite else [],
    }


def _follows_since(citizen: Person, town: Town) -> int | None:
    membership = citizen.memberships.filter(town=town, role=Role.CITIZEN).first()
    return membership.created_at.year if membership else None


def _invitable(town: Town, *, inside: set[int]) -> list[Person]:
    """Who works here, may be brought in, and is not in yet."""
    roles: dict[Person, set[str]] = {}
    for membership in team_of(town):
        roles.setdefault(membership.person, set()).add(membership.role)
    return [
        person for person, held in roles.items() if rules.may_be_invited(roles_of(held)) and person.pk not in inside
    ]


@staff
@require_POST
def who_answers(request: HttpRequest, town_slug: str, conversation_id: int) -> HttpResponse:
    """The mayor hands over, invites, takes back or takes an agent out."""
    person, town, _roles = _enter(request, town_slug)
    part = _part(person, town, conversation_id)
    action = request.POST.get("action")
    if action == "take_back":
        take_back(actor=person, conversation_id=conversation_id)
    else:
        agent = _of_team(town, request.POST.get("agent", ""))
        if action == "remove":
            remove_agent(actor=person, conversation_id=conversation_id, agent=agent)
        else:
            hand_over = action == "hand_over"
            invite_agent(actor=person, conversation_id=conversation_id, agent=agent, hand_over=hand_over)
    return redirect(f"{inbox.url_of(part)}#fin")


def _of_team(town: Town, person_id: str) -> Person:
    if not person_id.isascii() or not person_id.isdigit() or len(person_id) > 18:
        raise NotFound
    membership = team_of(town).filter(person_id=int(person_id)).first()
    if membership is None:
        raise NotFound
    return membership.person


# The mayor writes first.


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def new_message(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The mayor writes to a citizen: looks for them, writes, sends. A conversation that exists goes on."""
    person, town, roles = _enter(request, town_slug)
    if Role.MAYOR not in roles:
        raise Forbidden
    chosen = _chosen(request, person, town)
    if request.method == "POST" and chosen:
        try:
            return _begin(request, person, town, chosen)
        except ParvisError as error:
            return _new_message(request, person, town, chosen, error)
    if chosen and (known := _known(person, town, chosen)):
        return redirect(f"{inbox.url_of(known)}#fin")
    return _new_message(request, person, town, chosen)


def _chosen(request: HttpRequest, person: Person, town: Town) -> Person | None:
    asked = request.POST.get("citizen") or request.GET.get("a") or ""
    if not asked:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        raise NotFound
    return access_citizen(person, town, int(asked))


def _known(person: Person, town: Town, citizen: Person) -> Participant | None:
    talks = queries.participations(person, town=town).filter(conversation__citizen=citizen)
    return talks.filter(conversation__last_seq__gt=0).first()


def _begin(request: HttpRequest, person: Person, town: Town, citizen: Person) -> HttpResponse:
    body = rules.clean_body(request.POST.get("body", ""), has_files=False)
    talk = write_to_citizen(actor=person, town=town, citizen=citizen)
    post_message(actor=person, conversation_id=talk.pk, key=request.POST.get("key", ""), body=body)
    return redirect("desk_conversation", town.slug, talk.pk)


def _new_message(
    request: HttpRequest, person: Person, town: Town, chosen: Person | None, error: ParvisError | None = None
) -> HttpResponse:
    search = request.GET.get("nom", "").strip()[:80]
    draft = thread.draft_to_citizen(town, chosen.pk) if chosen else ""
    shown = {
        **inbox.for_desk(request, person, town),
        "may_write": True,
        "chosen": chosen,
        "found": list(citizens_of(person, town, search)[:RECIPIENTS]) if not chosen else [],
        "name": search,
        "new_url": reverse("desk_new_message", args=[town.slug]),
        "key": request.POST.get("key") or new_key(),
        "body": request.POST.get("body", ""),
        "error": error,
        "draft": {"person": person.pk, "draft": draft},
    }
    return render(request, "conversations/desk_new_message.html", shown, status=error.status if error else 200)
