"""A group on the wire: who hears it, what its members may ask, what reaches everybody."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hub.conversations import actions
from hub.conversations.models import Conversation
from hub.core.clock import now
from hub.people.actions import unfollow_town
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.processes import Fleet, HubProcess
from tests.wire import Refused, Wire

RECHECKED_S = 10.0


@pytest.fixture(scope="module")
def web(fleet: Fleet) -> HubProcess:
    """One kind of server will do: what differs between them is held elsewhere."""
    return fleet.standing()


@dataclass
class Group:
    """A group with the mayor and two citizens in it, and one outside."""

    web: HubProcess
    town: Town
    mayor: Person
    paul: Person
    zoe: Person
    outside: Person
    conversation: Conversation
    cookies: dict[int, str]

    @property
    def topic(self) -> str:
        return self.conversation.topic

    def wire(self, person: Person) -> Wire:
        return Wire(self.web.ws_url, cookie=self.cookies[person.pk], origin=self.web.url)


@pytest.fixture
def group(web: HubProcess) -> Group:
    town = factories.make_town()
    month = now() - timedelta(days=30)
    mayor, outside = factories.make_mayor(town), factories.make_person(town=town)
    paul, zoe = (factories.make_person(town=town, created_at=month) for _ in range(2))
    conversation = actions.create_group(actor=mayor, town=town, title="Budget")
    for person in (paul, zoe):
        actions.join(actor=person, conversation_id=conversation.pk)
    cookies = {person.pk: factories.cookie(person) for person in (mayor, outside, paul, zoe)}
    return Group(web, town, mayor, paul, zoe, outside, conversation, cookies)


async def post(wire: Wire, group: Group, body: str, **more: object) -> int:
    said = await wire.ask(group.topic, "message.post", key=body, body=body, **more)
    seq: int = said["seq"]
    return seq


def events(wire: Wire, group: Group, name: str) -> list[dict[str, object]]:
    return [event["payload"] for event in wire.seen[group.topic] if event["event"] == name]


async def test_only_members_hear_it(group: Group) -> None:
    async with group.wire(group.outside) as outside, group.wire(group.paul) as paul:
        await paul.subscribe(group.topic)
        with pytest.raises(Refused) as refused:
            await outside.subscribe(group.topic)
        assert refused.value.code == "forbidden"
        await post(paul, group, "entre nous")
        await paul.until(lambda: events(paul, group, "message.posted"))
        assert outside.seen[group.topic] == []


async def test_what_is_done_with_a_message_reaches_everybody(group: Group) -> None:
    async with group.wire(group.paul) as paul, group.wire(group.zoe) as zoe, group.wire(group.mayor) as mayor:
        for wire in (paul, zoe, mayor):
            await wire.subscribe(group.topic)
        first = await post(paul, group, "Un")
        answer = await post(zoe, group, "Deux", reply_to=first)
        await zoe.ask(group.topic, "message.edit", seq=answer, body="Deux et demi")
        assert await mayor.ask(group.topic, "message.react", seq=answer, sign="like") == {"count": 1}
        await mayor.ask(group.topic, "message.pin", seq=first)
        await paul.ask(group.topic, "message.withdraw", seq=first)
        await zoe.until(lambda: len(zoe.numbers(group.topic)) >= 7)
        assert zoe.numbers(group.topic) == list(range(1, 8))
    for wire in (paul, zoe):
        assert [said["reply_to"] for said in events(wire, group, "message.posted")] == [
            None,
            {"seq": first, "author": group.paul.name, "excerpt": "Un"},
        ]
        [changed] = events(wire, group, "message.changed")
        assert (changed["body"], changed["seq"]) == ("Deux et demi", answer)
        [reacted] = events(wire, group, "message.reacted")
        assert reacted == {"seq": answer, "sign": "like", "person": group.mayor.pk, "on": True, "count": 1}
        assert [one["message"] for one in events(wire, group, "message.pinned")] == [
            {"seq": first, "author": group.paul.name, "excerpt": "Un"},
            None,
        ]
        [removed] = events(wire, group, "message.removed")
        assert (removed["seq"], removed["removal"]) == (first, "author")


async def test_what_one_may_not_is_refused_in_ones_language(group: Group) -> None:
    await asyncio.to_thread(lambda: Person.objects.filter(pk=group.zoe.pk).update(language="en"))
    async with group.wire(group.paul) as paul, group.wire(group.zoe) as zoe:
        await paul.subscribe(group.topic)
        await zoe.subscribe(group.topic)
        seq = await post(paul, group, "À moi")
        for event, payload in (
            ("message.edit", {"seq": seq, "body": "À moi aussi"}),
            ("message.withdraw", {"seq": seq}),
            ("message.pin", {"seq": seq}),
        ):
            with pytest.raises(Refused) as refused:
                await zoe.ask(group.topic, event, **payload)
            assert refused.value.code == "forbidden"
        for payload in ({"seq": seq, "sign": "none"}, {"seq": seq}, {"seq": "x", "sign": "like"}):
            with pytest.raises(Refused) as refused:
                await zoe.ask(group.topic, "message.react", **payload)
            assert refused.value.code == "invalid"
        await zoe.ask(group.topic, "message.report", seq=seq, reason="spam")
        with pytest.raises(Refused) as refused:
            await zoe.ask(group.topic, "message.report", seq=seq, reason="none of these")
        assert refused.value.code == "invalid"


async def test_who_is_silent_or_too_fast_is_told_when_they_may_write(group: Group) -> None:
    await asyncio.to_thread(actions.set_pace, actor=group.mayor, conversation_id=group.conversation.pk, slow_s=60)
    await asyncio.to_thread(actions.silence, actor=group.mayor, town=group.town, person=group.zoe,
        for_name="hour", reason="Injures", conversation_id=group.conversation.pk,
    )  # fmt: skip
    async with group.wire(group.paul) as paul, group.wire(group.zoe) as zoe:
        await paul.subscribe(group.topic)
        await zoe.subscribe(group.topic)
        with pytest.raises(Refused) as refused:
            await post(zoe, group, "Laissez-moi parler")
        assert refused.value.code == "silenced"
        await post(paul, group, "un")
        with pytest.raises(Refused) as refused:
            await post(paul, group, "deux")
        assert refused.value.code == "rate_limited"
        assert 50 < refused.value.error["retry_after_s"] <= 60


async def test_closing_reaches_open_pages(group: Group) -> None:
    async with group.wire(group.paul) as paul:
        await paul.subscribe(group.topic)
        await asyncio.to_thread(actions.close, actor=group.mayor, conversation_id=group.conversation.pk)
        await paul.until(lambda: events(paul, group, "rules.changed"))
        assert events(paul, group, "rules.changed") == [{"closed": True, "slow_s": 0}]
        with pytest.raises(Refused) as refused:
            await post(paul, group, "Trop tard")
        assert refused.value.code == "closed"


@pytest.mark.parametrize("how", ["leaves the group", "leaves the town"])
async def test_who_leaves_hears_nothing_more_within_seconds(group: Group, how: str) -> None:
    async with group.wire(group.paul) as paul, group.wire(group.zoe) as zoe:
        await paul.subscribe(group.topic)
        await zoe.subscribe(group.topic)
        if how == "leaves the group":
            await asyncio.to_thread(actions.leave, actor=group.paul, conversation_id=group.conversation.pk)
        else:
            await asyncio.to_thread(unfollow_town, person=group.paul, town=group.town)

        async def forgotten() -> bool:
            try:
                await paul.ask(group.topic, "typing", on=True)
            except Refused as refused:
                return refused.code == "not_subscribed"
            return False

        for _ in range(int(RECHECKED_S * 5)):
            if await forgotten():
                break
            await asyncio.sleep(0.2)
        else:
            raise AssertionError("still subscribed")
        heard = len(paul.seen[group.topic])
        await post(zoe, group, "entre nous")
        await zoe.until(lambda: events(zoe, group, "message.posted"))
        assert len(paul.seen[group.topic]) == heard


async def test_only_the_mayors_presence_is_shown(group: Group) -> None:
    async with group.wire(group.paul) as paul, group.wire(group.zoe) as zoe:
        await paul.subscribe(group.topic)
        await zoe.subscribe(group.topic)
        async with group.wire(group.mayor) as mayor:
            await mayor.subscribe(group.topic)
            await paul.until(lambda: events(paul, group, "presence"))
        assert {one["person"] for one in events(paul, group, "presence")} == {group.mayor.pk}
