"""Links as people meet them: on the town's home, on a page of their own, at the desk, by the API."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hub.community.links.actions import add_link
from hub.community.links.models import Group, Link
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.people.steps import post, text_of

SPORTS = {
    "group": "service", "title": "Inscriptions sportives", "title_en": "Sports registration", "icon": "ball",
    "description": "Piscine et gymnase.", "description_en": "", "address": "https://sports.ville.example/",
    "shown": "on",
}  # fmt: skip
BUS = {"group": Group.USEFUL, "title": "Autobus", "address": "https://bus.ville.example/"}
WAY_OUT = re.compile(r'<a class="item__t link-card__t" href="([^"]+)" rel="([^"]+)">(.*?)</a>')


@pytest.fixture
def boss(client: Client, town: Town) -> Person:
    """Who manages the town, signed in."""
    person = factories.make_person(town=town, roles=[Role.MANAGER])
    client.force_login(person)
    return person


def add(actor: Person, town: Town, **fields: Any) -> Link:
    return add_link(actor=actor, town=town, fields=fields)


def home(town: Town) -> str:
    return reverse("town", args=[town.slug])


def test_the_home_leads_to_services_and_tells_other_sites_nothing(client: Client, town: Town, mayor: Person) -> None:
    add(mayor, town, **{**SPORTS, "shown": True})
    page = client.get(home(town))
    assert "Services en ligne" in text_of(page)
    assert "Liens utiles" not in text_of(page)
    assert WAY_OUT.findall(page.content.decode()) == [
        (
            "https://sports.ville.example/", "noopener noreferrer",
            'Inscriptions sportives<span class="sr"> (ouvre un autre site)</span>',
        )
    ]  # fmt: skip
    assert page["Referrer-Policy"] == "same-origin"
    english = client.get(home(town), headers={"Accept-Language": "en"}).content.decode()
    assert "Sports registration" in english
    assert "Piscine et gymnase." in english


def test_a_page_of_this_site_is_not_said_to_be_another(
    client: Client, town: Town, mayor: Person, settings: Settings
) -> None:
    settings.SITE_ORIGINS = ["https://parvis.ville.example"]
    add(mayor, town, title="Signaler", address="https://parvis.ville.example/communes/x/")
    assert "ouvre un autre site" not in client.get(home(town)).content.decode()


def test_without_links_nothing_is_shown(client: Client, town: Town, mayor: Person) -> None:
    add(mayor, town, **{**SPORTS, "shown": False})
    elsewhere = factories.make_town()
    add(factories.make_mayor(elsewhere), elsewhere, **BUS)
    page = text_of(client.get(home(town)))
    assert "Services en ligne" not in page
    assert "Liens utiles" not in page
    alone = client.get(reverse("links", args=[town.slug]))
    assert "pas encore indiqué d’autres sites" in text_of(alone)
    assert "<h2" not in alone.content.decode()
    assert client.get(reverse("links", args=["nulle-part"])).status_code == 404


def test_the_page_has_both_groups_and_the_home_leads_there(client: Client, town: Town, mayor: Person) -> None:
    whole = reverse("links", args=[town.slug])
    add(mayor, town, **BUS)
    assert f'href="{whole}#useful"' in client.get(home(town)).content.decode()
    assert "Services en ligne</h2>" not in client.get(whole).content.decode()
    for number in range(7):
        add(mayor, town, title=f"Service {number}", address="x.example")
    page = client.get(home(town)).content.decode()
    assert len(WAY_OUT.findall(page)) == 6
    assert f'href="{whole}">Tout voir' in page
    words = text_of(client.get(whole))
    assert words.index("Service 6") < words.index("Liens utiles Autobus")


def test_the_desk_adds_changes_orders_and_takes_away(client: Client, boss: Person, town: Town) -> None:
    assert "ce qui se fait déjà en ligne" in text_of(client.get(reverse("desk_links", args=[town.slug])))
    added = post(client, "desk_link_new", town.slug, **SPORTS)
    assert "« Inscriptions sportives » est ajouté." in text_of(added)
    post(client, "desk_link_new", town.slug, **{**SPORTS, "title": "Taxes", "shown": ""})
    sports, taxes = Link.objects.order_by("pk")
    assert (taxes.shown, sports.title_en) == (False, "Sports registration")
    moved = client.post(reverse("desk_link_shift", args=[town.slug, taxes.pk]), {"by": "up"})
    assert moved["Location"] == f"{reverse('desk_links', args=[town.slug])}#l{taxes.pk}"
    words = text_of(client.get(moved["Location"]))
    assert "Taxes Masqué sports.ville.example" in words
    assert words.index("Taxes") < words.index("Inscriptions sportives")
    post(client, "desk_link", town.slug, sports.pk, **{**SPORTS, "group": "useful", "address": "bus.ville.example"})
    sports.refresh_from_db()
    assert (sports.group, sports.address) == ("useful", "https://bus.ville.example")
    assert "« Taxes » est supprimé." in text_of(post(client, "desk_link_remove", town.slug, taxes.pk))
    assert list(Link.objects.values_list("pk", flat=True)) == [sports.pk]


@pytest.mark.parametrize("known", [False, True])
def test_nothing_that_was_typed_is_lost_when_something_is_wrong(
    client: Client, boss: Person, town: Town, known: bool
) -> None:
    post(client, "desk_link_new", town.slug, **SPORTS)
    kept = list(Link.objects.values())
    where: tuple[Any, ...] = ("desk_link_new", town.slug)
    if known:
        where = ("desk_link", town.slug, Link.objects.get().pk)
    typed = {
        **SPORTS,
        "title": "",
        "description": "Natation & soccer",
        "address": "javascript:alert(1)",
        "icon": "star",
    }
    page = post(client, *where, **typed)
    assert "Ce n’est pas l’adresse d’une page." in text_of(page)
    html = page.content.decode()
    assert html.count("field--error") == 2
    for value in (
        "Natation &amp; soccer</textarea>",
        'value="javascript:alert(1)"',
        'value="star" id="id_icon_11" checked',
    ):
        assert value in html
    assert 'href="javascript' not in html
    add(boss, town, title="Taxes", address="x.example", shown=False)
    assert "Un lien porte déjà ce titre." in text_of(post(client, *where, **{**SPORTS, "title": "taxes"}))
    assert list(Link.objects.exclude(title="Taxes").values()) == kept


def test_english_is_asked_for_where_the_town_speaks_it(client: Client, boss: Person, town: Town) -> None:
    where = reverse("desk_link_new", args=[town.slug])
    asked = client.get(where, {"groupe": "useful"}).content.decode()
    assert 'name="title_en"' in asked
    assert re.search(r'value="useful"[^>]* checked', asked)
    Town.objects.filter(pk=town.pk).update(languages=["fr"])
    assert "_en" not in "".join(re.findall(r'name="([^"]*)"', client.get(where).content.decode()))
    post(client, "desk_link_new", town.slug, **SPORTS)
    assert Link.objects.get().title_en == ""


def test_another_towns_link_is_not_there(client: Client, boss: Person, town: Town) -> None:
    elsewhere = factories.make_town()
    foreign = add(factories.make_mayor(elsewhere), elsewhere, **BUS)
    for page in ("desk_link", "desk_link_shift", "desk_link_remove"):
        assert client.post(reverse(page, args=[town.slug, foreign.pk]), SPORTS).status_code == 404
    client.force_login(factories.make_agent(town))
    assert client.get(reverse("desk_links", args=[town.slug])).status_code == 403
    assert Link.objects.get().title == "Autobus"


def test_programs_read_what_everybody_sees(client: Client, town: Town, mayor: Person) -> None:
    bus = add(mayor, town, **BUS)
    sports = add(mayor, town, **{**SPORTS, "shown": True})
    add(mayor, town, title="Caché", address="x.example", shown=False)
    where = f"/api/v1/towns/{town.slug}/links"
    assert client.get(where).json() == [
        {
            "id": sports.pk, "group": "service", "title": "Inscriptions sportives",
            "description": "Piscine et gymnase.", "url": "https://sports.ville.example/", "icon": "ball",
        },
        {
            "id": bus.pk, "group": "useful", "title": "Autobus", "description": "", "url": "https://bus.ville.example/",
            "icon": "web",
        },
    ]  # fmt: skip
    assert client.get(where, headers={"Accept-Language": "en"}).json()[0]["title"] == "Sports registration"
    assert client.get("/api/v1/towns/nulle-part/links").json()["code"] == "not_found"
