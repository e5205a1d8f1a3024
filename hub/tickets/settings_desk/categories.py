"""The tree of categories (S92): shown, added to, mended, put in order; the usual ones to start from (S90)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.visitor import posted
from hub.tickets.actions import taxonomy as actions
from hub.tickets.category_forms import CategoryForm, StarterForm
from hub.tickets.models import Category
from hub.tickets.queries import desk_settings
from hub.tickets.taxonomy import access_category, may_be_removed, place_of, places_of
from hub.tickets.tree import Tree
from hub.towns.models import Town


@require_safe
@staff
def categories(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The whole tree; while there is none, the usual one is offered."""
    _person, town = enter_management(request, town_slug)
    return _categories(request, town, StarterForm(town=town))


def _categories(request: HttpRequest, town: Town, form: StarterForm, *, status: int = 200) -> HttpResponse:
    shown = {"town": town, "page": "categories", "places": places_of(town, desk_settings(town)), "form": form}
    return render(request, "tickets/settings/categories.html", shown, status=status)


@require_POST
@staff
def start(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Partir des catégories courantes »."""
    person, town = enter_management(request, town_slug)
    form = StarterForm(posted(request), town=town)
    if not form.is_valid():
        return _categories(request, town, form, status=400)
    try:
        actions.start_categories(actor=person, town=town, services=form.services)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Les catégories courantes sont là. Gardez, changez ou retirez ce que vous voulez."))
    return redirect("desk_ticket_settings", town.slug)


@require_safe
@staff
def inheritance(request: HttpRequest, town_slug: str) -> HttpResponse:
    """What comes to each category from above, and how (S109, S110)."""
    _person, town = enter_management(request, town_slug)
    settings = desk_settings(town)
    choosable = [place for place in places_of(town, settings) if place.choosable]
    shown = {"town": town, "page": "categories", "places": choosable, "settings": settings}
    return render(request, "tickets/settings/inheritance.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def category_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A new one; `?sous=N`: below that one."""
    person, town = enter_management(request, town_slug)
    below = request.GET.get("sous", "")
    initial = {"parent": int(below)} if below.isdecimal() and len(below) < 12 else {}
    form = CategoryForm(posted(request), town=town, tree=Tree(town), initial=initial)
    if form.is_valid() and (made := _kept(form, person, town, None)):
        messages.success(request, _("« %(name)s » est ajoutée.") % {"name": made.label})
        return redirect("desk_ticket_category", town.slug, made.pk)
    return render(request, "tickets/settings/category.html", {"town": town, "page": "categories", "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def category(request: HttpRequest, town_slug: str, category_id: int) -> HttpResponse:
    """One, with its questions and what stands below it."""
    person, town = enter_management(request, town_slug)
    known = access_category(town, category_id)
    tree = Tree(town)
    form = CategoryForm(posted(request), town=town, tree=tree, instance=access_category(town, category_id))
    if form.is_valid() and (kept := _kept(form, person, town, known)):
        messages.success(request, _("« %(name)s » est à jour.") % {"name": kept.label})
        return redirect("desk_ticket_category", town.slug, kept.pk)
    shown: dict[str, Any] = {
        "town": town,
        "page": "categories",
        "form": form,
        "category": known,
        "place": place_of(town, known, desk_settings(town)),
        "below": tree.children(known, every=True),
        "questions": list(known.questions.all()),
        "asked_above": [one for one in tree.questions(known) if one.category_id != known.pk],
        "removable": may_be_removed(known),
    }
    return render(request, "tickets/settings/category.html", shown)


def _kept(form: CategoryForm, actor: Person, town: Town, known: Category | None) -> Category | None:
    try:
        if known is None:
            return actions.add_category(actor=actor, town=town, fields=form.cleaned_data)
        return actions.change_category(actor=actor, category=known, fields=form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


@require_POST
@staff
def category_shift(request: HttpRequest, town_slug: str, category_id: int) -> HttpResponse:
    """One place up or down (`by`: up, down)."""
    person, town = enter_management(request, town_slug)
    shown = access_category(town, category_id)
    actions.shift_category(actor=person, category=shown, by=-1 if request.POST.get("by") == "up" else 1)
    return redirect(f"{reverse('desk_ticket_settings', args=[town.slug])}#c{shown.pk}")


@require_POST
@staff
def category_remove(request: HttpRequest, town_slug: str, category_id: int) -> HttpResponse:
    """Take away one that was never used."""
    person, town = enter_management(request, town_slug)
    shown = access_category(town, category_id)
    name = shown.label
    try:
        actions.remove_category(actor=person, category=shown)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_ticket_category", town.slug, category_id)
    messages.success(request, _("« %(name)s » est supprimée.") % {"name": name})
    return redirect("desk_ticket_settings", town.slug)
