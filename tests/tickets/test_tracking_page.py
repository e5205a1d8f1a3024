"""The page of a ticket: who may come to it and how, what each sees, what its requester does there."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hub.conversations.models import Via, Visibility
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.tickets.actions import Changes, add_follow_up, change_ticket, group_under, note_words
from hub.tickets.drafts import Contact
from hub.tickets.models import Category, DeskSettings, Status, Ticket
from hub.towns.models import Town
from tests import factories
from tests.files import samples
from tests.tickets import making
from tests.tickets.tracked import FIRST, LAST, SECRETS, make, make_lights, prove, steps, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def lights(town: Town) -> Category:
    return make_lights(town)


@pytest.fixture
def agent(town: Town, lights: Category) -> Person:
    assert lights.service is not None
    return making.make_staff(town, lights.service, first_name="Gontran", last_name="Delavigne")


def shape(answer: HttpResponse, number: str) -> tuple[int, str]:
    """All that somebody could tell two answers apart by."""
    body = text(answer).replace(number, "N") + answer.get("Location", "").replace(number, "N")
    return answer.status_code, re.sub(r'[A-Z0-9]{4}-[A-Z0-9]{2}|name="csrfmiddlewaretoken" value="[^"]*"', "", body)


# Coming to it.


def test_a_receipts_link_opens_it_and_leaves_no_secret_in_the_address(client: Client, lights: Category) -> None:
    ticket = make(lights, public=False)
    answer = client.get(url(ticket), {"c": ticket.secret.lower(), "regle": "oui"})
    assert (answer.status_code, answer["Location"]) == (302, url(ticket, "?regle=oui"))
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    page = client.get(url(ticket))
    assert page.status_code == 200
    assert ticket.secret not in text(page)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert Client().get(url(ticket)).status_code == 404


def test_number_and_code_are_typed(client: Client, lights: Category) -> None:
    ticket = make(lights, public=False)
    typed = ticket.number.lower().replace("-000", " ")
    answer = client.post("/suivi/", {"number": typed, "code": f" {ticket.secret[:5]} {ticket.secret[5:]} "})
    assert answer["Location"] == url(ticket)
    assert "belle-mère" in text(client.get(url(ticket)))
    other = Client()
    assert other.post(url(ticket), {"code": ticket.secret})["Location"] == url(ticket)
    assert other.get(url(ticket)).status_code == 200
    assert other.get(f"/suivi/{ticket.number.lower()}/")["Location"] == url(ticket)
    assert other.get(f"/suivi/{ticket.number.lower()}/?c=x")["Location"] == url(ticket, "?c=x")


def test_a_number_alone_opens_what_is_public(client: Client, lights: Category) -> None:
    ticket = make(lights)
    assert client.post("/suivi/", {"number": ticket.number})["Location"] == url(ticket)
    assert client.get(url(ticket)).status_code == 200
    assert client.get(url(ticket))["X-Robots-Tag"] == "all"


def test_nobody_walks_through_numbers(lights: Category, agent: Person) -> None:
    """A private ticket, an internal one, one that isn't there: whatever is tried, the answers are the same."""
    private, internal = make(lights, public=False), making.make_ticket(lights.town, internal=True)
    tried: list[tuple[str, dict[str, str]]] = [
        ("", {}), ("", {"code": "AAAAAAAAAA"}), ("repondre/", {"body": "Bonjour"}), ("regle/", {"settled": "yes"}),
        ("coordonnees/", {}), ("suivre/", {"email": "a@b.example"}), ("ne-plus-suivre/", {}),
    ]  # fmt: skip
    for rest, data in tried:
        told = [
            shape(getattr(Client(), method)(f"/suivi/{number}/{rest}", data), number)
            for method in ("get", "post")
            for number in (private.number, internal.number, "SA26-99999")
        ]
        assert told[0] == told[1] == told[2], rest
        assert told[3] == told[4] == told[5], rest
        assert {status for status, _ in told} == {404}, rest
    for number in (private.number, internal.number, "SA26-99999", "n'importe quoi"):
        for code in ("", "AAAAAAAAAA"):
            answer = Client().post("/suivi/", {"number": number, "code": code})
            assert answer.status_code == 404
            assert "Aucune demande ne correspond" in text(answer)
    assert Client().get(url(private), {"c": "AAAAAAAAAA"})["Location"] == url(private)


def test_codes_are_not_guessed_at_will(lights: Category) -> None:
    ticket = make(lights, public=False)
    answers = [
        Client().post("/suivi/", {"number": ticket.number, "code": f"AAAAAAAA{n:02}"}).status_code for n in range(21)
    ]
    assert (answers[:20], answers[20]) == ([404] * 20, 429)
    assert Client().get(url(ticket), {"c": ticket.secret}).status_code == 429
    assert Client().post(url(ticket), {"code": ticket.secret}).status_code == 429
    public = Client().post("/suivi/", {"number": ticket.number})  # by a number alone, too
    assert public.status_code == 429
    assert re.search(r"Réessayez dans \d+ minutes", text(public))
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(url(ticket), {"c": ticket.secret}).status_code == 302


def test_a_secret_opens_that_ticket_alone(client: Client, lights: Category, citizen: Person) -> None:
    """Not another one of the same requester."""
    first, second = (make(lights, citizen, public=False, contact=None) for _ in range(2))
    prove(client, first)
    assert client.get(url(first)).status_code == 200
    assert client.get(url(second)).status_code == 404


# What each sees.


def test_a_public_page_says_nothing_of_who_asked(
    client: Client, town: Town, lights: Category, agent: Person, mayor: Person, citizen: Person
) -> None:
    ticket = make(lights)
    change_ticket(actor=agent, number=ticket.number, changes=Changes(service_id=lights.service_id))
    add_follow_up(
        actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="La nacelle passe jeudi.",
        files=[("plan.pdf", samples.PDF)],
    )  # fmt: skip
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.INTERNAL, body="Entre nous : à vérifier.")
    prove(client, ticket)
    client.post(url(ticket, "repondre/"), {"body": "Devant chez moi, toujours."})
    note_words(actor=agent, number=ticket.number, body="La belle-mère va mieux.", via=Via.PHONE)
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    client.post(url(ticket, "regle/"), {"settled": "no", "comment": "Devant chez moi il fait noir."})
    reader = Client()
    follower = factories.make_person("autre@citoyen.example", town=town)
    reader.force_login(follower)
    for visitor in (Client(), reader):
        for address in (url(ticket), url(ticket, "?fragment"), f"/communes/{town.slug}/demandes/"):
            page = text(visitor.get(address))
            assert [word for word in SECRETS if word in page] == [], address
            assert "Éclairage, 12, rue du Four" in page
        page = text(visitor.get(url(ticket)))
        for shown in ("La nacelle passe jeudi.", "plan.pdf", "Service technique", "Hélène Carpentier", "Publique"):
            assert shown in page
        for hidden in ("Entre nous", "Gontran", "Delavigne", "C’est réglé", "repondre"):
            assert hidden not in page
    mine = text(client.get(url(ticket)))
    for shown in (FIRST, LAST, "belle-mère", "Devant chez moi, toujours.", "trottoir", "La nacelle passe jeudi."):
        assert shown in mine
    assert "Entre nous" not in mine
    assert "Gontran" not in mine


def test_once_the_town_has_written_its_title_all_read_that_one(lights: Category, agent: Person) -> None:
    ticket = make(lights)
    assert "Devant chez moi" not in text(Client().get(url(ticket)))
    change_ticket(actor=agent, number=ticket.number, changes=Changes(title="Lampadaire éteint, rue du Four"))
    assert "<h1>Lampadaire éteint, rue du Four</h1>" in text(Client().get(url(ticket)))


def test_who_has_an_account_reads_their_own_and_the_bell_is_told(
    client: Client, lights: Category, citizen: Person, agent: Person
) -> None:
    ticket = make(lights, citizen, contact=None, public=False)
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Bonjour.")
    assert Notification.objects.filter(person=citizen, read_at=None).count() == 1
    stranger = Client()
    stranger.force_login(factories.make_person("autre@citoyen.example", town=lights.town))
    assert stranger.get(url(ticket)).status_code == 404
    client.force_login(citizen)
    page = text(client.get(url(ticket)))
    assert "La mairie vous répond" in page
    assert f'"topic": "{ticket.topic}"' in page
    assert not Notification.objects.filter(person=citizen, read_at=None).exists()


def test_who_shows_the_secret_is_told_live_as_its_requester_signed_in_as_somebody_else_or_not(
    client: Client, lights: Category
) -> None:
    ticket = make(lights, public=False)
    prove(client, ticket)
    page = text(client.get(url(ticket)))
    assert f'"person": {ticket.requester_id}' in page
    assert 'id="live"' in page
    client.force_login(factories.make_person("autre@citoyen.example", town=lights.town))
    page = text(client.get(url(ticket)))
    assert "belle-mère" in page
    assert f'"topic": "{ticket.topic}"' in page
    assert f'"person": {ticket.requester_id}' in page
    assert "topic" not in text(Client().get(url(make(lights)))).split('id="live"')[0].split('id="ticket"')[0]


@pytest.mark.parametrize("role", [Role.MAYOR, Role.AGENT, Role.OPERATOR])
def test_staff_read_what_all_read_and_the_rest_at_the_desk(lights: Category, role: Role) -> None:
    client = Client()
    client.force_login(factories.make_person("equipe@saint-test.example", town=lights.town, roles=[role]))
    public, private = make(lights), make(lights, public=False)
    page = text(client.get(url(public)))
    desk = f"/mairie/{lights.town.slug}/requetes/{public.number}/"
    assert f'href="{desk}"' in page
    assert [word for word in SECRETS if word in page] == []
    answer = client.get(url(private))
    assert (answer.status_code, answer["Location"]) == (302, desk.replace(public.number, private.number))
    assert client.post(url(private, "repondre/"), {"body": "Bonjour"}).status_code == 404


def test_files_go_to_whom_they_are_for(client: Client, lights: Category, agent: Person) -> None:
    ticket = make(lights)
    add_follow_up(
        actor=agent,
        number=ticket.number,
        visibility=Visibility.EXTERNAL,
        body="Voici.",
        files=[("plan.pdf", samples.PDF)],
    )
    add_follow_up(
        actor=agent,
        number=ticket.number,
        visibility=Visibility.INTERNAL,
        body="Non.",
        files=[("devis.pdf", samples.PDF)],
    )
    ids = {one.file.name: one.file_id for one in ticket.files.select_related("file")}
    prove(client, ticket)
    got = {
        who: {name for name, pk in ids.items() if visitor.get(url(ticket, f"fichiers/{pk}")).status_code == 200}
        for who, visitor in {"requester": client, "stranger": Client()}.items()
    }
    assert got == {"requester": {"trottoir.jpg", "plan.pdf"}, "stranger": {"plan.pdf"}}
    photo = client.get(url(ticket, f"fichiers/{ids['trottoir.jpg']}?apercu"))
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert client.get(url(ticket, f"fichiers/{ids['plan.pdf']}?apercu")).status_code == 404
    other = make(lights)
    assert client.get(url(other, f"fichiers/{ids['trottoir.jpg']}")).status_code == 404


# What happened.


def test_the_steps_from_receipt_to_end(client: Client, town: Town, lights: Category, agent: Person) -> None:
    ticket = make(lights, public=False)
    prove(client, ticket)
    page = client.get(url(ticket))
    assert steps(page) == [
        "Demande reçue",
        "Confiée au service technique",
        "Dans la file du service",
        "Traitement terminé",
    ]
    assert "Traitement prévu" in text(page)
    assert "Vous n’avez rien à faire." in text(page)
    roads = making.make_service(town, "Voirie")
    mayor = factories.make_mayor(town)
    change_ticket(actor=mayor, number=ticket.number, changes=Changes(service_id=roads.pk))
    add_follow_up(actor=mayor, number=ticket.number, visibility=Visibility.EXTERNAL, body="Ampoule commandée.")
    client.post(url(ticket, "repondre/"), {"body": "Merci !"})
    page = client.get(url(ticket))
    assert steps(page) == [
        "Demande reçue", "Confiée au service technique", "Confiée au service « Voirie »",
        "La mairie vous répond", "Vous avez écrit", "En traitement", "Traitement terminé",
    ]  # fmt: skip
    assert "Voirie, aussi par courriel" in re.sub(r"\s+", " ", text(page))
    Ticket.objects.filter(pk=ticket.pk).update(due_on=timezone.now().date() - timedelta(days=3))
    assert "il a du retard" in text(client.get(url(ticket)))
    change_ticket(actor=mayor, number=ticket.number, changes=Changes(status="closed_refused", reason="Route d’État."))
    page = client.get(url(ticket))
    assert "Traitement commencé" in steps(page)
    assert steps(page)[-1] == "Demande refusée"
    assert "Route d’État." in text(page)
    change_ticket(actor=mayor, number=ticket.number, changes=Changes(status="in_progress"))
    assert steps(client.get(url(ticket)))[-3:] == ["Demande rouverte", "En traitement", "Traitement terminé"]


def test_with_the_call_centre_it_says_so(client: Client, lights: Category) -> None:
    DeskSettings.objects.update_or_create(town=lights.town, defaults={"code": "SA", "operator_first": True})
    ticket = make(lights, public=False)
    prove(client, ticket)
    assert "Au centre d’appels, qui la transmet à la mairie" in steps(client.get(url(ticket)))
    assert ticket.status == Status.NOT_TRANSFERRED


def test_a_duplicate_names_the_other_and_no_one(client: Client, lights: Category, agent: Person) -> None:
    """A link to the other one is for whom it is open."""
    private = make(lights, public=False)
    shared = make(lights, description="Autre chose.", contact=Contact("Léon", "Autrefois", "leon@x.example"))
    for other, linked in ((private, False), (shared, True)):
        twice = make(lights, public=False)
        group_under(actor=agent, number=twice.number, parent=other.number, merged=True)
        visitor = Client()
        prove(visitor, twice)
        page = visitor.get(url(twice))
        assert f"Réunie avec la demande {other.number}, qui parle de la même chose" in steps(page)
        assert (f'href="{url(other)}"' in text(page)) == linked
        assert "Autrefois" not in text(page)
        assert visitor.post(url(twice, "repondre/"), {"body": "Chez moi aussi"}).status_code == 302
        assert "Chez moi aussi" in text(visitor.get(url(twice)))
        Ticket.objects.filter(pk=other.pk).update(status=Status.CLOSED_DONE, closed_at=timezone.now())
        assert "data-answer" not in text(visitor.get(url(twice)))
        assert visitor.post(url(twice, "repondre/"), {"body": "Bonjour"}).status_code == 403
        assert visitor.get(url(twice, "coordonnees/")).status_code == 404
