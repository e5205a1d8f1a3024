"""What every page forbids itself."""

import pytest
from django.test import Client
from django.urls import reverse

from hub.people.models import Person
from hub.towns.models import Town

pytestmark = pytest.mark.django_db


def policy(header: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


@pytest.mark.parametrize(
    "path", ["/", "/communes/", "/mentions-legales/", "/accessibilite/", "/nulle-part/", "/compte/connexion/"]
)
def test_nothing_inline_runs_or_paints(client: Client, path: str) -> None:
    found = policy(client.get(path)["Content-Security-Policy"])
    assert found["default-src"] == ["'none'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert found["style-src"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {value for values in found.values() for value in values}


def test_pages_stay_out_of_shared_caches_by_reader_and_language(client: Client, town: Town) -> None:
    vary = client.get(reverse("town", args=[town.slug]))["Vary"]
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in vary.split(",")}


def test_the_page_names_its_language(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    assert client.get("/communes/", headers={"accept-language": "en"})["Content-Language"] == "fr"
