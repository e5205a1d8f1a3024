"""The hub as an application on a device: what its manifest says, and what its pages are when a device keeps them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from PIL import Image

from hub.people.models import Person
from hub.tickets.models import Category
from hub.towns.models import Town
from hub.web import worker
from hub.web.choices import KEPT_HEADER
from tests.tickets.making import make_ticket
from tests.tickets.reporting import form_url, make_lamps

pytestmark = pytest.mark.django_db

TOKENS = Path(settings.BASE_DIR) / "web" / "static" / "css" / "tokens.css"
THEME_COLOUR = re.compile(r'<meta name="theme-color" content="(#\w+)"(?: media="\(prefers-color-scheme: (\w+)\)")?>')


def manifest(client: Client, **headers: str) -> dict[str, Any]:
    answer = client.get("/manifest.webmanifest", headers=headers)
    assert answer["Content-Type"] == "application/manifest+json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def token(name: str) -> list[str]:
    """Of the light theme, and of both dark ones."""
    return re.findall(rf"--color-{name}: (#\w+);", TOKENS.read_text())


def corner(image: Image.Image) -> tuple[int, ...]:
    """Red, green, blue, and how much of them."""
    found = image.convert("RGBA").getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def kept(client: Client, path: str, theme: str = "device") -> str:
    answer = client.get(path, headers={KEPT_HEADER: theme})
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_icon_has_the_size_that_is_said_and_what_may_be_cut_is_whole(client: Client) -> None:
    found = {}
    for icon in manifest(client)["icons"]:
        file = Path(settings.STATIC_ROOT) / icon["src"].removeprefix("/static/")
        with Image.open(file) as image:
            assert (icon["type"], icon["sizes"]) == ("image/png", "{}x{}".format(*image.size))
            found[icon["sizes"], icon["purpose"]] = corner(image)
    assert set(found) == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    assert found["512x512", "maskable"] == (0x17, 0x3F, 0x4A, 255)
    assert found["512x512", "any"][-1] == 0
    touched = client.get("/communes/").content.decode().split('rel="apple-touch-icon" href="/static/')[1].split('"')[0]
    with Image.open(Path(settings.STATIC_ROOT) / touched) as image:
        assert (image.size, corner(image)[-1]) == ((180, 180), 255)


def test_it_opens_the_home_by_its_own_window_in_the_readers_language_and_theme(client: Client) -> None:
    told = manifest(client)
    assert (told["id"], told["start_url"], told["scope"], told["display"]) == ("/", "/", "/", "standalone")
    assert (told["lang"], told["short_name"]) == ("fr", "Parvis")
    assert [told["theme_color"], told["background_color"]] == [token("facade")[0], token("page")[0]]
    client.cookies["parvis-language"], client.cookies["parvis-theme"] = "en", "dark"
    told = manifest(client)
    assert told["lang"] == "en"
    assert [told["theme_color"], told["background_color"]] == [token("facade")[1], token("page")[1]]
    assert {"facade": len(set(token("facade"))), "page": len(set(token("page")))} == {"facade": 2, "page": 2}


def test_the_shortcuts_lead_where_they_say(client: Client, town: Town, citizen: Person) -> None:
    ways = {way["name"]: way["url"] for way in manifest(client)["shortcuts"]}
    assert list(ways) == ["Signaler un problème", "Mes demandes", "Messages"]
    assert client.get(ways["Signaler un problème"])["Location"] == reverse("towns")
    client.get(reverse("town", args=[town.slug]))  # the last town seen is the one to report in
    assert client.get(ways["Signaler un problème"])["Location"] == reverse("report", args=[town.slug])
    client.force_login(citizen)
    assert [client.get(ways[name]).status_code for name in ("Mes demandes", "Messages")] == [200, 200]


def test_a_windows_bar_has_the_facades_colour_by_day_and_by_night(client: Client) -> None:
    light, dark = token("facade")[:2]
    assert THEME_COLOUR.findall(client.get("/").content.decode()) == [(light, "light"), (dark, "dark")]
    client.cookies["parvis-theme"] = "dark"
    assert THEME_COLOUR.findall(client.get("/").content.decode()) == [(dark, "")]


def test_how_to_install_it_is_told_to_everybody(client: Client) -> None:
    way = reverse("application")
    assert f'href="{way}"' in client.get("/communes/").content.decode()
    assert "Sur l’écran d’accueil" in client.get(way).content.decode()


def test_in_a_frame_of_another_site_there_is_no_application(client: Client, town: Town) -> None:
    page = client.get(reverse("report_framed", args=[town.slug])).content.decode()
    assert "data-worker" not in page
    assert 'rel="manifest"' not in page


def test_the_page_for_when_there_is_no_network_names_the_town_and_whom_to_call(client: Client, town: Town) -> None:
    Town.objects.filter(pk=town.pk).update(phone="+33199000110", name="Saint-Test")
    page = kept(client, reverse("offline_in_town", args=[town.slug]))
    for words in ("Vous êtes hors connexion", "Saint-Test", "tel:+33199000110", "tel:112"):
        assert words in page
    assert f'href="{reverse("report", args=[town.slug])}"' in page
    assert client.get(reverse("offline_in_town", args=["nulle-part"])).status_code == 404
    anywhere = kept(client, reverse("offline"))
    assert "Vous êtes hors connexion" in anywhere
    assert "Signaler un problème" not in anywhere


def lamps(town: Town) -> Category:
    category, _question = make_lamps(town)
    make_ticket(town, category=category, lat=48.8566, lon=2.3525, public=True, address="14, rue du Four")
    return category


def test_what_is_true_today_only_is_left_out_of_what_a_device_keeps(client: Client, town: Town) -> None:
    form = form_url(lamps(town))
    now, later = client.get(form).content.decode(), kept(client, form)
    for words in ("near__list", "data-alarms", reverse("account_login"), reverse("choose_theme")):
        assert words in now
        assert words not in later
    assert "data-kept" in later
    assert "data-kept" not in now
    # The page itself says neither who is here nor what to keep: it would be right once.
    assert 'data-person="0" data-theme' in now
    assert "data-offline" not in later


def test_what_a_device_keeps_is_in_the_theme_it_was_asked_in(client: Client) -> None:
    assert 'data-theme="dark"' in kept(client, reverse("offline"), "dark")
    assert "data-theme=" not in kept(client, reverse("offline"))


def test_the_worker_is_another_one_when_a_static_file_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def script() -> str:
        worker._script.cache_clear()
        return client.get("/sw.js").content.decode()

    before = script()
    assert before.startswith(f'self.version = "{staticfiles_storage.manifest_hash}";')  # type: ignore[attr-defined]
    try:
        monkeypatch.setattr(storages["staticfiles"], "manifest_hash", "another")
        assert script().splitlines()[1:] == before.splitlines()[1:]
        assert script().startswith('self.version = "another";')
    finally:
        worker._script.cache_clear()
