"""« Alertes » among the town's settings: its themes (S25, S27)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.alerts import actions
from hub.alerts.forms import ThemeForm
from hub.alerts.models import Theme
from hub.alerts.queries import access_theme, archived_themes_of, themes_of
from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.visitor import posted
from hub.towns.models import Town


@require_safe
@staff
def themes(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Those in use, in their order; those that were."""
    _person, town = enter_management(request, town_slug)
    shown = {"town": town, "themes": themes_of(town), "archived": archived_themes_of(town)}
    return render(request, "alerts/desk/themes.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def theme_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """One more."""
    person, town = enter_management(request, town_slug)
    form = ThemeForm(posted(request), town=town)
    if form.is_valid() and (made := _kept(form, person, town, None)):
        messages.success(request, _("« %(name)s » est ajoutée.") % {"name": made.label})
        return redirect("desk_themes", town.slug)
    return render(request, "alerts/desk/theme.html", {"town": town, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def theme(request: HttpRequest, town_slug: str, theme_id: int) -> HttpResponse:
    """One, to rename."""
    person, town = enter_management(request, town_slug)
    known = access_theme(town, theme_id)
    form = ThemeForm(posted(request), town=town, instance=access_theme(town, theme_id))
    if form.is_valid() and (kept := _kept(form, person, town, known)):
        messages.success(request, _("« %(name)s » est à jour.") % {"name": kept.label})
        return redirect("desk_themes", town.slug)
    return render(request, "alerts/desk/theme.html", {"town": town, "form": form, "theme": known})


def _kept(form: ThemeForm, actor: Person, town: Town, known: Theme | None) -> Theme | None:
    try:
        if known is None:
            return actions.add_theme(actor=actor, town=town, fields=form.cleaned_data)
        return actions.change_theme(actor=actor, theme=known, fields=form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except Conflict as error:
        form.add_error(None, str(error))
    return None


@require_POST
@staff
def theme_shift(request: HttpRequest, town_slug: str, theme_id: int) -> HttpResponse:
    """One place up or down (`by`: up, down)."""
    person, town = enter_management(request, town_slug)
    shown = access_theme(town, theme_id)
    actions.shift_theme(actor=person, theme=shown, by=-1 if request.POST.get("by") == "up" else 1)
    return redirect(f"{reverse('desk_themes', args=[town.slug])}#t{shown.pk}")


@require_POST
@staff
def theme_archive(request: HttpRequest, town_slug: str, theme_id: int) -> HttpResponse:
    """Offer it no more (`back`: offer it again)."""
    person, town = enter_management(request, town_slug)
    shown = access_theme(town, theme_id)
    if "back" not in request.POST:
        actions.archive_theme(actor=person, theme=shown)
        messages.success(request, _("« %(name)s » est archivée.") % {"name": shown.label})
        return redirect("desk_themes", town.slug)
    try:
        actions.restore_theme(actor=person, theme=shown)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("« %(name)s » est de nouveau en usage.") % {"name": shown.label})
    return redirect("desk_themes", town.slug)
