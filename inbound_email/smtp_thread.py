"""The doors for SMTP and LMTP in a thread with a loop of their own, beside whatever else the process does."""

import asyncio
import threading
from collections.abc import Mapping
from typing import Self

from inbound_email.models import Door
from inbound_email.places import Place
from inbound_email.smtp_server import GRACE_S, House


class SmtpThread:
    """`places`: where to listen, by door. After `start`, where each is."""

    def __init__(self, places: Mapping[Door, Place], *, grace_s: float = GRACE_S) -> None:
        self.places = dict(places)
        self._grace_s = grace_s
        self._loop = asyncio.SelectorEventLoop()
        self._house: House | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="inbound-smtp", daemon=True)

    def start(self) -> Self:
        """Listen. Raises `OSError` when a place is taken or a certificate can't be used; nothing is open then."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Mails under way are kept first, for `grace_s` at most."""
        if self._house is not None:
            asyncio.run_coroutine_threadsafe(self._house.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._house = House(grace_s=self._grace_s)
        for door, place in self.places.items():
            self.places[door] = await self._house.listen(place, door)
