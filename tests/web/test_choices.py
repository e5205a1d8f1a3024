"""Language and theme: who chooses, where it is kept, what it changes."""

import pytest
from django.test import Client
from django.urls import reverse

from hub.people.models import Person
from hub.towns.models import Country, Town

pytestmark = pytest.mark.django_db


def html_tag(client: Client, path: str = "/communes/", **headers: str) -> str:
    page = client.get(path, headers=headers).content.decode()
    return page[page.index("<html") : page.index(">", page.index("<html"))]


def test_french_is_spoken_unless_the_browser_asks_for_english(client: Client) -> None:
    assert 'lang="fr"' in html_tag(client)
    assert 'lang="fr"' in html_tag(client, **{"accept-language": "de, it;q=0.5"})
    assert 'lang="en"' in html_tag(client, **{"accept-language": "en-CA, fr;q=0.5"})


def test_the_choice_of_this_device_comes_before_the_browsers(client: Client) -> None:
    client.post(reverse("choose_language"), {"language": "fr"})
    assert 'lang="fr"' in html_tag(client, **{"accept-language": "en"})


def test_the_accounts_language_comes_first_and_is_kept_there(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    assert 'lang="fr' in html_tag(client, **{"accept-language": "en"})
    client.post(reverse("choose_language"), {"language": "en"})
    citizen.refresh_from_db()
    assert citizen.language == "en"
    assert 'lang="en' in html_tag(client)


def test_a_language_that_is_not_spoken_changes_nothing(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    client.post(reverse("choose_language"), {"language": "xx"})
    citizen.refresh_from_db()
    assert citizen.language == "fr"


def test_a_towns_page_is_written_as_in_its_country(client: Client, town: Town) -> None:
    assert 'lang="fr-FR"' in html_tag(client, reverse("town", args=[town.slug]))
    Town.objects.filter(pk=town.pk).update(country=Country.CANADA)
    assert 'lang="fr-CA"' in html_tag(client, reverse("town", args=[town.slug]))


def test_the_theme_is_the_devices_until_one_is_chosen(client: Client) -> None:
    assert "data-theme" not in html_tag(client)
    client.post(reverse("choose_theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in html_tag(client)
    client.post(reverse("choose_theme"), {"theme": ""})
    assert "data-theme" not in html_tag(client)


def test_a_theme_that_does_not_exist_is_not_kept(client: Client) -> None:
    client.post(reverse("choose_theme"), {"theme": '"><script>'})
    client.cookies["parvis-theme"] = "neon"
    assert "data-theme" not in html_tag(client)


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", ""])
@pytest.mark.parametrize("name", ["choose_language", "choose_theme"])
def test_one_comes_back_to_this_site_only(client: Client, name: str, elsewhere: str) -> None:
    assert client.post(reverse(name), {"next": "/communes/?q=a"})["Location"] == "/communes/?q=a"
    assert client.post(reverse(name), {"next": elsewhere})["Location"] == "/"
