"""The wire, to the letter of its contract, on a server with the direct line and on one without."""

import asyncio
import contextlib
import json
import time
from typing import Any

import pytest
import websockets

from hub.conversations.models import Message
from hub.people.actions import issue_token
from hub.streams.bell import bell
from tests import factories
from tests.consumers.conftest import Talk
from tests.wire import Refused, Wire


async def post(wire: Wire, talk: Talk, body: str, key: str = "") -> dict[str, int]:
    return await wire.ask(talk.topic, "message.post", key=key or body, body=body)


async def test_what_one_says_the_other_sees(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor:
        for wire in (alice, mayor):
            assert (await wire.subscribe(talk.topic))["recovered"] is True
        said = await post(alice, talk, "Bonjour")
        await mayor.until(lambda: mayor.numbers(talk.topic))
        event = mayor.seen[talk.topic][-1]
    assert event["event"] == "message.posted"
    assert event["seq"] == said["seq"] == event["payload"]["seq"]
    assert event["payload"]["id"] == said["id"]
    assert event["payload"]["body"] == "Bonjour"
    assert event["payload"]["author"] == {"id": talk.citizen.pk, "name": talk.citizen.name, "part": "citizen"}
    assert event["payload"]["via"] == "web"


async def test_a_token_opens_the_same_door(talk: Talk) -> None:
    token = await asyncio.to_thread(issue_token, person=talk.citizen, name="test")
    async with Wire(talk.web.ws_url, token=token) as wire:
        assert (await wire.subscribe(talk.topic))["seq"] >= 0


async def test_the_same_key_is_the_same_message(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice:
        await alice.subscribe(talk.topic)
        first, again = [await post(alice, talk, "Une fois", "k1") for _ in range(2)]
        with pytest.raises(Refused) as refused:
            await post(alice, talk, "Autre chose", "k1")
        await alice.until(lambda: alice.numbers(talk.topic))
    assert first == again
    assert refused.value.code == "conflict"
    assert alice.numbers(talk.topic) == [first["seq"]]


async def test_who_comes_back_gets_what_followed_in_order(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice:
        begun = await alice.subscribe(talk.topic)
        numbers = [(await post(alice, talk, f"mot {n}"))["seq"] for n in range(5)]
    async with talk.wire(talk.mayor) as mayor:
        standing = await mayor.subscribe(talk.topic, since=numbers[1], epoch=begun["epoch"])
        assert standing == {"seq": numbers[4], "epoch": begun["epoch"], "recovered": True}
        await mayor.until(lambda: len(mayor.numbers(talk.topic)) == 3)
    assert mayor.numbers(talk.topic) == numbers[2:]


async def test_the_reply_to_a_subscription_comes_before_what_it_missed(talk: Talk) -> None:
    await asyncio.to_thread(factories.say, talk.citizen, talk.conversation, "avant")
    async with talk.wire(talk.mayor) as mayor:
        await mayor.subscribe(talk.topic, since=0)
        await mayor.until(lambda: mayor.numbers(talk.topic))
    assert [frame["event"] for frame in mayor.frames] == ["reply", "message.posted"]


@pytest.mark.parametrize("asked", [{"since": 99_999}, {"since": 0, "epoch": "00000000"}])
async def test_what_can_not_be_recovered_is_said(talk: Talk, asked: dict[str, object]) -> None:
    await asyncio.to_thread(factories.say, talk.citizen, talk.conversation, "avant")
    async with talk.wire(talk.mayor) as mayor:
        standing = await mayor.subscribe(talk.topic, **asked)
        assert standing["recovered"] is False
        assert standing["seq"] >= 1
        said = await asyncio.to_thread(factories.say, talk.citizen, talk.conversation, "après")
        await mayor.until(lambda: mayor.numbers(talk.topic), 8)
    assert mayor.numbers(talk.topic) == [said.seq]


async def test_who_knows_more_than_this_process_is_not_told_to_reload(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number came by another process, and its ring never came here."""
    async with talk.wire(talk.mayor) as mayor, talk.wire(talk.citizen) as alice:
        await mayor.subscribe(talk.topic)
        monkeypatch.setattr(bell, "lets_through", lambda ring: False)
        said = await asyncio.to_thread(factories.say, talk.citizen, talk.conversation, "sans sonnette")
        standing = await alice.subscribe(talk.topic, since=said.seq)
        await mayor.until(lambda: mayor.numbers(talk.topic) == [said.seq], 1)
    assert (standing["seq"], standing["recovered"]) == (said.seq, True)
    assert alice.numbers(talk.topic) == []


async def test_subscribing_twice_repeats_nothing(talk: Talk) -> None:
    async with talk.wire(talk.mayor) as mayor:
        await mayor.subscribe(talk.topic)
        said = await post(mayor, talk, "un")
        again = await mayor.subscribe(talk.topic, since=0)
        assert again["seq"] == said["seq"]
        await post(mayor, talk, "deux")
        await mayor.until(lambda: len(mayor.numbers(talk.topic)) >= 2)
    assert mayor.numbers(talk.topic) == [said["seq"], said["seq"] + 1]


async def test_who_unsubscribes_gets_no_more(talk: Talk) -> None:
    async with talk.wire(talk.mayor) as mayor, talk.wire(talk.citizen) as alice:
        await mayor.subscribe(talk.topic)
        await alice.subscribe(talk.topic)
        assert await mayor.ask(talk.topic, "unsubscribe") == {}
        await post(alice, talk, "seule")
        await alice.until(lambda: alice.numbers(talk.topic))
        with pytest.raises(Refused) as refused:
            await post(mayor, talk, "pas abonnée")
    assert refused.value.code == "not_subscribed"
    assert mayor.numbers(talk.topic) == []


def changes(wire: Wire) -> list[dict[str, Any]]:
    """What the person's list was told of conversations."""
    return [event["payload"] for event in wire.seen["inbox.me"] if event["event"] == "conversation.changed"]


async def test_reading_is_told_once_and_goes_on(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor:
        await alice.subscribe(talk.topic)
        await mayor.subscribe(talk.topic)
        await mayor.subscribe("inbox.me")
        said = await post(alice, talk, "lisez")
        await mayor.until(lambda: mayor.seen["inbox.me"])
        for _ in range(2):
            assert await mayor.ask(talk.topic, "message.read", seq=said["seq"]) == {"seq": said["seq"]}
        await alice.until(lambda: len(alice.numbers(talk.topic)) >= 2)
        await mayor.until(lambda: len(changes(mayor)) >= 2)
    read = [event for event in alice.seen[talk.topic] if event["event"] == "message.read"]
    assert [event["payload"]["up_to"] for event in read] == [said["seq"]]
    assert [(change["unread"], change["total_unread"]) for change in changes(mayor)] == [(1, 1), (0, 0)]


async def test_delivery_is_told_to_who_wrote(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor:
        await alice.subscribe(talk.topic)
        await mayor.subscribe("inbox.me")
        said = await post(alice, talk, "reçu ?")
        await mayor.until(lambda: mayor.seen["inbox.me"])
        await mayor.ask("inbox.me", "message.delivered", conversation=talk.conversation.pk, seq=said["seq"])
        await alice.until(lambda: alice.seen[talk.topic][-1]["event"] == "message.delivered")
    assert alice.seen[talk.topic][-1]["payload"] == {"person": talk.mayor.pk, "up_to": said["seq"]}


async def test_typing_and_presence_have_no_number(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice:
        await alice.subscribe(talk.topic)
        async with talk.wire(talk.mayor) as mayor:
            await mayor.subscribe(talk.topic)
            await mayor.ask(talk.topic, "typing", on=True)
            await alice.until(lambda: len(alice.seen[talk.topic]) >= 2)
            await mayor.until(lambda: mayor.seen[talk.topic])
    told = {event["event"]: event["payload"] for event in alice.seen[talk.topic]}
    assert told["typing"] == {"person": talk.mayor.pk, "name": talk.mayor.name, "on": True}
    assert told["presence"] == {"person": talk.mayor.pk, "here": True}
    assert alice.numbers(talk.topic) == []
    assert mayor.seen[talk.topic][0]["payload"] == {"person": talk.citizen.pk, "here": True}


async def test_who_leaves_is_gone_after_a_moment(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as alice:
        await alice.subscribe(talk.topic)
        async with talk.wire(talk.mayor) as mayor:
            await mayor.subscribe(talk.topic)
        await alice.until(lambda: [event["payload"]["here"] for event in alice.seen[talk.topic]] == [True, False])


@pytest.mark.parametrize(
    "name", ["conversation.999999", "conversation.x", "inbox.1", "inbox.you", "ticket.1", "nothing"]
)
async def test_what_is_not_yours_answers_like_what_is_not_there(talk: Talk, name: str) -> None:
    async with talk.wire(talk.stranger) as wire:
        with pytest.raises(Refused) as foreign:
            await wire.subscribe(talk.topic)
        with pytest.raises(Refused) as missing:
            await wire.subscribe(name)
    assert foreign.value.error == missing.value.error
    assert foreign.value.code == "forbidden"


async def test_a_refusal_is_in_the_persons_language(talk: Talk) -> None:
    english = await asyncio.to_thread(factories.make_person, town=talk.town, language="en")
    cookie = await asyncio.to_thread(factories.cookie, english)
    async with Wire(talk.web.ws_url, cookie=cookie, origin=talk.web.url) as wire:
        with pytest.raises(Refused) as refused:
            await wire.subscribe(talk.topic)
    assert refused.value.error["message"] == "This doesn’t exist, or isn’t open to you."


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"ref": "1"}, "bad_frame"),
        ({"ref": "1", "topic": 5, "event": "subscribe"}, "bad_frame"),
        ({"ref": "1", "topic": "a b", "event": "subscribe"}, "unknown_topic"),
        ({"ref": "1", "topic": "inbox.me", "event": "subscribe", "payload": {"since": "x"}}, "invalid"),
        ({"ref": "1", "topic": "inbox.me", "event": "subscribe", "payload": {"since": -1}}, "invalid"),
        ({"ref": "1", "topic": "inbox.me", "event": "subscribe", "payload": {"more": 1}}, "invalid"),
        ({"ref": "1", "topic": "inbox.me", "event": "message.post", "payload": {}}, "not_subscribed"),
    ],
)
async def test_a_wrong_command_gets_one_reply_with_its_ref(talk: Talk, frame: dict[str, object], code: str) -> None:
    async with talk.wire(talk.citizen) as wire:
        with pytest.raises(Refused) as refused:
            await _send_raw(wire, frame)
        assert refused.value.code == code
        assert refused.value.error["message"]
        assert await wire.subscribe("inbox.me")  # the connection goes on


async def _send_raw(wire: Wire, frame: dict[str, object]) -> None:
    reply = wire._replies[str(frame["ref"])] = asyncio.get_running_loop().create_future()
    await wire.socket.send(json.dumps(frame))
    answer = await asyncio.wait_for(reply, 5)
    if answer["status"] == "error":
        raise Refused(answer["error"])


async def test_an_event_that_the_topic_does_not_know(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as wire:
        await wire.subscribe("inbox.me")
        with pytest.raises(Refused) as refused:
            await wire.ask("inbox.me", "message.post")
    assert refused.value.code == "unknown_event"


@pytest.mark.parametrize(
    ("frame", "code"), [("no json", 4400), ("[]", 4400), ('{"ref":""}', 4400), (b"bytes", 4400), ("x" * 70_000, 4413)]
)
async def test_what_is_no_frame_ends_the_connection(talk: Talk, frame: str | bytes, code: int) -> None:
    async with talk.wire(talk.citizen) as wire:
        await wire.socket.send(frame)
        assert await wire.closing() == code


async def test_more_than_fifty_commands_a_second_is_flooding(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as wire:
        for number in range(120):
            try:
                await wire.socket.send(json.dumps({"ref": str(number), "topic": "inbox.me", "event": "subscribe"}))
            except websockets.ConnectionClosed:
                break
        assert await wire.closing() == 4429


async def test_sixty_messages_in_ten_seconds_then_it_says_when(talk: Talk) -> None:
    async with talk.wire(talk.citizen) as wire:
        await wire.subscribe(talk.topic)
        begun = time.monotonic()
        for number in range(60):
            await post(wire, talk, f"m{number}")
            await asyncio.sleep(0.02)
        assert time.monotonic() - begun < 10, "too slow a machine to reach the limit"
        with pytest.raises(Refused) as refused:
            await post(wire, talk, "un de trop")
    assert refused.value.code == "rate_limited"
    assert 0 < refused.value.error["retry_after_s"] <= 10
    assert await asyncio.to_thread(Message.objects.filter(conversation=talk.conversation).count) == 60


async def test_an_origin_that_is_not_the_sites_own_is_refused(talk: Talk) -> None:
    for origin in (
        "https://evil.example",
        "http://127.0.0.1",
        talk.web.url.replace("http", "https"),
    ):
        wire = Wire(talk.web.ws_url, cookie=talk.cookies[talk.citizen.pk], origin=origin)
        async with wire:
            assert await wire.closing() == 4403


async def test_nobody_is_told_why_and_closed(talk: Talk) -> None:
    async with Wire(talk.web.ws_url, origin=talk.web.url) as wire:
        assert await wire.closing() == 4401
    async with Wire(talk.web.ws_url, token="parvis_unknown") as wire:
        assert await wire.closing() == 4401


async def test_a_page_without_an_origin_of_its_own_is_refused(talk: Talk) -> None:
    """A sandboxed frame sends `Origin: null`. Daphne's WebSocket library refuses it before we do."""
    wire = Wire(talk.web.ws_url, cookie=talk.cookies[talk.citizen.pk], origin="null")
    with contextlib.suppress(websockets.InvalidStatus):
        await wire.open()
        assert await wire.closing() == 4403
    assert wire.frames == []
