"""Where a ticket is: what a form brought, and the map that it is chosen on."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hub.core.errors import Invalid
from hub.tickets.drafts import Place
from hub.tickets.models import Status
from hub.tickets.places import asked_place, public_points, read_place, town_map
from hub.towns.models import Country, Town
from tests import factories
from tests.tickets.making import make_category, make_ticket


@pytest.mark.parametrize(
    ("lat", "lon", "place"),
    [
        ("", "", Place("rue du Four")),
        ("48.8566", "2.3522", Place("rue du Four", 48.8566, 2.3522)),
        ("46,81234567", "\u221271,2", Place("rue du Four", 46.812346, -71.2)),
        (None, None, Place("rue du Four")),
        (48.5, -2, Place("rue du Four", 48.5, -2.0)),
    ],
)
def test_a_place_is_read_as_people_write_it(lat: object, lon: object, place: Place) -> None:
    assert read_place({"address": " rue du Four ", "lat": lat, "lon": lon}) == place


def test_words_are_no_coordinates() -> None:
    with pytest.raises(Invalid) as refused:
        read_place({"lat": "ici", "lon": "là"})
    assert refused.value.field == "place"


@pytest.mark.django_db
@pytest.mark.both_stores
def test_a_map_opens_at_the_towns_middle_to_a_kilometre(settings: Settings) -> None:
    settings.MAP_TILES, settings.MAP_ATTRIBUTION = "https://tiles.example/{z}/{x}/{y}.png", "© Nous"
    town = factories.make_town(country=Country.CANADA)
    before = town_map(town)
    assert (before.tiles, before.attribution, before.zoom) == (settings.MAP_TILES, "© Nous", 6)  # the whole of Québec
    for lat, lon in ((46.81239, -71.20), (46.81, -71.21), (46.7, -60.0)):
        make_ticket(town, lat=lat, lon=lon)
    make_ticket(town, lat=0.0, lon=0.0, internal=True)
    assert (town_map(town).lat, town_map(town).lon, town_map(town).zoom) == (46.81, -71.2, 14)


@pytest.mark.django_db
@pytest.mark.both_stores
def test_a_map_opens_where_the_town_says_that_it_is(client: Client) -> None:
    town = factories.make_town(latitude=47.7364, longitude=-69.2718)
    category = make_category(town)
    make_ticket(town, public=True, lat=46.0, lon=2.0)  # without points there is no map of them
    for page in (f"/communes/{town.slug}/demandes/", reverse("report_form", args=[town.slug, category.pk])):
        shown = client.get(page).content.decode()
        for said in ('data-lat="47.7364"', 'data-lon="-69.2718"', 'data-zoom="14"'):
            assert said in shown
    for _ in range(3):
        make_ticket(town, lat=46.0, lon=2.0)
    assert (town_map(town).lat, town_map(town).lon, town_map(town).zoom) == (47.7364, -69.2718, 14)
    for half in ({"latitude": None}, {"latitude": 91}, {"longitude": -181}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Town.objects.filter(pk=town.pk).update(**half)


@pytest.mark.django_db
def test_only_open_public_tickets_are_drawn(town: Town) -> None:
    shown = make_ticket(town, public=True, lat=48.0, lon=2.0, title="Mes mots", address="Parc <nord>")
    for hidden in ({"public": False}, {"lat": None, "lon": None}, {"status": Status.CLOSED_DONE}):
        make_ticket(town, **{"public": True, "lat": 48.0, "lon": 2.0, **hidden})
    assert [point["number"] for point in public_points(town)] == [shown.number]
    asked = asked_place(town, {"address": "ici", "lat": 48.5})
    assert (asked.address, asked.lat, asked.lon) == ("ici", "48.5", "")
    assert json.loads(asked.map.points_json)[0]["title"] == "Éclairage, Parc <nord>"  # S100
