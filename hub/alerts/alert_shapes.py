"""What the API of alerts takes and gives."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

ChannelName = Literal["sms", "email", "voice", "push"]
StatusName = Literal["draft", "pending", "scheduled", "sending", "done", "stopped"]
Words = dict[Literal["fr", "en"], str]


class NewAlert(Schema):
    """An alert as it is written. `zone`: GeoJSON, a Polygon or MultiPolygon; nobody else is told."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "town": "saint-aurele", "theme": None, "emergency": True, "channels": ["sms", "email"],
                "title": {"fr": "Eau non potable"}, "body": {"fr": "Faites bouillir l’eau une minute."},
            }
        },
    )  # fmt: skip

    town: str = Field(max_length=60)
    theme: int | None = None
    emergency: bool = False
    exercise: bool = False
    danger: str = Field("", max_length=10)
    channels: list[ChannelName] = Field(max_length=4)
    title: Words
    body: Words
    sms: Words = {}
    voice: Words = {}
    zone: dict[str, Any] | None = None
    zones: list[int] = Field([], max_length=50)
    streets: list[str] = Field([], max_length=200)
    vulnerable: bool = False
    send_at: datetime | None = None
    key: str = Field("", max_length=64)


class AlertOut(Schema):
    """An alert, and who decided it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 7, "number": "A-26-003", "town": "saint-aurele", "topic": "alert.7", "status": "pending",
                "purpose": "alert", "emergency": True, "exercise": False, "danger": "water", "theme": None,
                "channels": ["push", "email", "sms"], "title": {"fr": "Eau non potable"},
                "body": {"fr": "Faites bouillir l’eau une minute."}, "zone": None, "author": "Maude Lavoie",
                "approver": "", "created_at": "2026-11-26T03:07:00Z", "submitted_at": "2026-11-26T03:12:00Z",
                "approved_at": None, "started_at": None, "ended_at": None,
            }
        }
    )  # fmt: skip

    id: int
    number: str
    town: str
    topic: str
    status: StatusName
    purpose: Literal["alert", "update", "end"]
    emergency: bool
    exercise: bool
    danger: str
    theme: int | None
    channels: list[str]
    title: dict[str, str]
    body: dict[str, str]
    zone: dict[str, Any] | None
    author: str
    approver: str
    created_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class ProgressOut(Schema):
    """`total` people, `reached` by one means at least; deliveries by channel and state."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "sending", "total": 12630, "reached": 11946,
                "by_channel": {"sms": {"queued": 0, "sent": 0, "delivered": 11207, "failed": 275, "suppressed": 0}},
            }
        }
    )  # fmt: skip

    status: StatusName
    total: int
    reached: int
    by_channel: dict[str, dict[str, int]]
