"""What an open socket loses of a group, within 5 s: who leaves it, who leaves the town, who no longer works there."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from hub.conversations.actions import leave
from hub.people.actions import revoke_role, unfollow_town
from hub.people.models import Person, Role
from tests import factories
from tests.consumers.conftest import Talk
from tests.wire import Refused

WITHIN_S = 5.0


async def test_who_is_out_hears_no_more_and_who_is_in_does(talk: Talk) -> None:
    def arrange() -> tuple[list[Person], str, int]:
        agent = factories.make_person(town=talk.town, roles=[Role.AGENT, Role.CITIZEN])
        leaver = factories.make_person(town=talk.town)
        people = [talk.citizen, leaver, agent, talk.stranger]
        group = factories.make_group(talk.mayor, talk.town, *people)
        talk.cookies |= {person.pk: factories.cookie(person) for person in (agent, leaver)}
        return people, group.topic, group.pk

    people, topic, number = await asyncio.to_thread(arrange)
    mover, leaver, agent, _stays = people

    def change() -> None:
        unfollow_town(person=mover, town=talk.town)
        leave(actor=leaver, conversation_id=number)
        revoke_role(actor=None, person=agent, town=talk.town, role=Role.AGENT)

    async with AsyncExitStack() as open_wires:
        wires = [await open_wires.enter_async_context(talk.wire(person)) for person in people]
        for wire in wires:
            await wire.subscribe(topic)
        await asyncio.to_thread(change)
        await asyncio.sleep(WITHIN_S)
        group = await asyncio.to_thread(lambda: talk.town.conversations.get(pk=number))
        await asyncio.to_thread(factories.say, talk.mayor, group, "Entre nous.")
        await wires[-1].until(lambda: wires[-1].numbers(topic))
        await asyncio.sleep(1)
        assert [wire.numbers(topic) for wire in wires[:-1]] == [[], [], []]
        for wire in wires[:-1]:
            with pytest.raises(Refused) as refused:
                await wire.subscribe(topic)
            assert refused.value.code == "forbidden"
