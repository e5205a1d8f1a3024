"""What everybody sees of an alert on the site: a banner on each page of the town, a notification, pages to read."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hub.alerts import current as shown
from hub.alerts.alerting import approve_alert, stop_alert, submit_alert, write_further
from hub.alerts.models import Alert
from hub.core.clock import now
from hub.deliveries.models import Delivery
from hub.notifications import writer
from hub.notifications.actions import set_preferences
from hub.notifications.models import Broadcast, Kind, Notification
from hub.notifications.rules import Wish
from hub.notifications.words import of
from hub.people.models import Person
from hub.streams.models import Event
from hub.towns.models import Town
from tests.alerts.alarms import approved, draft, leave
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

URGENT = re.compile(r'role="alert" data-alarms-urgent>(.*?)</div>\s*<div role="status"', re.DOTALL)
CALM = re.compile(r'role="status" data-alarms-calm>(.*?)(<template|</div>\n *\n</div>)', re.DOTALL)


@pytest.fixture(autouse=True)
def ways_out(settings: Settings, left: Left) -> None:  # noqa: F811
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


@pytest.fixture
def tell(town: Town, mayor: Person, agent: Person) -> Callable[..., Alert]:
    """An alert that has left, and what its commit does to pages."""

    def told(**fields: Any) -> Alert:
        alert = leave(approved(mayor, agent, town, **fields))
        shown.forget(town.pk)
        return alert

    return told


def further(first: Alert, mayor: Person, agent: Person, purpose: str, **fields: Any) -> Alert:
    alert = write_further(actor=mayor, alert_id=first.pk, purpose=purpose, draft=draft(**fields))
    submit_alert(actor=mayor, alert_id=alert.pk)
    alert = leave(approve_alert(actor=agent, alert_id=alert.pk))
    shown.forget(first.town_id)
    return alert


def banners(client: Client, path: str) -> tuple[str, str]:
    """What stands in the place that is said at once, and in the one that waits for a pause."""
    page = client.get(path).content.decode()
    found = [search.search(page) for search in (URGENT, CALM)]
    assert all(found), page
    return tuple(" ".join(re.sub(r"<[^>]+>", " ", one[1]).split()) for one in found if one)  # type: ignore[return-value]


def test_an_emergency_leads_every_page_of_the_town_without_any_script(
    client: Client, town: Town, citizen: Person, tell: Callable[..., Alert]
) -> None:
    alert = tell()
    home, other = f"/communes/{town.slug}/", make_town("ailleurs")
    assert banners(client, home) == ("Mesures d’urgence Eau non potable", "")
    assert banners(client, f"/communes/{other.slug}/") == ("", "")
    assert f'href="/communes/{town.slug}/alertes/{alert.number}/"' in client.get(home).content.decode()
    client.force_login(citizen)
    for path in ("/messages/", "/notifications/", "/compte/", f"/communes/{town.slug}/signaler/"):
        assert banners(client, path)[0].startswith("Mesures d’urgence"), path
    citizen.language = "en"
    citizen.save()
    assert "Water not safe" in banners(client, "/notifications/")[0]


def test_what_is_no_emergency_is_calm_and_its_end_is_shown_for_six_hours(
    client: Client, town: Town, mayor: Person, agent: Person, tell: Callable[..., Alert]
) -> None:
    home = f"/communes/{town.slug}/"
    calm = tell(emergency=False, audience={"register": True}, title={"fr": "Travaux rue du Four"})
    urgent = tell()
    assert banners(client, home) == ("Mesures d’urgence Eau non potable", "Alerte de la mairie Travaux rue du Four")
    update = further(urgent, mayor, agent, "update", title={"fr": "Toujours non potable"}, emergency=False)
    assert banners(client, home)[0] == "Mesures d’urgence Toujours non potable"
    further(update, mayor, agent, "end", title={"fr": "L’eau est potable"})
    assert banners(client, home) == ("", "Fin d’alerte L’eau est potable Alerte de la mairie Travaux rue du Four")
    Alert.objects.exclude(pk=calm.pk).update(started_at=now() - timedelta(hours=7))
    shown.forget(town.pk)
    assert banners(client, home) == ("", "Alerte de la mairie Travaux rue du Four")
    Alert.objects.update(started_at=now() - timedelta(hours=25))
    shown.forget(town.pk)
    assert banners(client, home) == ("", "")


def test_drafts_exercises_and_what_was_stopped_in_time_are_nobodys_business(
    client: Client, town: Town, mayor: Person, agent: Person, tell: Callable[..., Alert]
) -> None:
    exercise = tell(exercise=True)
    stopped = approved(mayor, agent, town)
    stop_alert(actor=mayor, alert_id=stopped.pk)
    assert banners(client, f"/communes/{town.slug}/") == ("", "")
    assert not Broadcast.objects.exists()
    for alert in (exercise, stopped):
        assert client.get(f"/communes/{town.slug}/alertes/{alert.number}/").status_code == 404


def test_pages_of_who_is_not_signed_in_ask_for_it_in_their_language(
    client: Client, town: Town, citizen: Person, tell: Callable[..., Alert]
) -> None:
    asked = f"/communes/{town.slug}/alertes/en-cours/"
    assert f'data-alarms-from="{asked}"' in client.get(f"/communes/{town.slug}/").content.decode()
    before = client.get(asked)
    assert "Eau non potable" not in before.content.decode()
    tell()
    answer = client.get(asked, headers={"If-None-Match": before["ETag"]})
    assert "Eau non potable" in URGENT.search(answer.content.decode())[1]  # type: ignore[index]
    assert (answer["Cache-Control"], "Set-Cookie" in answer) == ("public, max-age=10", False)
    again = client.get(asked, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = client.get(f"{asked}?langue=en")
    assert "Water not safe" in english.content.decode()
    assert english["ETag"] != answer["ETag"]
    assert client.get(f"{asked}?langue=../x").content == answer.content
    assert client.get("/communes/nulle-part/alertes/en-cours/").status_code == 404
    client.force_login(citizen)
    page = client.get(f"/communes/{town.slug}/").content.decode()
    assert "data-alarms-from" not in page
    assert "alarms_asked.js" not in page


def test_it_costs_one_query_in_ten_seconds(
    town: Town, tell: Callable[..., Alert], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell()
    with django_assert_num_queries(1):
        for _ in range(5):
            assert [one.title for one in shown.current(town)] == ["Eau non potable"]


def test_who_follows_the_town_is_notified_and_gets_no_second_mail(
    town: Town, mayor: Person, agent: Person, citizen: Person, tell: Callable[..., Alert]
) -> None:
    english = make_person(town=town, language="en")
    for person in (citizen, english):
        set_preferences(actor=person, wishes={Kind.NEW_ALERT: Wish(site=True, email=True)})
    alert = tell()
    told = Broadcast.objects.get()
    mails = Delivery.objects.count()
    assert writer.write(told.pk, for_s=5)
    assert Delivery.objects.count() == mails
    row = Notification.objects.get(person=citizen)
    assert (row.kind, row.path) == (Kind.NEW_ALERT, f"/communes/{town.slug}/alertes/{alert.number}/")
    assert of(row).sentence == f"Mesures d’urgence à {town.name}\u00a0: «\u00a0Eau non potable\u00a0»"
    further(alert, mayor, agent, "end", title={"fr": "L’eau est potable"})
    last = Broadcast.objects.latest("pk")
    assert of(last).sentence == f"Fin d’alerte à {town.name}\u00a0: «\u00a0L’eau est potable\u00a0»"


def test_open_pages_are_told_what_to_show_and_instead_of_what(
    town: Town, mayor: Person, agent: Person, tell: Callable[..., Alert]
) -> None:
    first = tell()
    end = further(first, mayor, agent, "end", title={"fr": "L’eau est potable"})
    told = Event.objects.filter(topic=f"town.{town.slug}", name="alert.published").order_by("seq")
    said = list(told.values_list("payload", flat=True))
    assert len(said) == 2
    assert f'"about":{first.pk}' in said[1]
    assert '"plain":{"fr":"L’eau est potable"}' in said[1]
    assert end.number in said[1]


def test_the_pages_tell_what_it_is_and_what_came_after(
    client: Client, town: Town, mayor: Person, agent: Person, tell: Callable[..., Alert]
) -> None:
    listed = f"/communes/{town.slug}/alertes/"
    assert "Aucune alerte" in client.get(listed).content.decode()
    assert listed in client.get(f"/communes/{town.slug}/").content.decode()
    first = tell(danger="water", body={"fr": "Faites bouillir l’eau.\nUne minute."})
    end = further(first, mayor, agent, "end", title={"fr": "L’eau est potable"})
    page = client.get(f"{listed}{first.number}/").content.decode()
    for said in ("Mesures d’urgence", "Eau potable", "Faites bouillir l’eau.", "L’eau est potable"):
        assert said in page
    assert f"{listed}{end.number}/" in page
    assert client.get(listed).content.decode().count("<article") == 2
