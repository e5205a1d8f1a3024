"""« C’est déjà signalé »: what is near is shown, and followed, without telling anything of who asked first (S75)."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.core.clock import now
from hub.people.models import Person
from hub.tickets.models import Category, Follower, Status, Ticket
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_ticket
from tests.tickets.outbox import mails
from tests.tickets.reporting import form_url

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
HERE = {"lat": "48.8566", "lon": "2.3522"}


@pytest.fixture
def lamps(town: Town) -> Category:
    return make_category(town)


def near(client: Client, category: Category, **asked: str) -> str:
    answer = client.get(f"{form_url(category)}proches/", {**HERE, **asked})
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def make_near(category: Category, **fields: Any) -> Ticket:
    place = {"lat": 48.8566, "lon": 2.3525, "public": True, "category": category}
    return make_ticket(category.town, **{**place, **fields})


def follow_url(ticket: Ticket) -> str:
    return reverse("report_follow", args=[ticket.town.slug, ticket.number])


def test_only_open_public_tickets_of_the_category_close_by_are_shown(
    client: Client, town: Town, lamps: Category
) -> None:
    shown = make_near(lamps, title="Ève dort mal", address="12, rue du Bon", last_name="Secrète")
    other = make_category(town, "Arbres")
    for hidden in (
        {"public": False}, {"status": Status.CLOSED_DONE}, {"status": Status.NOT_TRANSFERRED},
        {"lat": 48.9}, {"merged": True}, {"internal": True},
    ):  # fmt: skip
        make_near(lamps, **{"address": "Pas celui-ci", **hidden})
    for elsewhere in (other, make_category(factories.make_town())):
        make_near(elsewhere, address="Pas celui-ci")
    html = near(client, lamps)
    assert "Éclairage, 12, rue du Bon" in html
    assert "à 22 m" in html
    assert follow_url(shown) in html
    assert "Pas celui-ci" not in html
    page = unescape(client.get(follow_url(shown)).content.decode())
    for theirs in (shown.last_name, shown.title, shown.description, shown.email):  # S100
        assert theirs not in html + page
    assert "Rien de semblable" in near(client, lamps, lat="45.0")


@pytest.mark.parametrize(("lat", "lon"), [("", ""), ("x", "2"), ("91", "2"), ("48", "181"), ("nan", "2"), ("inf", "0")])
def test_a_point_that_is_none_is_refused(client: Client, lamps: Category, lat: str, lon: str) -> None:
    assert client.get(f"{form_url(lamps)}proches/", {"lat": lat, "lon": lon}).status_code == 400


def test_without_a_script_the_latest_of_the_category_are_on_the_form(client: Client, lamps: Category) -> None:
    known = make_near(lamps, lat=None, lon=None, address="Sans point", created_at=now() - timedelta(hours=1))
    html = client.get(form_url(lamps)).content.decode()
    assert "Sans point" in html
    assert follow_url(known) in html


def test_signed_in_one_follows_at_once(client: Client, citizen: Person, lamps: Category) -> None:
    ticket = make_near(lamps)
    client.force_login(citizen)
    assert f'formaction="{follow_url(ticket)}"' in near(client, lamps)
    said = client.post(follow_url(ticket), headers={"accept": "application/json"}).json()
    assert ticket.number in said["message"]
    assert Follower.objects.get(ticket=ticket, person=citizen).confirmed_at
    assert "Vous la suivez" in near(client, lamps)
    assert client.post(follow_url(ticket)).status_code == 302  # again: still once
    assert Follower.objects.count() == 1


def test_by_an_address_one_follows_once_it_is_confirmed(client: Client, lamps: Category) -> None:
    ticket = make_near(lamps)
    answer = client.post(follow_url(ticket), {"email": "eve@citoyen.example"}, follow=True)
    assert "pour confirmer" in unescape(answer.content.decode())
    assert Follower.objects.get(email="eve@citoyen.example").confirmed_at is None
    assert len(mails(to="eve@citoyen.example")) == 1
    wrong = client.post(follow_url(ticket), {"email": "eve"})
    assert wrong.status_code == 400
    assert 'value="eve"' in wrong.content.decode()


def test_mails_of_confirmation_are_counted_by_who_asks(client: Client, lamps: Category) -> None:
    ticket = make_near(lamps)
    answers = [client.post(follow_url(ticket), {"email": f"e{number}@x.example"}).status_code for number in range(11)]
    assert answers == [302] * 10 + [429]


@pytest.mark.parametrize("hidden", [{"public": False}, {"status": Status.NOT_TRANSFERRED}, {"internal": True}])
def test_what_is_not_public_can_not_be_followed(client: Client, lamps: Category, hidden: dict[str, Any]) -> None:
    ticket = make_near(lamps, **hidden)
    assert client.get(follow_url(ticket)).status_code == 404
    assert client.post(follow_url(ticket), {"email": "eve@citoyen.example"}).status_code == 404
    public = make_near(lamps)
    foreign = reverse("report_follow", args=[factories.make_town().slug, public.number])
    assert client.post(foreign, {"email": "eve@citoyen.example"}).status_code == 404
    assert not Follower.objects.exists()
