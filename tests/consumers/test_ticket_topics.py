"""`ticket.NUMBER`, `ticket.NUMBER.staff`, `desk.SLUG`: each to those whom it concerns, as long as it does."""

import asyncio
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings

from hub.conversations.models import Visibility
from hub.people.models import Membership, Person, Role
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


def shown(cookie: str, ticket: Ticket) -> None:
    """The ticket's secret is shown in the browser of who is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.partition("=")[2])
    session[SESSION_KEY] = [*session.get(SESSION_KEY, []), [ticket.number, ticket.requester_id]]
    session.save()


async def test_signed_in_one_hears_anothers_ticket_by_its_secret_and_nothing_else_of_theirs(talk: Talk) -> None:
    def prepare() -> tuple[Ticket, Ticket, Ticket]:
        return make(talk), make(talk), make(talk, guest=True)

    theirs, other, guests = await asyncio.to_thread(prepare)
    async with talk.wire(talk.stranger) as bruno, talk.wire(talk.mayor) as mayor:
        for ticket in (theirs, guests):
            assert await refusal(bruno, ticket.topic) == "forbidden"
            await asyncio.to_thread(shown, talk.cookies[talk.stranger.pk], ticket)  # while the socket is open
            await bruno.subscribe(ticket.topic)
        for topic in (other.topic, theirs.staff_topic, guests.staff_topic, topics.desk(talk.town.slug), talk.topic):
            assert await refusal(bruno, topic) == "forbidden"
        await bruno.subscribe("inbox.me")  # their own, as before
        await mayor.subscribe(theirs.topic)
        await asyncio.to_thread(
            add_follow_up, actor=talk.mayor, number=theirs.number, visibility=Visibility.EXTERNAL, body="Demain."
        )
        await bruno.until(lambda: bodies(bruno, theirs.topic) == ["Demain."])
        await bruno.ask(theirs.topic, "typing", on=True)
        await mayor.until(lambda: any(event["event"] == "typing" for event in mayor.seen[theirs.topic]))
        said = [event["payload"]["person"] for event in mayor.seen[theirs.topic] if event["event"] == "typing"]
        assert said == [talk.citizen.pk]  # whose account it was, nobody learns


@pytest.mark.parametrize("end", ["forgotten", "closed", "not theirs"])
async def test_what_a_secret_opened_closes_with_it(talk: Talk, end: str) -> None:
    def prepare() -> tuple[Ticket, Ticket]:
        own = create_ticket(actor=talk.stranger, town=talk.town, draft=Draft(make_category(talk.town).pk, "À moi."))
        return make(talk), own

    def finish() -> None:
        if end == "forgotten":
            session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.partition("=")[2])
            session[SESSION_KEY] = []
            session.save()
        elif end == "closed":
            Person.objects.filter(pk=talk.citizen.pk).update(is_active=False)
        else:
            Ticket.objects.filter(pk=ticket.pk).update(requester=talk.mayor)

    ticket, own = await asyncio.to_thread(prepare)
    cookie = talk.cookies[talk.stranger.pk]
    await asyncio.to_thread(shown, cookie, ticket)
    async with talk.wire(talk.stranger) as bruno:
        for one in (ticket, own):
            await bruno.subscribe(one.topic)
        await asyncio.sleep(0.5)  # it was looked at meanwhile, and stays
        assert await still(bruno, ticket.topic) == "in"
        await asyncio.to_thread(finish)
        for _ in range(60):
            if await still(bruno, ticket.topic) == "forbidden":
                break
            await asyncio.sleep(0.2)
        assert (await still(bruno, ticket.topic), await still(bruno, own.topic)) == ("forbidden", "in")
        assert await refusal(bruno, ticket.topic) == "forbidden"


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
