"""Service discovery (https://wiki.open311.org/Service_Discovery/): where the endpoint is, and how one gets a key."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _

from hub.audit.models import Entry
from hub.tickets.open311.asking import town_of
from hub.tickets.open311.replies import Refused
from hub.towns.models import Town

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_CHANGES = tuple(f"{what}.{act}" for what in ("category", "question") for act in ("start", "add", "change", "remove"))
_LOOKED_AGAIN_S = 600
_FIRST = "2026-01-01 00:00"


def discovery(asked: QueryDict) -> dict[str, Any]:
    """Of the town that is asked for, or of the site."""
    changeset = _changeset()
    return {
        "changeset": changeset,
        "contact": _contact(asked),
        "key_service": _("La mairie donne les clés : Réglages > Programmes, sur %(site)s.")
        % {"site": settings.LINK_BASE},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.LINK_BASE}/open311/v2",
                "changeset": changeset,
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def _contact(asked: QueryDict) -> str:
    try:
        return _reach(town_of(asked))
    except Refused:
        return str(settings.LEGAL_PUBLISHER or settings.LINK_BASE)


def _reach(town: Town) -> str:
    return ", ".join(part for part in (town.name, town.email, town.phone, settings.LINK_BASE) if part)


def _changeset() -> str:
    """When the categories or questions of any town were last changed: apps then read them again."""
    known = cache.get("open311-changeset")
    if isinstance(known, str):
        return known
    at = Entry.objects.filter(act__in=_CHANGES).order_by("-at").values_list("at", flat=True).first()
    changeset = f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else _FIRST
    cache.set("open311-changeset", changeset, _LOOKED_AGAIN_S)
    return changeset
