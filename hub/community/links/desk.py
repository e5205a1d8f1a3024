"""« Liens » among the town's settings (S59, S137)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.community.links import actions
from hub.community.links.forms import LinkForm
from hub.community.links.models import Group, Link
from hub.community.links.queries import access_link, shelves
from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.visitor import posted
from hub.towns.models import Town


@require_safe
@staff
def links(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Both groups, hidden ones too."""
    _person, town = enter_management(request, town_slug)
    return render(request, "links/desk/links.html", {"town": town, "shelves": shelves(town)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def link_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """One more; `?groupe=useful`: there."""
    person, town = enter_management(request, town_slug)
    asked = request.GET.get("groupe", "")
    form = LinkForm(posted(request), town=town, initial={"group": asked} if asked in Group.values else {})
    if form.is_valid() and (made := _kept(form, person, town, None)):
        messages.success(request, _("« %(title)s » est ajouté.") % {"title": made.label})
        return _back(town, made)
    return render(request, "links/desk/link.html", {"town": town, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def link(request: HttpRequest, town_slug: str, link_id: int) -> HttpResponse:
    """One, to mend or take away."""
    person, town = enter_management(request, town_slug)
    known = access_link(town, link_id)
    form = LinkForm(posted(request), town=town, instance=access_link(town, link_id))
    if form.is_valid() and (kept := _kept(form, person, town, known)):
        messages.success(request, _("« %(title)s » est à jour.") % {"title": kept.label})
        return _back(town, kept)
    return render(request, "links/desk/link.html", {"town": town, "form": form, "link": known})


def _kept(form: LinkForm, actor: Person, town: Town, known: Link | None) -> Link | None:
    try:
        if known is None:
            return actions.add_link(actor=actor, town=town, fields=form.cleaned_data)
        return actions.change_link(actor=actor, link=known, fields=form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except Conflict as error:
        form.add_error(None, str(error))
    return None


@require_POST
@staff
def link_shift(request: HttpRequest, town_slug: str, link_id: int) -> HttpResponse:
    """One place up or down (`by`: up, down)."""
    person, town = enter_management(request, town_slug)
    shown = access_link(town, link_id)
    actions.shift_link(actor=person, link=shown, by=-1 if request.POST.get("by") == "up" else 1)
    return _back(town, shown)


@require_POST
@staff
def link_remove(request: HttpRequest, town_slug: str, link_id: int) -> HttpResponse:
    """Take it away; the page has asked before."""
    person, town = enter_management(request, town_slug)
    gone = access_link(town, link_id)
    actions.remove_link(actor=person, link=gone)
    messages.success(request, _("« %(title)s » est supprimé.") % {"title": gone.label})
    return redirect("desk_links", town.slug)


def _back(town: Town, link: Link) -> HttpResponse:
    return redirect(f"{reverse('desk_links', args=[town.slug])}#l{link.pk}")
