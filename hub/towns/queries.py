"""Reads of towns that anyone may make."""

from django.db.models import F, Func, QuerySet, TextField

from hub.core.errors import NotFound
from hub.core.folding import words_of
from hub.towns.models import Service, Town


def all_towns(search: str = "") -> QuerySet[Town]:
    """The towns of this hub by name; `search` narrows to those whose name holds its words, or parts of words.

    Without case, accents or hyphens: « saint aurele ».
    """
    plain = Func(F("name"), function="parvis_folded", output_field=TextField())
    towns = Town.objects.annotate(plain=plain).order_by("plain", "pk")
    words = words_of(search)
    if search.strip() and not words:
        return towns.none()
    for word in words:
        towns = towns.filter(plain__contains=word)
    return towns


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
