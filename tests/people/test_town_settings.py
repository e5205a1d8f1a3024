"""The town's own settings and departments, as its manager sees them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.people.models import Person
from hub.towns.models import Service, Town
from tests.factories import make_town
from tests.people.steps import post, text_of

SETTINGS = {
    "name": "Saint-Test-sur-Mer", "mayor_grammar": "f", "emblem": "wave", "meeting_hours": "Le samedi",
    "postal_address": "1, place de la Mairie", "phone": "01 99 00 01 10", "email": "mairie@saint-test.example",
    "languages": ["fr", "en"], "time_zone": "Indian/Reunion", "latitude": "47,73641234", "longitude": "\u221269.2718",
}  # fmt: skip


@pytest.fixture
def boss(client: Client, mayor: Person) -> Person:
    """The mayor, signed in."""
    client.force_login(mayor)
    return mayor


def test_settings_are_changed_and_shown_again(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_settings", town.slug, **SETTINGS)
    assert "Les réglages sont à jour" in text_of(page)
    town.refresh_from_db()
    assert (town.name, town.phone, town.time_zone) == ("Saint-Test-sur-Mer", "+33199000110", "Indian/Reunion")
    assert (town.languages, town.mayor_grammar, town.slug) == (["fr", "en"], "f", "saint-test")
    assert (town.latitude, town.longitude) == (47.736412, -69.2718)
    assert 'value="+33 1 99 00 01 10"' in client.get(reverse("desk_settings", args=[town.slug])).content.decode()


def test_french_is_always_spoken(client: Client, boss: Person, town: Town) -> None:
    post(client, "desk_settings", town.slug, **{**SETTINGS, "languages": ["en"]})
    town.refresh_from_db()
    assert town.languages == ["fr", "en"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"phone": "12"}, {"email": "mairie"}, {"time_zone": "Mars/Olympus"}, {"languages": ["zz"]},
        {"mayor_grammar": "x"}, {"emblem": "dragon"}, {"latitude": "nord"}, {"latitude": "90,1"}, {"latitude": ""},
        {"latitude": "nan"}, {"longitude": "-180.5"}, {"longitude": ""},
    ],
    ids=lambda wrong: "-".join([*wrong, *map(str, wrong.values())]),
)  # fmt: skip
def test_what_makes_no_sense_is_refused(client: Client, boss: Person, town: Town, wrong: dict[str, Any]) -> None:
    page = post(client, "desk_settings", town.slug, **{**SETTINGS, **wrong})
    assert "field--error" in page.content.decode()
    town.refresh_from_db()
    assert town.name == "Saint-Test"


def test_a_refused_name_does_not_lead_the_page(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_settings", town.slug, **{**SETTINGS, "name": "Autre", "phone": "12"})
    assert f"<title>Réglages – {town.name}</title>" in page.content.decode()


def test_a_town_may_say_nowhere(client: Client, boss: Person, town: Town) -> None:
    post(client, "desk_settings", town.slug, **SETTINGS)
    post(client, "desk_settings", town.slug, **{**SETTINGS, "latitude": " ", "longitude": ""})
    town.refresh_from_db()
    assert (town.latitude, town.longitude) == (None, None)


def test_country_and_short_name_are_not_settings(client: Client, boss: Person, town: Town) -> None:
    post(client, "desk_settings", town.slug, **SETTINGS, country="CA", slug="pirate")
    town.refresh_from_db()
    assert (town.country, town.slug) == ("FR", "saint-test")


def test_asking_for_a_second_factor_holds_for_who_asks_too(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_settings", town.slug, **SETTINGS, staff_second_factor="on")
    assert page.request["PATH_INFO"] == reverse("mfa_index")


def test_services_are_added_changed_and_removed(client: Client, boss: Person, town: Town) -> None:
    post(client, "desk_service_new", town.slug, name="Greffe", email="greffe@saint-test.example", phone="")
    service = Service.objects.get(town=town)
    post(client, "desk_service", town.slug, service.pk, name="Greffe et archives", phone="01 99 00 01 10")
    service.refresh_from_db()
    assert (service.name, service.email, service.phone) == ("Greffe et archives", "", "+33199000110")
    assert "Greffe et archives" in text_of(client.get(reverse("desk_services", args=[town.slug])))
    post(client, "desk_service_remove", town.slug, service.pk)
    assert not town.services.exists()


def test_a_service_has_a_name_of_its_own_in_the_town(client: Client, boss: Person, town: Town) -> None:
    Service.objects.create(town=make_town("ailleurs"), name="Greffe")
    for _twice in range(2):
        page = post(client, "desk_service_new", town.slug, name="Greffe")
    assert "Un service porte déjà ce nom" in text_of(page)
    other = Service.objects.create(town=town, name="Loisirs")
    page = post(client, "desk_service", town.slug, other.pk, name="Greffe")
    assert "Un service porte déjà ce nom" in text_of(page)
    other.refresh_from_db()
    assert other.name == "Loisirs"


def test_another_towns_service_is_not_there(client: Client, boss: Person, town: Town) -> None:
    foreign = Service.objects.create(town=make_town("ailleurs"), name="Greffe")
    assert client.get(reverse("desk_service", args=[town.slug, foreign.pk])).status_code == 404
    assert client.post(reverse("desk_service_remove", args=[town.slug, foreign.pk])).status_code == 404
    assert Service.objects.filter(pk=foreign.pk).exists()
