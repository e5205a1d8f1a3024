"""What an open socket loses when a right, a session or an account is taken away: within 5 s, also without Redis."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from django.contrib.sessions.models import Session

from hub.conversations.actions import invite_agent, remove_agent
from hub.people.actions import close_account, issue_token, revoke_token
from hub.people.models import ApiToken
from tests import factories
from tests.consumers.conftest import Talk
from tests.engines import Redis
from tests.processes import Fleet, HubProcess
from tests.wire import Refused, Wire

WITHIN_S = 5.0


async def closes_within(wire: Wire, change: Callable[[], object]) -> tuple[int | None, float]:
    """Make the change; the close code, and after how many seconds it came."""
    begun = time.monotonic()
    await asyncio.to_thread(change)
    code = await wire.closing(WITHIN_S + 5)
    return code, time.monotonic() - begun


def end_session(talk: Talk) -> None:
    key = talk.cookies[talk.citizen.pk].split("=")[1]
    Session.objects.filter(session_key=key).delete()


def change_password(talk: Talk) -> None:
    talk.citizen.set_password("un autre mot de passe")
    talk.citizen.save()


def close(talk: Talk) -> None:
    close_account(person=talk.citizen)


@pytest.mark.parametrize("change", [end_session, change_password, close])
async def test_who_is_signed_out_is_closed_with_4401(talk: Talk, change: Callable[[Talk], None]) -> None:
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor:
        await alice.subscribe(talk.topic)
        code, seconds = await closes_within(alice, lambda: change(talk))
        assert mayor.closed is None
    assert code == 4401
    assert seconds < WITHIN_S


async def test_a_revoked_token_closes_its_sockets(talk: Talk) -> None:
    token = await asyncio.to_thread(issue_token, person=talk.citizen, name="test")
    token_id = await asyncio.to_thread(lambda: ApiToken.objects.get(person=talk.citizen).pk)
    async with Wire(talk.web.ws_url, token=token) as wire:
        code, seconds = await closes_within(wire, lambda: revoke_token(person=talk.citizen, token_id=token_id))
    assert code == 4401
    assert seconds < WITHIN_S


async def test_who_is_taken_out_of_a_conversation_gets_no_more_of_it(talk: Talk) -> None:
    agent = await asyncio.to_thread(factories.make_agent, talk.town)
    talk.cookies[agent.pk] = await asyncio.to_thread(factories.cookie, agent)
    await asyncio.to_thread(invite_agent, actor=talk.mayor, conversation_id=talk.conversation.pk, agent=agent)
    async with talk.wire(agent) as wire, talk.wire(talk.citizen) as stays:
        for one in (wire, stays):
            await one.subscribe(talk.topic)
        await asyncio.to_thread(remove_agent, actor=talk.mayor, conversation_id=talk.conversation.pk, agent=agent)
        await asyncio.sleep(WITHIN_S)
        seen = len(wire.seen[talk.topic])
        said = await asyncio.to_thread(factories.say, talk.citizen, talk.conversation, "entre nous")
        await stays.until(lambda: said.seq in stays.numbers(talk.topic))
        await asyncio.sleep(0.2)
        assert len(wire.seen[talk.topic]) == seen
        with pytest.raises(Refused) as refused:
            await wire.subscribe(talk.topic)
    assert refused.value.code == "forbidden"


@pytest.fixture
async def web_without_redis(fleet: Fleet, start_redis: Callable[[], Redis]) -> AsyncIterator[HubProcess]:
    """A web process whose Redis has gone."""
    redis = start_redis()
    web = fleet.web(env={"REDIS_URL": redis.url})
    redis.kill()
    yield web
    web.kill()


@pytest.mark.parametrize("web", ["daphne"], indirect=True)
async def test_it_does_not_depend_on_redis(talk: Talk, web_without_redis: HubProcess) -> None:
    cookie, origin = talk.cookies[talk.citizen.pk], web_without_redis.url
    async with Wire(web_without_redis.ws_url, cookie=cookie, origin=origin) as wire:
        await wire.subscribe(talk.topic)
        said = await wire.ask(talk.topic, "message.post", key="k", body="sans Redis")
        await wire.until(lambda: said["seq"] in wire.numbers(talk.topic))
        code, seconds = await closes_within(wire, lambda: end_session(talk))
    assert code == 4401
    assert seconds < WITHIN_S
