"""`town.SLUG`: all who belong to a town hear what is told to it, and nobody else."""

import asyncio

import pytest

from hub.people.actions import close_account, follow_town, unfollow_town
from hub.people.models import Membership
from hub.streams import topics
from tests import factories
from tests.consumers.conftest import Talk
from tests.notifications.conftest import tell_town
from tests.wire import Refused, Wire

WITHIN_S = 5.0


async def refusal(wire: Wire, topic: str) -> str:
    """With which code the subscription is refused."""
    with pytest.raises(Refused) as refused:
        await wire.subscribe(topic)
    return refused.value.code


async def test_who_follows_or_works_for_the_town_hears_it(talk: Talk) -> None:
    topic = topics.town(talk.town.slug)
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor:
        for wire in (alice, mayor):
            assert (await wire.subscribe(topic))["recovered"] is True
        told = await asyncio.to_thread(tell_town, talk.town, talk.mayor, "Le marché")
        for wire in (alice, mayor):
            await wire.until(lambda wire=wire: wire.numbers(topic))
            (event,) = wire.seen[topic]
            assert (event["event"], event["seq"]) == ("notification.added", 1)
            assert event["payload"]["id"] == told.pk
            assert event["payload"]["what"] == {"title": "Le marché"}


async def test_who_comes_late_gets_what_was_told_since(talk: Talk) -> None:
    topic = topics.town(talk.town.slug)
    await asyncio.to_thread(tell_town, talk.town, talk.mayor)
    async with talk.wire(talk.citizen) as alice:
        assert (await alice.subscribe(topic, since=0))["seq"] == 1
        await alice.until(lambda: alice.numbers(topic) == [1])


async def test_it_is_closed_to_everybody_else(talk: Talk) -> None:
    other = await asyncio.to_thread(factories.make_town)
    foreign, missing = topics.town(other.slug), topics.town("nulle-part")
    async with talk.wire(talk.citizen) as alice:
        answers = {await refusal(alice, topic) for topic in (foreign, missing, "town.", "town.a.b")}
        assert answers == {"forbidden"}
        await asyncio.to_thread(tell_town, other)
        with pytest.raises(Refused) as refused:
            await alice.ask(foreign, "typing", on=True)
        assert refused.value.code == "not_subscribed"
        assert alice.seen == {}


async def test_it_takes_no_commands(talk: Talk) -> None:
    topic = topics.town(talk.town.slug)
    async with talk.wire(talk.citizen) as alice:
        await alice.subscribe(topic)
        with pytest.raises(Refused) as refused:
            await alice.ask(topic, "message.post", key="k", body="à tous")
    assert refused.value.code == "unknown_event"


async def test_a_short_name_may_have_an_underscore(talk: Talk) -> None:
    topic = f"town.val_d-or_{talk.town.pk}"
    town = await asyncio.to_thread(factories.make_town, topic.removeprefix("town."))
    await asyncio.to_thread(follow_town, person=talk.citizen, town=town)
    async with talk.wire(talk.citizen) as alice:
        await alice.subscribe(topic)
        await asyncio.to_thread(tell_town, town)
        await alice.until(lambda: alice.numbers(topic) == [1])


async def test_who_belongs_no_more_hears_no_more_within_seconds(talk: Talk) -> None:
    topic, gone = topics.town(talk.town.slug), (talk.stranger, talk.mayor)

    def change() -> None:
        unfollow_town(person=talk.stranger, town=talk.town)
        Membership.objects.filter(person=talk.mayor).delete()

    async with talk.wire(gone[0]) as left, talk.wire(gone[1]) as dismissed, talk.wire(talk.citizen) as alice:
        for wire in (left, dismissed, alice):
            await wire.subscribe(topic)
        await asyncio.to_thread(change)
        await asyncio.sleep(WITHIN_S)
        await asyncio.to_thread(tell_town, talk.town)
        await alice.until(lambda: alice.numbers(topic) == [1])
        await asyncio.sleep(0.2)
        for wire in (left, dismissed):
            assert wire.numbers(topic) == []
            assert await refusal(wire, topic) == "forbidden"


async def test_a_closed_account_may_not_come_in(talk: Talk) -> None:
    async with talk.wire(talk.stranger) as wire:
        await asyncio.to_thread(close_account, person=talk.stranger)
        with pytest.raises((Refused, ConnectionError)):
            await wire.subscribe(topics.town(talk.town.slug))
