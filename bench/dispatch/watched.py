"""An alert to 100,000 people watched in a browser while it leaves.

`python -m bench.dispatch.watched [PEOPLE SECONDS]`: its page in Chromium, a web process, a worker,
PostgreSQL, services 50 ms away. Says how often the page is told something, how old what it shows is, and whether it
ever shows what never was.
"""

import json
import shutil
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.dispatch.__main__ import Ground, Plan, ground
from tests.engines import free_port, wait_until

BEGIN = """
import json
from bench.dispatch.alarm import alert_of
from hub.people.models import Membership, Person
from hub.towns.models import Town
from tests.factories import session_key
town = Town.objects.get(pk={town})
alert = alert_of(town)
agent = Person.objects.get(email="garde-1@parvis.test")
print(json.dumps({{"alert": alert.pk, "slug": town.slug, "session": session_key(agent)}}))
"""
COUNT = """
import json, time
from hub.alerts.models import Alert
from hub.alerts.progress import progress_of
from hub.alerts.progress import mark_reached
alert = Alert.objects.get(pk={alert})
mark_reached(alert)
print(json.dumps({{"at": time.time(), "reached": progress_of(alert).reached, "total": progress_of(alert).total}}))
"""
FIGURES = """() => ({
    reached: document.querySelector('[data-slot="reached"]').textContent.replace(/\\D/g, ""),
    total: document.querySelector('[data-slot="total"]').textContent.replace(/\\D/g, ""), at: Date.now() / 1000})"""

# Each time that a figure of the page changes, in seconds.
WATCH = """() => {
    window.changes = [];
    const note = () => window.changes.push(Date.now() / 1000);
    new MutationObserver(note).observe(document.querySelector('[data-part="figures"]').parentElement,
                                       {childList: true, subtree: true, characterData: true});
}"""


def said(place: Ground, code: str) -> dict[str, Any]:
    """The last line that this prints in the hub."""
    return dict(json.loads(place.output("hub", "shell", "-c", code).splitlines()[-1]))


def watch(place: Ground, page: Page, alert: int, seconds: float) -> dict[str, float]:
    """Look at the page twenty times a second; now and then, ask the database too."""
    page.reload()
    page.evaluate(WATCH)
    shown: list[tuple[float, int]] = []
    asked: list[dict[str, Any]] = []
    end, next_question = time.time() + seconds, time.time() + 5
    while time.time() < end:
        found = page.evaluate(FIGURES)
        shown.append((found["at"], int(found["reached"] or 0)))
        if time.time() > next_question:
            asked.append(said(place, COUNT.format(alert=alert)))
            next_question = time.time() + 5
        page.wait_for_timeout(50)
    figures = [number for _at, number in shown]
    assert figures == sorted(figures), "what was shown went back"
    told = page.evaluate("() => window.changes")
    truth = said(place, COUNT.format(alert=alert))
    page.wait_for_timeout(4_000)
    return {
        "changes": len(told),
        "most_changes_in_a_second": max(sum(at <= other < at + 1 for other in told) for at in told),
        "longest_silence_s": max(b - a for a, b in pairwise(told)),
        # How long after it was so in the database the page has shown at least as much.
        "behind_s": max(first_shown(shown, one["reached"], end) - one["at"] for one in asked),
        "shown_beyond": max(0, figures[-1] - truth["reached"]),
        "reached": figures[-1], "people": truth["total"],
    }  # fmt: skip


def first_shown(shown: list[tuple[float, int]], number: int, never: float) -> float:
    """When the page first showed so many."""
    return next((at for at, found in shown if found >= number), never)


def main() -> None:
    """Run it and print what was found."""
    people, seconds = (int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else (100_000, 60.0)
    with ground(Plan(people=people)) as place, sync_playwright() as playwright:
        town = place.output("bench.dispatch.crowd", str(people), f"http://127.0.0.1:{place.services}")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        place = replace(place, environment={**place.environment, "PARVIS_PUBLIC_URL": url})
        begun = said(place, BEGIN.format(town=town))
        with place.running("hub", "web", "--port", str(port)), place.running("hub", "worker"):
            wait_until(lambda: place.answers(url), "the site answers", 60)
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = chromium.new_page(locale="fr-FR", viewport={"width": 1440, "height": 1000})
            page.context.add_cookies([{"name": "parvis", "value": begun["session"], "url": url}])
            page.goto(f"{url}/mairie/{begun['slug']}/alertes/{begun['alert']}/")
            found = watch(place, page, begun["alert"], seconds)
            page.screenshot(path=str(Path("/tmp") / "watched.png"))
            chromium.close()
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))


if __name__ == "__main__":
    main()
