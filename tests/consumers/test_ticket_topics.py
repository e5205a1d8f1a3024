"""`ticket.NUMBER`, `ticket.NUMBER.staff`, `desk.SLUG`: each to those whom it concerns, as long as it does."""

import asyncio
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings

from hub.conversations.models import Visibility
from hub.people.models import Membership, Role
from hub.streams import topics
from hub.tickets.actions import add_answer, add_follow_up, create_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Ticket
from hub.tickets.proof import SESSION_KEY
from tests import factories
from tests.consumers.conftest import Talk
from tests.tickets.making import make_category
from tests.wire import Refused, Wire


async def refusal(wire: Wire, topic: str) -> str:
    with pytest.raises(Refused) as refused:
        await wire.subscribe(topic)
    return refused.value.code


def make(talk: Talk, *, guest: bool = False) -> Ticket:
    contact = Contact("Ève", "Roy", phone="0199000110") if guest else None
    draft = Draft(make_category(talk.town).pk, "Lampadaire éteint.", contact=contact)
    return create_ticket(actor=None if guest else talk.citizen, town=talk.town, draft=draft)


def guest_cookie(*tickets: Ticket) -> str:
    """A browser in which these tickets' secrets were shown, the last one last."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = [[ticket.number, ticket.requester_id] for ticket in tickets]
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


async def test_the_requester_and_the_desk_hear_what_is_external(talk: Talk) -> None:
    ticket = await asyncio.to_thread(make, talk)
    async with talk.wire(talk.citizen) as alice, talk.wire(talk.mayor) as mayor, talk.wire(talk.stranger) as bruno:
        for topic in (ticket.topic, ticket.staff_topic, topics.desk(talk.town.slug)):
            await mayor.subscribe(topic)
            assert await refusal(bruno, topic) == "forbidden"
        await alice.subscribe(ticket.topic)
        assert await refusal(alice, ticket.staff_topic) == "forbidden"
        assert await refusal(alice, topics.desk(talk.town.slug)) == "forbidden"

        def write() -> None:
            for visibility in (Visibility.INTERNAL, Visibility.EXTERNAL):
                add_follow_up(actor=talk.mayor, number=ticket.number, visibility=visibility, body=f"Mot {visibility}.")

        await asyncio.to_thread(write)
        await mayor.until(lambda: len(bodies(mayor, ticket.staff_topic)) == 1 and bodies(mayor, ticket.topic))
        await alice.until(lambda: bodies(alice, ticket.topic))
        assert bodies(alice, ticket.topic) == bodies(mayor, ticket.topic) == ["Mot external."]
        assert bodies(mayor, ticket.staff_topic) == ["Mot internal."]
        desk = mayor.seen[topics.desk(talk.town.slug)]
        assert {event["payload"]["number"] for event in desk} == {ticket.number}
        assert "Mot" not in str(desk)


def bodies(wire: Wire, topic: str) -> list[str]:
    return [event["payload"]["body"] for event in wire.seen[topic] if event["event"] == "follow_up.added"]


async def test_who_shows_the_secret_hears_that_ticket_alone(talk: Talk) -> None:
    def prepare() -> tuple[Ticket, Ticket, str]:
        mine, other = make(talk, guest=True), make(talk, guest=True)
        return mine, other, guest_cookie(mine)

    mine, other, cookie = await asyncio.to_thread(prepare)
    async with Wire(talk.web.ws_url, cookie=cookie, origin=talk.web.url) as guest:
        await guest.subscribe(mine.topic)
        foreign = (other.topic, mine.staff_topic, "inbox.me", topics.desk(talk.town.slug), topics.town(talk.town.slug))
        assert {await refusal(guest, topic) for topic in foreign} == {"forbidden"}
        await asyncio.to_thread(
            add_follow_up, actor=talk.mayor, number=mine.number, visibility=Visibility.EXTERNAL, body="Demain."
        )
        await guest.until(lambda: bodies(guest, mine.topic) == ["Demain."])


async def test_a_link_to_an_accounts_ticket_opens_no_more_of_the_account(talk: Talk) -> None:
    def prepare() -> tuple[Ticket, str]:
        ticket = make(talk)
        return ticket, guest_cookie(ticket)

    ticket, cookie = await asyncio.to_thread(prepare)
    async with Wire(talk.web.ws_url, cookie=cookie, origin=talk.web.url) as guest:
        await guest.subscribe(ticket.topic)
        for topic in ("inbox.me", talk.topic, topics.town(talk.town.slug)):
            assert await refusal(guest, topic) == "forbidden"


async def test_who_leaves_the_town_hall_hears_no_more(talk: Talk) -> None:
    def prepare() -> tuple[Ticket, Any, str]:
        agent = factories.make_agent(talk.town)
        return make(talk), agent, factories.cookie(agent)

    ticket, agent, cookie = await asyncio.to_thread(prepare)
    async with Wire(talk.web.ws_url, cookie=cookie, origin=talk.web.url) as wire:
        told = (ticket.topic, ticket.staff_topic, topics.desk(talk.town.slug))
        for topic in told:
            await wire.subscribe(topic)
        await asyncio.to_thread(Membership.objects.filter(person=agent, role=Role.AGENT).delete)
        for _ in range(60):
            answers = {await still(wire, topic) for topic in told}
            if answers == {"forbidden"}:
                break
            await asyncio.sleep(0.2)
        assert answers == {"forbidden"}
        before = len(wire.seen[ticket.topic])
        await asyncio.to_thread(add_answer, actor=talk.citizen, number=ticket.number, body="Allô ?")
        await asyncio.sleep(0.5)
        assert len(wire.seen[ticket.topic]) == before


async def still(wire: Wire, topic: str) -> str:
    """ "in" while the topic is read; else the refusal of reading it again."""
    try:
        await wire.ask(topic, "typing", on=True)
    except Refused as refused:
        return "forbidden" if refused.code == "not_subscribed" else "in"
    return "in"


async def test_colleagues_see_who_looks_at_what(talk: Talk) -> None:
    def prepare() -> tuple[Ticket, str]:
        return make(talk), factories.cookie(factories.make_agent(talk.town, first_name="Maude", last_name="Lavoie"))

    ticket, cookie = await asyncio.to_thread(prepare)
    desk = topics.desk(talk.town.slug)
    async with talk.wire(talk.mayor) as mayor, Wire(talk.web.ws_url, cookie=cookie, origin=talk.web.url) as maude:
        await mayor.subscribe(desk)
        await maude.subscribe(desk)
        await maude.ask(desk, "viewing", number=ticket.number, writing="internal", asks=True)
        await mayor.until(lambda: bool(mayor.seen[desk]))
        (event,) = mayor.seen[desk]
        said = {name: event["payload"][name] for name in ("name", "initials", "number", "writing", "asks")}
        assert said == {
            "name": "Maude Lavoie", "initials": "ML", "number": ticket.number, "writing": "internal", "asks": True,
        }  # fmt: skip
        assert "seq" not in event
        for number, code in (("ZZ26-00001", "forbidden"), (7, "invalid")):
            with pytest.raises(Refused) as refused:
                await maude.ask(desk, "viewing", number=number)
            assert refused.value.code == code
