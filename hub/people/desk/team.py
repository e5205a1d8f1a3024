"""« Équipe »: who works at the town hall, as what, for which services."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid, NotFound
from hub.people.actions import invite_member, set_member_roles
from hub.people.desk.entry import enter_management
from hub.people.desk_forms import InviteForm, MemberForm
from hub.people.models import Person, Role
from hub.people.queries import protected_by_second_factor, team_of
from hub.people.visitor import posted
from hub.towns.models import Town


@require_safe
@staff
def team(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Everyone who works here, with roles, services and whether a second factor protects them."""
    _person, town = enter_management(request, town_slug)
    rows = [list(held) for _pk, held in groupby(team_of(town), key=lambda membership: membership.person_id)]
    protected = protected_by_second_factor(row[0].person_id for row in rows)
    members = [
        {
            "person": row[0].person,
            "roles": row,
            "services": list(dict.fromkeys(service for held in row for service in held.services.all())),
            "protected": row[0].person_id in protected,
        }
        for row in rows
    ]
    return render(request, "people/desk/team.html", {"town": town, "members": members})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def invite(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Someone new: they get a mail, and sign in by a code."""
    person, town = enter_management(request, town_slug)
    form = InviteForm(posted(request), town=town)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            invited = invite_member(actor=person, town=town, role=Role(fields.pop("role")), **fields)
        except Conflict as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(
                request, _("%(name)s est dans l’équipe. Un courriel vient de partir.") % {"name": invited.name}
            )
            return redirect("desk_team", town.slug)
    return render(request, "people/desk/invite.html", {"town": town, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def member(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """Someone's roles and services here."""
    person, town = enter_management(request, town_slug)
    held = list(team_of(town).filter(person_id=person_id))
    if not held:
        raise NotFound
    initial = {
        "roles": [membership.role for membership in held],
        "services": [service.pk for membership in held for service in membership.services.all()],
    }
    form = MemberForm(posted(request), town=town, initial=initial)
    if form.is_valid() and _changed(form, person, held[0].person, town):
        messages.success(request, _("Les rôles de %(name)s sont à jour.") % {"name": held[0].person.name})
        return redirect("desk_team", town.slug)
    return render(request, "people/desk/member.html", {"town": town, "form": form, "member": held[0].person})


def _changed(form: MemberForm, actor: Person, person: Person, town: Town) -> bool:
    roles = [Role(role) for role in form.cleaned_data["roles"]]
    try:
        set_member_roles(actor=actor, person=person, town=town, roles=roles, services=form.cleaned_data["services"])
    except (Conflict, Invalid) as refusal:
        form.add_error("roles", str(refusal))
        return False
    return True
