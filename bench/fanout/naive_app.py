"""The reference: relaying as the tutorial of Django Channels writes it, behind Daphne.

`AuthMiddlewareStack` reads the session from the database, a JSON consumer joins a group, `group_send` speaks to it.
/ws/TOPIC reads and speaks, /pub/TOPIC only speaks, /hello/ only accepts who is signed in.
"""

import os
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.fanout.naive_settings"

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # sets Django up: what follows imports models

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path


class Hello(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Lets in who is signed in."""

    async def connect(self) -> None:
        if self.scope["user"].is_anonymous:
            await self.close()
        else:
            await self.accept()


class Speaker(Hello):
    """What it says goes to all who read the topic."""

    @property
    def topic(self) -> str:
        return str(self.scope["url_route"]["kwargs"]["topic"])

    async def receive_json(self, content: dict[str, Any]) -> None:
        await self.channel_layer.group_send(self.topic, {"type": "relay", "data": content})


class Reader(Speaker):
    """Gets what is said, too."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(self.topic, self.channel_name)
        await super().connect()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.topic, self.channel_name)

    async def relay(self, event: dict[str, Any]) -> None:
        await self.send_json(event["data"])


application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AuthMiddlewareStack(
            URLRouter(
                [
                    path("ws/<topic>", Reader.as_asgi()),
                    path("pub/<topic>", Speaker.as_asgi()),
                    path("hello/", Hello.as_asgi()),
                ]
            )
        ),
    }
)
