"""The hub as an application: installed by Chromium itself, opened without a network, and what it leaves on a device."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, expect

from hub.tickets.models import Ticket
from tests.engines import wait_until
from tests.journeys.conftest import QUIET, WHOLE, Enter, Talk
from tests.journeys.test_every_page import AXE, DRAWN, RULES, RUN
from tests.processes import HubProcess
from tests.tickets.reporting import form_url, make_lamps

INSTALLED = "dispatchEvent(new Event('appinstalled'))"  # as Chromium tells the page that asked for it
REGISTERED = "navigator.serviceWorker.getRegistration().then(found => Boolean(found))"
# [cache, path, text] of all that is kept.
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const answer = await cache.match(request, {ignoreVary: true});
            found.push([name, new URL(request.url).pathname, await answer.text()]);
        }
    }
    return found;
}"""


def kept(page: Page) -> dict[str, str]:
    """Texts by their paths."""
    return {path: text for _name, path, text in page.evaluate(KEPT)}


def wait_until_kept(page: Page, *paths: str) -> None:
    wait_until(lambda: set(paths) <= set(kept(page)), f"{paths} kept")


def offline(page: Page, path: str) -> None:
    """Another page is asked for, and there is no network."""
    page.context.set_offline(True)
    page.goto(path)
    expect(page.locator("[data-offline][role=status]")).to_be_attached()


@pytest.fixture(scope="module")
def chromium() -> str | None:
    """Only the whole one installs anything."""
    return WHOLE


def install(tools: CDPSession, application: dict[str, str]) -> None:
    """As often as a person would press: on a busy machine, the browser gives up fetching the manifest and its icons."""
    for left in (2, 1, 0):
        try:
            tools.send("PWA.install", application)
        except Error as error:
            if left and "fetch install info" in str(error):
                continue
            raise
        return


@pytest.fixture
def of_ones_own(browser: Browser, web: HubProcess, tmp_path: Path) -> Any:
    """A browser that keeps what it is given: in the others nothing can be installed."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=WHOLE, channel=None if WHOLE else "chromium",
        args=QUIET, base_url=web.url, locale="fr-FR",
    )  # fmt: skip
    yield context
    context.close()


def test_chromium_installs_it_and_its_window_opens_without_a_network(
    of_ones_own: BrowserContext, web: HubProcess, talk: Talk
) -> None:
    page = of_ones_own.pages[0]
    page.goto(f"/communes/{talk.town.slug}/")
    tools = of_ones_own.new_cdp_session(page)
    assert tools.send("Page.getAppManifest")["errors"] == []
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert page.evaluate(REGISTERED) is False  # a browser that is everybody's keeps nothing
    application = {"manifestId": f"{web.url}/"}
    install(tools, {**application, "installUrlOrBundleUrl": f"{web.url}/"})
    tools.send("PWA.changeAppUserSettings", {**application, "displayMode": "standalone"})
    with of_ones_own.expect_page() as opened:
        tools.send("PWA.launch", application)
    window = opened.value
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    assert window.evaluate("matchMedia('(display-mode: standalone)').matches")
    expect(window.locator(".colophon")).to_be_visible()
    expect(window.locator(".colophon .install")).to_be_hidden()
    wait_until_kept(window, f"/communes/{talk.town.slug}/hors-ligne/", f"/communes/{talk.town.slug}/signaler/")
    offline(window, "/")
    # Such a window speaks the browser's own language, whatever the test says of pages.
    said = re.compile("Vous êtes hors connexion|You are offline")
    expect(window.get_by_role("heading", name=said)).to_be_visible()
    assert window.evaluate("matchMedia('(display-mode: standalone)').matches")


def fill_in(page: Page) -> None:
    """All steps, up to « Envoyer »."""
    go = page.locator("[data-slot=go]")
    page.get_by_label("Éteint").check()
    go.click()
    page.get_by_label("Adresse ou endroit").fill("12, rue du Four")
    go.click()
    page.get_by_label("Que se passe-t-il").fill("Écrit au fond des bois.")
    go.click()
    go.click()
    page.get_by_label("Nom", exact=True).fill("Moreau")
    page.get_by_label("Courriel", exact=True).fill("ines@citoyen.example")
    go.click()
    expect(page.locator("[data-slot=summary]")).to_contain_text("Écrit au fond des bois.")
    go.click()


def keep_forms(page: Page, talk: Talk) -> tuple[str, str, str]:
    """As where it is installed. The paths of the pages that stay: offline, choosing a category, the one form."""
    lamps, _question = make_lamps(talk.town)
    home = f"/communes/{talk.town.slug}"
    paths = (f"{home}/hors-ligne/", f"{home}/signaler/", form_url(lamps))
    page.goto(f"{home}/")
    page.evaluate(INSTALLED)
    wait_until_kept(page, *paths)
    return paths


def test_nothing_of_who_is_signed_in_stays_on_the_device(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/mentions-legales/")
    paths = keep_forms(page, talk)
    for path in (talk.portal, *paths[1:], "/mes-demandes/", "/compte/"):
        page.goto(path)
    texts = kept(page)
    assert {path for path in texts if not path.startswith("/static/")} == set(paths)
    whole = "\n".join(texts.values())
    for words in (talk.citizen.first_name, talk.citizen.last_name, talk.citizen.email, "latte du banc"):
        assert words not in whole
    offline(page, talk.portal)
    expect(page.get_by_role("heading", name="Vous êtes hors connexion")).to_be_visible()
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN)
        assert page.evaluate(RUN, RULES) == []
    page.context.set_offline(False)
    expect(page.get_by_text("latte du banc").first).to_be_visible()  # by itself
    here = "localStorage.getItem('parvis-person')"
    page.goto("/compte/deconnexion/")
    assert page.evaluate(here) == str(talk.citizen.pk)
    page.get_by_role("button", name="Se déconnecter").click()
    wait_until(lambda: page.evaluate(here) is None, "nobody is here")


def test_the_form_opens_without_a_network_and_what_it_says_leaves_once(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/mentions-legales/")
    _offline, choose, form = keep_forms(page, talk)
    offline(page, "/")
    page.get_by_role("link", name="Signaler un problème").click()
    page.wait_for_url(f"**{choose}")
    page.goto(f"{choose}?q=lampe")
    page.wait_for_url(f"**{choose}")  # a search is the server's: all are offered
    page.get_by_role("link", name="Éclairage").first.click()
    page.wait_for_url(f"**{form}")
    expect(page.get_by_text("tout est gardé sur cet appareil")).to_be_visible()
    key = page.locator("[name=key]").input_value()
    page.reload()
    expect(page.locator("[name=key]")).not_to_have_value(key)  # the same page serves for many reports
    fill_in(page)
    expect(page.get_by_role("heading", name="Enregistré sur cet appareil")).to_be_visible()
    expect(page.locator("[data-report-outside]")).to_be_focused()  # and written down
    page.goto("/")  # away from the form, which would send it
    asked = Ticket.objects.filter(town=talk.town)
    assert not asked.exists()
    page.context.set_offline(False)  # the home opens by itself
    expect(page.get_by_text("Votre demande est envoyée. Son numéro")).to_be_visible()
    page.reload()
    expect(page.locator("[data-report-waiting]")).to_be_hidden()
    assert [(one.requester, one.description) for one in asked] == [(talk.citizen, "Écrit au fond des bois.")]


def test_a_new_version_takes_the_place_of_the_former_and_speaks_as_it_did(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/mentions-legales/")
    page.evaluate("""async () => {
        const cache = await caches.open("parvis-former");
        await cache.put("/hors-ligne/", new Response("of before", {headers: {"X-Kept-As": "en dark"}}));
        await cache.put("/static/css/former.css", new Response("of before"));
        await navigator.serviceWorker.register("/sw.js");
    }""")
    names = "caches.keys().then(names => names.join())"
    wait_until(lambda: "former" not in page.evaluate(names), "the former version gone")
    wait_until_kept(page, "/hors-ligne/")
    assert "of before" not in "".join(kept(page).values())
    offline(page, "/accessibilite/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("link", name=re.compile("Signaler|Report"))).to_have_count(0)  # of no town, no form
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1, name="Accessibilité")).to_be_visible()  # by itself


def test_the_button_asks_once_the_browser_can_install_it(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/notifications/preferences/")
    card = page.get_by_role("region", name="L’application")
    button, way = card.get_by_role("button"), card.get_by_role("link", name="Installer l’application")
    expect(way).to_be_visible()
    expect(button).to_be_hidden()
    page.evaluate("""() => {
        const event = new Event("beforeinstallprompt", {cancelable: true});
        event.userChoice = Promise.resolve({outcome: "accepted"});
        event.prompt = async () => (window.asked = (window.asked ?? 0) + 1);
        window.held = !dispatchEvent(event);
    }""")
    expect(way).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    assert page.evaluate("[window.held, window.asked]") == [True, 1]
