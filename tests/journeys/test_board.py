"""Two people at one desk: what comes, changes and goes reaches both, and moves nothing under their hands."""

import re

import pytest
from playwright.sync_api import Page, expect

from hub.people.models import Role
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


@pytest.fixture
def town(web: HubProcess) -> Town:
    return factories.make_town()


def report(town: Town, words: str) -> Ticket:
    """Somebody without an account reports it."""
    contact = Contact("Inès", "Moreau", "ines@citoyen.example")
    draft = Draft(category_id=make_category(town).pk, description=words, contact=contact)
    return create_ticket(actor=None, town=town, draft=draft)


def numbers(page: Page) -> list[str | None]:
    return [row.get_attribute("data-number") for row in page.locator(ROWS).all()]


def test_two_people_at_one_desk(town: Town, enter: Enter) -> None:
    service = make_service(town)
    old = [make_ticket(town, title=title, service=service) for title in ("Banc cassé", "Feu muet", "Bac plein")]
    board = f"/mairie/{town.slug}/requetes/"
    wide = {"viewport": {"width": 1440, "height": 900}}
    agent = enter(factories.make_person(town=town, roles=[Role.AGENT], first_name="Maude"), board, **wide)
    boss = factories.make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    manager = enter(boss, board, **wide)
    for page in (agent, manager):
        expect(page.get_by_text("En direct")).to_be_visible()
        page.mouse.move(*AWAY)

    # What comes takes its place at once where nobody points; else it waits behind the bar.
    agent.locator(ROWS).nth(1).hover()
    before = numbers(agent)
    came = report(town, "Un arbre est tombé.")
    expect(manager.locator(ROWS).first).to_have_attribute("data-number", came.number, timeout=3_000)
    expect(manager.locator('[data-part="told"]')).to_have_text(re.compile("Nouvelle requête.*: Un arbre est tombé"))
    expect(agent.get_by_role("button", name="Une nouvelle requête")).to_be_visible()
    assert numbers(agent) == before
    agent.mouse.move(*AWAY)
    expect(agent.locator(ROWS).first).to_have_attribute("data-number", came.number)
    expect(agent.locator('[data-tab="ouvertes"] .count')).to_have_text("4")

    # Who opens one is seen by the others, and what they write too.
    manager.get_by_role("link", name="Feu muet").click()
    expect(manager.get_by_role("heading", name="Feu muet")).to_be_focused()
    expect(manager).to_have_url(re.compile(f"{board}{old[1].number}/$"))
    seen = agent.locator(f'[data-number="{old[1].number}"]')
    expect(seen.get_by_text("Jacques Dufour consulte cette requête")).to_be_attached()
    expect(agent.locator('[data-part="colleagues"]')).to_contain_text("Jacques Dufour")
    manager.locator("form.reply textarea").first.press_sequentially("jsk")  # keys of the board are letters here
    expect(manager.locator("form.reply textarea").first).to_have_value("jsk")
    expect(seen.get_by_text(re.compile("Jacques Dufour écrit un suivi"))).to_be_attached()

    # By keyboard: rows, the star, the ticket; what is focused stays where it is while it changes.
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("j")
    focused = agent.locator(f"{ROWS}:focus-within")
    number = focused.get_attribute("data-number") or ""
    agent.keyboard.press("s")
    expect(focused.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    change_ticket(actor=boss, number=number, changes=Changes(priority="urgent"))
    expect(focused.locator(".priority--4")).to_be_visible()
    assert focused.get_attribute("data-number") == number

    # What is closed says so under the hand, and goes when the hand does.
    change_ticket(actor=boss, number=number, changes=Changes(status="closed_done"))
    expect(focused.get_by_text("A changé")).to_be_visible()
    agent.evaluate("document.activeElement.blur()")
    expect(agent.locator(f'[data-number="{number}"]')).to_have_count(0)

    # A filter leaves the open ticket where it is; to close it leads back to the row.
    manager.locator('[data-tab="fermees"]').click()
    expect(manager.locator(ROWS)).to_have_count(1)
    expect(manager.get_by_role("heading", name="Feu muet")).to_be_visible()
    manager.get_by_role("link", name="Fermer le volet").click()
    expect(manager).to_have_url(re.compile(r"\?onglet=fermees$"))
    expect(seen.locator(".avatar")).to_have_count(0, timeout=5_000)
