"""The desk's list of citizens on a phone: columns that come and go, and a file that is brought in."""

from playwright.sync_api import expect

from hub.people.models import Phone
from tests.journeys.conftest import Enter, Talk
from tests.people.citizen_files import csv_of

PHONE = {"viewport": {"width": 390, "height": 844}}


def test_columns_and_a_file_on_a_phone(talk: Talk, enter: Enter) -> None:
    page = enter(talk.mayor, f"/mairie/{talk.town.slug}/citoyens/", **PHONE)
    expect(page.get_by_role("columnheader", name="Code postal")).to_have_count(0)
    page.get_by_text("Colonnes", exact=True).click()
    page.get_by_label("Code postal").check()
    expect(page.get_by_role("columnheader", name="Code postal")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Code postal")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("columnheader", name="Code postal")).to_have_count(1)

    page.get_by_role("link", name="Importation").click()
    data = csv_of(("Nora", "Petit", "", "06 12 34 56 78"), ("Luc", "Roy", "luc@", ""))
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": data}
    page.get_by_label("Fichier CSV ou Excel").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_text("Ce n’est pas une adresse de courriel.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Importer 1 ligne").click()
    expect(page.get_by_text("L’importation est faite.")).to_be_visible()
    assert Phone.objects.get().number == "+33612345678"
    page.get_by_role("link", name="Voir la liste des citoyens").click()
    page.get_by_role("link", name="Nora Petit", exact=True).click()
    page.get_by_role("tab", name="Adresse et téléphones").click()
    expect(page.get_by_role("textbox", name="Téléphone (facultatif)")).to_have_value("+33 6 12 34 56 78")
    expect(page.get_by_label("Prénom")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Prénom")).to_be_visible()
