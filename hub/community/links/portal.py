"""« Services en ligne et liens utiles »: all that the town shows. Open to everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.community.links.queries import shown_shelves
from hub.core.access import public
from hub.towns.queries import town_by_slug


@public
@require_safe
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Both groups, each in the town's order."""
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    return render(request, "links/page.html", {"town": town, "shelves": shown_shelves(town)})
