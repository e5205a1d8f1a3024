"""Following a public ticket, with an account or by an address, and leaving it."""

import re

import pytest
from django.test import Client

from hub.deliveries.models import Delivery
from hub.people.models import Person
from hub.tickets.models import Follower, Ticket
from hub.towns.models import Town
from tests.tickets import making

pytestmark = pytest.mark.django_db

ADDRESS = "voisine@courriel.example"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return making.make_ticket(town, public=True)


def count(ticket: Ticket) -> int:
    ticket.refresh_from_db()
    return ticket.follower_count


def test_by_account_at_once(client: Client, ticket: Ticket, citizen: Person) -> None:
    client.force_login(citizen)
    page = f"/suivi/{ticket.number}/"
    assert "Suivre cette demande" in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(f"{page}suivre/")["Location"] == page
    assert count(ticket) == 1
    shown = client.get(page).content.decode()
    assert "Ne plus suivre" in shown
    assert "1 personne suit cette demande" in shown
    assert ticket.number in client.get("/mes-demandes/?etat=suivies").content.decode()
    client.post(f"{page}ne-plus-suivre/")
    assert count(ticket) == 0


def test_by_an_address_once_it_is_confirmed(client: Client, ticket: Ticket) -> None:
    page = f"/suivi/{ticket.number}/"
    assert client.post(f"{page}suivre/", {"email": ADDRESS.upper()})["Location"] == page
    follower = Follower.objects.get()
    assert (follower.email, follower.confirmed_at, count(ticket)) == (ADDRESS, None, 0)
    link = f"/suivi/abonnement/{follower.secret}/"
    assert link in Delivery.objects.get(address=ADDRESS).text
    shown = Client().get(link)
    assert "Voulez-vous suivre" in shown.content.decode()
    assert (shown["Cache-Control"], shown["X-Robots-Tag"]) == ("no-store", "noindex")
    assert count(ticket) == 0  # a mail program that looks at links confirms nothing
    for _ in range(2):
        assert "Vous suivez cette demande" in Client().post(link, {"act": "confirm"}).content.decode()
    assert count(ticket) == 1
    assert "Ne plus suivre" in Client().get(link).content.decode()
    assert "Vous ne suivez plus" in Client().post(link, {"act": "leave"}).content.decode()
    assert (count(ticket), Follower.objects.count()) == (0, 0)
    assert Client().get(link).status_code == Client().post(link, {"act": "confirm"}).status_code == 404


def test_one_click_of_a_mail_program_leaves(ticket: Ticket) -> None:
    Client().post(f"/suivi/{ticket.number}/suivre/", {"email": ADDRESS})
    follower = Follower.objects.get()
    link = f"/suivi/abonnement/{follower.secret}/"
    assert Client().get(link).status_code == Client().head(link).status_code == 200
    assert Follower.objects.exists()
    for _ in range(2):  # who got no answer presses again
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Vous ne suivez plus" in answer.content.decode()
    assert not Follower.objects.exists()


def test_an_address_that_is_none_and_one_that_follows_already(client: Client, ticket: Ticket) -> None:
    answer = client.post(f"/suivi/{ticket.number}/suivre/", {"email": "nulle part"})
    assert answer.status_code == 400
    assert "n’est pas un courriel" in answer.content.decode()
    assert 'value="nulle part"' in answer.content.decode()
    said = set()
    for _ in range(2):  # whether the address follows already is nobody's to learn
        shown = client.post(f"/suivi/{ticket.number}/suivre/", {"email": ADDRESS}, follow=True).content.decode()
        said.add(re.sub(r"\s+", " ", shown.split('role="status">')[1].split("</div>")[0]))
        Follower.objects.get().ticket.followers.update(confirmed_at=ticket.created_at)
    assert len(said) == 1
    assert Delivery.objects.filter(address=ADDRESS).count() == 1


def test_nobodys_letter_box_is_filled_from_here(ticket: Ticket) -> None:
    def ask(address: str, host: str) -> int:
        visitor = Client(REMOTE_ADDR=host)
        return visitor.post(f"/suivi/{ticket.number}/suivre/", {"email": address}).status_code

    assert [ask(f"a{n}@x.example", "198.51.100.1") for n in range(11)][9:] == [302, 429]
    assert [ask(ADDRESS, f"203.0.113.{n}") for n in range(11)][9:] == [302, 429]
    assert Delivery.objects.filter(address=ADDRESS).count() == 10


def test_what_is_private_is_not_followed_and_what_became_so_not_read(
    client: Client, ticket: Ticket, town: Town
) -> None:
    private = making.make_ticket(town)
    assert client.post(f"/suivi/{private.number}/suivre/", {"email": ADDRESS}).status_code == 404
    client.post(f"/suivi/{ticket.number}/suivre/", {"email": ADDRESS})
    Ticket.objects.filter(pk=ticket.pk).update(public=False)
    link = f"/suivi/abonnement/{Follower.objects.get().secret}/"
    page = client.get(link).content.decode()
    assert "n’est plus publique" in page
    assert ticket.address not in page
    assert client.post(link, {"act": "confirm"}).status_code == 404
    assert "Vous ne suivez plus" in client.post(link, {"act": "leave"}).content.decode()
