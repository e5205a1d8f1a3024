"""The desk's board (S125 to S131): its page, the rows that a live page asks for, stars, saved views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import NotFound, ParvisError
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.tickets import board_page, filters
from hub.tickets.actions import delete_view, save_view, star
from hub.tickets.board import PAGE, Board
from hub.tickets.queries import access_work
from hub.towns.models import Town


@require_safe
@staff
def board(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The board, as the address says or as one left it. `sans`: without these filters; `fragment`: the board alone."""
    person, town, _roles = enter(request, town_slug)
    if "sans" in request.GET:
        return redirect(_without(request, person, town))
    shown = board_page.shown(person, town, opened=request.GET.get("ouverte", "")[:16], asked=request.GET)
    return render(request, f"tickets/desk/{'board' if 'fragment' in request.GET else 'board_page'}.html", shown)


def _without(request: HttpRequest, person: Person, town: Town) -> str:
    chosen = board_page.asked_only(request.GET, Board(person, town))
    left = filters.without(chosen, *request.GET.get("sans", "").split(" "))
    more = {"fragment": "1"} if "fragment" in request.GET else {}
    return board_page.address(town, left, **more)


@require_safe
@staff
def lines(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Rows of these numbers under the filters of the address: what a live page asks after it was told of them."""
    person, town, _roles = enter(request, town_slug)
    asked = [number for number in request.GET.get("numeros", "").replace("\x00", "").split(",") if number][:PAGE]
    mine = Board(person, town)
    chosen = board_page.asked_only(request.GET, mine)
    return render(request, "tickets/desk/lines.html", board_page.lines(mine, chosen, asked))


@require_POST
@staff
def star_ticket(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """A favourite, or not any more (S120)."""
    person, town, _roles = enter(request, town_slug)
    if access_work(person, number).ticket.town_id != town.pk:
        raise NotFound
    star(actor=person, number=number, on=request.POST.get("on") == "1")
    return _back(request, town)


@require_POST
@staff
def save(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Keep the board's state under a name; the same name again replaces it."""
    person, town, _roles = enter(request, town_slug)
    mine = Board(person, town)
    chosen = board_page.asked_only(request.POST, mine)
    try:
        save_view(actor=person, town=town, name=request.POST.get("nom", ""), filters=filters.memory(chosen))
    except ParvisError as error:
        shown = {**board_page.shown(person, town, asked=request.POST), "view_error": error}
        return render(request, "tickets/desk/board_page.html", shown, status=error.status)
    return _back(request, town)


@require_POST
@staff
def forget(request: HttpRequest, town_slug: str, view_id: int) -> HttpResponse:
    """One saved view less. What is not there, or another's, is silently none."""
    person, town, _roles = enter(request, town_slug)
    delete_view(actor=person, town=town, view_id=view_id)
    return _back(request, town)


def _back(request: HttpRequest, town: Town) -> HttpResponse:
    """To where one was among the tickets, else to the board as it was left; a live page wants nothing more."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    here, after = reverse("desk_tickets", args=[town.slug]), request.POST.get("suite", "")
    return redirect(after if after.startswith(here) else here)
