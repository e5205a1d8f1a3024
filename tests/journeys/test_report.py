"""A stranger reports a broken lamp with one hand on a phone: step by step, with a photo, and without a network."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Geolocation, Page, Route, expect

from hub.tickets.models import Category, Ticket
from tests import factories
from tests.processes import HubProcess
from tests.tickets.making import make_ticket
from tests.tickets.reporting import make_lamps

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FAULTS = "axe.run(document).then(found => found.violations.map(fault => `${fault.id} ${fault.nodes[0].target}`))"
HERE = Geolocation(latitude=48.8566, longitude=2.3522, accuracy=12)
NOTE = FilePayload(name="note.txt", mimeType="text/plain", buffer=b"Le lampadaire porte le 218.")


@dataclass
class TownSite:
    """A town's own web site, of another name than the hub's, with one page."""

    url: str
    html: str = ""


@pytest.fixture(scope="module")
def site() -> Iterator[TownSite]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown.html.encode())

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        shown = TownSite(f"http://localhost:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield shown
        server.shutdown()


@pytest.fixture(scope="module")
def web(start_web: Callable[..., HubProcess], site: TownSite) -> HubProcess:
    return start_web(env={"PARVIS_EMBED_ORIGINS": site.url})


@pytest.fixture
def lamps(web: HubProcess) -> Category:
    town = factories.make_town(phone="+33199000111")
    category, _question = make_lamps(town)
    make_ticket(town, category=category, lat=48.8566, lon=2.3525, public=True, address="14, rue du Four")
    return category


@pytest.fixture
def phone(browser: Browser, web: HubProcess) -> Iterator[BrowserContext]:
    """A stranger's phone, that may tell where it is."""
    context = browser.new_context(
        base_url=web.url,
        locale="fr-FR",
        geolocation=HERE,
        permissions=["geolocation"],
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
    )
    context.set_default_timeout(15_000)
    said: list[str] = []
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    assert said == [], "scripts failed"


def big_photo() -> FilePayload:
    """4000 pixels wide, with the place where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 0.0)
    out = BytesIO()
    Image.new("RGB", (4000, 3000), "green").save(out, "JPEG", exif=exif.tobytes())
    return FilePayload(name="IMG_1.jpeg", mimeType="image/jpeg", buffer=out.getvalue())


def step(page: Page, name: str) -> None:
    """The form shows this step and no other."""
    shown = page.locator("[data-step]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-step", name)


def go_on(page: Page) -> None:
    page.locator("[data-slot=go]").tap()


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FAULTS)
    if found:  # a busy machine may have redrawn half of the page: only what stays counts
        page.wait_for_timeout(500)
        found = page.evaluate(FAULTS)
    return found


def open_form(page: Page, category: Category) -> None:
    page.goto(f"/communes/{category.town.slug}/signaler/")
    page.locator("#report-q").fill("eclai")
    page.locator("[data-words]:visible a").tap()
    step(page, "what")


def tell_all(page: Page) -> None:
    """Every step up to the last look, with a point found by the device."""
    go_on(page)
    expect(page.locator("[name^=question_]").first).to_be_focused()  # it must be answered
    expect(page.get_by_text("Répondez à cette question.")).to_be_visible()
    page.get_by_label("Éteint").tap()
    go_on(page)
    page.get_by_role("button", name="Utiliser ma position").tap()
    expect(page.get_by_text("Point choisi à 12 m près")).to_be_visible()
    expect(page.get_by_role("link", name="Éclairage, 14, rue du Four")).to_be_visible()  # it may be told already
    go_on(page)
    page.get_by_label("Que se passe-t-il").fill("Le lampadaire est éteint depuis lundi.")
    go_on(page)
    page.locator("[data-slot=album]").set_input_files([big_photo()])
    expect(page.locator(".report__photo")).to_have_count(1)
    page.locator("[name=documents]").set_input_files([NOTE])
    go_on(page)
    page.get_by_label("Nom", exact=True).fill("Roy")
    page.get_by_label("Courriel", exact=True).fill("eve@citoyen.example")
    go_on(page)
    step(page, "check")


def test_each_step_is_whole_and_a_map_is_held_by_keys(phone: BrowserContext, lamps: Category) -> None:
    page = phone.new_page()
    open_form(page, lamps)
    found = faults(page)
    page.get_by_label("Éteint").tap()
    go_on(page)
    page.get_by_role("button", name="Montrer sur la carte").tap()
    canvas = page.locator("[data-slot=canvas]")
    expect(canvas).to_be_focused()
    before = page.locator("[name=lat]").input_value()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Centre de la carte")).to_be_visible()
    assert page.locator("[name=lat]").input_value() == before == ""  # nothing is chosen yet
    page.keyboard.press("Enter")
    expect(page.get_by_text("Point choisi : latitude")).to_be_visible()
    assert page.locator("[name=lat]").input_value() != ""
    found += faults(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_label("Que se passe-t-il")).to_be_focused()  # the description is needed
    found += faults(page)
    page.go_back()  # the phone's own « back »
    step(page, "place")
    go_on(page)
    page.get_by_label("Que se passe-t-il").fill("Éteint.")
    go_on(page)
    found += faults(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    found += faults(page)
    assert found == []


def test_without_a_network_it_waits_on_the_phone_and_leaves_once(phone: BrowserContext, lamps: Category) -> None:
    page = phone.new_page()
    open_form(page, lamps)
    tell_all(page)
    assert faults(page) == []
    expect(page.locator("[data-slot=summary]")).to_contain_text("eve@citoyen.example")
    page.wait_for_timeout(500)
    page.close()  # by mistake
    page = phone.new_page()
    page.goto(f"/communes/{lamps.town.slug}/signaler/{lamps.pk}/")
    expect(page.get_by_text("Votre brouillon est revenu")).to_be_visible()
    step(page, "check")
    phone.set_offline(True)
    go_on(page)
    expect(page.get_by_role("heading", name="Enregistré sur cet appareil")).to_be_visible()
    page.close()
    assert not Ticket.objects.filter(category=lamps, source="web", email="eve@citoyen.example").exists()
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"/communes/{lamps.town.slug}/")  # whatever page of the town is next
    expect(page.get_by_text("Votre demande est envoyée. Son numéro")).to_be_visible()
    ticket = Ticket.objects.get(category=lamps, email="eve@citoyen.example")
    page.get_by_role("link", name="La voir").tap()
    expect(page.get_by_text(ticket.secret)).to_be_visible()
    assert faults(page) == []
    kept = ticket.files.select_related("file").get(file__name="IMG_1.jpg").file
    assert (kept.width_px, kept.height_px) == (2560, 1920)
    assert ticket.files.count() == 2
    page.goto(f"/communes/{lamps.town.slug}/signaler/{lamps.pk}/")
    step(page, "what")  # nothing of it is left on the phone
    assert Ticket.objects.filter(category=lamps, email="eve@citoyen.example").count() == 1


def lose_the_first_answer(page: Page) -> list[int]:
    """What is posted reaches the hub, and the first answer never comes back. Returns what was answered."""
    answered: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        answer = route.fetch()
        answered.append(answer.status)
        if len(answered) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route("**/signaler/**", lose)
    return answered


def test_the_network_lost_halfway_is_said_and_what_left_without_an_answer_leaves_no_second_time(
    phone: BrowserContext, lamps: Category
) -> None:
    page = phone.new_page()
    open_form(page, lamps)
    page.get_by_label("Éteint").tap()
    phone.set_offline(True)
    away = page.get_by_text("tout est gardé sur cet appareil")
    expect(away).to_be_visible()
    go_on(page)
    page.get_by_role("button", name="Montrer sur la carte").tap()
    expect(page.get_by_text("La carte n’a pas pu s’ouvrir. Écrivez l’adresse.")).to_be_visible()
    page.get_by_label("Adresse ou endroit").fill("14, rue du Four")
    go_on(page)
    page.get_by_label("Que se passe-t-il").fill("Éteint.")
    go_on(page)
    go_on(page)
    page.get_by_label("Nom", exact=True).fill("Roy")
    page.get_by_label("Courriel", exact=True).fill("adam@citoyen.example")
    go_on(page)
    step(page, "check")
    assert faults(page) == []
    go_on(page)
    expect(page.get_by_role("heading", name="Enregistré sur cet appareil")).to_be_visible()
    posted = lose_the_first_answer(page)
    found = Ticket.objects.filter(category=lamps, email="adam@citoyen.example")
    phone.set_offline(False)  # the page is still open: it goes by itself
    for _ in range(100):
        if posted:
            break
        page.wait_for_timeout(100)
    assert found.count() == 1
    page.get_by_role("button", name="Essayer maintenant").tap()
    expect(page.get_by_text(found.get().secret)).to_be_visible()
    assert (posted, found.count()) == ([200, 200], 1)
    page.goto(f"/communes/{lamps.town.slug}/signaler/{lamps.pk}/")
    step(page, "what")
    expect(away).to_have_count(0)


def test_on_the_towns_own_site_nothing_is_asked_before_it_is_pressed(
    phone: BrowserContext, web: HubProcess, site: TownSite, lamps: Category
) -> None:
    line = f'<script src="{web.url}/integrer.js" data-commune="{lamps.town.slug}" data-texte="Signaler" async></script>'
    site.html = f"<!doctype html><title>Valbourg</title><h1>Valbourg</h1>{line}"
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    page = phone.new_page()
    page.goto(f"{site.url}/")
    button = page.get_by_role("button", name="Signaler")
    expect(button).to_be_visible()
    assert [url for url in asked if url.startswith(web.url)] == [f"{web.url}/integrer.js"]
    button.tap()
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Éclairage").first.tap()
    frame.get_by_label("Éteint").tap()
    go = frame.locator("[data-slot=go]")
    go.tap()
    frame.get_by_label("Adresse ou endroit").fill("12, rue du Four")
    go.tap()
    frame.get_by_label("Que se passe-t-il").fill("Vu depuis le site de la commune.")
    go.tap()
    go.tap()
    frame.get_by_label("Nom", exact=True).fill("Roy")
    frame.get_by_label("Courriel", exact=True).fill("eve@ailleurs.example")
    go.tap()
    go.tap()
    expect(frame.get_by_text("Votre demande est envoyée")).to_be_visible()
    ticket = Ticket.objects.get(email="eve@ailleurs.example")
    expect(frame.get_by_text(ticket.secret)).to_be_visible()
    assert phone.cookies() == []
    page.wait_for_function("document.querySelector('iframe').offsetHeight < 1200")  # it was taller for the categories
