"""The numbers that alerts are known by: A-26-017."""

from datetime import timedelta

import pytest

from hub.alerts.alerting import create_alert, delete_draft
from hub.alerts.models import Alert
from hub.core.clock import now, standing_at
from hub.people.models import Person
from hub.towns.models import Town
from tests.alerts.alarms import draft
from tests.factories import make_mayor, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def written(mayor: Person, town: Town) -> Alert:
    return create_alert(actor=mayor, slug=town.slug, draft=draft())


def test_the_number_of_a_draft_that_was_thrown_away_is_given_to_no_other(town: Town, mayor: Person) -> None:
    year = now().year % 100
    one, other, last = (written(mayor, town) for _ in range(3))
    for thrown_away in (last, one):
        delete_draft(actor=mayor, alert_id=thrown_away.pk)
    fourth = written(mayor, town)
    assert (other.number, last.number, fourth.number) == (f"A-{year}-002", f"A-{year}-003", f"A-{year}-004")
    for thrown_away in (fourth, other):
        delete_draft(actor=mayor, alert_id=thrown_away.pk)
    assert written(mayor, town).number == f"A-{year}-005"
    elsewhere = make_town()
    assert written(make_mayor(elsewhere), elsewhere).number == f"A-{year}-001"


def test_each_year_counts_anew(town: Town, mayor: Person) -> None:
    at = now()
    with standing_at(at - timedelta(days=366)):
        before = [written(mayor, town).number for _ in range(2)]
    assert before == [f"A-{(at - timedelta(days=366)).year % 100}-00{number}" for number in (1, 2)]
    assert written(mayor, town).number == f"A-{at.year % 100}-001"
