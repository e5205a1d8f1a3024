"""Every page of the site, as each sort of person, in a real browser: axe finds nothing, by day and by night."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from hub.demo.seed import PASSWORD
from tests.processes import HubProcess

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """only => axe.run(document, {runOnly: only, resultTypes: ["violations"]}).then(
    found => found.violations.map(fault =>
    `${fault.id}: ${fault.nodes[0].target} ${fault.nodes[0].any[0]?.message ?? ""}`))"""
# Two frames later, everything stands in its new colours.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"
PEOPLE = (
    "",
    "alice@citoyen.example",
    "bruno@citoyen.example",
    "maire@saint-aurele.example",
    "agente@saint-aurele.example",
    "standard@operateur.example",
)
NOT_PAGES = re.compile(r"/api/|/fichiers/|/photo/|/telecharger/|\.(pdf|png|jpg)$")


def shape(url: str) -> str:
    """Pages that differ by a number only are one page."""
    parts = urlsplit(url)
    names = sorted(part.split("=")[0] for part in parts.query.split("&"))
    return re.sub(r"\d+", "N", parts.path) + "?" + "&".join(names)


def sign_in(page: Page, base: str, email: str) -> None:
    page.goto(f"{base}/compte/connexion/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url(lambda url: "connexion" not in url)


def walk(page: Page, base: str) -> Iterator[str]:
    """Open every page that a link leads to, one of each shape."""
    waiting, known = deque([f"{base}/", f"{base}/compte/connexion/", f"{base}/nulle-part/"]), set()
    while waiting:
        url = waiting.popleft().split("#")[0]
        if shape(url) in known or NOT_PAGES.search(url) or not url.startswith(base):
            continue
        known.add(shape(url))
        answer = page.goto(url)
        assert answer is not None
        if not (answer.headers.get("content-type") or "").startswith("text/html"):
            continue
        expected = 404 if url.endswith("/nulle-part/") else 200
        assert answer.status == expected, f"{url}: {answer.status}"
        waiting.extend(page.evaluate("[...document.links].map(link => link.href)"))
        yield url


# Width and colours: each page by day and by night, on a desktop and on a phone. Colours are the design system's own,
# the same at every width.
LOOKS = [(1440, "light", RULES), (390, "dark", RULES)]
seen_by: Counter[str] = Counter()


def looks(url: str) -> list[tuple[int, str, list[str]]]:
    """Each page is looked at in two ways; seen again by somebody else, in one of them, by turns."""
    seen_by[shape(url)] += 1
    again = seen_by[shape(url)] - 2
    return LOOKS if again < 0 else [LOOKS[again % 2]]


def faults_of(page: Page) -> Iterator[str]:
    """What a careful reviewer would send back."""
    if not page.title().strip():
        yield "no title"
    if not re.fullmatch("(fr|en)(-(FR|CA))?", page.evaluate("document.documentElement.lang")):
        yield "no language"
    if (count := page.locator("h1").count()) != 1:
        yield f"{count} h1"
    page.evaluate(AXE)
    for width, scheme, rules in looks(page.url):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(DRAWN)
        if page.evaluate(RUN, rules):
            # A busy machine may have redrawn half of the page: only what stays counts.
            page.wait_for_timeout(500)
            yield from (f"{scheme} {width}: {fault}" for fault in page.evaluate(RUN, rules))
    page.set_viewport_size({"width": 320, "height": 700})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320:
        yield f"wider than 320 px: {wide}"
    page.set_viewport_size({"width": 1440, "height": 844})


@pytest.mark.parametrize("email", PEOPLE)
def test_no_page_has_a_fault(email: str, demo: HubProcess, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR", bypass_csp=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    if email:
        sign_in(page, demo.url, email)
    found: list[str] = []
    pages = 0
    for url in walk(page, demo.url):
        pages += 1
        found += [f"{url}: {fault}" for fault in faults_of(page)]
        found += [f"{url}: {words}" for words in said if "404" not in words]
        said.clear()
    context.close()
    assert found == []
    assert pages >= (6 if not email else 10)
