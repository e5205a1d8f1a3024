"""The meter under an SMS tells in the browser what it tells on the server, for any text."""

import json
import random
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import axe_playwright_python
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route

from hub.deliveries import gsm, meter
from tests.laws.tree import ROOT

STATIC = ROOT / "hub" / "deliveries" / "static" / "deliveries"
WEB = ROOT / "hub" / "web" / "static"
PIECES = [
    "Faites bouillir l’eau, même filtrée. ", "Eau non potable, secteur Nord-Est. ", "«\u00a0oui\u00a0» ", "n° 3… ",
    "Œuvre, œuf, 20 °C ", "2 € {a} ", "🎉 👨‍👩‍👧 ", "\r\n", "me\u0302me ", "ł½№ ", "\u200b\u2028\f", "x" * 60, "ê", "’",
]  # fmt: skip
EACH = {"EUR": Decimal("70.00"), "CAD": Decimal("12.5")}
TEXT = (
    "Rivière-aux-Ormes : eau non potable, secteur Nord-Est. Faites bouillir l'eau 1 minute avant de la boire, "
    "même filtrée. Infos : 450 555-0142 ou rao.example/eau"
)


def sp(words: str) -> str:
    """With the spaces of French."""
    return words.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _texts() -> list[str]:
    chance = random.Random(20)
    signs = [chr(number) for number in (*range(9, 0x2FFF), *range(0xF900, 0xFFFF), *range(0x1F300, 0x1F6FF))]
    # What this Python doesn't know yet, the browser may.
    signs = [sign for sign in signs if unicodedata.category(sign) not in {"Cn", "Cs", "Co"}]
    mixed = ("".join(chance.choices(PIECES, k=chance.randrange(12))) for _ in range(400))
    odd = ("".join(chance.choices(signs, k=chance.randrange(90))) for _ in range(200))
    return ["", TEXT, *mixed, *odd]


def _on_the_server(text: str) -> Mapping[str, object]:
    read = meter.read(text, each=EACH)
    offer = read.offer
    return {
        "measure": {
            "encoding": read.measure.encoding.value, "segments": read.measure.segments, "units": read.measure.units,
            "left": read.measure.left, "fills": [*read.measure.fills], "room": read.measure.room,
            "costly": [{"letter": c.letter, "word": c.word, "position": c.position} for c in read.measure.costly],
        },
        "sentence": read.sentence, "characters": read.characters, "bars": [[*bar] for bar in read.bars],
        "offer": offer and {
            "how": offer.how, "text": offer.text, "label": offer.label, "keep": offer.keep, "segments": offer.segments,
        },
    }  # fmt: skip


def _page(browser: Browser, text: str, *others: str, script: bool = True) -> Page:
    """A page with a meter for each text, without a server: what it links comes from the source."""
    page = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 844}).new_page()

    def give(route: Route) -> None:
        name = route.request.url.partition("?")[0].rsplit("/", 1)[1]
        if name:
            found = STATIC / name if (STATIC / name).exists() else WEB / "css" / name
            route.fulfill(path=found, content_type="text/javascript" if name.endswith(".js") else "text/css")
        else:
            route.fulfill(body=_html(text, *others), content_type="text/html; charset=utf-8")

    page.route("http://parvis.test/**", give)
    page.set_default_timeout(5_000)
    page.goto("http://parvis.test/")
    return page


def _html(*texts: str) -> str:
    styles = ("tokens", "reset", "base", "layout", "buttons", "utilities")
    links = "".join(f'<link rel="stylesheet" href="/{name}.css">' for name in styles)
    head = '<link rel="stylesheet" href="/sms.css"><script type="module" src="/sms_meter.js"></script>'
    fields = "".join(_field(text, name) for text, name in zip(texts, ("", "_en"), strict=False))
    return (
        f'<!doctype html><html lang="fr"><title>SMS</title>{links}{head}<main><h1>SMS</h1><form>{fields}</form></main>'
        "</html>"
    )


def _field(text: str, name: str) -> str:
    under = render_to_string("deliveries/includes/sms_meter.html", {"meter": meter.read(text), "name": name})
    return (
        f'<div class="sms" data-sms-meter="{name}"><textarea class="sms__text" name="text{name}" aria-label="SMS{name}"'
        f' aria-describedby="sms-sentence{name}">{text}</textarea>{under}</div>'
    )


def test_the_page_and_the_server_tell_the_same_of_any_text(browser: Browser) -> None:
    page, texts = _page(browser, TEXT), _texts()
    heard = page.evaluate(
        """async ([texts, words, each]) => {
            const { read } = await import("/sms_meter.js");
            const { plain } = await import("/sms_text.js");
            return texts.map((text) => [read(text, words, { each }), plain(text), plain(text, { strip: true })]);
        }""",
        [texts, meter.words(), {currency: str(amount) for currency, amount in EACH.items()}],
    )
    for text, (told, simple, bare) in zip(texts, heard, strict=True):
        assert told == json.loads(json.dumps(_on_the_server(text))), repr(text)
        assert (simple, bare) == (gsm.plain(text), gsm.plain(text, strip=True)), repr(text)
    assert sum(told["offer"] is not None for told, *_ in heard) > 50  # the texts are of all sorts
    page.context.close()


def test_one_reads_what_it_costs_while_writing_and_writes_it_for_less(browser: Browser) -> None:
    page = _page(browser, TEXT)
    sentence, plainly = page.locator("#sms-sentence"), page.locator("[data-slot=plain]")
    assert sentence.inner_text() == sp("3 SMS par personne au lieu d’un, à cause de la lettre « ê » dans « même ».")
    assert plainly.inner_text() == sp("Écrire sans accent : 1 SMS")
    assert page.locator("progress").count() == 3
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
    assert page.evaluate("axe.run().then(({ violations }) => violations)") == []
    assert plainly.bounding_box()["height"] >= 44  # type: ignore[index]
    page.get_by_role("button", name=sp("Garder le « ê »")).click()
    assert not plainly.is_visible()
    page.locator("textarea").press("Control+End")
    page.locator("textarea").press_sequentially(" Reçu !")
    assert page.get_by_role("button", name="Garder ce texte").is_visible()
    plainly.click()
    assert page.locator("textarea").input_value() == gsm.plain(f"{TEXT} Reçu !", strip=True)
    assert sentence.inner_text() == "2 SMS par personne."
    assert not plainly.is_visible()
    page.context.close()


def test_each_of_two_on_a_page_tells_of_its_own_text_and_people(browser: Browser) -> None:
    page = _page(browser, TEXT, "Boil water.")
    first, second = page.locator("#sms-sentence"), page.locator("#sms-sentence_en")
    before = first.inner_text()
    page.locator("[name=text_en]").fill("Boil the water. Même ici.")
    assert second.inner_text() == "1 SMS par personne."
    page.evaluate(
        """document.querySelector('[data-sms-meter="_en"]')
            .dispatchEvent(new CustomEvent("each", { detail: { EUR: "0.14" } }))"""
    )
    assert plain_spaces(second.inner_text()) == "1 SMS par personne. Coût : 0,14 €."
    assert first.inner_text() == before
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
    assert page.evaluate("axe.run().then(({ violations }) => violations)") == []
    page.context.close()


def plain_spaces(text: str) -> str:
    return " ".join(text.split())


def test_without_a_script_the_servers_figures_stand_there_and_the_button_sends_the_form(browser: Browser) -> None:
    page = _page(browser, TEXT, script=False)
    assert page.locator("#sms-sentence").inner_text().startswith("3 SMS par personne au lieu d’un")
    assert page.locator("[data-slot=keep]").is_hidden()
    page.locator("[data-slot=plain]").click()
    assert "sms_plain=bare" in page.url
    assert meter.rewritten(TEXT, "bare") == gsm.plain(TEXT, strip=True)
    page.context.close()
