"""« Télécharger mes données », and a town's export of what it holds about a citizen."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hub.audit.models import Entry
from hub.conversations.actions import post_message, report_message
from hub.conversations.models import Conversation, Kind, Message, Visibility
from hub.core import limits
from hub.core.errors import Forbidden, RateLimited
from hub.core.ids import new_key
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.people import archive
from hub.people.actions import export_citizen, export_own, issue_token, set_address, set_phones, set_photo
from hub.people.models import Person, Role
from hub.tickets.actions import add_answer, add_follow_up
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests.factories import make_agent, make_conversation, make_group, make_person, make_town, say
from tests.files.samples import picture
from tests.notifications.conftest import tell
from tests.people.steps import PASSWORD, sign_in
from tests.tickets.making import make_follower, make_ticket

pytestmark = pytest.mark.django_db


def opened(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the JSON says, and the files by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        files = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(files.pop("donnees.json")), files


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town, "maude@saint-test.example", first_name="Maude", last_name="Lavoie")


@pytest.fixture
def neighbour(town: Town) -> Person:
    return make_person("zenon@citoyen.example", town=town, first_name="Zénon", last_name="Quidam")


@pytest.fixture
def lived(town: Town, mayor: Person, agent: Person, citizen: Person, neighbour: Person) -> Ticket:
    """Alice has told the hub about herself in every room; others have been there too."""
    set_phones(person=citizen, numbers=["+33612345678"])
    set_address(person=citizen, fields={"number": "12", "street": "rue du Four", "city": "Saint-Test"})
    set_photo(person=citizen, data=picture())
    issue_token(person=citizen, name="tableur")
    talk = make_conversation(town, citizen, "Bonjour, une question en privé.")
    say(mayor, talk, "La réponse de la mairie.")
    group = make_group(mayor, town, citizen, neighbour)
    theirs = say(neighbour, group, "Les mots d’un autre.")
    paper = store_file(owner=citizen, name="plan.pdf", content=b"%PDF-1.4 plan")
    post_message(actor=citizen, conversation_id=group.pk, key=new_key(), body="Mon plan.", file_ids=[str(paper.pk)])
    report_message(actor=citizen, conversation_id=group.pk, seq=theirs.seq, reason="spam", words="Publicité")
    tell(town, citizen, actor=mayor)
    ticket = make_ticket(town, requester=citizen, phone="+33612345678")
    photo = SimpleUploadedFile("trou.jpg", picture(), "image/jpeg")
    add_answer(actor=citizen, number=ticket.number, body="Une précision.", files=[("trou.jpg", photo)])
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Nous passons mardi.")
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.INTERNAL, body="Entre nous seulement.")
    make_follower(make_ticket(town, public=True, requester=neighbour), person=citizen)
    return ticket


def test_a_person_gets_all_that_is_theirs_and_nobody_elses(lived: Ticket, citizen: Person, neighbour: Person) -> None:
    data, files = opened(export_own(person=citizen).read())
    account = data["compte"]
    assert (account["first_name"], account["email"], account["phones"]) == ("Alice", citizen.email, ["+33612345678"])
    assert account["address"]["street"] == "rue du Four"
    assert account["memberships"][0]["role"] == "citizen"
    assert account["email_addresses"] == [{"email": citizen.email, "proven": True}]
    assert account["api_tokens"][0]["name"] == "tableur"

    talks = data["messages"]
    assert [one["body"] for one in talks["written"]] == ["Bonjour, une question en privé.", "Mon plan."]
    assert [one["body"] for one in talks["answers_of_town_halls"]] == ["La réponse de la mairie."]
    assert talks["reports"][0]["words"] == "Publicité"

    (ticket,) = data["demandes"]["tickets"]
    assert (ticket["number"], ticket["phone"]) == (lived.number, "+33612345678")
    assert [(one["from"], one["body"]) for one in ticket["follow_ups"]] == [
        ("you", "Une précision."), ("town", "Nous passons mardi."),
    ]  # fmt: skip
    assert len(data["demandes"]["follows"]) == 1
    assert "told" in data["notifications"]
    assert [one["channel"] for one in data["envois"]] == ["email"] * len(data["envois"])

    names = sorted(name.rpartition("-")[2] for name in files)
    assert names == ["LISEZMOI.txt", "fichiers/compte/photo.jpg", "plan.pdf", "trou.jpg"]
    assert next(content for name, content in files.items() if name.endswith("plan.pdf")).startswith(b"%PDF")
    everything = json.dumps(data, ensure_ascii=False) + " ".join(files)
    strangers = (
        "Maude",
        "Lavoie",
        "Hélène",
        "Carpentier",
        "Zénon",
        neighbour.email,
        "Les mots d’un autre",
        "Entre nous",
    )
    assert [words for words in [*strangers, neighbour.email] if words in everything] == []


def test_the_trail_of_their_towns_tells_of_it(lived: Ticket, citizen: Person, town: Town) -> None:
    export_own(person=citizen)
    entry = Entry.objects.get(town=town, act="person.export_own")
    told = (entry.actor_id, entry.actor_name, entry.subject, entry.what)
    assert told == (citizen.pk, "", f"person.{citizen.pk}", {})  # a number: the trail outlives the account


def test_files_beyond_the_bound_or_lost_are_named_and_left_out(
    lived: Ticket, citizen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = StoredFile.objects.get(name="plan.pdf")
    lost.content.storage.delete(lost.content.name)
    monkeypatch.setattr(archive, "MOST_BYTES", citizen.photo.size + 20)
    data, files = opened(export_own(person=citizen).read())
    assert sorted(name.rpartition("-")[2] for name in data["files_left_out"]) == ["plan.pdf", "trou.jpg"]
    assert "plan.pdf" in files["LISEZMOI.txt"].decode()
    assert "fichiers/compte/photo.jpg" in files


def test_a_file_not_used_yet_is_there_too(citizen: Person) -> None:
    store_file(owner=citizen, name="brouillon.pdf", content=b"%PDF-1.4")
    data, files = opened(export_own(person=citizen).read())
    assert [one["name"] for one in data["fichiers"]] == ["brouillon.pdf"]
    assert any(name.endswith("brouillon.pdf") for name in files)


def test_it_is_bounded_how_often(citizen: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORTS", limits.Limit("exports", 1, 3600))
    export_own(person=citizen)
    with pytest.raises(RateLimited):
        export_own(person=citizen)


# Its page.


def test_it_is_asked_again_who_is_there(client: Client, town: Town) -> None:
    make_person("dora@citoyen.example", town=town, password=PASSWORD)
    sign_in(client, "dora@citoyen.example")
    for answer in (client.get(reverse("account_records")), client.post(reverse("account_records"))):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Un fichier ZIP" in client.get(reverse("account_records")).content.decode()
    answer = client.post(reverse("account_records"))
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="mes-donnees-')
    data, _files = opened(b"".join(answer.streaming_content))
    assert data["compte"]["email"] == "dora@citoyen.example"


# For a town.


@pytest.fixture
def manager(town: Town) -> Person:
    return make_person("gestion@saint-test.example", town=town, roles=[Role.MANAGER])


def test_a_town_gives_what_it_holds_and_no_other_town(
    lived: Ticket, citizen: Person, town: Town, manager: Person
) -> None:
    elsewhere = make_town("ailleurs")
    make_person("maire@ailleurs.example", town=elsewhere, roles=[Role.MAYOR])
    citizen.memberships.create(town=elsewhere, role=Role.CITIZEN)
    make_ticket(elsewhere, requester=citizen, description="Un secret d’ailleurs.")
    make_conversation(elsewhere, citizen, "Des mots d’ailleurs.")

    data, files = opened(export_citizen(actor=manager, town=town, person_id=citizen.pk).read())

    assert data["compte"]["phones"] == ["+33612345678"]
    assert [one["town"] for one in data["compte"]["memberships"]] == [town.slug]
    assert "api_tokens" not in data["compte"]
    assert [one["number"] for one in data["demandes"]["tickets"]] == [lived.number]
    # The private conversation is the mayor's and Alice's: the manager does not read it.
    assert [one["body"] for one in data["messages"]["written"]] == ["Mon plan."]
    assert data["messages"]["answers_of_town_halls"] == []
    everything = json.dumps(data, ensure_ascii=False)
    assert [words for words in ("ailleurs", "en privé", "Entre nous", "Maude") if words in everything] == []
    assert any(name.endswith("trou.jpg") for name in files)
    entry = Entry.objects.get(act="person.export")
    assert (entry.actor_id, entry.subject, entry.town_id) == (manager.pk, f"person.{citizen.pk}", town.pk)


def test_the_mayor_gives_their_own_conversation_too(lived: Ticket, citizen: Person, town: Town, mayor: Person) -> None:
    data, _files = opened(export_citizen(actor=mayor, town=town, person_id=citizen.pk).read())
    assert "Bonjour, une question en privé." in [one["body"] for one in data["messages"]["written"]]
    assert [one["body"] for one in data["messages"]["answers_of_town_halls"]] == ["La réponse de la mairie."]
    private = Conversation.objects.get(kind=Kind.PRIVATE)
    assert Message.objects.filter(conversation=private).count() == 2


def test_agents_do_not(citizen: Person, town: Town, agent: Person, client: Client) -> None:
    with pytest.raises(Forbidden):
        export_citizen(actor=agent, town=town, person_id=citizen.pk)
    client.force_login(agent)
    assert client.get(reverse("desk_citizen_records", args=[town.slug, citizen.pk])).status_code == 403
    page = client.get(reverse("desk_citizen", args=[town.slug, citizen.pk])).content.decode()
    assert "Exporter ses données" not in page


def test_a_manager_finds_it_on_the_citizens_page(client: Client, citizen: Person, town: Town, manager: Person) -> None:
    client.force_login(manager)
    page = client.get(reverse("desk_citizen", args=[town.slug, citizen.pk])).content.decode()
    assert reverse("desk_citizen_records", args=[town.slug, citizen.pk]) in page
    assert (
        "Le journal de la commune"
        in client.get(reverse("desk_citizen_records", args=[town.slug, citizen.pk])).content.decode()
    )
    answer = client.post(reverse("desk_citizen_records", args=[town.slug, citizen.pk]))
    data, _files = opened(b"".join(answer.streaming_content))
    assert data["compte"]["person"] == citizen.pk
    foreign = make_person(town=make_town("ailleurs"))
    for person_id in (foreign.pk, 987_654):
        assert client.post(reverse("desk_citizen_records", args=[town.slug, person_id])).status_code == 404
