"""The API about towns."""

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from hub.core.access import public
from hub.core.shapes import Limit, Offset
from hub.towns.models import Town
from hub.towns.queries import all_towns

router = Router(tags=["towns"])


class TownOut(Schema):
    """What anybody may know of a town."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "slug": "saint-aurele",
                "name": "Saint-Aurèle",
                "country": "CA",
                "time_zone": "America/Toronto",
                "languages": ["fr", "en"],
                "postal_address": "1, rue de l’Église, Saint-Aurèle (Québec)",
                "phone": "+14185550110",
                "email": "mairie@saint-aurele.example",
                "emergency_number": "911",
            }
        }
    )

    slug: str
    name: str
    country: str
    time_zone: str
    languages: list[str]
    postal_address: str
    phone: str
    email: str
    emergency_number: str


@router.get("towns", response=list[TownOut], auth=None, summary="The towns of this hub")
@public
def list_towns(request: HttpRequest, q: str = "", limit: Limit = 50, offset: Offset = 0) -> QuerySet[Town]:
    """By name; `q` narrows by words of the name. Nobody needs to sign in for it."""
    return all_towns(q)[offset : offset + limit]
