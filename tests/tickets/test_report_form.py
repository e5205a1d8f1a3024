"""The form: with or without an account, all at once and without a script; what is refused, and what is kept then."""

from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from hub.people.models import Person, Role
from hub.tickets.models import Category, DeskSettings, Question, Status, Ticket, TicketKind
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category
from tests.tickets.reporting import filled, form_url, make_lamps, photo, send

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def lamps(town: Town) -> tuple[Category, Question]:
    return make_lamps(town)


def words(answer: Any) -> str:
    return unescape(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def only_ticket() -> Ticket:
    ticket = Ticket.objects.select_related("conversation").get()
    assert ticket.source == "web"
    return ticket


# Sending.


def test_a_stranger_sends_one_and_is_shown_number_code_service_and_day(
    client: Client, town: Town, mayor: Person, lamps: tuple[Category, Question]
) -> None:
    category, question = lamps
    said = filled(question, kind="complaint", public="on", lat="48,8566", lon="2.3522", photos=[photo()])
    answer = send(client, category, said)
    ticket = only_ticket()
    assert answer["Location"] == reverse("report_done", args=[town.slug, ticket.number])
    assert (ticket.kind, ticket.public, ticket.lat, ticket.lon) == (TicketKind.COMPLAINT, True, 48.8566, 2.3522)
    assert (ticket.requester_name, ticket.email, ticket.wants_follow_ups) == ("Ève Roy", "eve@citoyen.example", True)
    assert [one["answer"] for one in ticket.answers] == ["Éteint"]
    assert (ticket.requester_photos, ticket.requester.email) == (1, "")
    html = words(client.get(answer["Location"]))
    for told in (ticket.number, ticket.secret, "Travaux publics", mayor.name, "eve@citoyen.example", "au plus tard le"):
        assert told in html, told
    assert client.get(f"/suivi/{ticket.number}/").status_code == 200  # this browser has shown the secret


def test_what_was_sent_is_shown_to_nobody_else(
    client: Client, town: Town, citizen: Person, lamps: tuple[Category, Question]
) -> None:
    url = send(client, lamps[0], filled(lamps[1]))["Location"]
    stranger = Client()
    assert stranger.get(url).status_code == 404
    stranger.force_login(citizen)
    assert stranger.get(url).status_code == 404
    missing = url.replace(only_ticket().number, "SA26-09999")
    assert client.get(missing).status_code == 404


def test_with_an_account_the_contact_is_there_already(
    client: Client, citizen: Person, lamps: tuple[Category, Question]
) -> None:
    client.force_login(citizen)
    html = client.get(form_url(lamps[0])).content.decode()
    assert f'value="{citizen.email}"' in html
    said = filled(lamps[1], first_name="", last_name="", email="", phone="")
    send(client, lamps[0], said)
    ticket = only_ticket()
    assert (ticket.requester, ticket.email, ticket.requester_name) == (citizen, citizen.email, citizen.name)


def test_sent_again_under_the_same_key_it_is_one_ticket(
    client: Client, settings: Settings, lamps: tuple[Category, Question]
) -> None:
    category, question = lamps
    said = filled(question)
    first = send(client, category, said, **JSON)
    for _ in range(12):  # more often than a stranger may send
        assert send(client, category, said, **JSON).json() == first.json()
    assert Ticket.objects.count() == 1
    other = send(client, category, {**said, "description": "Autre chose."}, **JSON)
    assert (other.status_code, list(other.json()["errors"])) == (400, [""])


def test_a_phone_alone_is_enough_without_follow_ups(client: Client, lamps: tuple[Category, Question]) -> None:
    said = filled(lamps[1], email="", phone="06 12 34 56 78", wants_follow_ups=None)
    answer = send(client, lamps[0], said)
    ticket = only_ticket()
    assert (ticket.phone, ticket.email, ticket.wants_follow_ups) == ("+33612345678", "", False)
    assert "Gardez le numéro et le code" in words(client.get(answer["Location"]))  # no SMS leaves here


def test_with_the_call_centre_first_it_is_not_transferred_yet(
    client: Client, town: Town, lamps: tuple[Category, Question]
) -> None:
    DeskSettings.objects.create(town=town, code="ST", operator_first=True)
    answer = send(client, lamps[0], filled(lamps[1]))
    assert only_ticket().status == Status.NOT_TRANSFERRED
    assert "centre d’appels" in words(client.get(answer["Location"]))


# Public, anonymous.


def test_public_is_offered_only_where_the_category_allows_it(client: Client, town: Town) -> None:
    private = make_category(town, "Bruit", public_allowed=False)
    assert 'name="public"' not in client.get(form_url(private)).content.decode()
    send(client, private, filled(public="on"))
    assert only_ticket().public is False


def test_anonymous_is_greyed_with_the_reason_where_the_town_does_not_allow_it(
    client: Client, town: Town, lamps: tuple[Category, Question]
) -> None:
    html = words(client.get(form_url(lamps[0])))
    assert "n’accepte pas les demandes anonymes" in html
    box = html[html.index('name="anonymous"') :]
    assert "disabled" in box[: box.index(">")]
    send(client, lamps[0], filled(lamps[1], anonymous="on"))
    assert only_ticket().anonymous is False  # the box says nothing while it is greyed


def test_anonymous_keeps_nothing_of_who_sent_it(
    client: Client, town: Town, citizen: Person, lamps: tuple[Category, Question]
) -> None:
    DeskSettings.objects.create(town=town, code="ST", anonymous_allowed=True)
    client.force_login(citizen)
    answer = send(client, lamps[0], filled(lamps[1], anonymous="on", photos=[photo()]))
    ticket = only_ticket()
    assert (ticket.requester_name, ticket.email, ticket.phone, ticket.wants_follow_ups) == ("", "", "", False)
    owners = {one.file.owner_id for one in ticket.files.select_related("file")}
    assert citizen.pk not in {ticket.requester_id, ticket.created_by_id, *owners}
    assert "La mairie ne sait pas qui vous êtes" in words(client.get(answer["Location"]))


# Photos and files.


def test_photos_lose_where_they_were_taken(client: Client, lamps: tuple[Category, Question]) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 0.0)
    exif[0x010F] = "Camera"
    send(client, lamps[0], filled(lamps[1], photos=[photo(exif=exif.tobytes())]))
    kept = only_ticket().files.get().file
    with kept.content.open("rb") as file:
        assert not Image.open(BytesIO(file.read())).getexif()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("plan.pdf", b"%PDF-1.7\n", "« plan.pdf »"),  # S84
        ("courriel.msg", b"\xd0\xcf\x11\xe0", "« courriel.msg »"),
        ("virus.exe", b"MZ", "« virus.exe »"),
        ("vide.txt", b"", "vide"),
        ("photo.jpg", b"not a picture", "image"),
        ("gros.txt", b"x" * (10 * 1024 * 1024 + 1), "10 Mo"),
    ],
)
def test_files_that_may_not_come_are_named(
    client: Client, lamps: tuple[Category, Question], name: str, content: bytes, told: str
) -> None:
    answer = send(client, lamps[0], filled(lamps[1], documents=[SimpleUploadedFile(name, content)]))
    assert answer.status_code == 400
    html = words(answer)
    assert told in html
    assert "Le lampadaire est éteint" in html  # what was typed is still there
    assert "choisir de nouveau" in html  # a browser forgets chosen files
    assert not Ticket.objects.exists()


def test_ten_files_and_no_more(client: Client, lamps: tuple[Category, Question]) -> None:
    def notes(count: int) -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(f"note-{number}.txt", b"Bonjour") for number in range(count)]

    answer = send(client, lamps[0], filled(lamps[1], documents=notes(10), photos=[photo()]))
    assert "dix fichiers au plus" in words(answer)
    answer = send(client, lamps[0], filled(lamps[1], documents=notes(9), photos=[photo()]))
    assert answer.status_code == 302
    assert only_ticket().files.count() == 10


# What is refused.


@pytest.mark.parametrize(
    ("said", "field", "told"),
    [
        ({"description": " "}, "description", "Décrivez"),
        ({"address": ""}, "place", "Dites où c’est"),
        ({"lat": "48"}, "place", "pas complet"),
        ({"lat": "quarante", "lon": "2"}, "place", "en degrés"),
        ({"lat": "95", "lon": "2"}, "place", "nulle part"),
        ({"first_name": "", "last_name": ""}, "last_name", "Donnez votre nom"),
        ({"email": "", "phone": ""}, "email", "courriel ou un téléphone"),
        ({"email": "", "phone": "0612345678"}, "email", "pour recevoir les suivis"),  # S86
        ({"email": "nulle part"}, "email", "n’est pas un courriel"),
        ({"phone": "12"}, "phone", "n’est pas un numéro"),
        ({"kind": "wish"}, "kind", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: Client, lamps: tuple[Category, Question], said: dict[str, str], field: str, told: str
) -> None:
    category, question = lamps
    answer = send(client, category, filled(question, **said), **JSON)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert list(errors) == [field]
    assert told in errors[field][0].replace("\u202f", " ")
    assert not Ticket.objects.exists()


def test_several_faults_are_said_at_once_and_nothing_is_lost(client: Client, lamps: tuple[Category, Question]) -> None:
    said = filled(description="", address="", email="x", first_name="Ève-Marie", lat="48.5", lon="2.25")
    html = words(send(client, lamps[0], said))
    for told in ("Décrivez ce qui se passe", "Répondez à cette question", "n’est pas un courriel"):
        assert told in html
    for kept in ('value="Ève-Marie"', 'value="48.5"', f'value="{said["key"]}"'):
        assert kept in html


def test_somewhere_is_nowhere_when_one_says_so(client: Client, lamps: tuple[Category, Question]) -> None:
    assert send(client, lamps[0], filled(lamps[1], address="", no_place="on")).status_code == 302
    assert (only_ticket().address, only_ticket().lat) == ("", None)


def test_programs_that_fill_in_everything_are_refused(client: Client, lamps: tuple[Category, Question]) -> None:
    answer = send(client, lamps[0], filled(lamps[1], website="https://spam.example"))
    assert answer.status_code == 400
    assert "champ invisible" in words(answer)
    assert "spam.example" not in words(answer)  # it is emptied: a person whose browser filled it in sends again
    assert not Ticket.objects.exists()


def test_strangers_of_one_address_send_ten_an_hour_and_people_with_an_account_their_own(
    client: Client, citizen: Person, lamps: tuple[Category, Question]
) -> None:
    category, question = lamps
    for number in range(10):
        assert send(client, category, filled(question, description=f"Panne {number}")).status_code == 302
    answer = send(client, category, filled(question, description="Encore une panne"))
    assert answer.status_code == 429
    html = words(answer)
    assert "Rien n’est perdu" in html
    assert "Encore une panne" in html
    elsewhere = send(client, category, filled(question), REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 302
    client.force_login(citizen)
    assert send(client, category, filled(question)).status_code == 302


def test_the_form_is_the_sites_own(lamps: tuple[Category, Question]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, lamps[0], filled(lamps[1])).status_code == 403


@pytest.mark.parametrize("what", ["branch", "closed", "internal", "foreign"])
def test_a_category_that_can_not_be_chosen_is_not_there(client: Client, town: Town, what: str) -> None:
    made = {
        "branch": lambda: make_category(town, "Haut"),
        "closed": lambda: make_category(town, "Fermé", active=False),
        "internal": lambda: make_category(town, "Interne", for_citizens=False),
        "foreign": lambda: make_category(factories.make_town(), "Ailleurs"),
    }[what]()
    if what == "branch":
        make_category(town, "Bas", parent=made)
    url = reverse("report_form", args=[town.slug, made.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, filled()).status_code == 404
    assert client.get(f"{url}proches/", {"lat": "48", "lon": "2"}).status_code == 404
    assert not Ticket.objects.exists()


def test_staff_report_as_anybody_and_stay_the_requester(
    client: Client, town: Town, lamps: tuple[Category, Question]
) -> None:
    agent = factories.make_person("agente@saint-test.example", town=town, roles=[Role.AGENT])
    client.force_login(agent)
    answer = send(client, lamps[0], filled(lamps[1], email=agent.email))
    assert only_ticket().requester == agent
    assert client.get(answer["Location"]).status_code == 200
