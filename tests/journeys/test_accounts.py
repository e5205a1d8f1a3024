"""Accounts in a real browser: a newcomer signs up, a passkey opens the door, guarded pages have no fault."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hub.people.models import Person
from hub.towns.models import Town
from tests.engines import free_port, wait_until
from tests.factories import make_person, make_town, session_key
from tests.journeys.test_every_page import faults_of
from tests.people.steps import last_code, mails_to
from tests.processes import HubProcess

PHONE = {"width": 390, "height": 844}
# What a phone or a laptop has built in: it keeps passkeys, and its owner always says yes.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(start_web: Callable[..., HubProcess]) -> str:
    """The site under a name: a passkey belongs to a name, and 127.0.0.1 is none (WebAuthn Level 3, §5.1.3)."""
    port = free_port()
    url = f"http://localhost:{port}"
    # Every step here is slower than a person, and quicker than the limits of sign-in expect.
    start_web(port, env={"PARVIS_PUBLIC_URL": url, "PARVIS_ALLOWED_HOSTS": "127.0.0.1", "PARVIS_RATE_LIMITS": "off"})
    return url


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=site, locale="fr-FR", bypass_csp=True, reduced_motion="reduce", viewport=PHONE
    )  # type: ignore[arg-type]
    opened.set_default_timeout(15_000)
    failed: list[str] = []
    opened.on("weberror", lambda error: failed.append(str(error.error)))
    yield opened
    opened.close()
    assert failed == [], "scripts failed"


@pytest.fixture
def town(site: str) -> Town:
    return make_town(f"ville-{time.time_ns()}", name="Ville-des-Clés")


def enter(context: BrowserContext, site: str, person: Person) -> Page:
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(person), "url": site}
    context.add_cookies([cookie])
    return context.new_page()


def fresh_address() -> str:
    return f"nouvelle-{time.time_ns()}@parvis.test"


def test_a_newcomer_finds_their_town_signs_up_and_is_in(context: BrowserContext, town: Town) -> None:
    for number in range(8):
        make_town(f"{town.slug}-{number}", name=f"Autre ville {number}")
    email = fresh_address()
    page = context.new_page()
    page.goto("/compte/inscription/")
    page.get_by_label("Prénom").fill("Nora")
    page.get_by_label("Nom", exact=True).fill("Petit")
    page.get_by_label("Adresse de courriel").fill(email)
    page.get_by_role("searchbox").fill("des cles")
    expect(page.get_by_role("radio", name="Autre ville 1")).to_be_hidden()
    page.get_by_role("searchbox").press("Enter")
    page.get_by_label("Ville-des-Clés").first.check()
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="Créer mon compte").click()

    page.get_by_label("Code reçu par courriel").wait_for()
    wait_until(lambda: bool(mails_to(email)), "the code is queued")
    page.get_by_label("Code reçu par courriel").fill(last_code(email))
    page.get_by_role("button", name="Confirmer").click()

    page.wait_for_url("**/communes/**")
    expect(page.get_by_role("link", name="Mon compte").first).to_be_visible()


def test_a_passkey_is_made_opens_the_door_and_is_taken_away(context: BrowserContext, site: str, town: Town) -> None:
    page = enter(context, site, make_person(fresh_address(), town=town, first_name="Inès", last_name="Moreau"))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.goto("/compte/cles/ajouter/")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Créer la clé").click()
    page.wait_for_url("**/codes-de-secours/")

    expect(page.get_by_text("10 codes restent sur 10.")).to_be_visible()

    sign_out(page)
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "connexion" not in url)

    page.goto("/compte/cles/")
    page.get_by_role("link", name="Retirer la clé « Mon téléphone »").click()
    expect(page.get_by_role("heading", name="C’est bien vous ?")).to_be_visible()
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url("**/retirer/")
    page.get_by_role("button", name="Retirer la clé").click()
    expect(page.get_by_text("La clé d’accès est retirée.")).to_be_visible()


def test_a_device_that_says_no_is_told_of_in_words(context: BrowserContext, town: Town) -> None:
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, "isUserVerified": False}})
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_text("La clé d’accès n’a pas répondu.")).to_be_visible()


def test_a_password_can_be_looked_at(context: BrowserContext, town: Town) -> None:
    page = context.new_page()
    page.goto("/compte/connexion/")
    page.get_by_label("Mot de passe").fill("lavandières")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")


def sign_out(page: Page) -> None:
    page.goto("/compte/deconnexion/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_load_state()


GUARDED = (
    "/compte/jetons/",
    "/compte/fermer/",
    "/compte/courriel/",
    "/compte/mot-de-passe/choisir/",
    "/compte/double-verification/application/",
    "/compte/cles/",
    "/compte/cles/ajouter/",
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_guarded_pages_have_no_fault(context: BrowserContext, site: str, town: Town, language: str) -> None:
    page = enter(context, site, make_person(fresh_address(), town=town, language=language))
    for address in GUARDED:
        page.goto(address)
        assert page.url == site + address
        assert list(faults_of(page)) == [], address


def test_pages_that_say_no_have_no_fault(context: BrowserContext, town: Town) -> None:
    page = context.new_page()
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse de courriel").fill("personne@ailleurs.example")
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("button", name="Se connecter").first.click()
    expect(page.get_by_text("Ce mot de passe ne correspond pas")).to_be_visible()
    assert list(faults_of(page)) == []

    page.goto("/compte/inscription/")
    page.locator("form:has([name=consent])").evaluate("form => form.submit()")
    expect(page.get_by_text("Ce champ est obligatoire").first).to_be_visible()
    assert list(faults_of(page)) == []

    page.goto("/compte/connexion/code/")
    page.get_by_label("Adresse de courriel").fill("personne@ailleurs.example")
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code reçu par courriel").fill("0000-0000")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Ce code n’est pas le bon")).to_be_visible()
    assert list(faults_of(page)) == []
