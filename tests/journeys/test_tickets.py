"""From a photo on a phone to « C'est réglé »: a stranger, two of the town hall who see each other, a call centre."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.people.models import Person, Role
from hub.tickets.models import Category, Status, Ticket
from tests import factories
from tests.journeys.conftest import Enter
from tests.journeys.test_conversations_everywhere import PHONE
from tests.journeys.test_report import faults, go_on, open_form, tell_all
from tests.processes import HubProcess
from tests.tickets.making import make_category, make_service, make_ticket
from tests.tickets.reporting import make_lamps

DESKTOP = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def lamps(web: HubProcess) -> Category:
    town = factories.make_town(phone="+33199000111")
    category, _question = make_lamps(town)
    make_ticket(
        town,
        category=category,
        title="Le même lampadaire",
        lat=48.8566,
        lon=2.3525,
        public=True,
        address="14, rue du Four",
    )
    return category


@pytest.fixture
def agent(lamps: Category) -> Person:
    person = factories.make_agent(lamps.town, first_name="Maude", last_name="Lavoie")
    make_service(lamps.town, "Travaux publics", person)
    return person


def write(page: Page, mode: str, words: str) -> None:
    page.locator(f".mode:has([value={mode}])").click()
    page.locator("#panel-text").fill(words)


@pytest.fixture
def phone(browser: Browser, web: HubProcess) -> Iterator[Page]:
    """A stranger's phone, that may tell where it is."""
    context = browser.new_context(
        base_url=web.url, locale="fr-FR", permissions=["geolocation"],
        geolocation={"latitude": 48.8566, "longitude": 2.3522, "accuracy": 12}, **PHONE,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def report(phone: Page, category: Category) -> Ticket:
    """The stranger reports with a photo, and opens the page of what they reported."""
    open_form(phone, category)
    tell_all(phone)
    go_on(phone)
    expect(phone.get_by_text("Votre demande est envoyée")).to_be_visible()
    ticket = Ticket.objects.get(category=category, email="eve@citoyen.example")
    phone.goto(f"/suivi/{ticket.number}/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Le lampadaire est éteint")
    assert faults(phone) == []
    return ticket


def answer(phone: Page, words: str) -> None:
    phone.get_by_text("Ajouter une précision").first.tap()
    form = phone.locator("form:has(textarea[name=body])")
    form.locator("[name=body]").fill(words)
    form.get_by_role("button", name="Envoyer à la mairie").tap()


def close(desk: Page, ticket: Ticket, words: str) -> None:
    desk.goto(f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/fermeture/")
    desk.get_by_label("Un dernier mot au demandeur").fill(words)
    assert faults(desk) == []
    desk.get_by_role("button", name="Fermer la requête").click()


def test_from_a_photo_to_settled(phone: Page, enter: Enter, lamps: Category, agent: Person) -> None:
    board = f"/mairie/{lamps.town.slug}/requetes/"
    colleague = factories.make_mayor(lamps.town, first_name="Hélène", last_name="Carpentier")
    desk = enter(agent, board, **DESKTOP)
    other = enter(colleague, board, color_scheme="dark", **DESKTOP)
    expect(desk.locator("[data-part=state]")).to_be_visible()
    ticket = report(phone, lamps)
    row = f'.ticket[data-number="{ticket.number}"]'
    for page in (desk, other):  # lit up, without a refresh
        expect(page.locator(row)).to_contain_text("Nouvelle")
        page.locator(f"{row} .ticket__t").click()
        expect(page.locator("#panel-title")).to_contain_text("Le lampadaire est éteint")
    # Two of the town hall see each other.
    expect(desk.locator("#panel [data-slot=viewers]")).to_contain_text("Hélène Carpentier lit cette requête")
    write(desk, "external", "Nous passons demain matin.")
    expect(other.locator("#panel [data-slot=viewers]")).to_contain_text("Maude Lavoie écrit une réponse")
    assert faults(desk) + faults(other) == []
    # What the agent sends stands on the stranger's open page, and beside on the colleague's.
    desk.get_by_role("button", name="Publier le suivi").click()
    expect(phone.get_by_text("Nous passons demain matin.")).to_be_visible()
    expect(other.locator("#panel").get_by_text("Nous passons demain matin.")).to_be_visible()
    expect(desk.locator("#panel-text")).to_have_value("")
    answer(phone, "Merci, la rue est très sombre.")
    expect(desk.locator(row)).to_contain_text("Réponse")
    expect(desk.locator("#panel").get_by_text("la rue est très sombre")).to_be_visible()
    close(desk, ticket, "Le lampadaire est réparé.")
    expect(phone.get_by_text("Le lampadaire est réparé.")).to_be_visible()
    phone.get_by_label("Oui, c’est réglé").tap()
    phone.locator("#regle").get_by_role("button", name="Répondre").tap()
    expect(other.locator("#panel").get_by_text("Le demandeur dit que c’est réglé")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.settled) == (Status.CLOSED_DONE, True)


def test_a_call_centre_for_two_towns(enter: Enter, lamps: Category) -> None:
    other = make_category(factories.make_town(), "Collectes")
    operator = factories.make_person(town=lamps.town, roles=[Role.OPERATOR], first_name="Sophie")
    operator.memberships.create(town=other.town, role=Role.OPERATOR)
    page = enter(operator, f"/mairie/{lamps.town.slug}/requetes/nouvelle/", **DESKTOP)
    page.get_by_role("link", name=other.town.name, exact=True).click()
    expect(page).to_have_url(re.compile(other.town.slug))
    assert faults(page) == []
    page.get_by_label("Catégorie").fill("collectes")
    page.get_by_label("Ce qui se passe").fill("Bac oublié rue du Four.")
    page.get_by_label("Nom", exact=False).last.fill("Roy")
    page.get_by_label("Téléphone", exact=False).last.fill("01 99 00 01 10")
    page.get_by_text("La garder au centre d’appels").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel-title")).to_have_text("Bac oublié rue du Four")
    made = Ticket.objects.get(category=other)
    assert (made.status, made.phone, made.created_by) == (Status.NOT_TRANSFERRED, "+33199000110", operator)
    page.locator("#panel summary", has_text="Non transférée").click()
    page.get_by_role("button", name="Transférer à la mairie").click()
    expect(page.locator("#panel .pill-select").first).to_have_text("Transférée")
    expect(page.locator(".ticket--leaving")).to_have_count(0)  # it fades out of the list
    assert faults(page) == []
