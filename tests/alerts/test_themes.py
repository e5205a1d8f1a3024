"""A town's themes (S25, S27): who manages makes them, in an order; one that is archived may come back."""

import pytest
from django.test import Client

from hub.alerts.actions import add_theme, archive_theme, change_theme, restore_theme, shift_theme
from hub.alerts.models import Theme
from hub.alerts.queries import themes_of
from hub.alerts.rules import THEMES_MAX
from hub.audit.models import Entry
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories

pytestmark = pytest.mark.django_db


def names(town: Town) -> list[str]:
    return [theme.name for theme in themes_of(town)]


def made(actor: Person, town: Town, *called: str) -> list[Theme]:
    return [add_theme(actor=actor, town=town, fields={"name": name}) for name in called]


def test_they_stand_in_the_order_that_is_given(town: Town, mayor: Person) -> None:
    water, works, schools = made(mayor, town, "Eau", "Travaux", "Écoles")
    assert names(town) == ["Eau", "Travaux", "Écoles"]
    shift_theme(actor=mayor, theme=schools, by=-1)
    shift_theme(actor=mayor, theme=water, by=-1)
    assert names(town) == ["Eau", "Écoles", "Travaux"]
    archive_theme(actor=mayor, theme=water)
    shift_theme(actor=mayor, theme=water, by=1)
    assert names(town) == ["Écoles", "Travaux"]
    assert made(mayor, town, "Culture")[0].position > works.position


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"), ({"name": "x" * 61}, "name"), ({"name": "Eau", "name_en": "x" * 61}, "name_en"),
        ({"name": "EAU  potable"}, "name"), ({"name": "Ski", "icon": "skull"}, "icon"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_of_its_field(town: Town, mayor: Person, fields: dict[str, str], field: str) -> None:
    made(mayor, town, "Eau potable")
    with pytest.raises(Invalid) as refused:
        add_theme(actor=mayor, town=town, fields=fields)
    assert refused.value.field == field
    assert names(town) == ["Eau potable"]


def test_a_name_is_free_again_once_archived_and_taken_when_it_comes_back(town: Town, mayor: Person) -> None:
    (first,) = made(mayor, town, "Eau")
    archive_theme(actor=mayor, theme=first)
    (second,) = made(mayor, town, "Eau")
    with pytest.raises(Conflict):
        restore_theme(actor=mayor, theme=first)
    change_theme(actor=mayor, theme=second, fields={"name": "Eau potable"})
    for _ in range(2):
        restore_theme(actor=mayor, theme=first)
    assert sorted(names(town)) == ["Eau", "Eau potable"]
    assert [entry.act for entry in Entry.objects.order_by("number")] == [
        "theme.add", "theme.archive", "theme.add", "theme.change", "theme.restore",
    ]  # fmt: skip
    told = trail_line(Entry.objects.get(act="theme.change"), town).sentence
    assert told.endswith("a changé la thématique « Eau » : nom Eau → Eau potable.")


def test_forty_are_enough(town: Town, mayor: Person) -> None:
    Theme.objects.bulk_create(Theme(town=town, name=f"N° {number}") for number in range(THEMES_MAX))
    with pytest.raises(Conflict):
        made(mayor, town, "Encore")


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.AGENT, Role.MODERATOR, Role.OPERATOR])
def test_others_do_not_make_them(client: Client, town: Town, mayor: Person, role: Role) -> None:
    (theme,) = made(mayor, town, "Eau")
    person = factories.make_person(town=town, roles=[role])
    for act in (
        lambda: made(person, town, "Ski"), lambda: archive_theme(actor=person, theme=theme),
        lambda: restore_theme(actor=person, theme=theme), lambda: shift_theme(actor=person, theme=theme, by=1),
        lambda: change_theme(actor=person, theme=theme, fields={"name": "Ski"}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()
    client.force_login(person)
    assert client.get(f"/mairie/{town.slug}/reglages/alertes/").status_code == (404 if role == Role.CITIZEN else 403)
    assert names(town) == ["Eau"]


def test_the_pages_make_change_order_and_archive(client: Client, town: Town) -> None:
    client.force_login(factories.make_person(town=town, roles=[Role.MANAGER]))
    root = f"/mairie/{town.slug}/reglages/alertes/"
    assert "Aucune thématique" in client.get(root).content.decode()
    for name in ("Eau", "Travaux"):
        assert client.post(f"{root}nouvelle/", {"name": name, "name_en": "", "icon": "drop"})["Location"] == root
    assert "porte déjà ce nom" in client.post(f"{root}nouvelle/", {"name": "eau"}).content.decode()
    water, works = themes_of(town)
    assert client.post(f"{root}{works.pk}/rang/", {"by": "up"})["Location"] == f"{root}#t{works.pk}"
    assert names(town) == ["Travaux", "Eau"]
    client.post(f"{root}{water.pk}/", {"name": "Eau potable", "name_en": "Drinking water", "icon": ""})
    assert Theme.objects.get(pk=water.pk).named("en") == "Drinking water"
    client.post(f"{root}{water.pk}/archiver/")
    page = client.get(root).content.decode()
    assert "Remettre « Eau potable » en usage" in page
    client.post(f"{root}nouvelle/", {"name": "Eau potable"})
    refused = client.post(f"{root}{water.pk}/archiver/", {"back": "1"}, follow=True).content.decode()
    assert "Une autre thématique porte ce nom" in refused
    Theme.objects.filter(town=town, archived_at=None, name="Eau potable").delete()
    client.post(f"{root}{water.pk}/archiver/", {"back": "1"})
    assert names(town) == ["Travaux", "Eau potable"]
    foreign = Theme.objects.create(town=factories.make_town(), name="Ailleurs")
    for path in ("", "rang/", "archiver/"):
        assert client.post(f"{root}{foreign.pk}/{path}", {"name": "x"}).status_code == 404
