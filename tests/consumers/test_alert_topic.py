"""`alert.ID`: how far an alert is, to those who decide of alerts in its town, as long as they do."""

import asyncio

from hub.alerts import progress
from hub.alerts.alerting import create_alert
from hub.alerts.models import Alert
from hub.people.models import Membership, Person, Role
from tests import factories
from tests.alerts.alarms import draft
from tests.consumers.conftest import Talk
from tests.consumers.test_ticket_topics import refusal, still
from tests.wire import Wire


def make(talk: Talk) -> Alert:
    return create_alert(actor=talk.mayor, slug=talk.town.slug, draft=draft())


def entered(person: Person, talk: Talk) -> Wire:
    return Wire(talk.web.ws_url, cookie=factories.cookie(person), origin=talk.web.url)


async def test_who_decides_hears_it_and_nobody_else(talk: Talk) -> None:
    def prepare() -> tuple[Alert, list[Wire]]:
        foreign = factories.make_mayor(factories.make_town())
        operator = factories.make_person(town=talk.town, roles=[Role.OPERATOR])
        return make(talk), [entered(person, talk) for person in (foreign, operator)]

    alert, others = await asyncio.to_thread(prepare)
    topic = f"alert.{alert.pk}"
    async with talk.wire(talk.mayor) as mayor:
        await mayor.subscribe(topic)
        for other in (*others, talk.wire(talk.citizen)):
            async with other as wire:
                for name in (topic, "alert.987654", "alert.x"):
                    assert await refusal(wire, name) == "forbidden"
        await asyncio.to_thread(progress.tell, alert)
        await mayor.until(lambda: [event["event"] for event in mayor.seen[topic]] == ["alert.progress"])


async def test_who_decides_no_more_hears_no_more(talk: Talk) -> None:
    def prepare() -> tuple[Alert, Person, Wire]:
        agent = factories.make_agent(talk.town)
        return make(talk), agent, entered(agent, talk)

    alert, agent, agents = await asyncio.to_thread(prepare)
    topic = f"alert.{alert.pk}"
    async with agents as wire:
        await wire.subscribe(topic)
        await asyncio.to_thread(Membership.objects.filter(person=agent).delete)
        for _ in range(60):
            if (answer := await still(wire, topic)) == "forbidden":
                break
            await asyncio.sleep(0.2)
        assert answer == "forbidden"
