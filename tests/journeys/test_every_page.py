"""Every page of the site, as each sort of person: it is there, and axe in a real browser finds nothing, by day and by
night, in any element that one of them is shown."""

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page

from hub.demo.seed import PASSWORD
from tests.journeys.markup import Markup
from tests.processes import HubProcess

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of the rules, those of which the look decides alone: where each element is, how large, in which colours.
OF_THE_LOOK = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
# What axe would load first (style sheets, films) is for rules that we don't ask for, and costs it half of its time.
RUN = """only => axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false, iframes: false}).then(
    found => found.violations.map(fault =>
    `${fault.id}: ${fault.nodes[0].target} ${fault.nodes[0].any[0]?.message ?? ""}`))"""
# Two frames later, everything stands in its new colours.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"
# What this look shows or hides, and the one before did not: each such element with all that it stands in.
CHANGED = """() => {
    const before = window.shownBefore, shown = new Map(), changed = new Set();
    const sort = element => element ? `${sort(element.parentElement)} > ${element.localName}.${element.className}` : "";
    for (const element of document.querySelectorAll("body *")) {
        shown.set(element, element.checkVisibility({visibilityProperty: true}));
        if (before?.get(element) !== shown.get(element)) changed.add(sort(element) + shown.get(element));
    }
    window.shownBefore = shown;
    return before ? [...changed] : [];
}"""
HEAD = """() => [document.title, document.documentElement.lang, document.querySelectorAll("h1").length,
    document.documentElement.scrollWidth]"""
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
    names = sorted({part.split("=")[0] for part in parts.query.split("&")})
    return re.sub(r"\d+", "N", parts.path) + "?" + "&".join(names)


def sign_in(page: Page, base: str, email: str) -> None:
    page.goto(f"{base}/compte/connexion/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url(lambda url: "connexion" not in url)


def walk(context: BrowserContext, base: str) -> Iterator[Markup]:
    """Read every page that a link leads to, one of each shape."""
    waiting, known = deque([f"{base}/", f"{base}/compte/connexion/", f"{base}/nulle-part/"]), set()
    while waiting:
        url = waiting.popleft()
        if shape(url) in known or NOT_PAGES.search(url) or not url.startswith(base):
            continue
        known.add(shape(url))
        answer = context.request.get(url)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        expected = 404 if url.endswith("/nulle-part/") else 200
        assert answer.status == expected, f"{url}: {answer.status}"
        read = Markup(answer.text(), answer.url)
        waiting.extend(read.links)
        yield read


def route(url: str) -> str:
    """The page's own pattern of address: what stands in it, and what is asked, makes no other page."""
    try:
        return resolve(urlsplit(url).path).route
    except Resolver404:
        return "nowhere"


seen_routes: set[str] = set()
seen_elements: set[str] = set()


def is_new(read: Markup) -> bool:
    """Whether nobody before has looked at such a page, or at one of its elements in such a place.

    A browser and axe take twenty times what reading takes: what five roles see alike is looked at once.
    """
    new = route(read.url) not in seen_routes or not read.elements <= seen_elements
    seen_routes.add(route(read.url))
    seen_elements.update(read.elements)
    return new


def faults_in(title: str, language: str, headings: int) -> Iterator[str]:
    """What shows without a browser."""
    if not title:
        yield "no title"
    if not re.fullmatch("(fr|en)(-(FR|CA))?", language):
        yield "no language"
    if headings != 1:
        yield f"{headings} h1"


# Width and colours: each page by day on a desktop, and by night on the narrowest phone. Colours are the design system's
# own, the same at every width.
LOOKS = ((1440, "light"), (320, "dark"))
seen_changes: set[str] = set()


def rules_of(page: Page) -> list[str]:
    """Which rules may find here what they didn't in the look before: all, when anything else is shown or hidden than
    on pages that were looked at."""
    changes = set(page.evaluate(CHANGED))
    new = not changes or not changes <= seen_changes
    seen_changes.update(changes)
    return RULES if new else OF_THE_LOOK


def faults_of(page: Page, looks: tuple[tuple[int, str], ...] = LOOKS) -> Iterator[str]:
    """What a careful reviewer would send back."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(DRAWN)
        rules = rules_of(page)
        if page.evaluate(RUN, rules):
            # A busy machine may have redrawn half of the page: only what stays counts.
            page.wait_for_timeout(500)
            yield from (f"{scheme} {width}: {fault}" for fault in page.evaluate(RUN, rules))
        title, language, headings, wide = page.evaluate(HEAD)
        yield from faults_in(title, language, headings)
        if wide > width:
            yield f"wider than {width} px: {wide}"


@pytest.mark.parametrize("email", PEOPLE)
def test_no_page_has_a_fault(email: str, demo: HubProcess, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR")
    context.add_init_script(AXE)  # half the price of handing it to each page
    page = context.new_page()
    page.set_viewport_size({"width": LOOKS[0][0], "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    if email:
        sign_in(page, demo.url, email)
    found: list[str] = []
    pages = 0
    looks = LOOKS
    for read in walk(context, demo.url):
        pages += 1
        found += [f"{read.url}: {fault}" for fault in faults_in(read.title, read.language, read.headings)]
        if not is_new(read):
            continue
        page.goto(read.url)
        found += [f"{read.url}: {fault}" for fault in faults_of(page, looks)]
        looks = looks[::-1]  # the next one is opened in the look that this one ends with
        found += [f"{read.url}: {words}" for words in said if "404" not in words]
        said.clear()
    context.close()
    assert found == [], "\n".join(found)
    assert pages >= (6 if not email else 10)
