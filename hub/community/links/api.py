"""The API of a town's links."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from hub.community.links.icons import DEFAULT
from hub.community.links.models import Link
from hub.community.links.queries import shown_links
from hub.core.access import public
from hub.towns.queries import town_by_slug

router = Router(tags=["towns"])


class LinkOut(Schema):
    """A way to another site of the town's, or to one that helps."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 3,
                "group": "service",
                "title": "Permis et urbanisme",
                "description": "Demander un permis, suivre son dossier.",
                "url": "https://urbanisme.saint-aurele.example/",
                "icon": "home",
            }
        }
    )

    id: int
    group: str = Field(description="service (the town's other services online), useful")
    title: str
    description: str = Field(description="Empty when the town says no more.")
    url: str = Field(description="Always https.")
    icon: str = Field(description="The name of a picture of our design system.")


@router.get("towns/{slug}/links", response=list[LinkOut], auth=None, summary="A town's links to other sites")
@public
def list_links(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Services online first, then useful links, as people see them, in the reader's language (`Accept-Language`) where
    the town has said it in that. Nobody needs to sign in for it."""
    return [_told(link) for link in shown_links(town_by_slug(slug))]


def _told(link: Link) -> dict[str, Any]:
    return {
        "id": link.pk,
        "group": link.group,
        "title": link.label,
        "description": link.words,
        "url": link.address,
        "icon": link.icon or DEFAULT,
    }
