"""A group under faults: words, signs, changes and removals are one row of numbers that nobody misses any of."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from hub.conversations.actions import create_group, join, remove_message
from hub.conversations.models import Conversation, Message, Reaction, Version
from hub.core.clock import now
from tests import factories
from tests.engines import Redis
from tests.faults.audit import LOST, Client, Load, audit, connected, settled
from tests.faults.conftest import Square
from tests.processes import Fleet
from tests.wire import Refused

PEOPLE = 12


@pytest.fixture
def group(fleet: Fleet, start_redis: Callable[[], Redis]) -> Iterator[Square]:
    """The mayor and eleven citizens in one group."""
    town = factories.make_town()
    month = now() - timedelta(days=30)
    people = [
        factories.make_mayor(town),
        *(factories.make_person(town=town, created_at=month) for _ in range(PEOPLE - 1)),
    ]
    conversation = create_group(actor=people[0], town=town, title="Crue")
    for person in people[1:]:
        join(actor=person, conversation_id=conversation.pk)
    cookies = [factories.cookie(person) for person in people]
    square = Square(fleet, start_redis(), conversation, people, cookies, "daphne")
    yield square
    square.stop()


async def again(client: Client, event: str, **payload: object) -> None:
    """A command until it is answered; it may have been obeyed before its answer was lost."""
    while True:
        if client.wire is not None:
            try:
                await client.wire.ask(client.topic, event, 5, **payload)
                return
            except Refused as refused:
                if refused.code not in {"unavailable", "not_subscribed"}:
                    raise
            except LOST:
                pass
        await asyncio.sleep(0.1)


async def mark(clients: list[Client], running: "asyncio.Task[None]") -> None:
    """As long as people talk: signs on the first words."""
    for turn in itertools.count():
        if running.done():
            return
        await again(clients[turn % PEOPLE], "message.react", seq=1 + turn % 5, sign="like", on=turn % 3 > 0)
        await asyncio.sleep(0.05)


async def test_a_process_dies_and_redis_forgets_while_a_group_talks(group: Square) -> None:
    webs = await asyncio.to_thread(group.start)
    clients = group.clients(120)
    first = Load(clients[:PEOPLE], per_s=20, seconds=1)
    load = Load(clients, per_s=30, seconds=10)
    async with connected(clients):
        await first.run()
        own = max(first.acknowledged.values())
        running = asyncio.create_task(load.run())
        marking = asyncio.create_task(mark(clients, running))
        await asyncio.sleep(2)
        await asyncio.to_thread(webs[0].kill)
        await asyncio.to_thread(
            remove_message, actor=group.people[0], conversation_id=group.conversation.pk, seq=own, reason="Essai"
        )
        await asyncio.sleep(2)
        await asyncio.to_thread(webs[0].restart)
        await asyncio.to_thread(group.redis.restart)
        await running
        await marking
        load.acknowledged |= first.acknowledged
        await asyncio.sleep(5)  # rings that were lost are made good by looking at the database
        await settled(clients, load)
    await audit(clients, load, group.conversation.pk)
    await asyncio.to_thread(_check_rows, group, load, own)


def _check_rows(group: Square, load: Load, removed: int) -> None:
    """What follows from the words is right: how many there are, which is gone, who put a sign where, once."""
    conversation = Conversation.objects.get(pk=group.conversation.pk)
    assert conversation.posts == len(load.acknowledged)
    assert Message.objects.get(conversation=conversation, seq=removed).removal == "moderation"
    signs = list(Reaction.objects.values_list("message_id", "person_id"))
    assert signs
    assert len(signs) == len(set(signs))
    assert Version.objects.count() == 0
