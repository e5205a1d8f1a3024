"""An alert at three in the morning: written on a telephone, approved by somebody else, watched live, followed up on
paper."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from hub.alerts.models import Alert, Zone
from hub.people.models import Address, Person
from hub.towns.models import Town
from tests import factories
from tests.alerts.alarms import leave, square
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.journeys.conftest import Enter
from tests.journeys.test_every_page import AXE, RULES, RUN
from tests.processes import HubProcess

SMS = "Eau non potable, secteur Nord-Est. Faites bouillir l'eau 1 minute avant de la boire"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Night:
    """A town by the water: an agent who writes on her phone, a mayor who is woken up, two people in the sector."""

    def __init__(self) -> None:
        self.town: Town = factories.make_town(mayor_grammar="f", latitude=47.7364, longitude=-69.2718)
        self.agent = factories.make_agent(self.town, first_name="Maude", last_name="Lavoie")
        self.mayor = factories.make_mayor(self.town, first_name="Hélène", last_name="Carpentier", drawing="helene")
        Zone.objects.create(town=self.town, name="Secteur Nord-Est", shape=square(-69.28, 47.73, 0.02))
        self.reached = factories.make_person(town=self.town, first_name="Omar", last_name="Diallo")
        self.alone = Person.objects.create(first_name="Lucienne", last_name="Daoust")
        self.alone.memberships.create(town=self.town, role="citizen")
        for person, number in ((self.reached, "118"), (self.alone, "41")):
            Address.objects.create(
                person=person, number=number, street="rue des Saules", latitude=47.74, longitude=-69.27
            )

    @property
    def desk(self) -> str:
        return f"/mairie/{self.town.slug}/alertes/"


@pytest.fixture
def night(web: HubProcess) -> Night:
    return Night()


def check(page: Page) -> None:
    """Nothing for axe to find, and nothing wider than the screen."""
    page.evaluate(AXE)
    assert page.evaluate(RUN, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_alert_at_night(night: Night, enter: Enter, settings: Settings, left: Left) -> None:  # noqa: F811
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}
    phone = enter(night.agent, night.desk, **PHONE, color_scheme="dark")
    it_is_written(night, phone)
    mayor = enter(night.mayor, night.desk, **PHONE)
    somebody_else_says_yes(night, mayor)
    it_leaves_before_ones_eyes(phone)
    who_is_missing_is_gone_to_see(phone)


def it_is_written(night: Night, phone: Page) -> None:
    """A danger brings its words, a sector its people; it keeps itself as one goes, and an SMS is written for less."""
    phone.get_by_role("link", name="Nouvelle alerte").click()
    phone.get_by_role("radio", name="Eau potable").check()
    expect(phone.get_by_label("Titre, en français")).to_have_value(re.compile("faites-la bouillir"))
    phone.get_by_role("checkbox", name="Secteur Nord-Est").check()
    expect(phone.get_by_role("checkbox", name="Toute la commune")).not_to_be_checked()
    expect(phone.locator(".sum__big")).to_have_text("2")
    expect(phone).to_have_url(re.compile(rf"{night.desk}\d+/$"))  # it is kept, and has an address
    phone.locator("[name=sms_fr]").fill(f"{SMS}, même filtrée.")
    phone.get_by_role("button", name="Écrire sans accent").click()
    expect(phone.locator(".phone__words")).to_contain_text("meme filtrée")
    a_zone_is_drawn_with_the_keyboard(phone)
    check(phone)
    phone.reload()
    expect(phone.locator("[name=sms_fr]")).to_have_value(f"{SMS}, meme filtrée.")
    phone.get_by_role("button", name="Demander son accord").click()
    expect(phone.get_by_role("heading", name="Votre demande d’accord est partie")).to_be_visible()
    check(phone)


def a_zone_is_drawn_with_the_keyboard(phone: Page) -> None:
    phone.get_by_role("button", name="Dessiner une zone").click()
    canvas = phone.get_by_role("application")
    expect(canvas).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        phone.keyboard.press(key)
        phone.wait_for_timeout(400)  # the map moves
        phone.keyboard.press("Enter")
    expect(phone.get_by_text("Zone de 3 points.")).to_be_visible()
    expect(phone.locator("[name=points]")).to_have_value(re.compile(r"^(-?\d+\.\d{6}, -?\d+\.\d{6}\n){2}.+$"))
    phone.get_by_role("button", name="Effacer la zone").click()
    expect(phone.locator("[name=points]")).to_have_value("")


def somebody_else_says_yes(night: Night, mayor: Page) -> None:
    """She is told, reads all of it, and decides."""
    mayor.get_by_role("link", name=re.compile("Lire, et donner mon accord")).click()
    for words in ("Maude Lavoie", "Secteur Nord-Est", "meme filtrée", "Coût estimé"):
        expect(mayor.get_by_text(words).first).to_be_visible()
    check(mayor)
    mayor.get_by_role("button", name="Donner mon accord et envoyer").click()
    expect(mayor.get_by_text("Envoi en cours")).to_be_visible()


def it_leaves_before_ones_eyes(phone: Page) -> None:
    """On the phone of who wrote it figures move without a touch; stopping is asked once, and is not at hand."""
    phone.reload()
    expect(phone.get_by_text("Envoi en cours")).to_be_visible()
    phone.get_by_role("link", name="Arrêter l’envoi").click()
    expect(phone.get_by_role("link", name="Laisser l’envoi continuer")).to_be_focused()
    check(phone)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("dialog")).to_be_hidden()
    alert = Alert.objects.latest("pk")
    leave(leave(alert))
    expect(phone.locator('[data-slot="reached"]')).to_have_text("1")
    expect(phone.locator('[data-slot="total"]')).to_have_text("2")
    expect(phone.locator('[data-channel="email"] [data-slot="there"]')).to_have_text("1")
    expect(phone.get_by_text("Envoyée")).to_be_visible()  # it is over
    expect(phone.get_by_role("link", name="Arrêter l’envoi")).to_have_count(0)


def who_is_missing_is_gone_to_see(phone: Page) -> None:
    """By name, with why; somebody takes it on; the list is printed."""
    row = phone.get_by_role("row", name=re.compile("Lucienne Daoust")).or_(phone.locator("tr", has_text="Lucienne"))
    expect(row.first).to_contain_text("Aucun moyen inscrit")
    check(phone)
    phone.locator("summary", has_text="Confier").click()
    phone.get_by_label("Ce qui est fait pour Lucienne Daoust").fill("Équipe 2 en route")
    phone.get_by_role("button", name="Noter").click()
    expect(phone.locator("tr", has_text="Lucienne").get_by_text("Équipe 2 en route")).to_be_visible()
    phone.get_by_role("link", name="Liste par rue").click()
    expect(phone.get_by_role("heading", name=re.compile("rue des Saules"))).to_be_visible()
    check(phone)
    phone.emulate_media(media="print")
    expect(phone.locator(".rail")).to_be_hidden()
    expect(phone.get_by_text("Lucienne Daoust")).to_be_visible()
