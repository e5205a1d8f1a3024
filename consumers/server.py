"""Runs one Daphne process."""

import asyncio
import sys

if sys.platform != "win32":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server


def run(*, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    from routing import application

    Server(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name="parvis",
    ).run()
