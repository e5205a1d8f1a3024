"""Tickets by the API, as docs/contract promise them to other programs."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from hub.people.models import Person
from hub.tickets.models import Category, DeskSettings, Ticket
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_token, problem
from tests.tickets.making import make_category, make_service

pytestmark = pytest.mark.django_db

Call = Callable[[Person], Caller]


@pytest.fixture
def lamps(town: Town) -> Category:
    return make_category(town, service=make_service(town))


@pytest.fixture
def agent(town: Town) -> Person:
    return factories.make_agent(town, "agente@saint-test.example", first_name="Maude", last_name="Lavoie")


def asked(town: Town, category: Category, **fields: Any) -> dict[str, Any]:
    return {
        "town": town.slug, "kind": "request", "category": category.pk, "description": "Lampadaire éteint.",
    } | fields  # fmt: skip


def test_from_asking_to_the_answer(call: Call, citizen: Person, agent: Person, town: Town, lamps: Category) -> None:
    category = call(citizen).get(f"towns/{town.slug}/categories").json()[0]
    assert (category["id"], category["name"], category["public_allowed"]) == (lamps.pk, "Éclairage", True)
    made = call(citizen).post("tickets", asked(town, lamps, public=True, wants_follow_ups=True, key="k1"))
    assert made.status_code == 201
    ticket = made.json()
    assert (ticket["status"], ticket["priority"]) == ("transferred", "important")
    assert ticket["topic"] == f"ticket.{ticket['number']}"
    assert ticket["contact"]["email"] == citizen.email
    assert call(citizen).post("tickets", asked(town, lamps, public=True, key="k1")).json()["number"] == ticket["number"]
    path = f"tickets/{ticket['number']}"
    said = call(agent).post(f"{path}/follow-ups", {"visibility": "external", "body": "Demain."})
    assert (said.status_code, said.json()["via"]) == (201, "desk")
    call(agent).post(f"{path}/follow-ups", {"visibility": "internal", "body": "Ampoule commandée."})
    call(citizen).post(f"{path}/follow-ups", {"visibility": "external", "body": "Merci !"})
    assert [one["body"] for one in call(agent).get(f"{path}/follow-ups").json()] == [
        "Demain.", "Ampoule commandée.", "Merci !",
    ]  # fmt: skip
    read = call(citizen).get(f"{path}/follow-ups").json()
    assert [(one["body"], one["via"], one["author"]["side"]) for one in read] == [
        ("Demain.", "desk", "town"), ("Merci !", "web", "requester"),
    ]  # fmt: skip
    assert read[0]["author"]["name"] == "Travaux publics"
    assert call(citizen).get(path).json()["status"] == "in_progress"
    closed = call(agent).patch(path, {"status": "closed_done"})
    assert (closed.status_code, closed.json()["status"]) == (200, "closed_done")
    assert [one["number"] for one in call(agent).get("tickets", status="closed_done").json()] == [ticket["number"]]
    assert call(agent).get("tickets", status="transferred").json() == []


def test_what_others_see_of_a_public_one(citizen: Person, agent: Person, town: Town, lamps: Category) -> None:
    other = factories.make_person("bruno@citoyen.example", town=town)
    public, private = (
        by_token(citizen).post("tickets", asked(town, lamps, public=public)).json()["number"]
        for public in (True, False)
    )
    by_token(citizen).post(f"tickets/{public}/follow-ups", {"body": "C’est moi, Alice Moreau."})
    seen = by_token(other).get(f"tickets/{public}")
    assert (seen.status_code, seen.json()["contact"], seen.json()["answers"]) == (200, None, None)
    assert by_token(other).get(f"tickets/{public}/follow-ups").json() == []
    assert "Moreau" not in seen.content.decode()
    # Their words are theirs too (S100): what it is called on all public pages stands for them.
    assert "Lampadaire" not in seen.content.decode()
    assert (seen.json()["title"], seen.json()["description"]) == ("Éclairage", "")
    by_token(agent).patch(f"tickets/{public}", {"title": "Lampadaire du quai"})
    assert by_token(other).get(f"tickets/{public}").json()["title"] == "Lampadaire du quai"
    assert by_token(other).get(f"tickets/{private}").status_code == 404
    assert problem(by_token(other).post(f"tickets/{public}/follow-ups", {"body": "Moi aussi."}))["status"] == 403
    assert problem(by_token(other).patch(f"tickets/{public}", {"priority": "urgent"}))["status"] == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": " "}, "description"),
        ({"category": 987_654}, "category"),
        ({"anonymous": True}, "anonymous"),
        ({"contact": {"email": "nulle part"}}, "email"),
        ({"place": {"lat": 48.0}}, "place"),
        ({"place": {"lat": 98.0, "lon": 2.0}}, "place"),
        ({"answers": {"x": "oui"}}, "answers"),
        ({"kind": "wish"}, "kind"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_names_its_field(
    citizen: Person, town: Town, lamps: Category, fields: dict[str, Any], field: str
) -> None:
    refused = problem(by_token(citizen).post("tickets", asked(town, lamps) | fields))
    assert (refused["status"], refused["field"]) == (400, field)
    assert not Ticket.objects.exists()


def test_follow_ups_need_an_address(town: Town, lamps: Category, agent: Person) -> None:
    contact = {"first_name": "Ève", "last_name": "Roy", "phone": "01 99 00 01 10"}
    refused = by_token(agent).post(
        "tickets", asked(town, lamps, contact=contact, wants_follow_ups=True, source="phone")
    )
    assert problem(refused)["field"] == "email"
    made = by_token(agent).post("tickets", asked(town, lamps, contact=contact, source="phone")).json()
    assert (made["source"], made["contact"]["phone"]) == ("phone", "+33199000110")


def test_staff_change_and_citizens_do_not(citizen: Person, agent: Person, town: Town, lamps: Category) -> None:
    path = "tickets/" + by_token(citizen).post("tickets", asked(town, lamps)).json()["number"]
    changed = by_token(agent).patch(path, {"priority": "urgent", "assignee": agent.pk, "due_on": "2030-01-02"}).json()
    assert (changed["priority"], changed["assignee"], changed["due_on"]) == ("urgent", "Maude Lavoie", "2030-01-02")
    assert by_token(agent).patch(path, {"assignee": None}).json()["assignee"] is None
    assert problem(by_token(agent).patch(path, {"status": "closed_refused"}))["field"] == "reason"
    assert problem(by_token(agent).patch(path, {"status": "transferred"}))["field"] == "status"
    assert problem(by_token(citizen).patch(path, {"status": "closed_done"}))["status"] == 403
    moved = by_token(citizen).patch(path, {"place": {"address": "3, rue du Four"}}).json()
    assert moved["place"]["address"] == "3, rue du Four"


def test_anonymous_and_internal_ones(citizen: Person, agent: Person, town: Town, lamps: Category) -> None:
    by_token(agent).get("me")
    DeskSettings.objects.create(town=town, code="ST", anonymous_allowed=True)
    made = by_token(citizen).post("tickets", asked(town, lamps, anonymous=True)).json()
    assert made["contact"]["email"] == ""
    assert "?c=" in made["tracking_url"]
    assert by_token(citizen).get("tickets").json() == []
    assert by_token(citizen).get(f"tickets/{made['number']}").status_code == 404
    refused = by_token(agent).post(
        f"tickets/{made['number']}/follow-ups", {"body": "Bonjour", "visibility": "external"}
    )
    assert problem(refused)["field"] == "visibility"
    internal = by_token(agent).post("tickets", asked(town, lamps, internal=True)).json()["number"]
    assert by_token(citizen).get(f"tickets/{internal}").status_code == 404
    assert problem(by_token(citizen).post("tickets", asked(town, lamps, internal=True)))["status"] == 403


def test_files_come_with_words(citizen: Person, agent: Person, town: Town, lamps: Category) -> None:
    path = "tickets/" + by_token(citizen).post("tickets", asked(town, lamps)).json()["number"]
    picture = BytesIO()
    Image.new("RGB", (90, 60), "green").save(picture, "JPEG")
    picture.seek(0)
    picture.name = "devis.jpg"
    sent = by_token(agent).client.post(
        f"/api/v1/{path}/files", {"file": picture, "body": "Le devis.", "visibility": "internal"},
        headers=by_token(agent).headers,
    )  # fmt: skip
    assert sent.status_code == 201
    (file,) = sent.json()["files"]
    assert by_token(agent).get(f"{path}/files/{file['id']}").status_code == 200
    assert by_token(citizen).get(f"{path}/files/{file['id']}").status_code == 404
