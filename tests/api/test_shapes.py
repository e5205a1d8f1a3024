"""What the endpoints answer, to the letter of the contract."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from channels_adapters.base import Item
from channels_adapters.capture import Capture
from hub.alerts.models import Alert
from hub.conversations import queries
from hub.conversations.actions import invite_agent
from hub.conversations.models import Conversation, Message, Via
from hub.core.clock import now
from hub.core.jsons import decode, encode
from hub.people.models import ApiToken, Person, Role
from hub.streams import topics
from hub.streams.models import Event
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_session, by_token

pytestmark = pytest.mark.django_db

Call = Callable[[Person], Caller]


def test_me(call: Call, citizen: Person, town: Town) -> None:
    answer = call(citizen).get("me")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": citizen.pk,
        "email": "alice@citoyen.example",
        "first_name": "Alice",
        "last_name": "Moreau",
        "language": "fr",
        "towns": [{"slug": "saint-test", "roles": ["citizen"]}],
    }


def test_me_names_every_town_and_role(call: Call, citizen: Person, town: Town) -> None:
    other = factories.make_town("autre")
    factories.grant_role(actor=None, person=citizen, town=other, role=Role.AGENT)
    factories.follow_town(person=citizen, town=other)
    assert call(citizen).get("me").json()["towns"] == [
        {"slug": "autre", "roles": ["agent", "citizen"]},
        {"slug": "saint-test", "roles": ["citizen"]},
    ]


def test_i_change_my_language_and_name(call: Call, citizen: Person) -> None:
    answer = call(citizen).patch("me", {"language": "en", "first_name": "  Alicia "})
    assert (answer.status_code, answer.json()["language"], answer.json()["first_name"]) == (200, "en", "Alicia")
    citizen.refresh_from_db()
    assert (citizen.language, citizen.first_name, citizen.last_name) == ("en", "Alicia", "Moreau")
    assert call(citizen).patch("me", {}).json()["language"] == "en"


def test_towns_need_no_sign_in(stranger: Caller, town: Town) -> None:
    factories.make_town("autre", name="Autre")
    answer = stranger.get("towns")
    assert [found["slug"] for found in answer.json()] == ["autre", "saint-test"]
    assert set(answer.json()[0]) == {
        "slug", "name", "country", "time_zone", "languages", "postal_address", "phone", "email", "emergency_number",
    }  # fmt: skip
    assert [found["slug"] for found in stranger.get("towns", q="sai").json()] == ["saint-test"]
    assert [found["slug"] for found in stranger.get("towns", limit=1, offset=1).json()] == ["saint-test"]


def test_i_open_a_conversation_and_continue_it(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    caller = call(citizen)
    first = caller.post("conversations", {"town": town.slug, "subject": "Le banc", "body": "Bonjour", "key": "k1"})
    conversation = Conversation.objects.get()
    message = Message.objects.get()
    assert first.status_code == 201
    assert first.json() == {
        "id": conversation.pk,
        "topic": f"conversation.{conversation.pk}",
        "town": "saint-test",
        "message": {"id": message.pk, "seq": message.seq},
    }
    assert caller.post("conversations", {"town": town.slug, "body": "Bonjour", "key": "k1"}).json() == first.json()
    second = caller.post("conversations", {"town": town.slug, "body": "Encore moi"}).json()
    assert second["id"] == conversation.pk
    assert second["message"]["seq"] > first.json()["message"]["seq"]
    assert (Conversation.objects.count(), conversation.subject) == (1, "Le banc")


def test_an_empty_message_opens_nothing(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    assert call(citizen).post("conversations", {"town": town.slug, "body": "  "}).status_code == 400
    assert not Conversation.objects.exists()


def test_conversations_of_both_sides(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen, "Bonjour", "Êtes-vous là ?")
    mine = call(citizen).get("conversations").json()[0]
    theirs = call(mayor).get("conversations").json()[0]
    assert (mine["title"], mine["part"], mine["unread"]) == ("Hélène Carpentier, maire", "citizen", 0)
    assert (theirs["title"], theirs["part"], theirs["unread"]) == ("Alice Moreau", "mayor", 2)
    for told in (mine, theirs):
        assert (told["id"], told["topic"], told["town"]) == (conversation.pk, conversation.topic, town.slug)
        assert (told["last_excerpt"], told["kind"]) == ("Êtes-vous là ?", "private")
        assert told["citizen"] == {"id": citizen.pk, "name": "Alice Moreau", "part": "citizen"}
        assert told["answered_by"] is None


def test_who_answers_is_told(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen, "Bonjour")
    agent = factories.make_agent(town, first_name="Maude", last_name="Lavoie")
    invite_agent(actor=mayor, conversation_id=conversation.pk, agent=agent, hand_over=True)
    told = call(citizen).get("conversations").json()[0]
    assert told["answered_by"] == {"id": agent.pk, "name": "Maude Lavoie", "part": "agent"}
    assert told["title"] == "Maude Lavoie"


def test_a_conversation_in_which_nothing_was_said_is_left_out(
    call: Call, citizen: Person, mayor: Person, town: Town
) -> None:
    factories.make_conversation(town, citizen)
    assert call(mayor).get("conversations").json() == []


def test_messages_come_newest_first_by_pages(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen, *(f"N° {number}" for number in range(5)))
    caller, path = call(mayor), f"conversations/{conversation.pk}/messages"
    page = caller.get(path, limit=2).json()
    assert [message["body"] for message in page] == ["N° 4", "N° 3"]
    older = caller.get(path, limit=2, before=page[-1]["seq"]).json()
    assert [message["body"] for message in older] == ["N° 2", "N° 1"]
    assert [message["body"] for message in caller.get(path, before=older[-1]["seq"]).json()] == ["N° 0"]


def test_a_message_reads_as_on_the_socket(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen, "Bonjour «\u00a0Madame\u00a0»\n\nà bientôt")
    told = call(mayor).get(f"conversations/{conversation.pk}/messages").json()
    event = Event.objects.get(topic=topics.conversation(conversation.pk), name="message.posted")
    assert told == [decode(event.payload)]
    described = queries.page_of_messages(conversation, reader=mayor).messages
    assert told == decode(encode(described))


@pytest.mark.parametrize(("way", "via"), [(by_token, Via.API), (by_session, Via.WEB)])
def test_a_message_tells_by_which_way_it_came(way: Call, via: Via, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen)
    posted = way(citizen).post(f"conversations/{conversation.pk}/messages", {"body": "Bonjour", "key": "k1"})
    message = Message.objects.get()
    assert (posted.status_code, posted.json()) == (201, {"id": message.pk, "seq": message.seq})
    assert message.via == via


def test_the_same_key_gives_the_same_answer(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen)
    caller, path = call(citizen), f"conversations/{conversation.pk}/messages"
    answers = [caller.post(path, {"body": "Bonjour", "key": "k1"}) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {201}
    assert Message.objects.count() == 1
    other = caller.post(path, {"body": "Autre chose", "key": "k1"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_topics_are_mine_and_readable(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen, "Bonjour")
    assert call(citizen).get("topics").json() == [
        {"topic": "inbox.me", "title": "Mes notifications"},
        {"topic": f"conversation.{conversation.pk}", "title": "Hélène Carpentier, maire"},
        {"topic": "town.saint-test", "title": "Saint-Test"},
    ]
    assert call(mayor).get("topics", limit=2, offset=1).json() == [
        {"topic": "desk.saint-test", "title": "Bureau de Saint-Test"},
        {"topic": f"conversation.{conversation.pk}", "title": "Alice Moreau"},
    ]
    alert = Alert.objects.create(
        town=town, number="A-26-001", status="pending", title={"fr": "Eau"}, created_at=now(), changed_at=now()
    )
    said = {"topic": f"alert.{alert.pk}", "title": "Eau"}
    assert said in call(mayor).get("topics").json()
    assert said not in call(citizen).get("topics").json()


def test_a_file_is_sent_and_read_back(call: Call, citizen: Person, mayor: Person, town: Town) -> None:
    conversation = factories.make_conversation(town, citizen)
    picture = BytesIO()
    Image.new("RGB", (900, 600), "green").save(picture, "JPEG")
    caller, path = call(citizen), f"conversations/{conversation.pk}"
    sent = caller.upload(f"{path}/files", file=SimpleUploadedFile("banc.jpg", picture.getvalue()))
    assert sent.status_code == 201
    file = sent.json()
    assert (file["name"], file["content_type"], file["width_px"]) == ("banc.jpg", "image/jpeg", 900)
    assert caller.post(f"{path}/messages", {"attachments": [file["id"]], "key": "k1"}).status_code == 201
    assert caller.post(f"{path}/messages", {"attachments": [file["id"]], "key": "k1"}).status_code == 201
    reader = call(mayor)
    assert reader.get(f"{path}/messages").json()[0]["attachments"] == [file]
    whole = reader.get(f"{path}/files/{file['id']}")
    small = reader.get(f"{path}/files/{file['id']}", thumbnail="true")
    assert Image.open(BytesIO(whole.content)).size == (900, 600)
    assert Image.open(BytesIO(small.content)).size == (480, 320)


def test_a_token_notes_when_it_was_used_but_not_each_time(citizen: Person) -> None:
    caller = by_token(citizen)
    caller.get("me")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    caller.get("me")
    assert ApiToken.objects.get().last_used_at == first
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    ApiToken.objects.update(last_used_at=long_ago)
    caller.get("me")
    assert ApiToken.objects.get().last_used_at != long_ago


def test_the_demos_outbox(stranger: Caller, settings: Settings, tmp_path: Path) -> None:
    settings.DEMO, settings.CAPTURE_DIR = True, tmp_path
    adapter = Capture(directory=str(tmp_path))
    headers = {"From": "Parvis <parvis@localhost>", "Message-ID": "<1@localhost>", "Reply-To": "r@localhost"}
    for to in ("alice@citoyen.example", "bruno@citoyen.example", "alice@citoyen.example"):
        mail = Item(channel="email", to=to, subject="Bonjour", text="Texte", html="<p>", headers=headers)
        asyncio.run(adapter.send(mail))
    assert len(stranger.get("demo/outbox").json()) == 3
    found = stranger.get("demo/outbox", channel="email", to="Alice@citoyen.example").json()
    assert len(found) == 2
    assert set(found[0]) == {"id", "channel", "to", "subject", "text", "html", "headers", "sent_at"}
    assert found[0]["sent_at"] >= found[1]["sent_at"]
    assert {name: found[0]["headers"][name] for name in headers} == headers
    assert stranger.get("demo/outbox", channel="sms").json() == []
    assert len(stranger.get("demo/outbox", limit=1).json()) == 1
