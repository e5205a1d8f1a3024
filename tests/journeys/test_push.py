"""Notifications on this device, in a real browser: asked, listed, shown by the service worker, taken away.

Nothing here reaches a push service of the net: what it would answer to `subscribe()` is given by the test, and what it
would deliver comes by the browser's own tools for developers.
"""

import contextlib
import json
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from channels_adapters.base import Item
from channels_adapters.notices import notice_of
from hub.people.actions import register_device
from hub.people.models import Device, Person
from hub.people.queries import devices_of
from tests.engines import wait_until
from tests.journeys.conftest import WHOLE, Enter, Talk
from tests.journeys.test_every_page import AXE, DRAWN, RULES, RUN
from tests.people.browsers import Browser

PAGE = "/notifications/preferences/"
ALLOWED: dict[str, Any] = {"permissions": ["notifications"]}
# Of what a push service answers, and what the browser keeps of it.
SUBSCRIBES = """given => {
    let kept = JSON.parse(sessionStorage.getItem("kept") ?? "null");
    const keep = value => sessionStorage.setItem("kept", JSON.stringify(kept = value));
    const leave = async () => (keep(null), true);
    const told = () => kept && {endpoint: kept.endpoint, toJSON: () => kept, unsubscribe: leave};
    PushManager.prototype.subscribe = async options => (window.asked = options, keep(given), told());
    PushManager.prototype.getSubscription = async () => told();
}"""
SHOWN = """async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.map(one => ({title: one.title, body: one.body, tag: one.tag, data: one.data,
                            requireInteraction: one.requireInteraction}));
}"""


@pytest.fixture(scope="module")
def chromium() -> str | None:
    """Only the whole one shows notifications."""
    return WHOLE


def with_service(page: Page, browser: Browser) -> None:
    """From its next page on, the browser subscribes at once."""
    page.add_init_script(f"({SUBSCRIBES})({browser.subscription})")
    page.goto(PAGE)


def notice(**fields: Any) -> str:
    item = {"channel": "push", "to": "", "subject": "L’eau n’est plus potable", "text": "Faites-la bouillir."}
    return json.dumps(asdict(notice_of(Item(**{**item, **fields}))))


def deliver(page: Page, data: str) -> None:
    """As if it came from the browser's push service."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []

    def keep(told: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in told["registrations"])

    tools.on("ServiceWorker.workerRegistrationUpdated", keep)
    tools.send("ServiceWorker.enable")
    state = "navigator.serviceWorker.ready.then(one => one.active.state)"
    wait_until(lambda: page.evaluate(state) == "activated", "the service worker at work")
    while not found:
        page.wait_for_timeout(20)
    origin = "/".join(page.url.split("/")[:3])
    tools.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[-1], "data": data})
    tools.detach()


def on_screen(page: Page, title: str) -> list[dict[str, Any]]:
    """Notifications of that title."""
    return [one for one in page.evaluate(SHOWN) if one["title"] == title]


def show(page: Page, title: str, data: str) -> dict[str, Any]:
    """Delivered, and found on the screen.

    Chromium takes a notification that is asked for while it is being drawn for a closed one, and forgets it: then it
    is delivered again. What has a tag stays one notification.
    """
    found: list[dict[str, Any]] = []
    for _ in range(10):
        deliver(page, data)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: bool(found.extend(on_screen(page, title)) or found), f"« {title} » on the screen", 4)
            return found[0]
    raise AssertionError(f"« {title} » was never on the screen")


def has_device(person: Person) -> bool:
    return devices_of(person).exists()


def test_a_browser_is_asked_by_a_button_listed_tried_and_taken_away(talk: Talk, enter: Enter) -> None:
    page, browser = enter(talk.citizen, PAGE, **ALLOWED), Browser()
    with_service(page, browser)
    on = page.get_by_text("Activées sur cet appareil.")
    expect(on).to_be_hidden()
    assert page.evaluate("navigator.serviceWorker.getRegistration()") is None  # nothing before one has said so
    page.get_by_role("button", name="Activer sur cet appareil").click()
    expect(on).to_be_visible()
    asked = page.evaluate("window.asked")
    assert (asked["userVisibleOnly"], len(asked["applicationServerKey"])) == (True, 87)
    device = devices_of(talk.citizen).get()
    assert json.loads(device.target)["endpoint"] == json.loads(browser.subscription)["endpoint"]
    entry = page.locator("[data-device]")
    expect(entry).to_contain_text("Chrome sur Linux Cet appareil")
    page.reload()
    expect(entry).to_contain_text("Cet appareil")
    expect(on).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(DRAWN)
        page.evaluate(AXE)
        assert page.evaluate(RUN, RULES) == []
    entry.get_by_role("button", name="M’envoyer un essai").click()
    expect(page.get_by_text("Un essai part vers")).to_be_visible()
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("Cet appareil ne recevra plus rien.")).to_be_visible()
    expect(page.get_by_role("button", name="Activer sur cet appareil")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('kept')") == "null"  # the browser has forgotten it too
    assert not has_device(talk.citizen)


def test_what_comes_is_shown_and_leads_to_this_site_only(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, PAGE, **ALLOWED)
    page.evaluate("navigator.serviceWorker.register('/sw.js')")
    here = "/".join(page.url.split("/")[:3])
    water = "L’eau n’est plus potable"
    one = show(page, water, notice(urgent=True, link=f"{here}/messages/"))
    assert (one["title"], one["body"], one["requireInteraction"], one["data"]) == (
        water, "Faites-la bouillir.", True, {"link": f"{here}/messages/"},
    )  # fmt: skip
    # The same words again are the same notification.
    deliver(page, notice(urgent=True, link=f"{here}/messages/"))
    other = show(page, "Autre chose", notice(subject="Autre chose", link="https://evil.example/"))
    assert (other["data"], other["requireInteraction"]) == ({"link": f"{here}/"}, False)
    assert len(on_screen(page, water)) < 2
    # Whatever came, something is said: the browser would say it in its own words otherwise.
    show(page, "Parvis", "not what we write")


def test_a_browser_whose_address_changes_says_so_by_itself(talk: Talk, enter: Enter) -> None:
    page, browser = enter(talk.citizen, PAGE, **ALLOWED), Browser()
    with page.context.expect_event("serviceworker") as started:
        page.evaluate("navigator.serviceWorker.register('/sw.js')")
    worker = started.value
    worker.evaluate(
        """given => {
            PushManager.prototype.subscribe = async () => ({toJSON: () => given});
            dispatchEvent(new ExtendableEvent("pushsubscriptionchange"));
        }""",
        json.loads(browser.subscription),
    )
    wait_until(lambda: has_device(talk.citizen), "the browser's new address")
    assert Device.objects.get(person=talk.citizen).target.startswith("{")


def test_where_it_can_not_be_the_page_says_why(talk: Talk, enter: Enter) -> None:
    # Somebody's telephone is there all the same, and may be taken away from here.
    register_device(actor=talk.citizen, kind="fcm", target=f"token-{talk.citizen.pk}", name="Mon téléphone")
    page = enter(talk.citizen, PAGE)
    button = page.get_by_role("button", name="Activer sur cet appareil")
    expect(button).to_be_visible()
    tools = page.context.new_cdp_session(page)
    where = tools.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    no = {"permission": {"name": "notifications"}, "setting": "denied", "browserContextId": where}
    tools.send("Browser.setPermission", no)
    page.reload()
    expect(page.get_by_text("Votre navigateur bloque les notifications de ce site.")).to_be_visible()
    page.add_init_script("delete window.PushManager")
    page.reload()
    expect(page.get_by_text("Ce navigateur ne sait pas afficher de notifications.")).to_be_visible()
    expect(button).to_be_hidden()
    expect(page.get_by_role("button", name="Retirer")).to_be_visible()


def test_without_javascript_the_page_says_what_is_needed(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, PAGE, java_script_enabled=False, viewport={"width": 390, "height": 800})
    expect(page.get_by_text("ouvrez cette page dans son navigateur, avec JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Activer sur cet appareil")).to_be_hidden()
