"""Open311: what civic apps read of a town, in JSON and XML, and what they never read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from hub.audit.actions import note
from hub.conversations.models import Message, Side, Visibility
from hub.core import limits
from hub.core.clock import now, standing_at
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.tickets.models import Answering, Category, Question, Status, Ticket, TicketFile
from hub.tickets.queries import desk_settings
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import add_message, make_category, make_service, make_ticket
from tests.tickets.open311 import BASE, ask, read_json, refusal

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)


def public(town: Town, **fields: object) -> Ticket:
    return make_ticket(town, public=True, **fields)


def numbers(client: Client, **asked: str) -> list[str]:
    return [one["service_request_id"] for one in ask(client, "requests", **asked)]


# Which town.


def test_several_towns_are_told_apart_by_their_short_names(client: Client, town: Town) -> None:
    mine = public(town)
    assert numbers(client) == [mine.number]  # the only one needs no name
    other = factories.make_town("autre-ville")
    theirs = public(other)
    for path in ("services", "services/1", "requests", f"requests/{mine.number}", "tokens/1"):
        assert "jurisdiction_id n’a pas été donné" in refusal(client, path, 400)
        assert "jurisdiction_id n’a pas été donné" in refusal(client, path, 400, jurisdiction_id=" ")
        for unknown in ("nulle-part", "a\x00b", "É", "x" * 200):
            assert "n’existe pas ici" in refusal(client, path, 404, jurisdiction_id=unknown)
    assert numbers(client, jurisdiction_id=town.slug) == [mine.number]
    assert numbers(client, jurisdiction_id=other.slug) == [theirs.number]


def test_another_towns_codes_and_numbers_are_like_none(client: Client, town: Town) -> None:
    other = factories.make_town("autre-ville")
    theirs, asked = public(other), {"jurisdiction_id": town.slug}
    missing = refusal(client, "services/987654", 404, **asked)
    assert refusal(client, f"services/{theirs.category_id}", 404, **asked) == missing
    missing = refusal(client, "requests/ZZ26-00001", 404, **asked)
    assert refusal(client, f"requests/{theirs.number}", 404, **asked) == missing
    assert numbers(client, service_request_id=theirs.number, **asked) == []
    assert numbers(client, service_code=str(theirs.category_id), **asked) == []


# Services.


def test_services_are_the_categories_that_citizens_choose(client: Client, town: Town) -> None:
    works = make_category(town, "Travaux publics", name_en="Public works")
    lamp = make_category(town, "Lampadaire", name_en="Street light", parent=works)
    make_category(town, "Interne", for_citizens=False)
    make_category(town, "Ancienne", active=False)
    hole = make_category(town, "Nid-de-poule, ornière", parent=works)
    Question.objects.create(category=lamp, text="Clignote-t-il ?")
    Question.objects.create(category=hole, text="Retirée", active=False)
    listed = ask(client, "services")
    assert listed[0] == {
        "service_code": str(lamp.pk), "service_name": "Lampadaire", "description": "Travaux publics > Lampadaire",
        "metadata": True, "type": "realtime", "keywords": "Travaux publics, Public works, Lampadaire, Street light",
        "group": "Travaux publics",
    }  # fmt: skip
    assert [(one["service_name"], one["metadata"]) for one in listed[1:]] == [("Nid-de-poule, ornière", False)]
    assert listed[1]["keywords"].split(", ") == ["Travaux publics", "Public works", "Nid-de-poule  ornière"]
    english = read_json(client.get(f"{BASE}/services.json", headers={"accept-language": "en"}))
    assert (english[0]["service_name"], english[0]["group"]) == ("Street light", "Public works")


def test_a_definition_is_made_of_the_questions_on_the_way(client: Client, town: Town) -> None:
    works = make_category(town, "Travaux")
    lamp = make_category(town, "Lampadaire", parent=works)
    where = Question.objects.create(category=works, text="Repère ?", required=True)
    kind = Question.objects.create(
        category=lamp, text="Quel modèle ?", answering=Answering.CHOICE,
        choices=[{"fr": "Haut", "en": "High"}, {"fr": "Bas"}],
    )  # fmt: skip
    blinks = Question.objects.create(category=lamp, text="Clignote ?", answering=Answering.YES_NO)
    told = ask(client, f"services/{lamp.pk}")
    assert told["service_code"] == str(lamp.pk)
    assert told["attributes"][0] == {
        "variable": True, "code": str(where.pk), "datatype": "string", "required": True, "datatype_description": None,
        "order": 1, "description": "Repère ?",
    }  # fmt: skip
    assert told["attributes"][1:] == [
        {
            "variable": True, "code": str(kind.pk), "datatype": "singlevaluelist", "required": False,
            "datatype_description": None, "order": 2, "description": "Quel modèle ?",
            "values": [{"key": "Haut", "name": "Haut"}, {"key": "Bas", "name": "Bas"}],
        },
        {
            "variable": True, "code": str(blinks.pk), "datatype": "singlevaluelist", "required": False,
            "datatype_description": None, "order": 3, "description": "Clignote ?",
            "values": [{"key": "oui", "name": "Oui"}, {"key": "non", "name": "Non"}],
        },
    ]  # fmt: skip
    for no_service in (works.pk, make_category(town, "Interne", for_citizens=False).pk, "x", "9" * 40, "1\x00"):
        assert "n’existe pas" in refusal(client, f"services/{no_service}", 404)
    assert "service_code n’a pas été donné" in refusal(client, "services/ ", 400)


# Requests.


def test_a_request_says_what_anybody_may_know(client: Client, town: Town, agent: Person) -> None:
    with standing_at(NOON):
        ticket = public(
            town, requester=factories.make_person("zoe@citoyen.example", first_name="Zoé", last_name="Tremblay"),
            title="Zoé attend devant chez elle", description="Je suis Zoé, au 12.", phone="+14185550142",
            due_on=date(2026, 5, 18), lat=46.8139, lon=-71.208, created_at=NOON, changed_at=NOON + timedelta(hours=2),
            answers=[{"question": 1, "text": "Où ?", "answer": "Chez Zoé"}],
        )  # fmt: skip
        add_message(ticket, agent, "Un technicien passe mardi.")
        add_message(ticket, ticket.requester, "Merci, Zoé", side=Side.REQUESTER)
        add_message(ticket, agent, "Elle a rappelé.", visibility=Visibility.INTERNAL)
        (told,) = ask(client, f"requests/{ticket.number}")
        assert ask(client, "requests") == [told]
        whole = b"".join(client.get(f"{BASE}/requests.{form}").content for form in ("json", "xml"))
    assert told == {
        "service_request_id": ticket.number, "status": "open", "status_notes": "Un technicien passe mardi.",
        "service_name": "Éclairage", "service_code": str(ticket.category_id),
        "description": "Éclairage, 12, rue du Four",
        "agency_responsible": "Travaux publics", "service_notice": "Traitement prévu d’ici lundi 18\u00a0mai.",
        "requested_datetime": "2026-05-04T12:00:00+02:00", "updated_datetime": "2026-05-04T14:00:00+02:00",
        "expected_datetime": "2026-05-18T23:59:59+02:00", "address": "12, rue du Four", "address_id": None,
        "zipcode": None, "lat": 46.8139, "long": -71.208, "media_url": None,
    }  # fmt: skip
    for secret in ("Zoé", "Tremblay", "zoe@", "5550142", "rappel", ticket.secret, "Maude", "Lavoie"):
        assert secret.encode() not in whole


def test_what_is_not_everybodys_is_not_there(client: Client, town: Town, agent: Person) -> None:
    shown = public(town)
    hidden = [
        make_ticket(town),
        make_ticket(town, public=True, internal=True),
        public(town, status=Status.NOT_TRANSFERRED),
        public(town, merged=True, parent=shown),
    ]
    client.force_login(agent)  # whoever has a cookie gets no more by it
    assert numbers(client) == [shown.number]
    for ticket in hidden:
        assert numbers(client, service_request_id=ticket.number) == []
        assert "aucune demande publique" in refusal(client, f"requests/{ticket.number}", 404)
    desk_settings(town)
    town.desk_settings.public_list = False
    town.desk_settings.save()
    assert numbers(client) == numbers(client, service_request_id=shown.number) == []
    assert ask(client, f"requests/{shown.number}")[0]["status"] == "open"


def test_closed_requests_say_when_and_why(client: Client, town: Town, agent: Person) -> None:
    closing = now() - timedelta(days=1)
    closed = {"closed_at": closing, "due_on": date(2026, 5, 18)}
    done = public(town, status=Status.CLOSED_DONE, **closed)
    refused = public(town, status=Status.CLOSED_REFUSED, refusal_reason="Ce chemin est privé.", service=None, **closed)
    for ticket in (done, refused):
        add_message(ticket, agent, "C’est vu.")
        told = ask(client, f"requests/{ticket.number}")[0]
        assert (told["status"], told["service_notice"]) == ("closed", None)
        assert datetime.fromisoformat(told["updated_datetime"]) == closing.replace(microsecond=0)
    assert ask(client, f"requests/{done.number}")[0]["status_notes"] == "C’est vu."
    told = ask(client, f"requests/{refused.number}")[0]
    assert (told["status_notes"], told["agency_responsible"]) == ("Ce chemin est privé.", "Mairie de Saint-Test")


def test_only_pictures_that_the_town_sent_along_have_an_address(
    client: Client, town: Town, agent: Person, settings: Settings
) -> None:
    ticket = public(town)
    said = add_message(ticket, agent, "Réparé.")
    inside = add_message(ticket, agent, "Facture", visibility=Visibility.INTERNAL)

    def attach(kind: str, message: Message | None, **fields: bool) -> StoredFile:
        file = StoredFile.objects.create(owner=agent, name="a", content_type=kind, size_bytes=1)
        TicketFile.objects.create(ticket=ticket, file=file, message=message, **fields)
        return file

    attach("image/jpeg", None)
    attach("image/jpeg", None, by_town=True)
    attach("image/jpeg", inside, by_town=True)
    attach("application/pdf", said, by_town=True, sent=True)
    assert ask(client, f"requests/{ticket.number}")[0]["media_url"] is None
    after = attach("image/jpeg", said, by_town=True, sent=True)
    attach("image/jpeg", None)
    expected = f"{settings.LINK_BASE}/suivi/{ticket.number}/fichiers/{after.pk}"
    assert ask(client, f"requests/{ticket.number}")[0]["media_url"] == expected


def test_requests_are_filtered(client: Client, town: Town) -> None:
    roads = make_category(town, "Voirie")
    lamp, hole = public(town), public(town, category=roads, status=Status.CLOSED_DONE, closed_at=now())
    old = public(town, created_at=now() - timedelta(days=100))
    assert numbers(client) == [hole.number, lamp.number]
    assert numbers(client, status="open") == [lamp.number]
    assert numbers(client, status="closed") == [hole.number]
    assert numbers(client, status="open,closed", service_code=f"{roads.pk},987654") == [hole.number]
    assert numbers(client, service_code="x") == []
    assert numbers(client, service_code="", start_date="", status=" ") == [hole.number, lamp.number]
    both = f"{lamp.number.lower()}, {old.number.replace('-', '')},ZZ26-00001,x\x00"
    assert numbers(client, service_request_id=both, status="closed", start_date="never") == [lamp.number, old.number]
    assert numbers(client, service_request_id="nothing") == []
    several = client.get(
        f"{BASE}/requests.json?service_code={roads.pk}&service_code={lamp.category_id}&status=open&status=closed"
    )
    assert len(read_json(several)) == 2
    assert "« open » ou « closed »" in refusal(client, "requests", 400, status="open,done").replace("\u00a0", " ")


def test_requests_are_found_by_their_days(client: Client, town: Town) -> None:
    made = {day: public(town, created_at=datetime(2026, 3, day, 22, 30, tzinfo=UTC)).number for day in (1, 2, 3)}

    def found(**asked: str) -> list[int]:
        told = numbers(client, **asked)
        return [day for day, number in made.items() if number in told]

    assert found() == []  # the latest 90 days
    assert found(start_date="2026-03-02T00:00:00Z") == [2, 3]
    assert found(end_date="2026-03-02T23:59:59Z") == [1, 2]
    assert found(start_date="2026-03-02T22:30:00Z", end_date="2026-03-02T22:30:00Z") == [2]
    assert found(start_date="2026-03-02T23:30:00+01:00", end_date="2026-03-02T17:30-05:00") == [2]
    assert found(start_date="2026-03-02T23:30:00 01:00", end_date="2026-03-03T00:00:00.5Z") == [2]  # « + » not encoded
    assert found(start_date="2026-03-02", end_date="2026-03-02") == [2]  # the town's own day
    assert found(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:00Z") == [1, 2, 3]
    assert found(end_date="2026-06-15T00:00:00Z") == []
    too_long = refusal(client, "requests", 400, start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:01Z")
    assert "90 jours" in too_long
    turned = refusal(client, "requests", 400, start_date="2026-03-02T00:00:00Z", end_date="2026-03-01T00:00:00Z")
    assert "vient après" in turned
    for wrong in ("hier", "2026-03-02T00:00:00", "2026-13-01", "2026-02-30T00:00:00Z", "9999-12-31T00:00:00Z", "2026"):
        assert "start_date" in refusal(client, "requests", 400, start_date=wrong)
    assert "end_date" in refusal(client, "requests", 400, end_date="0001-01-01T00:00:00Z")


def test_a_thousand_at_most_in_few_queries(
    client: Client, town: Town, agent: Person, monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for _number in range(4):
        add_message(public(town), agent)
    desk_settings(town)
    with django_assert_max_num_queries(5):
        client.get(f"{BASE}/requests.json")
    monkeypatch.setattr("hub.tickets.open311.asking.MOST", 3)
    assert len(numbers(client)) == 3


def test_text_that_xml_cannot_hold_is_left_out(client: Client, town: Town, agent: Person) -> None:
    ticket = public(town, address="A & B <rue> \x0b1")
    add_message(ticket, agent, "Ligne 1\nLigne 2 ]]> \x1b[0m 🙂" + "x" * 4000)
    answer = client.get(f"{BASE}/requests.xml")
    from_xml = answer.content.decode()
    assert "A &amp; B &lt;rue&gt; 1" in from_xml
    told = read_json(client.get(f"{BASE}/requests.json"))[0]
    assert len(told["status_notes"]) == 4000
    assert told["status_notes"].endswith("…")


# Discovery, tokens, and the rest of HTTP.


def test_discovery_says_where_and_in_which_formats(
    client: Client, town: Town, mayor: Person, settings: Settings
) -> None:
    told = ask(client, "discovery", jurisdiction_id=town.slug)
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert "Saint-Test" in told["contact"]
    assert settings.LINK_BASE in told["key_service"]
    assert told["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{settings.LINK_BASE}/open311/v2",
            "changeset": told["changeset"], "type": "production", "formats": ["text/xml", "application/json"],
        }
    ]  # fmt: skip
    assert read_json(client.get("/open311/discovery.json"))["endpoints"] == told["endpoints"]
    settings.DEMO = True
    assert ask(client, "discovery", jurisdiction_id="nulle-part")["endpoints"][0]["type"] == "test"


def test_the_changeset_moves_with_the_categories(client: Client, town: Town, mayor: Person) -> None:
    with standing_at(NOON):
        note(town_id=town.pk, actor=mayor, act="question.change", subject="question.1", what={})
    with standing_at(NOON + timedelta(days=1)):
        note(town_id=town.pk, actor=mayor, act="reply.add", subject="reply.1", what={})
    assert ask(client, "discovery")["changeset"] == "2026-05-04 10:00"


def test_no_token_is_ever_given(client: Client, town: Town) -> None:
    assert "service_request_id" in refusal(client, "tokens/12", 404)


def test_other_methods_are_refused_in_the_asked_format(client: Client, town: Town) -> None:
    answer = client.post(f"{BASE}/services.json")
    assert (answer.status_code, answer["Allow"], read_json(answer)[0]["code"]) == (405, "GET, HEAD", 405)
    assert "Access-Control-Allow-Origin" not in answer
    assert client.delete(f"{BASE}/requests.json")["Allow"] == "GET, HEAD, POST"
    assert "Access-Control-Allow-Origin" not in client.options(f"{BASE}/requests.json")
    assert client.head(f"{BASE}/services.json").status_code == 200
    assert client.get(f"{BASE}/services.yaml").status_code == 404


def test_too_many_questions_are_refused_in_the_asked_format(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN311_READS", limits.Limit("few_reads", 2, 600))
    ask(client, "services")
    ask(client, "services", 429)
    assert int(client.get(f"{BASE}/services.xml")["Retry-After"]) > 0


def test_a_fault_of_ours_is_told_in_the_asked_format(
    client: Client, monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hub.tickets.open311.shown.services", broken)
    (error,) = ask(client, "services", 500)
    assert error["code"] == 500


def test_a_category_without_use_keeps_its_requests(client: Client, town: Town) -> None:
    category = make_category(town, "Ancienne", service=make_service(town))
    ticket = public(town, category=category)
    Category.objects.filter(pk=category.pk).update(active=False)
    assert numbers(client, service_code=str(category.pk)) == [ticket.number]
    assert ask(client, "services") == []
