"""What journeys share: a real browser, people in it, and a town hall to write to."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from hub.conversations.models import Conversation
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.processes import Fleet, HubProcess

# Playwright's own list, which ours replaces, and what costs a new window more than the page in it: the menu that opens
# under the address bar is a page by itself.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "SpareRendererForSitePerProcess", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)  # fmt: skip
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", f"--disable-features={','.join(FEATURES_OFF)}"]  # fmt: skip

WHOLE = shutil.which("chromium")

expect.set_options(timeout=15_000)

Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> str | None:
    """The program: Chromium without its windows, which costs a third less; else the whole one; None: Playwright's."""
    return shutil.which("chromium-headless-shell") or WHOLE


@pytest.fixture(scope="module")
def browser(chromium: str | None) -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own. It ends with the module: its event loop bears no other beside."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # a journey looks into the database too
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()
        connections.close_all()  # beside a running event loop Django keeps connections apart


@pytest.fixture(scope="module")
def web(standing_fleet: Fleet) -> HubProcess:
    """One web process on PostgreSQL and Redis, which goes on after the module."""
    return standing_fleet.standing()


@dataclass(frozen=True)
class Talk:
    """A citizen who has written to their mayor once, and where each of them reads it."""

    town: Town
    citizen: Person
    mayor: Person
    conversation: Conversation

    @property
    def portal(self) -> str:
        return f"/messages/{self.conversation.pk}/"

    @property
    def desk(self) -> str:
        return f"/mairie/{self.town.slug}/messages/{self.conversation.pk}/"


@pytest.fixture
def talk(web: HubProcess) -> Talk:
    """A new town with new people for each journey."""
    town = factories.make_town(mayor_grammar="f", meeting_hours="Le samedi, de 9 h 30 à midi")
    mayor = factories.make_mayor(town, first_name="Hélène", last_name="Carpentier", drawing="helene")
    citizen = factories.make_person(town=town, first_name="Inès", last_name="Moreau")
    conversation = factories.make_conversation(town, citizen, "Une latte du banc est cassée.")
    return Talk(town, citizen, mayor, conversation)


@pytest.fixture
def enter(browser: Browser, web: HubProcess) -> Iterator[Enter]:
    """`enter(person, path, **context)`: a page of a browser of its own, where the person is signed in."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def enter(person: Person, path: str, **options: object) -> Page:
        context = browser.new_context(base_url=web.url, **{"locale": "fr-FR", **options})  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        key = factories.session_key(person)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": web.url}])
        context.on("weberror", lambda error: said.append(str(error.error)))
        page = context.new_page()
        page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert said == [], "scripts failed"
