"""Twilio's API and a push service that take everything and forget it.

`python -m bench.dispatch.services PORT LATENCY_MS`. Each answer leaves `LATENCY_MS` after its request came in.
`GET /taken` says how many messages, calls and notifications came so far.
"""

import asyncio
import secrets
import sys
import time
from collections import Counter

from aiohttp import web

taken: Counter[str] = Counter()


def application(latency_s: float) -> web.Application:
    """Shapes as in https://www.twilio.com/docs/messaging/api/message-resource and RFC 8030, 5."""

    async def twilio(request: web.Request) -> web.Response:
        form = await request.post()
        messages = request.match_info["kind"] == "Messages"
        taken["sms" if messages else "voice"] += 1
        await asyncio.sleep(latency_s)
        sid = ("SM" if messages else "CA") + secrets.token_hex(16)
        made = {"sid": sid, "to": form["To"], "status": "queued", "body": form.get("Body"), "error_code": None}
        return web.json_response(made, status=201)

    async def push(request: web.Request) -> web.Response:
        await request.read()
        taken["push"] += 1
        await asyncio.sleep(latency_s)
        return web.Response(status=201, headers={"Location": f"/message/{secrets.token_hex(8)}"})

    async def told(_request: web.Request) -> web.Response:
        return web.json_response({**taken, "at": time.time()})

    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{account}/{kind:Messages|Calls}.json", twilio)
    app.router.add_post("/push/{browser}", push)
    app.router.add_get("/taken", told)
    return app


async def serve(port: int, latency_s: float) -> None:
    runner = web.AppRunner(application(latency_s), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1000).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
