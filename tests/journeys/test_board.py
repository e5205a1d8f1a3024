"""Two people at one desk: what comes, changes and goes reaches both, and moves nothing under their hands."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.people.models import Person, Role
from hub.tickets.actions import Changes, change_ticket, create_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests import factories
from tests.journeys.conftest import Enter
from tests.processes import HubProcess
from tests.tickets.making import make_category, make_service, make_ticket

AWAY = (700, 20)  # the pointer over no row
ROWS = '[data-part="list"] > li'


def report(town: Town, words: str) -> Ticket:
    """Somebody without an account reports it."""
    contact = Contact("Inès", "Moreau", "ines@citoyen.example")
    draft = Draft(category_id=make_category(town).pk, description=words, contact=contact)
    return create_ticket(actor=None, town=town, draft=draft)


def numbers(page: Page) -> list[str | None]:
    return [row.get_attribute("data-number") for row in page.locator(ROWS).all()]


@dataclass
class Two:
    """An agent and a manager, each in a browser of their own, at the board of one town."""

    town: Town
    boss: Person
    agent: Page
    manager: Page
    old: list[Ticket]

    @property
    def board(self) -> str:
        return f"/mairie/{self.town.slug}/requetes/"

    def row(self, ticket: Ticket) -> Locator:
        """As the agent sees it."""
        return self.agent.locator(f'[data-number="{ticket.number}"]')


@pytest.fixture
def two(web: HubProcess, enter: Enter) -> Two:
    town = factories.make_town()
    service = make_service(town)
    old = [make_ticket(town, title=title, service=service) for title in ("Banc cassé", "Feu muet", "Bac plein")]
    worker = factories.make_person(town=town, roles=[Role.AGENT], first_name="Maude")
    boss = factories.make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    wide = {"viewport": {"width": 1440, "height": 900}}
    agent, manager = (enter(person, f"/mairie/{town.slug}/requetes/", **wide) for person in (worker, boss))
    for page in (agent, manager):
        expect(page.get_by_text("En direct")).to_be_visible()
        page.mouse.move(*AWAY)
    return Two(town, boss, agent, manager, old)


def test_two_people_at_one_desk(two: Two) -> None:
    something_comes(two)
    one_opens_a_ticket(two)
    the_other_uses_the_keyboard(two)
    a_filter_leaves_the_open_ticket(two)


def something_comes(two: Two) -> None:
    """It takes its place at once where nobody points; else it waits behind the bar."""
    agent, manager = two.agent, two.manager
    agent.locator(ROWS).nth(1).hover()
    before = numbers(agent)
    came = report(two.town, "Un arbre est tombé.")
    expect(manager.locator(ROWS).first).to_have_attribute("data-number", came.number, timeout=3_000)
    expect(manager.locator('[data-part="told"]')).to_have_text(re.compile("Nouvelle requête.*: Un arbre est tombé"))
    expect(agent.get_by_role("button", name="Une nouvelle requête")).to_be_visible()
    assert numbers(agent) == before
    agent.mouse.move(*AWAY)
    expect(agent.locator(ROWS).first).to_have_attribute("data-number", came.number)
    expect(agent.locator('[data-tab="ouvertes"] .count')).to_have_text("4")


def one_opens_a_ticket(two: Two) -> None:
    """The other one sees who looks at it, and what they write."""
    manager, opened = two.manager, two.old[1]
    manager.get_by_role("link", name="Feu muet").click()
    expect(manager.get_by_role("heading", name="Feu muet")).to_be_focused()
    expect(manager).to_have_url(re.compile(f"{two.board}{opened.number}/$"))
    expect(two.row(opened).get_by_text("Jacques Dufour consulte cette requête")).to_be_attached()
    expect(two.agent.locator('[data-part="colleagues"]')).to_contain_text("Jacques Dufour")
    field = manager.locator("form.reply textarea").first
    field.press_sequentially("jsk")  # keys of the board are letters here
    expect(field).to_have_value("jsk")
    expect(two.row(opened).get_by_text(re.compile("Jacques Dufour écrit un suivi"))).to_be_attached()


def the_other_uses_the_keyboard(two: Two) -> None:
    """What is focused stays where it is while it changes; what is closed says so, and goes when the focus does."""
    agent = two.agent
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("j")
    focused = agent.locator(f"{ROWS}:focus-within")
    number = focused.get_attribute("data-number") or ""
    agent.keyboard.press("s")
    expect(focused.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    change_ticket(actor=two.boss, number=number, changes=Changes(priority="urgent"))
    expect(focused.locator(".priority--4")).to_be_visible()
    assert focused.get_attribute("data-number") == number
    change_ticket(actor=two.boss, number=number, changes=Changes(status="closed_done"))
    expect(focused.get_by_text("A changé")).to_be_visible()
    agent.evaluate("document.activeElement.blur()")
    expect(agent.locator(f'[data-number="{number}"]')).to_have_count(0)
    agent.keyboard.press("n")  # no row has the focus: a letter is nothing
    agent.keyboard.press("ArrowDown")
    expect(focused).to_have_count(1)
    agent.keyboard.press("n")
    expect(agent).to_have_url(re.compile(r"/requetes/nouvelle/$"))
    expect(agent.get_by_label("Catégorie")).to_be_focused()


def a_filter_leaves_the_open_ticket(two: Two) -> None:
    """To close it leads back to the board as it is now; the other one sees that nobody looks at it any more."""
    manager = two.manager
    manager.locator('[data-tab="fermees"]').click()
    expect(manager.locator(ROWS)).to_have_count(1)
    expect(manager.get_by_role("heading", name="Feu muet")).to_be_visible()
    manager.get_by_role("link", name="Fermer le volet").click()
    expect(manager).to_have_url(re.compile(r"\?onglet=fermees$"))
    expect(two.row(two.old[1]).locator(".avatar")).to_have_count(0, timeout=5_000)
