"""The ASGI front door: http goes to Django, websocket to the live core."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # sets Django up: what follows imports models

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from consumers.socket import socket_application

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": URLRouter([path("ws/", socket_application)]),
    }
)
