"""The same conversation by keyboard, on a phone, with files, and without JavaScript."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter, Talk
from tests.journeys.test_conversations import live, said, stored, write

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "banc.jpg"
    Image.effect_noise((900, 600), 60).convert("RGB").save(file)
    return file


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.labels?.[0]?.innerText"
            " || e.innerText || '' }"
        )
        if re.search(name, focused):
            return
    raise AssertionError(f"the keyboard never reached {name!r}")


def test_keyboard_only(talk: Talk, enter: Enter) -> None:
    mayor = enter(talk.mayor, talk.desk)
    page = enter(talk.citizen, "/messages/")
    tab_to(page, "Aller au contenu")
    page.keyboard.press("Enter")
    tab_to(page, "Hélène Carpentier, maire")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{talk.portal}"))
    live(page)
    tab_to(page, "Votre message à Hélène Carpentier")
    page.keyboard.type("Première ligne")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Seconde ligne")
    page.keyboard.press("Enter")
    expect(said(mayor, "Première ligne")).to_be_visible()
    assert stored(talk)[-1] == "Première ligne\nSeconde ligne"
    tab_to(mayor, "Qui répond à cette conversation")
    mayor.keyboard.press("Enter")
    expect(mayor.locator("details.menu")).to_have_attribute("open", "")
    mayor.keyboard.press("Escape")
    expect(mayor.locator("details.menu[open]")).to_have_count(0)
    tab_to(mayor, "Votre message à Inès Moreau")
    mayor.keyboard.type("Bien reçu.")
    tab_to(mayor, "^Envoyer$")
    mayor.keyboard.press("Enter")
    expect(said(page, "Bien reçu.")).to_be_visible()


def test_phone(talk: Talk, enter: Enter) -> None:
    mayor = enter(talk.mayor, talk.desk)
    page = enter(talk.citizen, "/messages/", **PHONE)
    page.context.add_init_script("delete window.SharedWorker")  # phones have none
    page.goto("/messages/")
    page.get_by_role("link", name=re.compile("Hélène Carpentier, maire")).tap()
    live(page)
    expect(
        page.get_by_role("link", name="Prendre une photo").or_(page.get_by_text("Prendre une photo"))
    ).to_be_attached()
    page.get_by_label("Votre message à").tap()
    page.keyboard.type("Une ligne")
    page.keyboard.press("Enter")  # no Shift on a phone: Enter begins a line
    page.keyboard.type("puis l’autre")
    page.get_by_role("button", name="Envoyer").tap()
    expect(said(mayor, "puis l’autre")).to_be_visible()
    assert stored(talk)[-1] == "Une ligne\npuis l’autre"
    write(mayor, "Reçu.")
    expect(said(page, "Reçu.")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the composer stays in sight"

    page.get_by_role("link", name="À propos de cette conversation").tap()
    expect(page.get_by_text("Appelez le 112.")).to_be_visible()
    page.get_by_role("link", name="Retour à la conversation").tap()
    page.get_by_role("link", name="Retour aux messages").tap()
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_files_are_sent_and_opened(talk: Talk, enter: Enter, picture: Path, tmp_path: Path) -> None:
    mayor, page = enter(talk.mayor, talk.desk), enter(talk.citizen, talk.portal)
    live(page)  # the mayor is seen there
    program = tmp_path / "programme.exe"
    program.write_bytes(b"MZ")
    page.get_by_label("Joindre un fichier").set_input_files([picture, program])
    refused = page.locator(".upload--failed")
    expect(refused.get_by_text("Ce type de fichier n’est pas accepté.")).to_be_visible()
    page.get_by_label("Votre message à").fill("Voici le banc.")
    page.reload()
    expect(page.locator(".upload", has_text="banc.jpg")).to_be_visible()
    refused.get_by_role("button", name="Retirer ce fichier").click()
    page.get_by_label("Votre message à").press("Enter")
    with mayor.expect_popup() as opened:
        said(mayor, "Voici le banc.").get_by_role("img", name="banc.jpg").click()
    assert opened.value.url.startswith(page.url.split("/messages/")[0])
    address = said(mayor, "Voici le banc.").locator(".attach").get_attribute("href")
    assert address is not None
    assert mayor.request.get(address).headers["x-content-type-options"] == "nosniff"


def test_without_javascript(talk: Talk, enter: Enter, picture: Path) -> None:
    page = enter(talk.mayor, f"/mairie/{talk.town.slug}/messages/", java_script_enabled=False)
    page.get_by_role("link", name=re.compile("Inès Moreau")).click()
    expect(said(page, "latte")).to_be_in_viewport()
    page.get_by_role("button", name="Marquer comme lu").click()
    expect(page.get_by_role("button", name="Marquer comme lu")).to_have_count(0)
    page.get_by_label("Votre message à").fill("Sans script, avec photo.")
    page.get_by_label("Joindre un fichier").set_input_files(picture)
    page.get_by_role("button", name="Envoyer").click()
    expect(said(page, "Sans script").get_by_role("img", name="banc.jpg")).to_be_visible()
    expect(said(page, "Sans script").get_by_text("Envoyé")).to_be_visible()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Écrivez un message avant d’envoyer.")).to_be_visible()
    assert stored(talk)[1:] == ["Sans script, avec photo."]
