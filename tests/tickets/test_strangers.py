"""What strangers can do with an address that is not theirs, with a browser that others use, with what is anonymous."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from hub.core.clock import now
from hub.core.errors import RateLimited
from hub.deliveries.models import Delivery
from hub.people.models import Person
from hub.tickets import mail
from hub.tickets.actions import create_ticket, follow, forget_unconfirmed
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Category, DeskSettings, Follower, Ticket
from hub.towns.models import Town
from tests.api.conftest import by_token, problem
from tests.tickets.making import make_category, make_follower, make_service, make_ticket
from tests.tickets.outbox import mails
from tests.tickets.reporting import filled, send
from tests.tickets.tracked import prove, url

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
VICTIM = "victime@citoyen.example"


@pytest.fixture
def lights(town: Town) -> Category:
    return make_category(town, service=make_service(town))


# Somebody else's address.


def test_however_many_report_in_somebodys_name_they_get_few_mails(
    lights: Category, citizen: Person, agent: Person
) -> None:
    def ask(actor: Person | None, email: str, **fields: Any) -> Ticket:
        draft = Draft(lights.pk, "Éteint.", contact=Contact("V", "V", email), **fields)
        return create_ticket(actor=actor, town=lights.town, draft=draft)

    for number in range(12):
        ask(citizen if number % 2 else None, VICTIM)
    assert Ticket.objects.filter(email=VICTIM).count() == 12
    assert len(mails("receipt", VICTIM)) == 10
    ask(agent, VICTIM)  # who spoke with them
    ask(None, "autre@citoyen.example")
    ask(citizen, citizen.email)
    assert [len(mails("receipt", to)) for to in (VICTIM, "autre@citoyen.example", citizen.email)] == [11, 1, 1]


def test_however_many_let_somebody_follow_they_get_few_mails(client: Client, lights: Category) -> None:
    tickets = [make_ticket(lights.town, category=lights, public=True) for _ in range(12)]
    codes = []
    for number, ticket in enumerate(tickets):
        by_report = f"/communes/{lights.town.slug}/signaler/suivre/{ticket.number}/"
        address = by_report if number % 2 else url(ticket, "suivre/")
        codes.append(client.post(address, {"email": VICTIM.title()}, REMOTE_ADDR=f"203.0.113.{number}").status_code)
    assert codes == [302] * 10 + [429] * 2
    assert len(mails("confirmation", VICTIM)) == 10
    with pytest.raises(RateLimited):
        follow(ticket=tickets[0], email=VICTIM)


def test_who_never_confirms_is_forgotten(town: Town) -> None:
    ticket, long_ago = make_ticket(town, public=True), now() - timedelta(days=8)
    kept = [make_follower(ticket, "a@x.example", created_at=long_ago), make_follower(ticket, "b@x.example")]
    kept.append(make_follower(ticket, "c@x.example", confirmed_at=None))
    make_follower(ticket, VICTIM, confirmed_at=None, created_at=long_ago)
    assert forget_unconfirmed(older_than=timedelta(days=7)) == 1
    assert list(Follower.objects.order_by("pk")) == kept


@pytest.mark.parametrize(("phone", "told"), [("+33612345678", 1), ("+221771234567", 0), ("+33199000110", 0)])
def test_a_receipt_by_sms_goes_to_mobiles_of_the_towns_country(
    town: Town, settings: Settings, phone: str, told: int
) -> None:
    settings.ADAPTERS = {"email": ["smtp"], "sms": ["capture"]}
    ticket = make_ticket(town, email="", phone=phone)
    mail.send_receipt(ticket)
    assert Delivery.objects.count() == told
    assert (mail.way_of_receipt(ticket) is not None) == bool(told)


# Somebody else's browser.


def test_who_knew_the_session_before_reads_nothing_that_it_opens(client: Client, lights: Category) -> None:
    first, second = (make_ticket(lights.town, category=lights) for _ in range(2))
    known = ""
    for ticket in (first, second):
        prove(client, ticket)
        stranger = Client()
        stranger.cookies["parvis"] = known
        assert stranger.get(url(ticket)).status_code == 404
        known = client.cookies["parvis"].value
    assert client.get(url(first)).status_code == client.get(url(second)).status_code == 200
    assert client.cookies["parvis"].value == known  # looking at them changes nothing
    sent = send(client, lights, filled())
    assert sent.status_code == 302
    assert client.cookies["parvis"].value != known
    assert client.get(sent["Location"]).status_code == 200


# Anonymous (S99).


def test_the_session_of_an_account_does_not_say_what_it_sent_anonymously(
    client: Client, citizen: Person, lights: Category
) -> None:
    DeskSettings.objects.create(town=lights.town, code="ST", anonymous_allowed=True)
    client.force_login(citizen)
    answer = send(client, lights, filled(anonymous="on", wants_follow_ups=None))
    ticket = Ticket.objects.get()
    assert ticket.anonymous
    page = client.get(answer["Location"])
    assert ticket.secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    said = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert str(citizen.pk) in said
    assert ticket.number not in said
    bare, receipt = answer["Location"].split("?recu=")
    assert client.get(bare).status_code == 404
    other = make_ticket(lights.town)
    assert client.get(f"{bare.replace(ticket.number, other.number)}?recu={receipt}").status_code == 404
    assert send(client, lights, filled())["Location"].endswith("/")  # as oneself: without


# Anybody's patience.


def test_a_requester_wears_nobody_out(client: Client, lights: Category) -> None:
    ticket = make_ticket(lights.town, category=lights, status="closed_done", closed_at=now())
    prove(client, ticket)
    acts = [
        ("repondre/", {"body": "Encore."}),
        ("regle/", {"settled": "no", "comment": "Encore."}),
        ("coordonnees/", {"last_name": "Roy", "email": "roy@x.example", "address": "Ici"}),
        ("ne-plus-suivre/", {}),
    ]
    codes = []
    for number in range(42):
        path, said = acts[number % len(acts)]
        said = {name: f"{value} {number}" if name in {"body", "last_name"} else value for name, value in said.items()}
        codes.append(client.post(url(ticket, path), said).status_code)
    assert codes == [302] * 40 + [429] * 2
    assert len(mails("answered")) == 10


# Anybody's nonsense.


def test_a_nul_is_nothing(client: Client, citizen: Person, agent: Person, lights: Category) -> None:
    ticket, slug = make_ticket(lights.town, public=True), lights.town.slug
    for address in (f"/communes/{slug}/signaler/suivre/a%00/", "/suivi/abonnement/a%00/"):
        assert client.get(address).status_code == 404
    client.force_login(agent)
    for address in ("lignes/?numeros=a%00", "nouvelle/demandeurs/?q=ab%00"):
        assert client.get(f"/mairie/{slug}/requetes/{address}").status_code == 200
    program = by_token(citizen)
    assert problem(program.get("tickets/a%00"))["code"] == "not_found"
    assert program.get("tickets", town="a\0").status_code == 404
    asked = {"town": f"{slug}\0", "category": lights.pk, "description": "Éteint."}
    assert problem(program.post("tickets", asked))["status"] == 404
    assert client.get(url(ticket)).status_code == 200


def test_numbers_without_end_are_none(client: Client, agent: Person, town: Town) -> None:
    ticket = make_ticket(town)
    client.force_login(agent)
    desk = f"/mairie/{town.slug}/requetes/{ticket.number}"
    told = {"mode": "external", "body": "Vu.", "read": "9" * 5_000}
    assert client.post(f"{desk}/suivi/", told).status_code == 302
    split = {"category": "9" * 5_000, "description": "Et un banc."}
    assert client.post(f"{desk}/scinder/", split).status_code == 400
