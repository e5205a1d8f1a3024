"""What a requester does on the page of their ticket: answer, say whether it is settled, mend what they gave."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hub.people.models import Person
from hub.tickets.actions import Changes, change_ticket
from hub.tickets.models import Category, DeskSettings, Status, Ticket
from hub.towns.models import Town
from tests.files import samples
from tests.tickets import making
from tests.tickets.tracked import EMAIL, FIRST, LAST, PHONE, make, make_lights, prove, steps, text, url

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def lights(town: Town) -> Category:
    return make_lights(town)


@pytest.fixture
def agent(town: Town, lights: Category) -> Person:
    assert lights.service is not None
    return making.make_staff(town, lights.service, first_name="Gontran", last_name="Delavigne")


def test_answers_come_once_with_their_files(client: Client, lights: Category, agent: Person) -> None:
    ticket = make(lights, public=False)
    prove(client, ticket)
    said = {"body": "Il clignote.", "key": "k1"}
    for _ in range(2):
        photo = SimpleUploadedFile("ici.jpg", samples.picture())
        answer = client.post(
            url(ticket, "repondre/"), {**said, "files": [photo]}, headers={"accept": "application/json"}
        )
        assert (answer.status_code, list(answer.json())) == (200, ["key"])
    ticket.refresh_from_db()
    assert (ticket.external_count, ticket.requester_photos) == (1, 2)
    assert ticket.answered_at is not None
    wrong = {"body": "x", "files": [SimpleUploadedFile("mal.exe", b"MZ")]}
    refused = client.post(url(ticket, "repondre/"), wrong, headers={"accept": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["code"] == "file_type"
    page = client.post(url(ticket, "repondre/"), {"body": "", "key": "k2"})
    assert page.status_code == 400
    assert 'role="alert"' in text(page)
    assert client.post(url(ticket, "repondre/"), {"body": "Sans script."})["Location"] == url(ticket)
    assert client.get(url(ticket, "repondre/"))["Location"] == url(ticket)


def test_is_it_settled_for_some_days(client: Client, lights: Category, agent: Person) -> None:
    ticket = make(lights, public=False)
    prove(client, ticket)
    assert "C’est réglé" not in text(client.get(url(ticket)))
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    assert 'value="no" required checked' in text(client.get(url(ticket), {"regle": "non"}))
    assert 'id="regle"' in text(client.get(url(ticket, "?fragment")))
    assert client.get(url(ticket, "regle/"))["Location"] == url(ticket, "#regle")
    assert client.post(url(ticket, "regle/"), {}).status_code == 400
    assert client.post(url(ticket, "regle/"), {"settled": "yes", "comment": "x" * 1001}).status_code == 400
    client.post(url(ticket, "regle/"), {"settled": "yes", "comment": "Merci."})
    ticket.refresh_from_db()
    assert (ticket.settled, ticket.settled_comment, ticket.status) == (True, "Merci.", Status.CLOSED_DONE)
    client.post(url(ticket, "regle/"), {"settled": "reopen", "comment": "Il est retombé en panne."})
    ticket.refresh_from_db()
    assert (ticket.settled, ticket.status) == (False, Status.IN_PROGRESS)
    page = client.get(url(ticket))
    assert "Vous avez rouvert la demande" in steps(page)
    assert text(page).count("Il est retombé en panne.") == 1
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    Ticket.objects.update(closed_at=timezone.now() - timedelta(days=15))
    assert 'id="regle"' not in text(client.get(url(ticket)))
    assert client.post(url(ticket, "regle/"), {"settled": "no"}).status_code == 403


def test_the_requester_mends_what_they_gave(client: Client, lights: Category) -> None:
    ticket = make(lights)
    prove(client, ticket)
    page = text(client.get(url(ticket, "coordonnees/")))
    assert f'value="{EMAIL}"' in page
    given = {"first_name": FIRST, "last_name": LAST, "email": EMAIL, "phone": PHONE, "wants_follow_ups": "on"}
    place = {"address": "14, rue du Four", "lat": "48.1", "lon": "2.2"}
    assert client.post(url(ticket, "coordonnees/"), {**given, **place, "phone2": "0199000178"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.address, ticket.lat, ticket.phone2) == ("14, rue du Four", None, "+33199000178")
    for wrong in ({"email": ""}, {"email": "nulle part"}, {"phone": "12"}, {"lat": "95", "lon": "2"}, {"lat": "x"}):
        refused = client.post(url(ticket, "coordonnees/"), {**given, **place, **wrong})
        assert refused.status_code == 400, wrong
        assert "error" in text(refused)
    assert Client().post(url(ticket, "coordonnees/"), {**given, **place}).status_code == 404
    client.post(url(ticket, "ne-plus-suivre/"))
    ticket.refresh_from_db()
    assert not ticket.wants_follow_ups
    client.post(url(ticket, "suivre/"))
    ticket.refresh_from_db()
    assert ticket.wants_follow_ups


def test_an_anonymous_one_is_read_and_not_answered(client: Client, lights: Category, agent: Person) -> None:
    DeskSettings.objects.update_or_create(town=lights.town, defaults={"code": "SA", "anonymous_allowed": True})
    ticket = make(lights, anonymous=True, wants_follow_ups=False, public=False)
    prove(client, ticket)
    page = text(client.get(url(ticket)))
    assert "Anonyme" in page
    assert "data-answer" not in page
    assert client.post(url(ticket, "repondre/"), {"body": "Bonjour"}).status_code == 403
    assert client.get(url(ticket, "coordonnees/")).status_code == 404
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    client.post(url(ticket, "regle/"), {"settled": "yes"})
    ticket.refresh_from_db()
    assert ticket.settled
