"""« Nouvelle requête »: calls, visits, letters and internal tasks, in less than half a minute (S79)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.conversations.models import Conversation, Kind, Part
from hub.conversations.queries import access_conversation
from hub.core.access import staff
from hub.core.errors import Forbidden, Invalid, NotFound, ParvisError
from hub.core.ids import new_key
from hub.core.phones import readable_phone
from hub.deliveries.models import Channel, InboundSms
from hub.deliveries.queries import channel_is_open
from hub.files.models import StoredFile
from hub.people.desk.entry import enter
from hub.people.models import Person, Role
from hub.people.queries import towns_of
from hub.people.rules import Roles, is_staff, may_see_citizens
from hub.tickets import queries
from hub.tickets.actions import create_ticket, ticket_of_talk
from hub.tickets.kept_sms import kept_one, see_to
from hub.tickets.models import DeskSettings, Question, Source, Ticket
from hub.tickets.new_forms import NewTicketForm, category_named, picture_of
from hub.tickets.places import asked_place
from hub.tickets.requesters import find_requesters
from hub.tickets.rules import read_number
from hub.tickets.scanned.queries import access_scan, joined
from hub.tickets.tree import Tree
from hub.towns.models import Town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The form, and what is typed in. `tache`: the ticket that an internal task is for; `conversation`: made of it;
    `lettre`: of a scanned letter; `sms`: of one that no ticket took."""
    person, town, roles = enter(request, town_slug)
    tree = Tree(town)
    talk, scan = _talk(person, town, request), _scan(person, request)
    if request.method != "POST":
        if scan is not None and (ticket := joined(scan)) is not None:
            return redirect("desk_ticket", ticket.town.slug, ticket.number)
        sms = _sms(town, roles, request)
        return _form(request, person, town, roles, _begun(request, person, town, tree, talk, scan, sms), talk, scan)
    form = NewTicketForm(
        request.POST, request.FILES, tree=tree, questions=_questions(tree, request.POST.get("category", ""))
    )
    if form.is_valid():
        try:
            made = _make(person, town, form, talk, scan)
        except Invalid as error:
            form.refuse(error)
        except NotFound:
            form.add_error(None, _("Ce demandeur ou cette requête n’existe pas."))
        except ParvisError as error:
            form.add_error(None, str(error))
        else:
            if sms := _sms(town, roles, request):
                see_to(sms)
            messages.success(request, _("La requête %(number)s est créée.") % {"number": made.number})
            return redirect("desk_ticket", town.slug, made.number)
    return _form(request, person, town, roles, form, talk, scan, status=400)


def _make(
    person: Person, town: Town, form: NewTicketForm, talk: Conversation | None, scan: StoredFile | None
) -> Ticket:
    draft = form.draft
    if scan is not None and joined(scan) is None:
        draft = replace(draft, files=[(scan.name, scan), *draft.files])
    if talk is not None:
        return ticket_of_talk(actor=person, conversation_id=talk.pk, draft=draft)
    return create_ticket(actor=person, town=town, draft=draft)


def _scan(person: Person, request: HttpRequest) -> StoredFile | None:
    """The letter that this person has dropped. Raises `NotFound` for another's."""
    asked = request.GET.get("lettre", "")
    if not asked:
        return None
    try:
        return access_scan(person, UUID(asked))
    except ValueError:
        raise NotFound from None


def _talk(person: Person, town: Town, request: HttpRequest) -> Conversation | None:
    """The private conversation that it is to be made of. Raises `NotFound` for one that isn't the person's."""
    asked = request.GET.get("conversation", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise NotFound
    part = access_conversation(person, int(asked))
    talk = part.conversation
    if talk.town_id != town.pk or talk.kind != Kind.PRIVATE or part.part == Part.CITIZEN:
        raise NotFound
    return talk


def _sms(town: Town, roles: Roles, request: HttpRequest) -> InboundSms | None:
    """The one that is meant, while nobody has seen to it. Raises `NotFound` where it is first asked for; `Forbidden`
    for roles that don't see citizens' details."""
    asked = request.GET.get("sms", "")
    if not asked:
        return None
    if not may_see_citizens(roles):
        raise Forbidden
    try:
        return kept_one(town, asked)
    except NotFound:
        if request.method == "POST":
            return None  # pressed twice
        raise


def _begun(
    request: HttpRequest, person: Person, town: Town, tree: Tree, talk: Conversation | None, scan: StoredFile | None,
    sms: InboundSms | None,
) -> NewTicketForm:  # fmt: skip
    """The form as it begins: a call, by whoever is on the phone; a letter that was dropped; or an SMS."""
    source = Source.PHONE if scan is None else Source.LETTER
    initial: dict[str, Any] = {"key": new_key(), "source": source, "priority": "important", "kind": "request"}
    if task := read_number(request.GET.get("tache", "")):
        of = queries.access_work(person, task).ticket
        if of.town_id != town.pk:
            raise NotFound
        initial |= {
            "task_of": of.number, "internal": True, "category": tree.path_name(of.category), "source": Source.INTERNAL,
        }  # fmt: skip
    if sms is not None:
        initial |= {"description": sms.text, "phone": readable_phone(sms.sender), "source": Source.SMS}
    if talk is not None:
        said = talk.messages.filter(author=talk.citizen, removed_at=None).order_by("-seq").first()
        initial |= {"description": said.body if said else ""}
    return NewTicketForm(initial=initial, tree=tree)


def _questions(tree: Tree, typed: str) -> Sequence[Question]:
    category = category_named(tree, typed)
    return tree.questions(category) if category else []


def _form(
    request: HttpRequest, person: Person, town: Town, roles: Roles, form: NewTicketForm, talk: Conversation | None,
    scan: StoredFile | None, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    settings: DeskSettings = queries.desk_settings(town)
    errors = [str(error) for error in form.errors.get("place", [])] if form.is_bound else []
    given = {
        "form": form,
        "town": town,
        "towns": [one for one, held in towns_of(person).items() if is_staff(held)],
        "leaves": [(form.tree.path_name(leaf), picture_of(form.tree, leaf)) for leaf in form.tree.leaves()],
        "anonymous_allowed": settings.anonymous_allowed,
        "sms_is_open": channel_is_open(Channel.SMS),
        "may_hold": Role.OPERATOR in roles,
        "may_set_priority": bool(roles & {Role.MAYOR, Role.MANAGER, Role.AGENT}),
        "task_of": form["task_of"].value() or "",
        "talk": talk,
        "scan": scan,
        "place": asked_place(town, request.POST if form.is_bound else None, errors=errors),
    }
    return render(request, "tickets/desk/new.html", given, status=status)


@require_safe
@staff
def questions(request: HttpRequest, town_slug: str) -> HttpResponse:
    """What is asked in a category: a part of the form, once it is chosen. Says too whether it may be public."""
    _person, town, _roles = enter(request, town_slug)
    tree = Tree(town)
    category = category_named(tree, request.GET.get("category", ""))
    asked = tree.questions(category) if category else []
    form = NewTicketForm(tree=tree, questions=asked)
    return render(request, "tickets/desk/new_questions.html", {"form": form, "category": category})


@require_safe
@staff
def requesters(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Who may be meant by what is typed: names, numbers, addresses."""
    person, town, _roles = enter(request, town_slug)
    found = find_requesters(person, town, request.GET.get("q", "")[:80])
    response = JsonResponse({"people": [one.fields() for one in found]})
    response["Cache-Control"] = "no-store"
    return response
