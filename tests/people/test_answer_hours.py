"""« Mes heures de réponse », as the mayor and who manages for them fill it in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hub.core.clock import standing_at
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.people.steps import post, text_of

MONDAY = {"mon_1_from": "09:00", "mon_1_until": "18:00"}
KEPT = [["09:00", "18:00"]]
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
ALL = (
    "answer_hours", "away_from", "away_until", "automatic_answer", "automatic_answer_text", "name", "languages",
)  # fmt: skip


@pytest.fixture
def boss(client: Client, mayor: Person) -> Person:
    """The mayor, signed in."""
    client.force_login(mayor)
    return mayor


def page_of(client: Client, town: Town) -> HttpResponse:
    """What the page shows."""
    return client.get(reverse("desk_answer_hours", args=[town.slug]))


def fill(client: Client, town: Town, **fields: str) -> HttpResponse:
    """Send the form on that Wednesday; the page in the end."""
    with standing_at(NOW):
        answer: HttpResponse = post(client, "desk_answer_hours", town.slug, **fields)
    town.refresh_from_db()
    return answer


def state(town: Town) -> dict[str, Any]:
    return Town.objects.values(*ALL).get(pk=town.pk)


# Who.


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MAYOR, 200), (Role.MANAGER, 200), (Role.AGENT, 403), (Role.MODERATOR, 403), (Role.OPERATOR, 403),
     (Role.CITIZEN, 404)],
)  # fmt: skip
def test_it_is_open_to_who_manages_the_town(client: Client, town: Town, role: Role, status: int) -> None:
    client.force_login(factories.make_person(town=town, roles=[role]))
    assert page_of(client, town).status_code == status
    assert fill(client, town, **MONDAY).status_code == status
    assert town.answer_hours == ({"mon": KEPT} if status == 200 else {})


def test_another_town_is_not_there_and_stays_as_it_is(client: Client, town: Town, boss: Person) -> None:
    other = factories.make_town(answer_hours={"sun": KEPT})
    before = state(other)
    assert page_of(client, other).status_code == 404
    assert fill(client, other, **MONDAY).status_code == 404
    fill(client, town, **MONDAY)
    assert state(other) == before


def test_the_page_stands_beside_the_other_settings(client: Client, town: Town, boss: Person) -> None:
    for name in ("desk_settings", "desk_answer_hours"):
        page = client.get(reverse(name, args=[town.slug])).content.decode()
        assert reverse("desk_settings", args=[town.slug]) in page
        assert reverse("desk_answer_hours", args=[town.slug]) in page
        assert "Mes heures de réponse" in page
    client.force_login(factories.make_person(town=town, roles=[Role.MANAGER]))
    assert "Mes heures" not in page_of(client, town).content.decode()


# What is kept.


def test_everything_is_kept_and_shown_again(client: Client, town: Town, boss: Person) -> None:
    page = fill(
        client, town, **MONDAY, sat_1_from="09:30", sat_1_until="12:00", sat_2_from="20:00", sat_2_until="00:00",
        away_from="2026-11-30", away_until="2026-12-03", automatic_answer="on", text_fr=" Je vous lis demain.\r\n",
    )  # fmt: skip
    assert "Les heures de réponse sont à jour" in text_of(page)
    assert state(town) == {
        "answer_hours": {"mon": KEPT, "sat": [["09:30", "12:00"], ["20:00", "24:00"]]},
        "away_from": date(2026, 11, 30), "away_until": date(2026, 12, 3),
        "automatic_answer": True, "automatic_answer_text": {"fr": "Je vous lis demain."},
        "name": town.name, "languages": ["fr", "en"],
    }  # fmt: skip
    shown = page.content.decode()
    for name, value in (("sat_2_until", "00:00"), ("sat_1_from", "09:30"), ("away_until", "2026-12-03")):
        assert f'name="{name}" value="{value}"' in shown
    rows = {day: shown.split(f'id="day-{day}"')[1].split("</summary>")[0] for day in ("mon", "sat")}
    assert [day for day, row in rows.items() if '<details class="hours__more" open>' in row] == ["sat"]
    assert "Je vous lis demain." in shown


def test_what_is_left_empty_is_taken_away(client: Client, town: Town, boss: Person) -> None:
    fill(
        client,
        town,
        **MONDAY,
        automatic_answer="on",
        text_fr="Demain.",
        away_from="2026-11-25",
        away_until="2026-11-25",
    )
    fill(client, town)
    assert state(town) | {"name": "", "languages": []} == {
        "answer_hours": {}, "away_from": None, "away_until": None, "automatic_answer": False,
        "automatic_answer_text": {}, "name": "", "languages": [],
    }  # fmt: skip


def test_days_like_monday_are(client: Client, town: Town, boss: Person) -> None:
    fill(
        client, town, mon_1_from="09:00", mon_1_until="12:00", mon_2_from="14:00", mon_2_until="18:00",
        tue_like_monday="on", tue_1_from="nonsense", thu_like_monday="on", fri_1_from="08:00", fri_1_until="09:00",
    )  # fmt: skip
    both = [["09:00", "12:00"], ["14:00", "18:00"]]
    assert town.answer_hours == {"mon": both, "tue": both, "thu": both, "fri": [["08:00", "09:00"]]}


def test_an_absence_that_is_over_is_forgotten(client: Client, town: Town, boss: Person) -> None:
    Town.objects.filter(pk=town.pk).update(away_from=date(2026, 7, 1), away_until=date(2026, 7, 31))
    with standing_at(NOW):
        assert "2026-07" not in page_of(client, town).content.decode()
    fill(client, town, **MONDAY)
    assert (town.away_from, town.away_until) == (None, None)


def test_texts_of_languages_that_the_town_no_longer_speaks_stay(client: Client, town: Town, boss: Person) -> None:
    Town.objects.filter(pk=town.pk).update(languages=["fr"], automatic_answer_text={"en": "Tomorrow.", "fr": "Demain."})
    assert "text_en" not in page_of(client, town).content.decode()
    fill(client, town, text_fr="Bientôt.", text_en="Ignored")
    assert town.automatic_answer_text == {"en": "Tomorrow.", "fr": "Bientôt."}


# What is refused.


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"tue_1_from": "09:00"}, "tue_1_until", "Donnez aussi l’heure de fin."),
        ({"tue_2_until": "09:00"}, "tue_2_from", "Donnez aussi l’heure de début."),
        ({"tue_1_from": "18:00", "tue_1_until": "09:00"}, "tue_1_until", "La fin doit venir après le début."),
        ({"tue_1_from": "00:00", "tue_1_until": "00:00", "tue_2_from": "08:00", "tue_2_until": "09:00"}, "tue_2_from",
         "Ces deux plages se chevauchent."),
        ({"tue_1_from": "09:00", "tue_1_until": "09:00"}, "tue_1_until", "à la même heure"),
        ({"tue_1_from": "midi", "tue_1_until": "14:00"}, "tue_1_from", "heure valide"),
        ({"away_from": "2026-12-01"}, "away_until", "aussi le dernier jour"),
        ({"away_from": "2026-12-02", "away_until": "2026-12-01"}, "away_until", "après le premier"),
        ({"away_from": "2026-11-01", "away_until": "2026-11-24"}, "away_until", "déjà passée"),
        ({"away_from": "2026-11-01", "away_until": "demain"}, "away_until", "date valide"),
        ({"text_en": "x" * 1001}, "text_en", "1001 caractères"),
    ],
)  # fmt: skip
def test_an_error_stands_beside_its_field_and_nothing_is_lost(
    client: Client, town: Town, boss: Person, wrong: dict[str, str], field: str, said: str
) -> None:
    page = fill(client, town, **MONDAY, text_fr="Gardez-moi.", automatic_answer="on", **wrong)
    shown = page.content.decode()
    error = shown.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert said in error
    assert f'aria-describedby="{f"id_{field}_helptext " if "text" in field else ""}id_{field}_error"' in shown
    for name, value in {**MONDAY, **wrong}.items():
        assert f'name="{name}" value="{value}"' in shown or value in shown
    assert "Gardez-moi." in shown
    assert "Rien n’est encore enregistré" in shown
    assert (town.answer_hours, town.automatic_answer, town.automatic_answer_text) == ({}, False, {})


# What citizens will get.


def test_a_preview_shows_what_was_typed_and_saves_nothing(client: Client, town: Town, boss: Person) -> None:
    before = state(town)
    page = fill(client, town, **MONDAY, automatic_answer="on", text_fr="À lundi !", preview="1")
    assert "Pas encore enregistré" in text_of(page)
    assert '<div class="bubble" lang="fr"><p>À lundi !</p></div>' in page.content.decode()
    assert 'name="mon_1_from" value="09:00"' in page.content.decode()
    assert state(town) == before


def test_the_preview_is_of_the_next_moment_when_nobody_reads(client: Client, town: Town, boss: Person) -> None:
    week = {f"{day}_like_monday": "on" for day in ("tue", "wed", "thu", "fri")}
    page = text_of(fill(client, town, **MONDAY, **week, automatic_answer="on"))
    assert "Aujourd’hui, mercredi 25 novembre" in page
    assert "Je le lirai dès jeudi 26 novembre, à 9 h." in page


def test_the_preview_says_when_nothing_leaves(client: Client, town: Town, boss: Person) -> None:
    assert "sans heures ni absence, aucune réponse automatique ne part" in text_of(page_of(client, town))
    assert "la réponse automatique est éteinte" in text_of(fill(client, town, **MONDAY))
    assert "éteinte" not in text_of(fill(client, town, **MONDAY, automatic_answer="on"))


def test_words_typed_by_the_mayor_are_escaped(client: Client, town: Town, boss: Person) -> None:
    fill(client, town, **MONDAY, text_fr="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(client, town).content.decode()


def test_a_town_without_its_mayor_has_hours_too(client: Client, town: Town) -> None:
    client.force_login(factories.make_person(town=town, roles=[Role.MANAGER]))
    assert "Ce que l’habitant recevra" in text_of(fill(client, town, **MONDAY, automatic_answer="on"))
