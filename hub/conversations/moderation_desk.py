"""« Modération », at the desk: what people report, what was decided, who is silent, the trail of it all."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.audit.models import Entry
from hub.audit.queries import entries_of, first_broken
from hub.conversations import actions, moderation_words, reported, words
from hub.conversations.models import Message, Removal
from hub.core.access import staff
from hub.core.errors import NotFound, ParvisError
from hub.files.serving import file_response
from hub.notifications.standing import inbox_standing
from hub.people.models import Person
from hub.people.visitor import signed_in_person
from hub.towns.models import Town

CASES = 20
ENTRIES = 50

# Where a form leads back to, by the name that it sends.
BACK = {"traites": "desk_moderation_handled"}


def _enter(request: HttpRequest, slug: str) -> tuple[Person, Town]:
    person = signed_in_person(request)
    town = reported.access_moderated_town(person, slug)
    request.town = town  # type: ignore[attr-defined]
    return person, town


def _shown(request: HttpRequest, town: Town, tab: str, **more: Any) -> dict[str, Any]:
    """What every page of the moderation desk needs."""
    return {
        "town": town,
        "tab": tab,
        "silent": reported.silences(town).count(),
        "reasons": moderation_words.reasons(),
        "durations": words.silences(),
        "typed": request.POST,
        **more,
    }


def _page(request: HttpRequest, found: Any, size: int) -> Page[Any]:
    return Paginator(found, size).get_page(request.GET.get("page"))


@require_safe
@staff
def to_handle(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« À traiter »: reported messages, the one reported last first; then those hidden until somebody decides."""
    person, town = _enter(request, town_slug)
    actions.see_reports(actor=person, town=town)
    inbox_standing(request, person)  # before the reports are read: what comes after is told live
    page = _page(request, reported.waiting(town), CASES)
    cases = reported.cases(town, list(page), person)
    return render(request, "conversations/moderation.html", _shown(request, town, "waiting", page=page, cases=cases))


@require_safe
@staff
def handled(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Traités »: what was decided, by whom, and the words that nobody else reads any more."""
    person, town = _enter(request, town_slug)
    page = _page(request, reported.handled(town), CASES)
    cases = reported.cases(town, [pk for pk, _at in page], person)
    shown = _shown(request, town, "handled", page=page, cases=cases)
    return render(request, "conversations/moderation_handled.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def case(request: HttpRequest, town_slug: str, conversation_id: int, seq: int) -> HttpResponse:
    """One message with what moderators may do; what a form was refused for stands beside it, with what was typed."""
    person, town = _enter(request, town_slug)
    message = reported.access_case(town, conversation_id, seq)
    if request.method != "POST":
        return _case(request, person, town, message)
    try:
        action = _acted(request, person, town, message)
    except ParvisError as error:
        return _case(request, person, town, message, error)
    author = message.author.name if message.author else ""
    messages.success(request, moderation_words.done(action, author))
    return redirect(BACK.get(request.POST.get("retour", ""), "desk_moderation"), town.slug)


def _case(
    request: HttpRequest, person: Person, town: Town, message: Message, error: ParvisError | None = None
) -> HttpResponse:
    [shown] = reported.cases(town, [message.pk], person)
    tab = "waiting" if shown.waiting or message.removal == Removal.HIDDEN else "handled"
    # What somebody else has decided is said above all forms: there may be none any more of what was pressed.
    decided = error if error is not None and error.code == "decided" else None
    context = _shown(request, town, tab, case=shown, decided=decided, error=None if decided else error)
    return render(request, "conversations/moderation_case.html", context, status=error.status if error else 200)


# The forms.

Act = Callable[[HttpRequest, Person, Town, Message], None]


def _acted(request: HttpRequest, person: Person, town: Town, message: Message) -> str:
    """Do what the form asks, and name it. Raises the action's errors, `NotFound` for no action of these."""
    action = request.POST.get("action", "")
    if action not in _ACTS:
        raise NotFound
    _ACTS[action](request, person, town, message)
    return action


def _why(request: HttpRequest) -> str:
    """The reason that was chosen, and what was added to it."""
    given = (request.POST.get("ready", ""), request.POST.get("reason", ""))
    return " ".join(part.strip() for part in given if part.strip())


def _place(request: HttpRequest, message: Message) -> dict[str, Any]:
    """Which message, and the last decision of it that stood on the page."""
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isdecimal() and len(seen) < 19 else None
    return {"conversation_id": message.conversation_id, "seq": message.seq or 0, "seen": known}


def _keep(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    actions.keep_message(actor=person, **_place(request, message))


def _hide(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    actions.hide_message(actor=person, **_place(request, message), reason=_why(request))


def _remove(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    actions.remove_message(actor=person, **_place(request, message), reason=_why(request))


def _restore(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    actions.restore_message(actor=person, **_place(request, message))


def _dismiss(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    """Close the reports of what its author took back."""
    actions.remove_message(actor=person, **_place(request, message), reason=moderation_words.withdrawn())


def _silence(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    if message.author is None:
        raise NotFound
    here = None if request.POST.get("everywhere") == "1" else message.conversation_id
    actions.silence(
        actor=person, town=town, person=message.author, for_name=request.POST.get("for", ""), reason=_why(request),
        conversation_id=here,
    )  # fmt: skip


def _close(request: HttpRequest, person: Person, town: Town, message: Message) -> None:
    actions.close(actor=person, conversation_id=message.conversation_id, reason=_why(request))


_ACTS: dict[str, Act] = {
    "keep": _keep,
    "hide": _hide,
    "remove": _remove,
    "restore": _restore,
    "dismiss": _dismiss,
    "silence": _silence,
    "close": _close,
}


@require_safe
@staff
def case_file(request: HttpRequest, town_slug: str, conversation_id: int, seq: int, file_id: UUID) -> HttpResponse:
    """A file of such a message: what others no longer see is looked at before it is decided of."""
    _person, town = _enter(request, town_slug)
    return file_response(reported.access_case_file(town, conversation_id, seq, file_id))


# Who is silent.


@require_safe
@staff
def silences(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« En sourdine »: who may not write for a while, where, why, until when."""
    _person, town = _enter(request, town_slug)
    page = _page(request, reported.silences(town), ENTRIES)
    return render(request, "conversations/moderation_silences.html", _shown(request, town, "silences", page=page))


@require_POST
@staff
def silence_lift(request: HttpRequest, town_slug: str, silence_id: int) -> HttpResponse:
    """« Lever »: the person may write again."""
    person, town = _enter(request, town_slug)
    actions.lift_silence(actor=person, town=town, silence_id=silence_id)
    messages.success(request, _("La sourdine est levée. La personne le sait."))
    return redirect("desk_moderation_silences", town.slug)


# The trail.


@require_safe
@staff
def trail(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Journal »: who did what to whom. `verifier`: whether it still is what was written, from its first line."""
    _person, town = _enter(request, town_slug)
    page = _page(request, entries_of(town), ENTRIES)
    checked = "verifier" in request.GET
    shown = _shown(
        request, town, "trail", page=page, lines=_lines(list(page), town), checked=checked,
        broken=first_broken(town) if checked else None,
    )  # fmt: skip
    return render(request, "conversations/moderation_trail.html", shown)


def _lines(entries: list[Entry], town: Town) -> list[dict[str, Any]]:
    """Each entry in words, with where its message is shown."""
    ids = {entry.pk: int(entry.subject.removeprefix("message.")) for entry in entries if _names_message(entry)}
    places = reported.places_of(list(ids.values()), town)
    return [
        {
            "entry": entry,
            "said": moderation_words.trail_line(entry, town),
            "place": places.get(ids.get(entry.pk, 0)),
        }
        for entry in entries
    ]


def _names_message(entry: Entry) -> bool:
    kind, _dot, number = entry.subject.partition(".")
    return kind == "message" and number.isdecimal()
