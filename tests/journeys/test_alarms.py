"""The banner over a page, live: put there as a town speaks, renewed, ended, taken away by itself. No server runs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import axe_playwright_python.sync_playwright
import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from hub.alerts.current import Current
from hub.core.clock import now
from tests.laws.tree import ROOT

STATIC = ROOT / "hub" / "web" / "static"
STYLES = ("tokens", "reset", "base", "layout", "alarms")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("http://mairie.test/static/**", _static)
    page.route(
        "http://mairie.test/", lambda route: route.fulfill(body=_html(), content_type="text/html; charset=utf-8")
    )
    page.goto("http://mairie.test/")
    yield page
    page.close()


def _static(route: Route) -> None:
    file = STATIC / re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", route.request.url.partition("/static/")[2])
    kind = "text/javascript" if file.suffix == ".js" else "text/css"
    route.fulfill(body=file.read_text(), content_type=kind)


def _html(shown: tuple[Current, ...] = (), person: object | None = object()) -> str:
    frame = SimpleNamespace(town=SimpleNamespace(slug="ici"), person=person, alerts=shown)
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in STYLES)
    body = re.sub(r"<use [^>]*>", "", render_to_string("alerts/told/current.html", {"frame": frame}))
    return f"""<!doctype html><html lang="fr-FR"><head><title>Ici</title>{styles}</head><body>{body}
        <main><h1>Ici</h1></main><script type="module">
        import {{ hearAlarm }} from "/static/js/alarms.js"; window.hear = hearAlarm;</script></body></html>"""


def hear(page: Page, slug: str = "ici", **alarm: Any) -> tuple[str, str]:
    """The town speaks. What then stands in the two places."""
    told = {
        "id": 7, "about": None, "purpose": "alert", "emergency": True, "exercise": False, "path": "/a/",
        "plain": {"fr": "Eau non potable", "en": "Water"}, **alarm,
    }  # fmt: skip
    page.wait_for_function("Boolean(window.hear)")
    page.evaluate("([slug, told]) => window.hear(slug, told)", [slug, told])
    return tuple(" ".join(page.locator(f"[data-alarms-{place}]").inner_text().split()) for place in ("urgent", "calm"))  # type: ignore[return-value]


def test_what_a_town_tells_stands_there_until_it_is_over(page: Page) -> None:
    assert hear(page) == ("Mesures d’urgence Eau non potable", "")
    assert page.get_by_role("alert").get_by_role("link").get_attribute("href") == "/a/"
    assert hear(page, slug="ailleurs", id=1) == ("Mesures d’urgence Eau non potable", "")
    assert hear(page, id=2, exercise=True) == ("Mesures d’urgence Eau non potable", "")
    assert hear(page, id=8, emergency=False, plain={"fr": "<b>Travaux</b>"})[1] == "Alerte de la mairie <b>Travaux</b>"
    update = hear(page, id=9, about=7, purpose="update", emergency=False, plain={"en": "x", "fr": "Toujours"})
    assert update[0] == "Mesures d’urgence Toujours"
    end = hear(page, id=10, about=7, purpose="end", plain={"fr": "C’est fini"})
    assert end == ("", "Fin d’alerte C’est fini Alerte de la mairie <b>Travaux</b>")
    found = axe_playwright_python.sync_playwright.Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found] == []


def test_what_was_there_at_first_goes_when_its_time_has_come(browser: Browser) -> None:
    shown = Current(7, "alert", True, {"fr": "Eau"}, "/a/", now() + timedelta(hours=1))
    page = browser.new_page()
    page.clock.install()
    page.route("http://mairie.test/static/**", _static)
    page.route(
        "http://mairie.test/",
        lambda route: route.fulfill(body=_html((shown,)), content_type="text/html; charset=utf-8"),
    )
    page.goto("http://mairie.test/")
    assert hear(page, id=8, about=7, purpose="update", plain={"fr": "Encore"})[0] == "Mesures d’urgence Encore"
    page.clock.fast_forward("23:00:00")
    page.clock.run_for(120_000)
    assert page.locator(".alarm").count() == 1
    page.clock.fast_forward("01:10:00")
    page.clock.run_for(120_000)
    assert page.locator(".alarm").count() == 0
    page.close()


class Answers:
    """A town that says one thing after another to who asks; None: the network is away."""

    def __init__(self, page: Page, *shown: tuple[Current, ...] | None) -> None:
        self.page, self.shown, self.asked = page, shown, list[str]()
        page.route("http://mairie.test/communes/**", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        shown = self.shown[len(self.asked) - 1]
        route.abort() if shown is None else route.fulfill(body=_html(shown, None), content_type="text/html")

    def wait_for(self, times: int) -> None:
        """So often it has been asked; the page's clock is turned as far as that takes."""
        for _turn in range(20):
            if len(self.asked) >= times:
                return
            self.page.clock.run_for(10_000)
            self.page.wait_for_timeout(20)
        raise AssertionError(self.asked)


def test_a_page_of_who_is_not_signed_in_asks_each_minute_while_it_is_looked_at(browser: Browser) -> None:
    later = now() + timedelta(hours=20)
    water = Current(7, "alert", True, {"fr": "Eau non potable"}, "/a/", later)
    works = Current(8, "alert", False, {"fr": "Travaux"}, "/b/", later)
    page = browser.new_page()
    page.clock.install()
    page.route("http://mairie.test/static/**", _static)
    page.route(
        "http://mairie.test/",
        lambda route: route.fulfill(body=_html((), None), content_type="text/html; charset=utf-8"),
    )
    town = Answers(page, (water,), (water, works), None, (works,))
    page.goto("http://mairie.test/")
    page.wait_for_load_state("load")
    page.evaluate("document.documentElement.lang = 'fr-FR'")
    urgent, calm = page.get_by_role("alert"), page.locator("[data-alarms-calm]")
    town.wait_for(1)
    expect(urgent).to_contain_text("Eau non potable")
    page.evaluate("document.querySelector('.alarm').stays = true")
    town.wait_for(2)
    expect(calm).to_contain_text("Travaux")
    assert page.evaluate("document.querySelector('.alarm--urgent').stays") is True  # not said a second time
    town.wait_for(3)  # without a network nothing changes
    town.wait_for(4)
    expect(urgent).not_to_contain_text("Eau non potable")
    expect(calm).to_contain_text("Travaux")
    assert set(town.asked) == {"http://mairie.test/communes/ici/alertes/en-cours/?langue=fr"}
    page.evaluate("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })")
    page.clock.run_for(300_000)
    assert len(town.asked) == 4
    page.close()
