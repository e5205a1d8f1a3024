"""The questions of a category (S80, S93)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.desk.entry import enter_management
from hub.people.visitor import posted
from hub.tickets.actions import taxonomy as actions
from hub.tickets.category_forms import QuestionForm
from hub.tickets.models import Category
from hub.tickets.taxonomy import access_category, access_question, was_asked
from hub.towns.models import Town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def question_new(request: HttpRequest, town_slug: str, category_id: int) -> HttpResponse:
    """One more question."""
    person, town = enter_management(request, town_slug)
    category = access_category(town, category_id)
    form = QuestionForm(posted(request), town=town)
    if form.is_valid():
        try:
            actions.add_question(actor=person, category=category, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("La question est ajoutée."))
            return _back(town, category)
    shown = {"town": town, "page": "categories", "category": category, "form": form}
    return render(request, "tickets/settings/question.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def question(request: HttpRequest, town_slug: str, category_id: int, question_id: int) -> HttpResponse:
    """One question, to change or remove."""
    person, town = enter_management(request, town_slug)
    known = access_question(town, category_id, question_id)
    form = QuestionForm(posted(request), town=town, instance=access_question(town, category_id, question_id))
    if form.is_valid():
        try:
            actions.change_question(actor=person, question=known, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("La question est à jour."))
            return _back(town, known.category)
    shown = {"town": town, "page": "categories", "category": known.category, "form": form, "question": known}
    return render(request, "tickets/settings/question.html", {**shown, "removable": not was_asked(known)})


@require_POST
@staff
def question_shift(request: HttpRequest, town_slug: str, category_id: int, question_id: int) -> HttpResponse:
    """One place up or down (`by`: up, down)."""
    person, town = enter_management(request, town_slug)
    shown = access_question(town, category_id, question_id)
    actions.shift_question(actor=person, question=shown, by=-1 if request.POST.get("by") == "up" else 1)
    return _back(town, shown.category)


@require_POST
@staff
def question_remove(request: HttpRequest, town_slug: str, category_id: int, question_id: int) -> HttpResponse:
    """Take away one that nobody was asked."""
    person, town = enter_management(request, town_slug)
    shown = access_question(town, category_id, question_id)
    category = shown.category
    try:
        actions.remove_question(actor=person, question=shown)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La question est supprimée."))
    return _back(town, category)


def _back(town: Town, category: Category) -> HttpResponse:
    return redirect(f"{reverse('desk_ticket_category', args=[town.slug, category.pk])}#questions")
