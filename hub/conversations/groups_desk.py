"""Discussion groups at the desk: who works there joins them; the mayor makes them and opens the live chat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.conversations import actions, group_cards, queries, rules
from hub.conversations.group_forms import GroupForm, LiveForm
from hub.conversations.groups_portal import change_page
from hub.conversations.models import Conversation, Kind
from hub.core.access import staff
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.notifications.standing import standing_of
from hub.people.models import Person
from hub.people.queries import access_desk
from hub.people.rules import Roles
from hub.people.visitor import posted, signed_in_person
from hub.towns.models import Town


def _enter(request: HttpRequest, slug: str) -> tuple[Person, Town, Roles]:
    """Raises as `access_desk`; `Forbidden` for roles that take no part in groups."""
    person = signed_in_person(request)
    town, roles = access_desk(person, slug)
    request.town = town  # type: ignore[attr-defined]
    if rules.part_in_group(roles) is None:
        raise Forbidden
    return person, town, roles


def _enter_as_maker(request: HttpRequest, slug: str) -> tuple[Person, Town]:
    """For what only who makes groups may do. Raises `Forbidden` for others who work there."""
    person, town, roles = _enter(request, slug)
    if not rules.may_make_groups(roles):
        raise Forbidden
    return person, town


@staff
@require_safe
def groups(request: HttpRequest, town_slug: str) -> HttpResponse:
    """All groups of the town, closed ones apart; the live chat, and those that are over."""
    person, town, roles = _enter(request, town_slug)
    return _groups(request, person, town, roles, LiveForm())


def _groups(
    request: HttpRequest, person: Person, town: Town, roles: Roles, live_form: LiveForm, *, status: int = 200
) -> HttpResponse:
    standing_of(request, person)  # first: what comes after it is told live
    found = group_cards.for_desk(person, town)
    live = group_cards.open_live(person, town)
    address = f"/mairie/{town.slug}/groupes/"
    shown = {
        "town": town,
        "open_groups": [card for card in found if not card.closed],
        "closed_groups": [card for card in found if card.closed],
        "live": live,
        "past": group_cards.past_lives(person, town),
        "may_make": rules.may_make_groups(roles),
        "moderates": rules.may_moderate(roles),
        "live_form": live_form,
        "groups": group_cards.live_state(person, [*found, *([live] if live else [])], address=address, town=town),
    }
    return render(request, "conversations/desk_groups.html", shown, status=status)


# Groups.


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Nouveau groupe » (S48)."""
    person, town = _enter_as_maker(request, town_slug)
    form = GroupForm(posted(request))
    if form.is_valid():
        try:
            made = actions.create_group(actor=person, town=town, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Le groupe « %(title)s » est ouvert.") % {"title": made.subject})
            return redirect("desk_conversation", town.slug, made.pk)
    status = 400 if form.is_bound else 200
    return render(request, "conversations/group_new.html", {"town": town, "form": form}, status=status)


@staff
@require_safe
def group_change(request: HttpRequest, town_slug: str, conversation_id: int) -> HttpResponse:
    """Another title, or better words on what it is about; `group_action` takes the form."""
    person, town = _enter_as_maker(request, town_slug)
    return change_page(request, _of_town(person, town, conversation_id), back=reverse("desk_groups", args=[town.slug]))


def _of_town(person: Person, town: Town, conversation_id: int) -> Conversation:
    conversation = queries.access_shared(person, conversation_id)
    if conversation.town_id != town.pk:
        raise NotFound
    return conversation


# The live chat.


@staff
@require_POST
def live_open(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Open the town's live chat (S67), and go in."""
    person, town, roles = _enter(request, town_slug)
    if not rules.may_make_groups(roles):
        raise Forbidden
    form = LiveForm(posted(request))
    if form.is_valid():
        try:
            chat = actions.open_live(actor=person, town=town, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("desk_groups", town.slug)
        else:
            return redirect("desk_conversation", town.slug, chat.pk)
    return _groups(request, person, town, roles, form, status=400)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def live_end(request: HttpRequest, town_slug: str, conversation_id: int) -> HttpResponse:
    """« Terminer la discussion », after a deliberate yes."""
    person, town, roles = _enter(request, town_slug)
    chat = _of_town(person, town, conversation_id)
    if chat.kind != Kind.LIVE:
        raise NotFound
    if not rules.may_moderate(roles):
        raise Forbidden
    if request.method == "POST":
        actions.close(actor=person, conversation_id=chat.pk)
        messages.success(request, _("La discussion en direct est terminée."))
    elif chat.closed_at is None:
        card = group_cards.cards(person, [chat])[0]
        return render(request, "conversations/live_end.html", {"town": town, "card": card})
    return redirect("desk_groups", town.slug)
