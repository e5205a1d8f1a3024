"""The shapes of the alerts' API."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from hub.core.shapes import MAX_NUMBER, MAX_ROWS, Input


class ThemeOut(Schema):
    """A subject of a town's alerts."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": 4, "name": "Déneigement"}})

    id: int
    name: str


class SubscriptionOut(Schema):
    """What I want to be told of a town's alerts. `all_themes` counts for those to come too; `voice` is for emergencies
    alone."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"themes": [4], "all_themes": False, "channels": ["sms", "email"]}}
    )

    themes: list[int]
    all_themes: bool
    channels: list[str] = Field(description="sms, email, push, voice")


class SubscriptionIn(Input):
    """The same, as I want it from now on; what is left out is not wanted."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"themes": [4], "all_themes": False, "channels": ["sms", "email"]}}
    )

    themes: Annotated[list[Annotated[int, Field(ge=1, le=MAX_NUMBER)]], Field(max_length=MAX_ROWS)] = []
    all_themes: bool = False
    channels: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=MAX_ROWS)] = []
