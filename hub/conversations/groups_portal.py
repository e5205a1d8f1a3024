"""Discussion groups for who follows a town: the list; and for staff too, the door of each and what its forms do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.conversations import actions, forms, group_cards, group_words, inbox, queries, rules
from hub.conversations.group_forms import GroupForm
from hub.conversations.models import Conversation, Kind, Part
from hub.core.access import signed_in
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.notifications.standing import standing_of
from hub.people.models import Person
from hub.people.queries import roles_in, towns_of
from hub.people.visitor import posted, signed_in_person

Act = Callable[[HttpRequest, Person, Conversation], str]


@signed_in
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """« Groupes de discussion »: those of all my towns."""
    person = signed_in_person(request)
    standing_of(request, person)  # first: what comes after it is told live
    towns = [
        group_cards.of_town(person, town, roles)
        for town, roles in towns_of(person).items()
        if rules.part_in_group(roles) is not None
    ]
    shown = [card for one in towns for card in (*one.groups, *([one.live] if one.live else []))]
    state = group_cards.live_state(person, shown, address=request.path, town=towns[0].town if towns else None)
    return render(request, "conversations/groups.html", {"towns": towns, "groups": state})


# The door.


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What a group or live chat is about and what is expected, and one button: enter. Who is in goes on at once."""
    person = signed_in_person(request)
    conversation = queries.access_shared(person, conversation_id)
    part = rules.part_in_group(roles_in(person, conversation.town))
    if part is None:
        raise NotFound
    if request.method == "POST":
        try:
            actions.join(actor=person, conversation_id=conversation_id)
        except Forbidden as error:
            return _door(request, person, conversation, part, status=error.status)
    known = queries.parts_in(person, [conversation]).get(conversation_id)
    if known is None:
        return _door(request, person, conversation, part)
    known.conversation = conversation
    return redirect(inbox.url_of(known) + "#fin")


def _door(
    request: HttpRequest, person: Person, conversation: Conversation, part: Part, *, status: int = 200
) -> HttpResponse:
    back = _list_of(conversation, part)
    request.town = conversation.town  # type: ignore[attr-defined]
    request.navigation = back  # type: ignore[attr-defined]
    shown = {
        "card": group_cards.Card(conversation, None),
        "conversation": conversation,
        "town": conversation.town,
        "made_by": group_words.made_by(conversation),
        "expected": group_words.expected(conversation),
        "over": not rules.may_enter(part, kind=conversation.kind, closed=conversation.closed_at is not None),
        "back": back,
        **_frame(part),
    }
    return render(request, "conversations/enter.html", shown, status=status)


def _frame(part: Part) -> dict[str, Any]:
    """The page's frame: as a citizen, or of the town hall."""
    official = part != Part.CITIZEN
    return {"official": official, "frame_template": "frames/desk.html" if official else "frames/citizen.html"}


def _list_of(conversation: Conversation, part: Part) -> str:
    """Where this reader sees all groups."""
    if part == Part.CITIZEN:
        return reverse("groups")
    return reverse("desk_groups", args=[conversation.town.slug])


# What the forms beside a group's thread do.


@signed_in
@require_POST
def act(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Leave, mute, close, reopen, pace, change, unpin: then back to the thread, or to the list for who is out."""
    person = signed_in_person(request)
    conversation = queries.access_shared(person, conversation_id)
    part = rules.part_in_group(roles_in(person, conversation.town))
    do = _ACTS.get(request.POST.get("action", ""))
    if part is None or do is None:
        raise NotFound
    try:
        messages.success(request, do(request, person, conversation))
    except (Invalid, Conflict) as error:
        if request.POST.get("action") == "change":
            return change_page(request, conversation, back=_list_of(conversation, part), error=error)
        messages.error(request, str(error))
    return redirect(_back(person, conversation, part))


def _back(person: Person, conversation: Conversation, part: Part) -> str:
    known = queries.parts_in(person, [conversation]).get(conversation.pk)
    if known is None:
        return _list_of(conversation, part)
    known.conversation = conversation
    return inbox.url_of(known)


def change_page(
    request: HttpRequest, conversation: Conversation, *, back: str, error: Invalid | Conflict | None = None
) -> HttpResponse:
    """At the desk: title and what it is about, to change; with what was typed, and what is wrong with it."""
    form = GroupForm(posted(request), initial={"title": conversation.subject, "about": conversation.about})
    if error and not form.errors:
        form.add_error(error.field if isinstance(error, Invalid) else None, str(error))
    request.town = conversation.town  # type: ignore[attr-defined]
    request.navigation = back  # type: ignore[attr-defined]
    shown = {"form": form, "conversation": conversation, "town": conversation.town, "back": back}
    return render(request, "conversations/group_change.html", shown, status=error.status if error else 200)


def _leave(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.leave(actor=person, conversation_id=conversation.pk)
    return _("Vous avez quitté « %(title)s ». Ce que vous y avez écrit y reste.") % {"title": conversation.subject}


def _mute(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.mute(actor=person, conversation_id=conversation.pk)
    return _("Vous ne serez plus prévenu des messages de cette discussion, sauf de ceux qui vous nomment.")


def _unmute(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.mute(actor=person, conversation_id=conversation.pk, on=False)
    return _("Vous serez de nouveau prévenu des messages de cette discussion.")


def _close(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.close(actor=person, conversation_id=conversation.pk, reason=request.POST.get("reason", ""))
    if conversation.kind == Kind.LIVE:
        return _("La discussion en direct est terminée.")
    return _("La discussion est fermée : on peut la lire, mais plus y écrire.")


def _reopen(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.reopen(actor=person, conversation_id=conversation.pk)
    return _("La discussion est rouverte.")


def _pace(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    slow_s = forms.number(request.POST.get("slow_s", ""))
    actions.set_pace(actor=person, conversation_id=conversation.pk, slow_s=-1 if slow_s is None else slow_s)
    return _("Le rythme est changé.")


def _change(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    title, about = request.POST.get("title", ""), request.POST.get("about", "")
    actions.change_group(actor=person, conversation_id=conversation.pk, title=title, about=about)
    return _("La discussion est à jour.")


def _unpin(request: HttpRequest, person: Person, conversation: Conversation) -> str:
    actions.pin_message(actor=person, conversation_id=conversation.pk, seq=None)
    return _("Plus aucun message n’est épinglé.")


_ACTS: dict[str, Act] = {
    "leave": _leave,
    "mute": _mute,
    "unmute": _unmute,
    "close": _close,
    "reopen": _reopen,
    "pace": _pace,
    "change": _change,
    "unpin": _unpin,
}
