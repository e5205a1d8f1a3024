"""Doors of the tests' own, on a database where all is committed, and addresses at which somebody is."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from hub.deliveries.bounce_addresses import address_for
from hub.towns.mail_addresses import general_address
from hub.towns.models import Town
from inbound_email.models import Door, InboundEmail, RawEmail
from inbound_email.places import Place
from inbound_email.smtp_thread import SmtpThread
from tests import factories
from tests.processes import Fleet

Open = Callable[..., int]
SOMEWHERE = Place("127.0.0.1", 0)


@pytest.fixture
def at_their_word(settings: Settings) -> None:
    """As in a demo: an author is who the mail says."""
    settings.INBOUND_AUTH = "address"


@pytest.fixture(scope="module")
def doors_town(standing_fleet: Fleet) -> Town:
    """A town that mails may be written to."""
    return factories.make_town("saint-courrier")


@pytest.fixture(scope="module")
def ours(doors_town: Town) -> str:
    """Its address."""
    return general_address(doors_town)


@pytest.fixture(scope="module")
def many() -> list[str]:
    """As many other addresses of ours as one likes: of mails that come back."""
    return [address_for(number) for number in range(1, 150)]


@pytest.fixture
def opened(standing_fleet: Fleet) -> Iterator[list[SmtpThread]]:
    """The doors that listen; they are closed in the end."""
    threads: list[SmtpThread] = []
    yield threads
    for thread in threads:
        thread.stop()


@pytest.fixture
def open_door(opened: list[SmtpThread], settings: Settings) -> Open:
    """`open_door(door=SMTP, grace_s=…, **settings)`: a door that listens; its port."""

    def start(door: Door = Door.SMTP, *, grace_s: float = 10.0, **changed: object) -> int:
        for name, value in changed.items():
            setattr(settings, name, value)
        opened.append(SmtpThread({door: SOMEWHERE}, grace_s=grace_s).start())
        return opened[-1].places[door].port

    return start


@pytest.fixture
def port(open_door: Open) -> int:
    """Of a door as it is by default."""
    return open_door()


@pytest.fixture(autouse=True)
def _none_before(request: pytest.FixtureRequest) -> None:
    """Each test of a door begins without mails."""
    if "standing_fleet" in request.fixturenames:
        InboundEmail.objects.all().delete()
        RawEmail.objects.all().delete()


def kept() -> list[InboundEmail]:
    """What was kept, in order."""
    return list(InboundEmail.objects.select_related("raw").order_by("pk"))
