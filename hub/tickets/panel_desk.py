"""The desk's panel of one ticket (S119 to S124): read it, write on it, move it on."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.conversations.models import Via, Visibility
from hub.core.access import staff
from hub.core.errors import Invalid, NotFound, ParvisError
from hub.core.ids import new_key
from hub.files.serving import file_response
from hub.notifications.actions import settle as settle_notifications
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.streams.actions import unit
from hub.streams.queries import standing
from hub.tickets import board_page, panel_words, queries, rules
from hub.tickets.actions import Changes, add_follow_up, change_ticket, note_words, watch
from hub.tickets.actions.trail import note_seen
from hub.tickets.drafts import Contact
from hub.tickets.models import Ticket
from hub.tickets.panel import Panel, Tab, answered_meanwhile
from hub.tickets.places import asked_place, read_place
from hub.tickets.queries import Seen
from hub.tickets.revealing import NamesRequester

View = Callable[..., HttpResponse]
NOTED_BY = (Via.PHONE, Via.DESK, Via.LETTER, Via.EMAIL, Via.SMS)


def access(request: HttpRequest, town_slug: str, number: str) -> tuple[Person, Seen]:
    """Who works here, and the ticket, of this town. Raises as `access_desk` and `access_work`."""
    person, town, _roles = enter(request, town_slug)
    seen = queries.access_work(person, number)
    if seen.ticket.town_id != town.pk:
        raise NotFound
    return person, seen


@require_safe
@staff
def ticket(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """The panel; beside it the board where there is room. `fragment`: the panel alone."""
    person, seen = access(request, town_slug, number)
    note_seen(seen.ticket, person)
    with unit() as work:
        settle_notifications(work, person_id=person.pk, subject=seen.ticket.staff_topic)
    return show(request, person, seen, {"text": _canned_text(request, seen, person)})


def show(
    request: HttpRequest, person: Person, seen: Seen, written: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The panel, with what was written and not taken."""
    panel = Panel(seen, person, _tab(request))
    given = {
        "panel": panel, "ticket": seen.ticket, "town": seen.ticket.town, "key": new_key(),
        "banner": panel_words.state_banner(seen.ticket), "live": _live(seen), "mode": _usual_mode(panel),
        "noted_by": [(via.value, via.label) for via in NOTED_BY], **(written or {}),
    }  # fmt: skip
    if "fragment" in request.GET:
        return render(request, "tickets/desk/panel.html", given, status=status)
    beside = board_page.shown(person, seen.ticket.town, opened=seen.ticket.number)
    return render(request, "tickets/desk/ticket.html", {**beside, **given}, status=status)


def _usual_mode(panel: Panel) -> str:
    """For whom one writes when nothing was chosen: never to everybody unawares."""
    return "internal"


def _tab(request: HttpRequest) -> Tab:
    asked = request.GET.get("onglet", "")
    return next((tab for tab in Tab if tab == asked), Tab.TALK)


def _live(seen: Seen) -> dict[str, Any]:
    """What the page's script needs: topics, where they stand, and its sentences."""
    topics = [seen.ticket.topic, seen.ticket.staff_topic]
    return {
        "number": seen.ticket.number,
        "topics": {
            topic: {"seq": head.seq, "epoch": head.epoch} for topic, head in zip(topics, standing(topics), strict=True)
        },
        "words": {
            "reads": _("{name} lit cette requête"),
            "writes_internal": _("{name} lit cette requête et écrit un suivi interne"),
            "writes_external": _("{name} écrit une réponse au demandeur"),
            "kept": _("Non envoyé. Votre texte est gardé."),
            "sent": _("Suivi enregistré."),
            "news": _("Nouveau suivi."),
        },
    }


def _canned_text(request: HttpRequest, seen: Seen, person: Person) -> str:
    """The text of the canned reply that the address asks for."""
    asked = request.GET.get("reponse", "")
    if not asked:
        return ""
    return next((one.body for one in Panel(seen, person).canned if str(one.id) == asked), "")


def changing(view: View) -> View:
    """A POST on a ticket: what is refused is said above it, and it is shown again; so what wants a second thought."""

    @require_POST
    @staff
    @wraps(view)
    def posted(request: HttpRequest, town_slug: str, number: str, **more: Any) -> HttpResponse:
        person, seen = access(request, town_slug, number)
        try:
            return view(request, person, seen, **more)
        except NotFound:
            raise
        except NamesRequester as warning:
            fresh = queries.access_work(person, number)
            return show(request, person, fresh, {"opening": warning}, status=warning.status)
        except ParvisError as error:
            return show(request, person, queries.access_work(person, number), {"error": error}, status=error.status)

    return posted


def back(request: HttpRequest, seen: Seen, *, tab: str = "") -> HttpResponse:
    """To the ticket as it is now: the whole page, or the panel alone for a script."""
    address = f"/mairie/{seen.ticket.town.slug}/requetes/{seen.ticket.number}/"
    asked = {"onglet": tab or request.GET.get("onglet", ""), "fragment": "1" if "fragment" in request.GET else ""}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@staff
def follow_up(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Write: internal, external, or what the requester said. Text that is refused comes back with the reason."""
    person, seen = access(request, town_slug, number)
    given = request.POST
    mode, text, key = given.get("mode", "internal"), given.get("body", ""), given.get("key") or new_key()
    written = {
        "text": text, "text_en": given.get("body_en", ""), "mode": mode, "via": given.get("via", ""), "key": key,
        "files_lost": bool(request.FILES),
    }  # fmt: skip
    try:
        _check_unread(seen.ticket, person, mode, given.get("read", ""))
        _write(person, seen, mode, text, key, request)
    except NotFound:
        raise
    except ParvisError as error:
        return show(
            request, person, queries.access_work(person, number), {**written, "error": error}, status=error.status
        )
    return back(request, seen, tab=Tab.TALK)


def _check_unread(ticket: Ticket, person: Person, mode: str, read: str) -> None:
    """Raises `Invalid` when a colleague has answered since: who sends again has read it."""
    if mode != "external" or not (read.isascii() and read.isdecimal() and len(read) < 19):
        return
    if (other := answered_meanwhile(ticket, person, int(read))) is not None and other.author is not None:
        raise Invalid(
            _("%(name)s a répondu entre-temps. Relisez sa réponse ; si la vôtre reste utile, envoyez-la de nouveau.")
            % {"name": other.author.name},
            field="body",
        )


def _write(person: Person, seen: Seen, mode: str, text: str, key: str, request: HttpRequest) -> None:
    number = seen.ticket.number
    files = [(file.name or "", file) for file in request.FILES.getlist("files")]
    if mode == "requester":
        via = request.POST.get("via", "")
        known = Via(via) if via in {one.value for one in NOTED_BY} else Via.PHONE
        note_words(actor=person, number=number, body=text, via=known, files=files, key=key)
        return
    visibility = Visibility.EXTERNAL if mode == "external" else Visibility.INTERNAL
    add_follow_up(
        actor=person, number=number, visibility=visibility, body=text, body_en=request.POST.get("body_en", ""),
        files=files, key=key, sure=_is_sure(request),
    )  # fmt: skip


def _is_sure(request: HttpRequest) -> bool:
    """« Publier quand même »: they were told what it says of the requester."""
    return request.POST.get("sure") == "on"


@changing
def change(request: HttpRequest, person: Person, seen: Seen) -> HttpResponse:
    """Change what the form names: each of the small forms of the panel sends one field."""
    number, changes = seen.ticket.number, _changes(request)
    changed = change_ticket(actor=person, number=number, changes=changes, sure=_is_sure(request))
    if not rules.works_on(rules.stance(changed, queries.reader_of(person, changed.town))):
        messages.success(
            request, _("La requête %(number)s est confiée à un autre service.") % {"number": changed.number}
        )
        return redirect("desk_tickets", changed.town.slug)
    return back(request, seen)


def _changes(request: HttpRequest) -> Changes:
    given = request.POST
    return Changes(
        status=given.get("status"), reason=given.get("reason", ""), priority=given.get("priority"),
        service_id=_id(given.get("service")), assignee_id=_id(given.get("assignee")),
        due_on=_day(given.get("due_on")), category_id=_id(given.get("category")), title=given.get("title"),
        public={"yes": True, "no": False}.get(given.get("public", "")),
    )  # fmt: skip


def _id(given: str | None) -> int | None:
    """0: nobody. What is no number is nothing that exists."""
    if given is None:
        return None
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else -1 if given else 0


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Invalid(_("Donnez une date, comme 2026-12-24."), field="due_on") from None


@require_safe
@staff
def closing(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Treated or refused: the page that asks, and warns of internal tasks that are not done."""
    person, seen = access(request, town_slug, number)
    return _closing(request, person, seen)


def _closing(request: HttpRequest, person: Person, seen: Seen, **more: Any) -> HttpResponse:
    panel = Panel(seen, person)
    given = {
        "panel": panel,
        "ticket": seen.ticket,
        "town": seen.ticket.town,
        "reason": "",
        "body": "",
        "key": new_key(),
    }
    error = more.get("error")
    status = error.status if isinstance(error, ParvisError) else 200
    return render(request, "tickets/desk/close.html", {**given, **more}, status=status)


@require_POST
@staff
def close(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Close it: with a last word to the requester when there is one, with the reason of a refusal (S107)."""
    person, seen = access(request, town_slug, number)
    status, reason, body = (request.POST.get(name, "") for name in ("status", "reason", "body"))
    said = {"chosen": status, "reason": reason, "body": body, "key": request.POST.get("key") or new_key()}
    sure, key = _is_sure(request), str(said["key"])
    try:
        with unit():
            if body.strip() and status == "closed_done":
                external = Visibility.EXTERNAL
                add_follow_up(
                    actor=person, number=number, visibility=external, body=body, key=key, sure=sure, ends_it=True
                )
            change_ticket(actor=person, number=number, changes=Changes(status=status, reason=reason), sure=sure)
    except NotFound:
        raise
    except ParvisError as error:
        return _closing(request, person, queries.access_work(person, number), **said, error=error)
    messages.success(request, _("La requête %(number)s est fermée.") % {"number": number})
    return back(request, seen)


@require_safe
@staff
def details(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Place, contact and category: a page of their own (S81, S96)."""
    person, seen = access(request, town_slug, number)
    return _details(request, person, seen)


def _details(request: HttpRequest, person: Person, seen: Seen, error: ParvisError | None = None) -> HttpResponse:
    said = request.POST if error else None
    given = {
        "panel": Panel(seen, person), "ticket": seen.ticket, "town": seen.ticket.town, "error": error,
        "said": said or seen.ticket, "place": asked_place(seen.ticket.town, said or vars(seen.ticket)),
    }  # fmt: skip
    return render(request, "tickets/desk/details.html", given, status=error.status if error else 200)


@require_POST
@staff
def change_details(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Keep them. What is refused comes back as it was typed."""
    person, seen = access(request, town_slug, number)
    given = request.POST
    try:
        change_ticket(actor=person, number=number, changes=_corrections(given, seen), sure=_is_sure(request))
    except NotFound:
        raise
    except ParvisError as error:
        return _details(request, person, seen, error)
    messages.success(request, _("Les informations sont à jour."))
    return back(request, seen, tab=Tab.FACTS)


def _corrections(given: QueryDict, seen: Seen) -> Changes:
    """What the page of details asks of this reader; the call centre after the transfer: `rules.CORRECTIONS`."""
    contact = Contact(*(given.get(name, "") for name in ("first_name", "last_name", "email", "phone", "phone2")))
    said = Changes(place=read_place(given), contact=None if seen.ticket.anonymous else contact, sms_will_do=True)
    if not rules.may_change(seen.ticket, seen.stance):
        return said
    wants = None if seen.ticket.anonymous else given.get("wants_follow_ups") == "on"
    return replace(said, title=given.get("title"), category_id=_id(given.get("category")), wants_follow_ups=wants)


@changing
def watching(request: HttpRequest, person: Person, seen: Seen) -> HttpResponse:
    """Be told what happens to it, or not any more."""
    watch(actor=person, number=seen.ticket.number, on=request.POST.get("on") == "1")
    return back(request, seen)


@require_safe
@staff
def file(request: HttpRequest, town_slug: str, number: str, file_id: UUID) -> HttpResponse:
    """A file of the ticket; `apercu`: its thumbnail."""
    _person, seen = access(request, town_slug, number)
    return file_response(queries.access_file(seen, file_id), thumbnail="apercu" in request.GET)
