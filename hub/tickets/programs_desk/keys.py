"""The page of all programs: keys of Open311, and the way to webhooks."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.conversations.moderation_words import plain_moment
from hub.core.access import staff
from hub.core.errors import Invalid, NotFound
from hub.people.desk.entry import enter_management
from hub.people.visitor import posted
from hub.tickets.actions import programs as actions
from hub.tickets.models import ApiKey
from hub.tickets.programs_desk.forms import KeyForm
from hub.tickets.programs_desk.words import standing_of
from hub.towns.models import Town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@never_cache
def programs(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Keys, made and shown once; webhooks."""
    person, town = enter_management(request, town_slug)
    form, secret = KeyForm(posted(request)), ""
    if form.is_valid():
        try:
            secret, form = actions.issue_key(actor=person, town=town, name=form.cleaned_data["name"]), KeyForm()
        except Invalid as error:
            form.add_error(error.field, str(error))
    shown = {
        "town": town,
        "form": form,
        "secret": secret,
        "keys": [(key, _used(key, town)) for key in town.open311_keys.all()],
        "webhooks": [(one, standing_of(one)) for one in town.webhooks.select_related("town")],
        "endpoint": f"{settings.LINK_BASE}/open311/v2/",
    }
    return render(request, "tickets/programs/programs.html", shown)


def _used(key: ApiKey, town: Town) -> str:
    return plain_moment(key.last_used_at, town) if key.last_used_at else ""


@require_POST
@staff
def key_revoke(request: HttpRequest, town_slug: str, key_id: int) -> HttpResponse:
    """An application that used it is out at once."""
    person, town = enter_management(request, town_slug)
    key = town.open311_keys.filter(pk=key_id).first()
    if key is None:
        raise NotFound
    actions.revoke_key(actor=person, key=key)
    messages.success(request, _("La clé « %(name)s » est supprimée.") % {"name": key.name})
    return redirect("desk_programs", town.slug)
