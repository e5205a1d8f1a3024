"""The API of a demo: what would have been sent."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from channels_adapters.capture import Captured, captured
from hub.core.access import public
from hub.core.errors import NotFound
from hub.core.shapes import Limit

router = Router(tags=["demo"])


class Kept(Schema):
    """One thing as it would have left."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01795373272945640390-48d58333",
                "channel": "email",
                "to": "alice@citoyen.example",
                "subject": "Hélène Carpentier vous a écrit",
                "text": "Bonjour Alice, …",
                "html": "<p>Bonjour Alice, …</p>",
                "headers": {"From": "Parvis <parvis@localhost>", "Message-ID": "<7ab86ac0@localhost>"},
                "sent_at": "2026-11-22T18:47:52.945+00:00",
            }
        }
    )

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    sent_at: str


@router.get("demo/outbox", response=list[Kept], auth=None, summary="What would have been sent (demo only)")
@public
def demo_outbox(request: HttpRequest, channel: str = "", to: str = "", limit: Limit = 50) -> list[Captured]:
    """Newest first; `channel` and `to` narrow. Nobody needs to sign in. Outside a demo: 404."""
    if not settings.DEMO:
        raise NotFound
    return captured(settings.CAPTURE_DIR, channel, to, limit)
