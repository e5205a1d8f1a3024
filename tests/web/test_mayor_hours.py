"""Citizens see on a town's portal when its mayor reads, and until when they are away."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from hub.core.clock import standing_at
from hub.people.models import Person
from hub.towns.hours import DAYS
from hub.towns.models import Grammar, Town
from tests import factories
from tests.people.steps import text_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Paris"))
HOURS = {day: [["09:00", "18:00"]] for day in DAYS[:5]}
READS = "lit ses messages du lundi au vendredi, de 9 h à 18 h."


def portal(client: Client, town: Town, at: datetime = NOON) -> str:
    with standing_at(at):
        return text_of(client.get(reverse("town", args=[town.slug])))


@pytest.mark.parametrize(("grammar", "pronoun"), [(Grammar.FEMININE, "Elle"), (Grammar.MASCULINE, "Il")])
def test_the_hours_are_told(client: Client, town: Town, mayor: Person, grammar: str, pronoun: str) -> None:
    Town.objects.filter(pk=town.pk).update(answer_hours=HOURS, mayor_grammar=grammar)
    page = portal(client, town)
    assert f"{pronoun} {READS}" in page
    assert "absent" not in page


def test_an_absence_is_told_while_it_lasts(client: Client, town: Town, mayor: Person) -> None:
    Town.objects.filter(pk=town.pk).update(
        mayor_grammar=Grammar.FEMININE, away_from=date(2026, 11, 24), away_until=date(2026, 12, 3)
    )
    told = "Elle est absente jusqu’au jeudi 3 décembre inclus."
    assert portal(client, town).count(told) == 2  # beside the name, and where the hours are
    assert told not in portal(client, town, NOON.replace(day=23))
    assert told not in portal(client, town, NOON.replace(month=12, day=4))


def test_who_is_away_is_not_said_to_answer_within_the_hour(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    talk = factories.make_conversation(town, citizen)
    for number in range(5):
        factories.say(citizen, talk, f"Question {number}")
        factories.say(mayor, talk, f"Réponse {number}")
    assert "Il répond le plus souvent" in portal(client, town)
    Town.objects.filter(pk=town.pk).update(away_from=date(2026, 11, 24), away_until=date(2026, 12, 3))
    assert "Il répond le plus souvent" not in portal(client, town)


def test_the_hours_stand_with_where_one_meets_the_mayor(client: Client, town: Town, mayor: Person) -> None:
    assert 'id="meet"' not in client.get(reverse("town", args=[town.slug])).content.decode()
    Town.objects.filter(pk=town.pk).update(answer_hours=HOURS)
    assert "Rencontrer le maire" not in portal(client, town)
    Town.objects.filter(pk=town.pk).update(meeting_hours="Le samedi, en mairie")
    assert f"Rencontrer le maire Le samedi, en mairie Il {READS}" in portal(client, town)


def test_a_mayor_who_has_not_joined_reads_nothing(client: Client, town: Town) -> None:
    Town.objects.filter(pk=town.pk).update(answer_hours=HOURS)
    assert "lit ses messages" not in portal(client, town)
