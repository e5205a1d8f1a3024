"""Reads of towns that anyone may make."""

from django.db.models import QuerySet

from hub.core.errors import NotFound
from hub.towns.models import Service, Town


def all_towns(search: str = "") -> QuerySet[Town]:
    """The towns of this hub by name; `search` narrows by a part of the name."""
    towns = Town.objects.order_by("name")
    return towns.filter(name__icontains=search.strip()) if search.strip() else towns


def town_by_slug(slug: str) -> Town:
    """The town of that short name. Raises `NotFound`."""
    town = Town.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if town is None:
        raise NotFound
    return town


def service_of(town: Town, service_id: int) -> Service:
    """One of the town's departments. Raises `NotFound` for any other."""
    service = town.services.filter(pk=service_id).first()
    if service is None:
        raise NotFound
    return service
