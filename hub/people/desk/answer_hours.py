"""« Mes heures de réponse »: when the mayor reads, is away, and what the hub says meanwhile."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.core.access import staff
from hub.core.clock import now
from hub.people.desk.entry import enter_management
from hub.people.queries import mayor_of
from hub.people.visitor import posted
from hub.towns.actions import set_answer_hours
from hub.towns.answer_hours_form import AnswerHoursForm
from hub.towns.models import Town
from hub.towns.rules import automatic_text, next_gap


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def answer_hours(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Hours, absence, automatic answer; « Voir l’aperçu » shows what citizens will get, and saves nothing."""
    _person, town = enter_management(request, town_slug)
    asked = "preview" in request.POST
    form = AnswerHoursForm(posted(request), town=Town.objects.get(pk=town.pk))
    if form.is_valid() and not asked:
        set_answer_hours(town=town, fields=form.cleaned_data)
        messages.success(request, _("Les heures de réponse sont à jour."))
        return redirect("desk_answer_hours", town.slug)
    shown = {"town": town, "form": form, "mayor": mayor_of(town), "preview": _preview(form.town_as_typed)}
    return render(request, "people/desk/answer_hours.html", {**shown, "unsaved": asked and form.is_valid()})


def _preview(town: Town) -> dict[str, Any]:
    """What a citizen gets who writes at the next moment (`at`) when nobody reads; without one nothing leaves."""
    at = next_gap(town, now())
    answers = [{"language": code, "text": automatic_text(town, code, at)} for code in town.languages]
    return {"town": town, "at": at, "answers": answers}
