"""What the tests of the live core share: a site behind each kind of server, and people who may talk there."""

from dataclasses import dataclass

import pytest

from hub.conversations.models import Conversation
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.processes import Fleet, HubProcess
from tests.wire import Wire


@pytest.fixture(scope="module")
def fleet(standing_fleet: Fleet) -> Fleet:
    """These modules share their processes, one after the other."""
    return standing_fleet


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def web(request: pytest.FixtureRequest, fleet: Fleet) -> HubProcess:
    """The site with the direct line (Daphne), and without it (another ASGI server): all must be the same."""
    return fleet.standing(request.param)


@dataclass
class Talk:
    """A conversation of a citizen with their mayor, somebody else of the town, and how each connects."""

    web: HubProcess
    town: Town
    citizen: Person
    mayor: Person
    stranger: Person
    conversation: Conversation
    cookies: dict[int, str]

    @property
    def topic(self) -> str:
        return self.conversation.topic

    def wire(self, person: Person) -> Wire:
        """A connection of this person, as a browser makes it."""
        return Wire(self.web.ws_url, cookie=self.cookies[person.pk], origin=self.web.url)


@pytest.fixture
def talk(web: HubProcess) -> Talk:
    town = factories.make_town()
    mayor, citizen, stranger = factories.make_mayor(town), *(factories.make_person(town=town) for _ in range(2))
    cookies = {person.pk: factories.cookie(person) for person in (mayor, citizen, stranger)}
    return Talk(web, town, citizen, mayor, stranger, factories.make_conversation(town, citizen), cookies)
