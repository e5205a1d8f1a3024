"""« SMS reçus sans suite »: read, made a request of, or seen to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.core.access import staff
from hub.people.desk.entry import enter_citizens
from hub.streams import topics
from hub.streams.queries import from_here
from hub.tickets.kept_sms import kept_one, kept_sms, see_to

_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def received(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The list; a POST of `sms`: nothing is to be done about that one."""
    _person, town = enter_citizens(request, town_slug)
    if request.method == "POST":
        see_to(kept_one(town, request.POST.get("sms", "")))
        messages.success(request, _("Ce SMS est classé."))
        return redirect("desk_kept_sms", town.slug)
    live = from_here(topics.desk(town.slug))  # before the list is read
    shown = {"town": town, "rows": kept_sms(town)[:_SHOWN], "live": live}
    return render(request, "tickets/desk/kept_sms.html", shown)
