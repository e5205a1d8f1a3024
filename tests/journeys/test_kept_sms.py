"""Words by SMS that no request takes stand on the pages of the desk that are open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from channels_adapters.base import Incoming
from hub.deliveries.incoming import take
from hub.tickets.models import Category
from tests.journeys.conftest import Enter, Talk
from tests.processes import Fleet, HubProcess
from tests.tickets.making import make_category, make_staff
from tests.tickets.texting import MOBILE, OTHER

DESKTOP = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="module")
def web(standing_fleet: Fleet) -> Iterator[HubProcess]:
    """One that has a way out by SMS."""
    process = standing_fleet.web(env={"PARVIS_SMS_ADAPTER": "capture"})
    yield process
    process.kill()


@pytest.fixture
def category(talk: Talk) -> Category:
    return make_category(talk.town)


def come_in(text: str) -> None:
    take("twilio", Incoming(provider_id=text, sender=MOBILE, to=OTHER, text=text))


def test_what_no_request_takes_lights_the_board_and_the_list(talk: Talk, category: Category, enter: Enter) -> None:
    agent = make_staff(category.town)
    desk = f"/mairie/{talk.town.slug}/"
    board, lists = enter(agent, f"{desk}requetes/", **DESKTOP), enter(agent, f"{desk}sms/", **DESKTOP)
    count = board.locator(".rail [data-received=sms]")
    expect(count).to_be_hidden()
    come_in("Un arbre est tombé rue du Four")
    expect(count).to_contain_text("1")
    expect(lists.locator("[data-one]")).to_contain_text("Un arbre est tombé rue du Four")
    # What is pointed at stays where it is until one asks.
    lists.locator("[data-one]").hover()
    come_in("Encore un, place du Four")
    expect(count).to_contain_text("2")
    expect(lists.locator("[data-arrival]")).to_be_visible()
    expect(lists.locator("[data-one]")).to_have_count(1)
    lists.locator("[data-arrival]").click()
    expect(lists.locator("[data-one]")).to_have_count(2)
    lists.get_by_role("button", name="Classer").first.click()
    expect(count).to_contain_text("1")
