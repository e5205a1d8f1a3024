"""What both ways in, the site and a frame, do with the form: show it, read it, make the ticket of it."""

import math
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core import limits
from hub.core.client_address import client_address
from hub.core.errors import Conflict, Invalid, NotFound, RateLimited
from hub.core.ids import new_key
from hub.people.models import Person
from hub.tickets import queries
from hub.tickets.actions import create_ticket
from hub.tickets.models import OPEN, Category, Ticket
from hub.tickets.naming import public_titles
from hub.tickets.places import asked_place
from hub.tickets.reporting.choosing import icon_of
from hub.tickets.reporting.door import Door
from hub.tickets.reporting.forms import Asked, ReportForm
from hub.tickets.tracking.words import state_of
from hub.tickets.tree import Tree
from hub.towns.models import Town

NEAR = 5


def category_of(town: Town, category_id: int) -> tuple[Tree, Category]:
    """A category that citizens may choose. Raises `NotFound` for any other."""
    tree = Tree(town)
    try:
        return tree, tree.chosen(category_id, by_citizens=True)
    except Invalid:
        raise NotFound from None


class Report:
    """One form, in one category, by one door."""

    def __init__(self, request: HttpRequest, door: Door, category_id: int) -> None:
        self.request, self.door = request, door
        self.tree, self.category = category_of(door.town, category_id)
        self.status = 200
        asked = Asked(
            door.town, self.category, self.tree.questions(self.category),
            queries.desk_settings(door.town).anonymous_allowed, door.person,
        )  # fmt: skip
        if request.method == "POST":
            self.form = ReportForm(request.POST, request.FILES, asked=asked)
        else:
            self.form = ReportForm(initial={"key": new_key(), **_of_account(door.person)}, asked=asked)

    def send(self) -> Ticket | None:
        """The ticket; None: the form says what is wrong, and `status` how."""
        if self.form.is_valid():
            try:
                return self._make()
            except RateLimited as error:
                self.status = error.status
                self.form.add_error(None, _too_many(error.retry_after_s))
                return None
            except Conflict as error:
                self.form.add_error(None, str(error))
            except Invalid as error:
                self.form.refuse(error)
        self.status = 400
        return None

    def _make(self) -> Ticket:
        """Who has no account is counted by where they come from; what is sent again is not counted again."""
        town, draft = self.door.town, self.form.draft
        if self.door.person is None and not Ticket.objects.filter(town=town, key=draft.key).exists():
            limits.hit(limits.STRANGERS_TICKETS, client_address(self.request))
        return create_ticket(actor=self.door.person, town=town, draft=draft)

    def context(self) -> dict[str, Any]:
        """For `tickets/report/form.html`."""
        town, typed = self.door.town, self.request.POST if self.form.is_bound else None
        place = asked_place(town, typed, errors=[str(said) for said in self.form.errors.get("place", ())])
        latest = queries.public_tickets(town).filter(category=self.category, status__in=OPEN)[:NEAR]
        return {
            "town": town, "door": self.door, "form": self.form, "category": self.category, "place": place,
            "path": self.tree.path_name(self.category), "icon": icon_of(self.tree, self.category),
            "action": self.door.form_url(self.category), "choose": self.door.choose_url,
            "near_url": self.door.near_url(self.category),
            "near": [] if self.door.framed else near_items(self.door.person, [(one, None) for one in latest]),
            "files_lost": self.form.is_bound and bool(self.request.FILES),
        }  # fmt: skip

    def refusal(self, **more: Any) -> HttpResponse:
        """The same for the page's script: `errors` by field, "" for the whole."""
        errors = {name if name != "__all__" else "": list(said) for name, said in self.form.errors.items()}
        return JsonResponse({"errors": errors, **more}, status=self.status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, and not a browser by itself."""
    return "application/json" in request.headers.get("Accept", "")


def _of_account(person: Person | None) -> Mapping[str, str]:
    """Contact details as the account has them (S85)."""
    if person is None:
        return {}
    phone = person.phones.first()
    return {
        "first_name": person.first_name, "last_name": person.last_name, "email": person.email,
        "phone": phone.number if phone else "",
    }  # fmt: skip


def _too_many(retry_after_s: float) -> str:
    minutes = max(1, math.ceil(retry_after_s / 60))
    return ngettext(
        "Beaucoup de demandes viennent de votre connexion. Rien n’est perdu : réessayez dans %(count)d minute, ou "
        "appelez la mairie.",
        "Beaucoup de demandes viennent de votre connexion. Rien n’est perdu : réessayez dans %(count)d minutes, ou "
        "appelez la mairie.",
        minutes,
    ) % {"count": minutes}


def near_items(person: Person | None, found: "list[tuple[Ticket, int | None]]") -> list[dict[str, Any]]:
    """What `tickets/report/near.html` shows of tickets, with how far each is when that is known.

    They are called as on all public pages: the words of who asked first are nobody else's (S100).
    """
    titles = public_titles(ticket for ticket, _metres in found)
    return [
        {
            "ticket": ticket, "metres": metres, "state": state_of(ticket), "title": titles[ticket.pk],
            "address": "" if ticket.address in titles[ticket.pk] else ticket.address,
            "following": queries.is_following(person, ticket),
        }
        for ticket, metres in found
    ]  # fmt: skip


def place_said(lat: str, lon: str) -> tuple[float, float]:
    """The point that an address names. Raises `Invalid`."""
    try:
        point = float(lat), float(lon)
    except ValueError:
        raise Invalid(_("Ce point n’est pas complet."), field="place") from None
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180):
        raise Invalid(_("Ce point n’est nulle part."), field="place")
    return point
