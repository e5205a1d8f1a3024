"""Reads of a town's links."""

from dataclasses import dataclass

from django.db.models import QuerySet

from hub.community.links.models import Group, Link
from hub.core.errors import NotFound
from hub.towns.models import Town

ON_PORTAL = 6


@dataclass(frozen=True)
class Shelf:
    """One group of a town's links, in the town's order."""

    group: Group
    links: list[Link]


@dataclass(frozen=True)
class OnPortal:
    """What the town's home shows: its first services. `more`: there are others; `useful`: there are useful links."""

    services: list[Link]
    more: bool
    useful: bool


def links_of(town: Town) -> QuerySet[Link]:
    """All of them, in the town's order."""
    return Link.objects.filter(town=town).order_by("position", "pk")


def shown_links(town: Town) -> list[Link]:
    """Those that everybody sees: services first, each group in the town's order."""
    return [link for shelf in shelves(town) for link in shelf.links if link.shown]


def shelves(town: Town) -> list[Shelf]:
    """All of a town's links by group, hidden and empty ones too: what staff see."""
    found = list(links_of(town))
    return [Shelf(group, [link for link in found if link.group == group]) for group in Group]


def shown_shelves(town: Town) -> list[Shelf]:
    """What everybody sees of it; a group without any isn't there."""
    seen = (Shelf(shelf.group, [link for link in shelf.links if link.shown]) for shelf in shelves(town))
    return [shelf for shelf in seen if shelf.links]


def on_portal(town: Town) -> OnPortal:
    """What the town's home shows of them."""
    found = {shelf.group: shelf.links for shelf in shown_shelves(town)}
    services = found.get(Group.SERVICE, [])
    return OnPortal(services[:ON_PORTAL], more=len(services) > ON_PORTAL, useful=Group.USEFUL in found)


def access_link(town: Town, link_id: int) -> Link:
    """One of the town's, shown or not. Raises `NotFound` for any other."""
    found = Link.objects.filter(town=town, pk=link_id).first()
    if found is None:
        raise NotFound
    return found
