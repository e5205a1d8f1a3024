"""A conversation with many pages open on it, over two web processes, PostgreSQL and a Redis of its own.

Every fault happens twice: to Daphne with the direct line, and to another ASGI server without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.conversations.models import Conversation
from hub.people.models import Person
from tests import factories
from tests.engines import Redis
from tests.faults.audit import Client
from tests.processes import Fleet, HubProcess


@dataclass
class Square:
    """Two people with many pages open each; their conversation; the processes that serve them."""

    fleet: Fleet
    redis: Redis
    conversation: Conversation
    people: list[Person]
    cookies: list[str]
    server: str
    webs: list[HubProcess] = field(default_factory=list)

    def start(self, count: int = 2, module: str = "") -> list[HubProcess]:
        """Web processes over the same database and Redis; `module`: run in the place of the server's own."""
        env = {"REDIS_URL": self.redis.url, "PARVIS_RATE_LIMITS": "off"}
        serve = self.fleet.web if self.server == "daphne" else self.fleet.uvicorn
        self.webs += [serve(env=env, module=module) if module else serve(env=env) for _ in range(count)]
        return self.webs

    def clients(self, count: int, **options: Any) -> list[Client]:
        """That many pages, spread over the processes."""
        urls = [web.ws_url for web in self.webs]
        return [
            Client(urls, self.cookies[number % len(self.cookies)], self.conversation.topic, **options)
            for number in range(count)
        ]

    def stop(self) -> None:
        for web in self.webs:
            web.kill()


@pytest.fixture(params=["daphne", "uvicorn"])
def square(request: pytest.FixtureRequest, fleet: Fleet, start_redis: Callable[[], Redis]) -> Iterator[Square]:
    town = factories.make_town()
    people = [factories.make_mayor(town), factories.make_person(town=town)]
    conversation = factories.make_conversation(town, people[1])
    cookies = [factories.cookie(person) for person in people]
    square = Square(fleet, start_redis(), conversation, people, cookies, request.param)
    yield square
    square.stop()
