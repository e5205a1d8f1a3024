"""« Importation » page by page: a file is sent, read row by row, confirmed or forgotten; refused rows come back."""

import pytest
from django.test import Client
from django.urls import reverse

from hub.people.models import CitizenImport, Person
from hub.towns.models import Town
from tests.factories import make_agent
from tests.people.citizen_files import csv_of, kinds, rows_of_csv, rows_of_xlsx, send, xlsx_of
from tests.people.steps import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town, first_name="Maude", last_name="Lavoie")


def test_a_file_goes_from_page_to_page_and_its_refused_rows_come_back(
    agent: Person, town: Town, client: Client
) -> None:
    client.force_login(agent)
    headers = ("Prénom", "Nom", "Courriel", "Quartier")
    page = send(client, town, "liste.csv", csv_of(
        ("Nora", "Petit", "nora@citoyen.example", "Nord"), ("=Luc", "Roy", "luc@", "Sud"), headers=headers
    ))  # fmt: skip
    words = text_of(page)
    assert "1 À créer" in words
    assert "Ligne 3 =Luc Roy Refusée Courriel « luc@ » – Ce n’est pas une adresse" in words
    assert "ne seront pas reprises\u00a0: Quartier" in page.content.decode()
    held = CitizenImport.objects.get()
    refused = client.get(reverse("desk_import_refused", args=[town.slug, held.pk]))
    assert refused["Cache-Control"] == "no-store"
    assert rows_of_csv(refused.content) == [
        [*headers, "Ligne", "Motif du refus"],
        ["'=Luc", "Roy", "luc@", "Sud", "3", "Courriel\u00a0: Ce n’est pas une adresse de courriel."],
    ]
    done = text_of(post(client, "desk_import_confirm", town.slug, held.pk))
    assert "L’importation est faite" in done
    assert "1 Créées" in done
    assert "Cette importation est déjà faite" in text_of(post(client, "desk_import_confirm", town.slug, held.pk))

    mended = refused.content.decode("utf-8-sig").replace("luc@", "luc@citoyen.example").replace("'=Luc", "Luc")
    send(client, town, "lignes.csv", mended.encode())
    assert kinds(CitizenImport.objects.latest("pk")) == ["new"]
    assert "Rien n’a été importé" in text_of(
        post(client, "desk_import_drop", town.slug, CitizenImport.objects.latest("pk").pk)
    )
    assert CitizenImport.objects.count() == 1


def test_the_trail_tells_of_what_came_in_and_of_what_left(town: Town, mayor: Person, client: Client) -> None:
    client.force_login(mayor)
    send(client, town, "liste.csv", csv_of(("Nora", "Petit", "n@citoyen.example", ""), ("Luc", "Roy", "", "")))
    post(client, "desk_import_confirm", town.slug, CitizenImport.objects.get().pk)
    post(client, "desk_citizens_export", town.slug, kind="csv")
    words = text_of(client.get(reverse("desk_moderation_trail", args=[town.slug])))
    assert "Hélène Carpentier a exporté la fiche d’un citoyen." in words
    assert "fiches créées 1, fiches complétées 0, lignes refusées 1." in words


def test_refused_rows_of_a_workbook_come_back_as_one(agent: Person, town: Town, client: Client) -> None:
    client.force_login(agent)
    send(client, town, "liste.xlsx", xlsx_of([("Luc", "Roy", "@luc", 12)]))
    held = CitizenImport.objects.get()
    data = client.get(reverse("desk_import_refused", args=[town.slug, held.pk])).content
    assert rows_of_xlsx(data)[1][:5] == ("Luc", "Roy", "'@luc", "12", "2")


def test_a_file_that_is_none_is_refused_on_the_page(agent: Person, town: Town, client: Client) -> None:
    client.force_login(agent)
    assert "n’a pas pu être lu" in text_of(send(client, town, "a.xlsx", b"PK\x03\x04"))
    assert "dépasse 5 Mo" in text_of(send(client, town, "a.csv", b"x" * 5_000_001))
    assert "Ce champ est obligatoire" in text_of(post(client, "desk_imports", town.slug))


def test_many_rows_are_shown_a_hundred_a_page_and_kind_by_kind(agent: Person, town: Town, client: Client) -> None:
    client.force_login(agent)
    rows = [("Nora", f"Petit{at}", "", "x" if at == 7 else f"06{at:08}") for at in range(101)]
    page = send(client, town, "liste.csv", csv_of(*rows))
    assert "Page 1 sur 2" in text_of(page)
    address = reverse("desk_import", args=[town.slug, CitizenImport.objects.get().pk])
    assert "Petit100" in text_of(client.get(address, {"page": 2}))
    only = text_of(client.get(address, {"kind": "refused"}))
    assert "Petit7" in only
    assert "Petit8" not in only
