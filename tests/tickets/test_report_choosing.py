"""Choosing a category: what is asked most, the tree, words; nothing that citizens may not choose."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from hub.tickets.models import Answering, Category
from hub.tickets.starter import create_starter
from hub.towns.models import Country, Town
from tests import factories
from tests.tickets.making import make_category, make_ticket

pytestmark = pytest.mark.django_db


def page(client: Client, town: Town, search: str = "", name: str = "report") -> str:
    answer = client.get(reverse(name, args=[town.slug]), {"q": search} if search else {})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def offered(html: str, category: Category) -> bool:
    return f"/signaler/{category.pk}/" in html


@pytest.fixture
def roads(town: Town) -> Category:
    return make_category(town, "Voirie", icon="road")


@pytest.fixture
def holes(town: Town, roads: Category) -> Category:
    return make_category(town, "Nids-de-poule", name_en="Potholes", parent=roads, icon="")


def test_leaves_are_offered_and_nothing_else(client: Client, town: Town, roads: Category, holes: Category) -> None:
    hidden = make_category(town, "Affaires internes", for_citizens=False)
    old = make_category(town, "Minitel", active=False)
    foreign = make_category(factories.make_town(), "Ailleurs")
    html = page(client, town)
    assert offered(html, holes)
    assert not [one for one in (roads, hidden, old, foreign) if offered(html, one)]


@pytest.mark.parametrize(
    ("search", "found"),
    [("nids", True), ("NID poule", True), ("pothol", True), ("voirie", True), ("ids", False), ("neige", False)],
)
def test_words_find_it_by_their_beginnings_without_a_script(
    client: Client, town: Town, holes: Category, search: str, found: bool
) -> None:
    html = page(client, town, search)
    assert offered(html, holes) is found
    assert "Aucune catégorie ne porte ces mots" in html


def test_what_its_picture_shows_and_what_is_asked_there_leads_to_it_too(
    client: Client, town: Town, roads: Category, holes: Category
) -> None:
    lights = make_category(town, "Éclairage", icon="lamp")
    roads.questions.create(
        text="Où est-ce abîmé ?", answering=Answering.CHOICE, choices=[{"fr": "Piste cyclable", "en": "Bike path"}]
    )
    roads.questions.create(text="Avez-vous vu le loup ?", active=False)
    found = {search: (offered(page(client, town, search), lights), offered(page(client, town, search), holes))
             for search in ("lampad", "cyclable", "bike", "loup")}  # fmt: skip
    assert found == {
        "lampad": (True, False), "cyclable": (False, True), "bike": (False, True), "loup": (False, False)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("bac", {"Déchets", "Recyclage", "Compost"}), ("nid-de-poule", {"Voies de circulation"}),
        ("chien", {"Animaux"}), ("dog", {"Animaux"}), ("pothole", {"Voies de circulation"}), ("mariage", set()),
    ],
)  # fmt: skip
def test_what_people_say_for_it_leads_to_it(client: Client, town: Town, search: str, names: set[str]) -> None:
    create_starter(town, {})
    html = page(client, town, search)
    leaves = Category.objects.filter(town=town, parent__isnull=False)
    assert {one.name for one in leaves if offered(html, one)} == names


def test_what_the_town_is_asked_most_comes_first(client: Client, town: Town, holes: Category) -> None:
    assert "Le plus souvent" not in page(client, factories.make_town())
    lamps, trees = make_category(town, "Lampes"), make_category(town, "Arbres")
    make_ticket(town, category=trees)
    for _ in range(2):
        make_ticket(town, category=lamps)
    for _ in range(3):
        make_ticket(town, category=holes, internal=True)  # the town's own errands are nobody's habit
    html = page(client, town)
    picks = html[html.index("Le plus souvent") : html.index("data-choices-branch")]
    assert picks.index(f"/signaler/{lamps.pk}/") < picks.index(f"/signaler/{trees.pk}/")
    assert not offered(picks, holes)


@pytest.mark.parametrize(("country", "number"), [(Country.FRANCE, "112"), (Country.CANADA, "911")])
def test_who_is_in_danger_or_prefers_to_call_is_told_the_number(client: Client, country: Country, number: str) -> None:
    town = factories.make_town(country=country, phone="+33199000111")
    html = page(client, town)
    assert f'href="tel:{number}"' in html
    assert 'href="tel:+33199000111"' in html
    assert "Pas encore de signalement en ligne" in html  # it has no category yet


def test_the_portal_and_the_navigation_lead_there(client: Client, town: Town) -> None:
    html = client.get(reverse("town", args=[town.slug])).content.decode()
    assert html.count(f'href="{reverse("report", args=[town.slug])}"') == 3  # stone, side, bar


def test_a_town_that_is_not_there_has_no_page(client: Client, db: None) -> None:
    assert client.get("/communes/nulle-part/signaler/").status_code == 404
