"""What every way out keeps to, the capturing one included."""

import asyncio
from dataclasses import replace

import pytest

from channels_adapters.base import Adapter, ConfigurationError, HandOver, Item, Outcome, Result, freely
from channels_adapters.capture import Capture
from channels_adapters.registry import ADAPTERS, build
from tests.channels_adapters.arrived import Rig
from tests.channels_adapters.conftest import RIGS


def send(adapter: Adapter, *items: Item, hand_over: HandOver = freely) -> list[Outcome]:
    """All of them at once, in a loop that ends."""

    async def all_of_them() -> list[Outcome]:
        try:
            return await asyncio.gather(*(adapter.send(item, hand_over) for item in items))
        finally:
            await adapter.close()

    return asyncio.run(all_of_them())


def test_every_adapter_of_the_registry_is_held_to_this() -> None:
    assert {name.split(" ")[0] for name in RIGS} == set(ADAPTERS)


def test_what_is_accepted_arrives_word_for_word(rig: Rig) -> None:
    (outcome,) = send(rig.adapter, rig.item)
    assert outcome.result is Result.ACCEPTED
    assert outcome.provider_id
    (arrived,) = rig.arrived()
    assert (arrived.to, arrived.subject) == (rig.item.to, rig.item.subject)
    assert (arrived.text, arrived.html) == (rig.item.text, rig.item.html)
    assert {name: arrived.headers[name] for name in rig.item.headers} == rig.item.headers


def test_it_asks_once_before_the_words_leave(rig: Rig) -> None:
    had_left: list[int] = []

    async def hand_over() -> bool:
        had_left.append(len(rig.arrived()))
        return True

    send(rig.adapter, rig.item, hand_over=hand_over)
    assert had_left == [0]
    assert len(rig.arrived()) == 1


def test_nothing_leaves_when_the_item_is_no_longer_ours(rig: Rig) -> None:
    async def no_longer() -> bool:
        return False

    assert send(rig.adapter, rig.item, hand_over=no_longer)[0].result is Result.TEMPORARY
    assert rig.arrived() == []


def test_an_absent_provider_is_temporary_and_never_raises(rig: Rig) -> None:
    (outcome,) = send(rig.away, rig.item)
    assert outcome.result is Result.TEMPORARY
    assert outcome.reason


def test_a_line_break_never_becomes_a_header(rig: Rig) -> None:
    for smuggled in (
        replace(rig.item, subject="Bonjour\r\nBcc: tous@commune.example"),
        replace(rig.item, to="alice@citoyen.example\r\nBcc: tous@commune.example"),
        replace(rig.item, headers={**rig.item.headers, "Reply-To": "a@b.example\nBcc: tous@commune.example"}),
    ):
        send(rig.adapter, smuggled)
    assert [arrived for arrived in rig.arrived() if "Bcc" in arrived.headers] == []


def test_many_may_be_sent_at_once(rig: Rig) -> None:
    items = [replace(rig.item, text=f"Message {number}\n") for number in range(40)]
    assert {outcome.result for outcome in send(rig.adapter, *items)} == {Result.ACCEPTED}
    assert sorted(arrived.text for arrived in rig.arrived()) == sorted(item.text for item in items)


def test_it_is_built_by_its_name_from_plain_options(rig: Rig) -> None:
    ((name, adapter),) = build(rig.item.channel, [rig.name], {rig.name: rig.options})
    assert name == rig.name
    assert send(adapter, rig.item)[0].result is Result.ACCEPTED
    assert len(rig.arrived()) == 1


def test_wrong_options_are_said_when_it_is_built(rig: Rig) -> None:
    with pytest.raises(ConfigurationError, match=rig.name):
        build(rig.item.channel, [rig.name], {rig.name: {**rig.options, "colour": "blue"}})
    with pytest.raises(ConfigurationError, match="does not serve"):
        build("letter", [rig.name], {rig.name: rig.options})


def test_adapters_come_in_order_of_preference(rig: Rig) -> None:
    options = {rig.name: rig.options, "capture": {"directory": "unused"}}
    built = build(rig.item.channel, ["capture", rig.name], options)
    assert [name for name, _adapter in built] == ["capture", rig.name]
    assert [type(adapter) for _name, adapter in built] == [Capture, type(rig.adapter)]


def test_an_unknown_adapter_is_named() -> None:
    with pytest.raises(ConfigurationError, match="pigeon"):
        build("email", ["pigeon"], {})
