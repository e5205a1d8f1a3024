"""A reader that takes its time: whole frames, in order, whatever the socket's buffer cuts them into."""

import asyncio
import json
from collections import defaultdict

from pytest_django import Settings

from hub.people.actions import follow_town
from tests import factories
from tests.consumers.conftest import Talk
from tests.wire import Deaf

# Together more than the kernel keeps for a reader, and less than the hub keeps of a topic.
MESSAGES, BODY = 190, "é" * 9_900
BEGINS_TO_READ = 150


async def test_frames_come_whole_and_in_order(talk: Talk, settings: Settings) -> None:
    settings.RATE_LIMITS = False
    other = await asyncio.to_thread(factories.make_town)
    await asyncio.to_thread(factories.make_mayor, other)
    await asyncio.to_thread(follow_town, person=talk.citizen, town=other)
    second = await asyncio.to_thread(factories.make_conversation, other, talk.citizen)
    reader = await Deaf(talk.web.ws_url, talk.cookies[talk.citizen.pk]).open(talk.topic, second.topic)
    for _ in range(2):  # both are subscribed before anything is said
        assert json.loads((await reader.frame())[1])["payload"]["status"] == "ok"
    seen: defaultdict[str, list[str]] = defaultdict(list)
    pongs: list[int] = []

    async def read() -> None:
        while len(pongs) < MESSAGES or min(len(seen[talk.topic]), len(seen[second.topic])) < MESSAGES:
            first, payload = await reader.frame()
            if first == 0x8A:
                pongs.append(int(payload))
                continue
            assert first == 0x81
            event = json.loads(payload)
            if event["event"] == "message.posted":
                seen[event["topic"]].append(event["payload"]["body"])

    for number in range(MESSAGES):
        if number == BEGINS_TO_READ:
            reading = asyncio.create_task(read())
        for conversation in (talk.conversation, second):
            await asyncio.to_thread(factories.say, talk.citizen, conversation, f"{number} {BODY}")
        reader.send(0x89, str(number).encode())
    async with asyncio.timeout(60):
        await reading
    reader.writer.close()
    said = [f"{number} {BODY}" for number in range(MESSAGES)]
    assert seen == {talk.topic: said, second.topic: said}
    assert pongs == sorted(pongs)
