"""Every mail on a small phone, by day and by night: nothing is wider than the screen, all can be read and followed."""

from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser

from hub.deliveries.previews import previews, written
from hub.towns.models import Town
from tests import factories

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FAULTS = """() => axe.run(document, {runOnly: {type: "rule", values: ["color-contrast", "image-alt", "link-name"]},
    resultTypes: ["violations"]}).then(found => found.violations.map(fault =>
    `${fault.id}: ${fault.nodes[0].target} ${fault.nodes[0].any[0]?.message ?? ""}`))"""
WIDTH = 320
LONG = "Saint-Aurèle-sur-Vienne-et-les-Quatre-Hameaux-Réunis"


def _letters(town: Town) -> dict[str, str]:
    """The HTML of each mail, by name. English differs by its words only: they are looked at where they may be wide."""
    both = ((preview, language) for preview in previews() for language in ("fr", "en"))
    found = {f"{preview.key} {language}": written(preview, town, language).html for preview, language in both}
    return {key: html for key, html in found.items() if html}


@pytest.mark.django_db
def test_every_letter_fits_a_small_phone_by_day_and_by_night(browser: Browser) -> None:
    town = factories.make_town(name=LONG, phone="+33247000000", postal_address="1, place de la Mairie, 86000")
    letters = _letters(town)
    assert len(letters) > 80
    context = browser.new_context(viewport={"width": WIDTH, "height": 640})
    page, faults = context.new_page(), []
    for key, html in letters.items():
        page.set_content(html)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > WIDTH:
            faults.append(f"{key}: {wide} px wide")
        for link in page.eval_on_selector_all("a", "found => found.map(one => one.getAttribute('href'))"):
            if not urlsplit(link).scheme or not urlsplit(link).netloc:
                faults.append(f"{key}: {link} leads nowhere from a mail")
        if key.endswith("en"):
            continue
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(AXE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            faults += [f"{key} {scheme}: {fault}" for fault in page.evaluate(FAULTS)]
    context.close()
    assert faults == []
