"""Open311: what civic apps send becomes a ticket by the rules of every ticket, or is refused in the asked format."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hub.core import limits
from hub.core.clock import now
from hub.people.models import Person, Role
from hub.tickets.actions import programs
from hub.tickets.models import Answering, ApiKey, Category, DeskSettings, Question, Source, Status, Ticket
from hub.tickets.queries import desk_settings
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service
from tests.tickets.open311 import BASE, as_words, ask, read_json, read_xml, send
from tests.tickets.outbox import mails

pytestmark = pytest.mark.django_db

WHO = {"first_name": "Alice", "last_name": "Moreau", "email": "alice@citoyen.example"}


@pytest.fixture
def manager(town: Town) -> Person:
    return factories.make_person(town=town, roles=[Role.MANAGER])


@pytest.fixture
def secret(manager: Person, town: Town) -> str:
    """A key of the town, as the app has it."""
    return programs.issue_key(actor=manager, town=town, name="Ma ville")


@pytest.fixture
def lamp(town: Town) -> Category:
    return make_category(town, "Lampadaire", service=make_service(town))


@pytest.fixture
def sent(secret: str, lamp: Category) -> dict[str, str]:
    """All that an app must say, and who uses it."""
    return {"api_key": secret, "service_code": str(lamp.pk), "address_string": "12, rue du Four", **WHO}


def refused(client: Client, status: int = 400, /, **fields: str) -> str:
    """What a refused POST says, the same in both formats; nothing was made."""
    before = Ticket.objects.count()
    in_json, in_xml = send(client, "json", **fields), send(client, "xml", **fields)
    assert (in_json.status_code, in_xml.status_code) == (status, status), in_json.content
    (error,) = read_json(in_json)
    assert read_xml(in_xml) == ("errors", as_words([error]))
    assert error["code"] == status
    assert Ticket.objects.count() == before
    assert "Access-Control-Allow-Origin" not in in_json
    return str(error["description"]).replace("\u00a0", " ")


def made(client: Client, **fields: str) -> Ticket:
    answer = send(client, **fields)
    assert answer.status_code == 200, answer.content
    return Ticket.objects.get(number=read_json(answer)[0]["service_request_id"])


# What becomes of it.


def test_an_app_makes_a_ticket(client: Client, town: Town, sent: dict[str, str], lamp: Category) -> None:
    more = {
        "lat": "46.8139", "long": "-71.2080", "phone": "06 12 34 56 78",
        "description": "Éteint depuis lundi.\nTout noir.", "media_url": "https://photos.example/1.jpg?a=b",
        "device_id": "d1", "account_id": "a1",
    }  # fmt: skip
    answer = send(client, "json", **sent, **more)
    (told,) = read_json(answer)
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer) == (200, False), told
    ticket = Ticket.objects.get()
    assert told == {
        "service_request_id": ticket.number, "service_notice": told["service_notice"], "account_id": None,
    }  # fmt: skip
    assert told["service_notice"].startswith("Traitement prévu d’ici")
    assert (ticket.town, ticket.source, ticket.status, ticket.category) == (
        town, Source.API, Status.TRANSFERRED, lamp,
    )  # fmt: skip
    assert (ticket.first_name, ticket.last_name, ticket.email, ticket.phone) == (
        "Alice", "Moreau", "alice@citoyen.example", "+33612345678",
    )  # fmt: skip
    assert (ticket.lat, ticket.lon, ticket.address) == (46.8139, -71.208, "12, rue du Four")
    assert (ticket.public, ticket.anonymous, ticket.wants_follow_ups) == (True, False, True)
    assert ticket.title == "Éteint depuis lundi"
    words = ticket.description.replace("\u00a0", " ")
    assert words == "Éteint depuis lundi.\nTout noir.\n\nPhoto ou document : https://photos.example/1.jpg?a=b"
    assert [mail.address for mail in mails("receipt")] == ["alice@citoyen.example"]
    shown = ask(client, f"requests/{ticket.number}")[0]
    assert shown["service_code"] == sent["service_code"]
    assert "photos.example" not in str(shown)


def test_the_answer_in_xml_says_the_same(client: Client, sent: dict[str, str]) -> None:
    root, (told,) = read_xml(send(client, "xml", **sent))
    assert root == "service_requests"
    assert list(told) == ["service_request_id", "service_notice", "account_id"]
    assert told["service_request_id"] == Ticket.objects.get().number
    assert told["account_id"] is None


def test_what_the_specification_leaves_out_is_no_fault(client: Client, sent: dict[str, str], lamp: Category) -> None:
    empty = dict.fromkeys(("description", "media_url", "lat", "long", "phone", "attribute__1", "device_id"), "")
    ticket = made(client, **sent, **empty)
    assert (ticket.description, ticket.lat, ticket.answers) == ("Lampadaire", None, [])
    sent["address_string"] = ""
    ticket = made(client, **sent, lat="46.8", long="-71.2")
    assert (ticket.address, ticket.lat) == ("", 46.8)


def test_answers_to_the_questions_are_kept(client: Client, sent: dict[str, str], lamp: Category) -> None:
    model = Question.objects.create(
        category=lamp, text="Quel modèle ?", answering=Answering.CHOICE, choices=[{"fr": "Haut"}, {"fr": "Bas"}],
        required=True,
    )  # fmt: skip
    blinks = Question.objects.create(category=lamp, text="Clignote ?", answering=Answering.YES_NO)
    where = Question.objects.create(category=lamp, text="Repère ?")
    codes = [f"attribute__{question.pk}" for question in (model, blinks, where)]
    ticket = made(client, **sent, **dict(zip(codes, ("Bas", "non", "près du\nparc"), strict=True)))
    assert [one["answer"] for one in ticket.answers] == ["Bas", "non", "près du parc"]
    body = {**sent, f"attribute[{model.pk}][]": "Haut"}
    assert client.post(f"{BASE}/requests.json", body).status_code == 200
    assert "Répondez à « Quel modèle ? »" in refused(client, **sent).replace("\u202f", " ")
    assert "Choisissez une des réponses" in refused(client, **sent, **{codes[0]: "Moyen"})
    for unknown in ("987654", "x", "9" * 30):
        why = refused(client, **sent, **{codes[0]: "Bas", f"attribute__{unknown}": "oui"})
        assert "pas de cette catégorie" in why or "ne le demande pas" in why


def test_a_ticket_is_public_where_its_category_may_be(client: Client, sent: dict[str, str], lamp: Category) -> None:
    Category.objects.filter(pk=lamp.pk).update(public_allowed=False)
    ticket = made(client, **sent)
    assert not ticket.public
    assert ask(client, f"requests/{ticket.number}", 404)


def test_a_call_centre_reads_it_first_where_the_town_wants_so(client: Client, town: Town, sent: dict[str, str]) -> None:
    desk_settings(town)
    DeskSettings.objects.update(operator_first=True)
    ticket = made(client, **sent)
    assert ticket.status == Status.NOT_TRANSFERRED
    assert ask(client, f"requests/{ticket.number}", 404)


def test_who_gives_nothing_is_anonymous_where_the_town_takes_such(
    client: Client, town: Town, sent: dict[str, str]
) -> None:
    nobody = {**sent, **dict.fromkeys(WHO, " ")}
    assert "n’accepte pas les demandes anonymes : donnez un nom" in refused(client, **nobody)
    desk_settings(town)
    DeskSettings.objects.update(anonymous_allowed=True)
    ticket = made(client, **nobody)
    assert (ticket.anonymous, ticket.public, ticket.wants_follow_ups, ticket.email) == (True, True, False, "")
    assert mails("receipt") == []
    # Half of it is a slip, and no wish to remain unknown.
    assert "votre nom" in refused(client, **{**nobody, "email": "a@citoyen.example"})
    assert "un courriel ou un téléphone" in refused(client, **{**nobody, "first_name": "Alice"})
    assert "n’est pas un courriel" in refused(client, **{**sent, "email": "alice"})
    assert refused(client, **sent, phone="12")


def test_someone_signed_in_is_nobody_here(client: Client, sent: dict[str, str], citizen: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(citizen)
    ticket = made(strict, **sent)
    assert ticket.requester != citizen
    assert ticket.created_by != citizen


# What is refused.


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "open311_wrong"}, 403, "api_key"),
        ({"jurisdiction_id": "nulle-part"}, 404, "jurisdiction_id"),
        ({"service_code": ""}, 400, "service_code n’a pas été donné"),
        ({"service_code": "987654"}, 404, "service_code"),
        ({"service_code": "l'éclairage"}, 404, "service_code"),
        ({"address_string": ""}, 400, "Le lieu n’a pas été donné"),
        ({"address_string": " ", "address_id": "7"}, 400, "address_id n’est pas connu"),
        ({"lat": "46.8"}, 400, "lat et long ensemble"),
        ({"lat": "46.8", "long": "ouest"}, 400, "long : écrivez des degrés"),
        ({"lat": "91", "long": "0"}, 400, "nulle part"),
        ({"lat": "nan", "long": "inf"}, 400, "nulle part"),
        ({"description": "x" * 4001}, 400, "4000 caractères"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"address_string": "x" * 201}, 400, "200 caractères"),
    ],
)
def test_what_is_wrong_is_told(
    client: Client, sent: dict[str, str], changed: dict[str, str], status: int, said: str
) -> None:
    assert said in refused(client, status, **{**sent, **changed})


def test_with_several_towns_a_key_opens_its_own_alone(client: Client, town: Town, sent: dict[str, str]) -> None:
    other = factories.make_town("autre-ville")
    assert "jurisdiction_id n’a pas été donné" in refused(client, 400, **sent)
    theirs = {**sent, "service_code": str(make_category(other, "Lampadaire").pk)}
    assert "api_key" in refused(client, 403, **theirs, jurisdiction_id=other.slug)
    assert refused(client, 404, **theirs, jurisdiction_id=town.slug)
    assert made(client, **sent, jurisdiction_id=town.slug).town == town


def test_a_key_is_kept_as_a_digest_and_ends_when_it_is_taken_back(
    client: Client, sent: dict[str, str], manager: Person
) -> None:
    key = ApiKey.objects.get()
    assert sent["api_key"] not in str(ApiKey.objects.values_list())
    assert key.last_used_at is None
    made(client, **sent)
    key.refresh_from_db()
    assert key.last_used_at is not None
    used = key.last_used_at
    made(client, **sent)
    key.refresh_from_db()
    assert key.last_used_at == used  # once a minute
    ApiKey.objects.update(last_used_at=now() - timedelta(minutes=2))
    made(client, **sent)
    key.refresh_from_db()
    assert key.last_used_at > used - timedelta(minutes=1)
    programs.revoke_key(actor=manager, key=key)
    assert "api_key" in refused(client, 403, **sent)


def test_a_key_and_an_address_send_so_much_and_no_more(
    client: Client, sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN311_KEY", limits.Limit("few_by_key", 3, 600))
    monkeypatch.setattr(limits, "OPEN311_ADDRESS", limits.Limit("few_by_address", 2, 600))
    made(client, **sent)
    made(client, **sent)
    too_many = send(client, "xml", **sent)
    assert (too_many.status_code, int(too_many["Retry-After"]) > 0) == (429, True)
    assert read_xml(too_many)[1][0]["code"] == "429"
    elsewhere: dict[str, Any] = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.post(f"{BASE}/requests.json", sent, **elsewhere).status_code == 429  # the key's own limit
    assert Ticket.objects.count() == 2


def test_what_is_no_form_says_nothing(client: Client, town: Town) -> None:
    answer = client.post(f"{BASE}/requests.json", {"service_code": "1"}, content_type="application/json")
    assert (answer.status_code, read_json(answer)[0]["code"]) == (403, 403)
    many = client.post(f"{BASE}/requests.xml", {f"attribute[{number}]": "x" for number in range(1100)})
    assert (many.status_code, read_xml(many)[0]) == (400, "errors")


def test_due_dates_are_those_of_the_category(client: Client, sent: dict[str, str], lamp: Category) -> None:
    Category.objects.filter(pk=lamp.pk).update(delay_days=0)
    ticket = made(client, **sent)
    assert isinstance(ticket.due_on, date)
    assert ask(client, f"requests/{ticket.number}")[0]["expected_datetime"].startswith(ticket.due_on.isoformat())
