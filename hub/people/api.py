"""The API about oneself."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import ConfigDict, Field

from hub.core.shapes import Input, Line
from hub.people.actions import update_profile
from hub.people.identity import ApiRequest
from hub.people.models import Person
from hub.people.queries import towns_of

router = Router(tags=["me"])

Name = Annotated[Line, Field(max_length=80)]


class MyTown(Schema):
    """A town and what one is there."""

    slug: str
    roles: list[str] = Field(description="citizen, agent, mayor, moderator, manager, operator")


class Me(Schema):
    """Who calls."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 7,
                "email": "alice@citoyen.example",
                "first_name": "Alice",
                "last_name": "Moreau",
                "language": "fr",
                "towns": [{"slug": "saint-aurele", "roles": ["citizen"]}],
            }
        }
    )

    id: int
    email: str
    first_name: str
    last_name: str
    language: str
    towns: list[MyTown]


class MyChanges(Input):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"example": {"language": "en"}})

    language: Literal["fr", "en"] | None = None
    first_name: Name | None = None
    last_name: Name | None = None


@router.get("me", response=Me, summary="Who am I")
def get_me(request: ApiRequest) -> dict[str, Any]:
    """The person behind the token or the session, and what they are in which town."""
    return _me(request.auth)


@router.patch("me", response=Me, summary="Change my name or language")
def patch_me(request: ApiRequest, payload: MyChanges) -> dict[str, Any]:
    """The language decides in which one everything is sent to this person."""
    fields = payload.dict(exclude_none=True)
    if fields:
        update_profile(person=request.auth, fields=fields)
    return _me(request.auth)


def _me(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "email": person.email or "",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language": person.language,
        "towns": [{"slug": town.slug, "roles": sorted(roles)} for town, roles in towns_of(person).items()],
    }
