"""An agent's page with the board open, as far as the wire goes. `python -m bench.inbound.heard URL COOKIE TOWN MANY`

Prints one line of JSON when so many tickets have rung on `desk.TOWN`, or nothing comes any more: the time of day of the
first event of each, by its number. The line before says that it listens.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress

from tests.wire import Wire

SILENCE_S = 15


async def listen(url: str, cookie: str, town: str, many: int) -> dict[str, float]:
    """What came, and when."""
    heard: dict[str, float] = {}
    topic = f"desk.{town}"
    async with Wire(url, cookie=cookie, origin=url.replace("ws", "http", 1).removesuffix("/ws/")) as wire:
        await wire.subscribe(topic)
        print("listens", flush=True)
        taken = 0

        def all_here() -> bool:
            nonlocal taken
            for frame in wire.seen[topic][taken:]:
                heard.setdefault(frame["payload"].get("number", ""), time.time())
            fresh, taken = len(wire.seen[topic]) > taken, len(wire.seen[topic])
            if fresh:
                silence.reschedule(asyncio.get_running_loop().time() + SILENCE_S)
            return len(heard) >= many

        with suppress(TimeoutError):
            async with asyncio.timeout(2 * SILENCE_S) as silence:
                await wire.until(all_here, 600)
    return heard


if __name__ == "__main__":
    print(json.dumps(asyncio.run(listen(*sys.argv[1:4], int(sys.argv[4])))))
