"""What one may do with one message: answer, mark, change, report, pin, take away. The same page for both sides."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.conversations import actions, inbox, queries, rules, words
from hub.conversations.models import Message, Part, Participant, Reason
from hub.core.access import signed_in
from hub.core.clock import now
from hub.core.errors import NotFound, ParvisError
from hub.people.models import STAFF_ROLES, Person
from hub.people.queries import roles_in
from hub.people.visitor import signed_in_person

Act = Callable[[HttpRequest, Person, Participant, int], str]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, conversation_id: int, seq: int) -> HttpResponse:
    """One message, with what this reader may do with it. A live page shows it as a dialog."""
    person = signed_in_person(request)
    part = queries.access_conversation(person, conversation_id)
    shown = queries.access_message(part, seq)
    if shown.author is None:
        raise NotFound
    error = None
    if request.method == "POST":
        try:
            done = _acted(request, person, part, seq)
        except ParvisError as refusal:
            error = refusal
        else:
            if request.headers.get("Accept") == "application/json":
                return JsonResponse({"said": done})  # a live page says it itself
            if done:
                messages.success(request, done)
            return redirect(f"{inbox.url_of(part)}#m{seq}")
    return _page(request, part, shown, error)


def _acted(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    """Do what the form asks; what to say of it. Raises the action's errors, `NotFound` for no action of these."""
    act = _ACTS.get(request.POST.get("action", ""))
    if act is None:
        raise NotFound
    return act(request, person, part, seq)


def _page(request: HttpRequest, part: Participant, shown: Message, error: ParvisError | None) -> HttpResponse:
    conversation = part.conversation
    request.town = conversation.town  # type: ignore[attr-defined]
    [described] = queries.describe_all(conversation, [shown], part.person)
    context = {
        "part": part,
        "conversation": conversation,
        "town": conversation.town,
        "shown": described,
        "author": shown.author,
        "official": described.author is not None and rules.answers_for_town(described.author.part),
        "gone": words.gone_line(described.removal),
        "back": f"{inbox.url_of(part)}#m{shown.seq}",
        "answer": f"{inbox.url_of(part)}?repondre={shown.seq}#ecrire",
        "signs": _signs(described.reactions),
        "error": error,
        "typed": request.POST,
        **_allowed(part, shown),
    }
    frame = "citizen" if part.part == Part.CITIZEN else "desk"
    context["frame_template"] = f"frames/{frame}.html"
    return render(request, "conversations/message_options.html", context, status=error.status if error else 200)


def _signs(reactions: list[Any]) -> list[dict[str, Any]]:
    """Each sign, what it means, and whether the reader has put it there."""
    mine = {one.sign for one in reactions if one.mine}
    meanings = words.reactions()
    return [
        {"name": name, "sign": sign, "meaning": meanings[name], "mine": name in mine}
        for name, sign in rules.REACTIONS.items()
    ]


def _allowed(part: Participant, shown: Message) -> dict[str, Any]:
    """What the reader may do here."""
    conversation, own = part.conversation, shown.author_id == part.person_id and not shown.automatic
    there = shown.removed_at is None
    open_ = conversation.closed_at is None
    moderates = conversation.shared and rules.may_moderate(roles_in(part.person, conversation.town))
    author = shown.author
    return {
        "may_answer": there and open_,
        "may_react": there,
        "may_edit": there and own and open_ and rules.may_edit(at=shown.at, moment=now()),
        "may_withdraw": there and own and rules.may_withdraw(conversation.kind),
        "may_report": there and not own and conversation.shared,
        "reported": shown.reports.filter(reporter=part.person).exists(),
        "reasons": Reason.choices,
        "may_pin": there and rules.may_moderate(roles_in(part.person, conversation.town)),
        "is_pinned": conversation.pinned_id == shown.pk,
        "moderates": moderates,
        "may_restore": moderates and not there and shown.removal != "author",
        "may_silence": moderates and author is not None and not roles_in(author, conversation.town) & STAFF_ROLES,
        "silences": words.silences(),
    }


# The forms.


def _react(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    """A sign that is there is taken off."""
    sign = request.POST.get("sign", "")
    there = queries.access_message(part, seq).reactions.filter(person=person, sign=sign).exists()
    actions.react(actor=person, conversation_id=part.conversation_id, seq=seq, sign=sign, on=not there)
    return ""


def _edit(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    body = request.POST.get("body", "")
    actions.edit_message(actor=person, conversation_id=part.conversation_id, seq=seq, body=body)
    return _("Votre message est modifié.")


def _withdraw(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    actions.withdraw_message(actor=person, conversation_id=part.conversation_id, seq=seq)
    return _("Votre message est retiré.")


def _report(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    actions.report_message(
        actor=person, conversation_id=part.conversation_id, seq=seq, reason=request.POST.get("reason", ""),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    return _("Merci. La mairie regardera ce message, et vous dira ce qu’elle décide.")


def _pin(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    wanted = seq if request.POST.get("on", "1") == "1" else None
    actions.pin_message(actor=person, conversation_id=part.conversation_id, seq=wanted)
    return _("Ce message est épinglé.") if wanted else _("Ce message n’est plus épinglé.")


def _hide(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    reason = request.POST.get("reason", "")
    actions.hide_message(actor=person, conversation_id=part.conversation_id, seq=seq, reason=reason)
    return _("Le message est masqué. Son auteur sait pourquoi.")


def _remove(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    reason = request.POST.get("reason", "")
    actions.remove_message(actor=person, conversation_id=part.conversation_id, seq=seq, reason=reason)
    return _("Le message est retiré. Son auteur sait pourquoi.")


def _restore(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    actions.restore_message(actor=person, conversation_id=part.conversation_id, seq=seq)
    return _("Le message est de nouveau visible.")


def _silence(request: HttpRequest, person: Person, part: Participant, seq: int) -> str:
    author = queries.access_message(part, seq).author
    if author is None:
        raise NotFound
    everywhere = request.POST.get("everywhere") == "1"
    actions.silence(
        actor=person, town=part.conversation.town, person=author, for_name=request.POST.get("for", ""),
        reason=request.POST.get("reason", ""), conversation_id=None if everywhere else part.conversation_id,
    )  # fmt: skip
    return _("%(name)s ne peut plus écrire pendant ce temps, et sait pourquoi.") % {"name": author.name}


_ACTS: dict[str, Act] = {
    "react": _react,
    "edit": _edit,
    "withdraw": _withdraw,
    "report": _report,
    "pin": _pin,
    "hide": _hide,
    "remove": _remove,
    "restore": _restore,
    "silence": _silence,
}


@signed_in
@require_GET
def people_to_name(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Who takes part and has a name that begins so (`?q=`), for « @ »: `[{id, name}]`, eight at most."""
    part = queries.access_conversation(signed_in_person(request), conversation_id)
    found = queries.people_beginning(part, request.GET.get("q", "").strip()[:80])
    return JsonResponse([{"id": person.pk, "name": person.name} for person in found], safe=False)
