"""Database work of sockets: on a bounded pool of threads, never on the event loop.

Django's one shared thread would make 40 sockets wait 2 s for a query of 50 ms; here each thread keeps a connection.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import translation

from hub.core.errors import Unavailable

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_threads = ThreadPoolExecutor(max_workers=settings.SOCKET_THREADS, thread_name_prefix="socket")


async def in_pool(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` on the pool.

    It may run twice, when its database connection turns out to be lost; so it must be safe to call again. Raises
    `Unavailable` when the database is away.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: _run(work, args, kwargs))


async def in_language(language: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same, with what it says to people in their language."""

    def spoken() -> R:
        with translation.override(language):
            return work(*args, **kwargs)

    return await in_pool(spoken)


def _run(work: Callable[..., R], args: tuple[object, ...], kwargs: dict[str, object]) -> R:
    for attempt in (1, 2):
        try:
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if attempt == 2:
                log.warning("pool.database_away", error=repr(error))
                raise Unavailable from error
    raise Unavailable
