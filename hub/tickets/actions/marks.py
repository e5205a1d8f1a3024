"""What one member of staff keeps for themselves: stars, watching, views of the board."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.people.models import Person
from hub.tickets import queries
from hub.tickets.models import BoardMemory, Favourite, SavedView, Watcher
from hub.towns.models import Town

MAX_VIEWS = 20


def star(*, actor: Person, number: str, on: bool) -> None:
    """A favourite, or not any more (S120). Safe to call again. Raises `NotFound`."""
    ticket = queries.access_work(actor, number).ticket
    if on:
        Favourite.objects.get_or_create(person=actor, ticket=ticket)
    else:
        Favourite.objects.filter(person=actor, ticket=ticket).delete()


def watch(*, actor: Person, number: str, on: bool) -> None:
    """Be told what happens to a ticket, or not any more. Safe to call again. Raises `NotFound`."""
    ticket = queries.access_work(actor, number).ticket
    if on:
        Watcher.objects.get_or_create(person=actor, ticket=ticket)
    else:
        Watcher.objects.filter(person=actor, ticket=ticket).delete()


def remember_board(*, actor: Person, town: Town, filters: Mapping[str, Any]) -> None:
    """How the actor left the board (S128)."""
    BoardMemory.objects.update_or_create(person=actor, town=town, defaults={"filters": dict(filters)})


def save_view(*, actor: Person, town: Town, name: str, filters: Mapping[str, Any]) -> SavedView:
    """Keep filters under a name; the same name again replaces it. Raises `Invalid`."""
    line = " ".join(name.replace("\x00", "").split())
    if not line or len(line) > 60:
        raise Invalid(_("Donnez un nom de 60 caractères au plus."), field="name")
    mine = SavedView.objects.filter(person=actor, town=town)
    if mine.exclude(name=line).count() >= MAX_VIEWS:
        raise Invalid(_("Vingt vues au plus : supprimez-en une d’abord."), field="name")
    return SavedView.objects.update_or_create(person=actor, town=town, name=line, defaults={"filters": dict(filters)})[
        0
    ]


def delete_view(*, actor: Person, town: Town, view_id: int) -> None:
    """Forget one. Safe to call again."""
    SavedView.objects.filter(person=actor, town=town, pk=view_id).delete()
