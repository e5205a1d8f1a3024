"""Canned replies: the list, a new one, one to mend or take away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import Invalid, NotFound
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.visitor import posted
from hub.tickets.actions import settings as actions
from hub.tickets.canned import fill
from hub.tickets.models import CannedReply
from hub.tickets.queries import desk_settings
from hub.tickets.rules import number_of
from hub.tickets.settings_forms import ReplyForm, known_fields
from hub.towns.models import Town


@require_safe
@staff
def replies(request: HttpRequest, town_slug: str) -> HttpResponse:
    """All of them, by title."""
    _person, town = enter_management(request, town_slug)
    shown = {"town": town, "page": "replies", "replies": town.canned_replies.select_related("service")}
    return render(request, "tickets/settings/replies.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def reply_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A new one."""
    person, town = enter_management(request, town_slug)
    return _page(request, person, town, ReplyForm(posted(request), town=town), None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def reply(request: HttpRequest, town_slug: str, reply_id: int) -> HttpResponse:
    """One, to change or take away."""
    person, town = enter_management(request, town_slug)
    form = ReplyForm(posted(request), town=town, instance=_access(town, reply_id))
    return _page(request, person, town, form, _access(town, reply_id))


def _page(request: HttpRequest, person: Person, town: Town, form: ReplyForm, known: CannedReply | None) -> HttpResponse:
    asked = "preview" in request.POST
    if form.is_valid() and not asked and _kept(form, person, town, known):
        messages.success(request, _("La réponse type « %(title)s » est prête.") % {"title": form.cleaned_data["title"]})
        return redirect("desk_ticket_replies", town.slug)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shown = {
        "town": town,
        "page": "replies",
        "form": form,
        "reply": known,
        "known_fields": known_fields(),
        "unsaved": asked and bool(said),
        "samples": _samples(town, said or (known.__dict__ if known else {})),
    }
    return render(request, "tickets/settings/reply.html", shown)


def _kept(form: ReplyForm, actor: Person, town: Town, known: CannedReply | None) -> bool:
    try:
        if known is None:
            actions.add_reply(actor=actor, town=town, fields=form.cleaned_data)
        else:
            actions.change_reply(actor=actor, reply=known, fields=form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field, str(error))
        return False
    return True


def _samples(town: Town, said: "dict[str, object]") -> list[dict[str, str]]:
    """What a citizen would get, by language, with an invented ticket."""
    service = town.services.first()
    fields = {
        "prenom": "Alice", "nom": "Moreau", "numero": number_of(desk_settings(town).code, 26, 42),
        "titre": _("Lampadaire éteint"), "adresse": _("12, rue du Four"),
        "service": service.name if service else _("Travaux publics"), "echeance": _("12 mai"),
    }  # fmt: skip
    texts = {"fr": str(said.get("body") or ""), "en": str(said.get("body_en") or "")}
    return [{"language": language, "text": fill(text, fields)} for language, text in texts.items() if text]


@require_POST
@staff
def reply_remove(request: HttpRequest, town_slug: str, reply_id: int) -> HttpResponse:
    """Take it away."""
    person, town = enter_management(request, town_slug)
    known = _access(town, reply_id)
    title = known.title
    actions.remove_reply(actor=person, reply=known)
    messages.success(request, _("La réponse type « %(title)s » est supprimée.") % {"title": title})
    return redirect("desk_ticket_replies", town.slug)


def _access(town: Town, reply_id: int) -> CannedReply:
    found = town.canned_replies.filter(pk=reply_id).select_related("service", "town").first()
    if found is None:
        raise NotFound
    return found
