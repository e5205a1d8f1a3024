"""Citizens' pages of conversations: what they show, to whom, and what their plain forms do."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client

from hub.conversations.models import Conversation, Message, Participant
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def talk(town: Town, mayor: Person, citizen: Person) -> Conversation:
    return factories.make_conversation(town, citizen, "Une latte du banc est cassée.")


@pytest.fixture
def alice(client: Client, citizen: Person) -> Client:
    client.force_login(citizen)
    return client


def test_an_empty_list_says_what_to_do(client: Client, town: Town, mayor: Person) -> None:
    client.force_login(factories.make_person(town=town))
    page = client.get("/messages/").content.decode()
    assert "Aucun message" in page
    assert "Écrire un nouveau message" in page
    client.force_login(factories.make_person())
    assert "Choisir ma commune" in client.get("/messages/").content.decode()


def test_the_list_spans_towns_and_begins_with_the_latest(alice: Client, talk: Conversation, citizen: Person) -> None:
    other = factories.make_town("autre-ville")
    factories.make_mayor(other, first_name="Étienne", last_name="Marchand")
    factories.make_person(town=other)
    factories.follow_town(person=citizen, town=other)
    factories.make_conversation(other, citizen, "Bonjour Monsieur le maire.")
    page = alice.get("/messages/").content.decode()
    assert page.index("Étienne Marchand, maire") < page.index("Hélène Carpentier, maire")
    assert "Vous\u00a0: Bonjour Monsieur le maire." in page


def test_what_is_not_mine_looks_as_if_it_were_not_there(client: Client, talk: Conversation, town: Town) -> None:
    client.force_login(factories.make_person(town=town))
    paths = ("/messages/{}/", "/messages/{}/fichiers/" + str(uuid4()) + "/")
    for path in paths:
        foreign, missing = client.get(path.format(talk.pk)), client.get(path.format(10**6))
        assert foreign.status_code == missing.status_code == 404
    refusals = [client.post(f"/messages/{number}/fichiers/") for number in (talk.pk, 10**6)]
    assert [refusal.status_code for refusal in refusals] == [404, 404]
    assert refusals[0].content == refusals[1].content


def test_staff_read_at_their_desk(client: Client, talk: Conversation, mayor: Person, town: Town) -> None:
    client.force_login(mayor)
    answer = client.get(f"/messages/{talk.pk}/")
    assert answer["Location"] == f"/mairie/{town.slug}/messages/{talk.pk}/"


def test_a_form_sent_twice_is_one_message(alice: Client, talk: Conversation) -> None:
    for _ in range(2):
        answer = alice.post(f"/messages/{talk.pk}/", {"key": "k1", "body": "Encore moi."})
        assert answer["Location"] == f"/messages/{talk.pk}/#fin"
    assert Message.objects.filter(conversation=talk, body="Encore moi.").count() == 1


def test_refused_words_are_still_in_the_form(alice: Client, talk: Conversation) -> None:
    answer = alice.post(f"/messages/{talk.pk}/", {"key": "k1", "body": "x" * 10_001})
    assert answer.status_code == 400
    assert "x" * 10_001 in answer.content.decode()
    assert 'name="key" value="k1"' in answer.content.decode()


def test_words_of_people_never_become_markup(alice: Client, talk: Conversation, citizen: Person) -> None:
    factories.say(citizen, talk, '<script>alert(1)</script> http://exemple.fr/?a="b" javascript:alert(1)')
    page = alice.get(f"/messages/{talk.pk}/").content.decode()
    assert "<script>alert" not in page
    assert 'href="http://exemple.fr/?a="' in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("words", "address", "rest"),
    [
        ("Voir https://a.fr/x.", "https://a.fr/x", "."),
        ("(http://a.fr)", "http://a.fr", ")"),
        ("« https://a.fr »", "https://a.fr", " »"),
        ("https://a.fr/?q=1&r=2", "https://a.fr/?q=1&amp;r=2", ""),
    ],
)
def test_addresses_become_links_without_the_sentence_s_end(words: str, address: str, rest: str) -> None:
    shown = Template("{% load conversations %}{{ words|with_links }}").render(Context({"words": words}))
    assert f'<a href="{address}" rel="noopener nofollow ugc" target="_blank">{address}</a>{rest}' in shown


def test_what_was_read_is_marked_by_a_button(alice: Client, talk: Conversation, mayor: Person, citizen: Person) -> None:
    seq = factories.say(mayor, talk, "Merci.").seq
    page = alice.get(f"/messages/{talk.pk}/").content.decode()
    assert "Marquer comme lu" in page
    assert Participant.objects.get(conversation=talk, person=citizen).unread == 1, "opening is not reading"
    alice.post(f"/messages/{talk.pk}/", {"action": "read", "seq": seq})
    assert Participant.objects.get(conversation=talk, person=citizen).unread == 0


def test_older_messages_have_an_address(alice: Client, talk: Conversation, citizen: Person, mayor: Person) -> None:
    for number in range(55):
        factories.say(mayor if number % 2 else citizen, talk, f"Numéro {number}.")
    latest = alice.get(f"/messages/{talk.pk}/").context
    assert [one.message.body for one in latest["said"]][-1] == "Numéro 54."
    assert len(latest["said"]) == 50
    assert latest["thread"]["seq"] >= 56, "what follows is told live"
    older = alice.get(f"/messages/{talk.pk}/?avant={latest['older_than']}").context
    assert older["said"][0].message.body == "Une latte du banc est cassée."
    assert older["said"][-1].message.seq < latest["said"][0].message.seq
    assert older["older_than"] is None


def test_a_first_message_opens_the_conversation(client: Client, town: Town, mayor: Person) -> None:
    newcomer = factories.make_person(town=town)
    client.force_login(newcomer)
    assert client.get(f"/messages/nouveau/?commune={town.slug}").status_code == 200
    refused = client.post("/messages/nouveau/", {"town": town.slug, "key": "k1", "body": " "})
    assert refused.status_code == 400
    assert not Conversation.objects.filter(citizen=newcomer).exists(), "nothing empty is left"
    form = {"town": town.slug, "key": "k1", "body": "Bonjour."}
    first, again = client.post("/messages/nouveau/", form), client.post("/messages/nouveau/", form)
    talk = Conversation.objects.get(citizen=newcomer)
    assert first["Location"] == again["Location"] == f"/messages/{talk.pk}/"
    assert talk.messages.count() == 1
    known = client.get(f"/messages/nouveau/?commune={town.slug}")
    assert known["Location"] == f"/messages/{talk.pk}/#fin", "it goes on in the same window"


def test_nobody_writes_to_a_town_they_do_not_follow(alice: Client, talk: Conversation) -> None:
    stranger = factories.make_town("inconnue")
    factories.follow_town(person=factories.make_person(), town=stranger)
    second = factories.make_town("seconde")
    factories.follow_town(person=talk.citizen, town=second)  # type: ignore[arg-type]
    refused = alice.post("/messages/nouveau/", {"town": stranger.slug, "key": "k1", "body": "Bonjour."})
    assert refused.status_code == 400
    assert "Choisissez à qui vous écrivez." in refused.content.decode()


def test_a_file_is_for_participants(
    alice: Client, talk: Conversation, mayor: Person, town: Town, citizen: Person
) -> None:
    address = f"/messages/{talk.pk}/fichiers/"
    taken = alice.post(address, {"file": SimpleUploadedFile("Bon.pdf", PDF)})
    assert taken.status_code == 201
    reference = taken.json()
    assert (reference["name"], reference["content_type"]) == ("Bon.pdf", "application/pdf")
    assert alice.get(reference["url"]).status_code == 404, "it shows up once a message refers to it"
    factories.post_message(actor=citizen, conversation_id=talk.pk, key="k9", body="", file_ids=[reference["id"]])
    assert b"".join(alice.get(reference["url"])) == PDF
    client = Client()
    for person, status in ((mayor, 200), (factories.make_agent(town), 404), (factories.make_person(town=town), 404)):
        client.force_login(person)
        assert client.get(reference["url"]).status_code == status


def test_a_refused_file_says_why(alice: Client, talk: Conversation) -> None:
    address = f"/messages/{talk.pk}/fichiers/"
    refused = alice.post(address, {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert refused.status_code == 400
    assert "type de fichier" in refused.json()["message"]
    assert alice.post(address).json() == {"code": "invalid", "message": "Aucun fichier n’est arrivé."}


def test_the_page_says_how_soon_the_town_answers(
    alice: Client, talk: Conversation, mayor: Person, citizen: Person
) -> None:
    assert "répond le plus souvent" not in alice.get(f"/messages/{talk.pk}/").content.decode()
    for number in range(5):
        factories.say(citizen, talk, f"Question {number}")
        factories.say(mayor, talk, f"Réponse {number}")
    assert "répond le plus souvent dans l’heure" in alice.get(f"/messages/{talk.pk}/").content.decode()


def test_who_works_there_is_written_to_as_well(client: Client, town: Town, mayor: Person) -> None:
    agent = factories.make_person(town=town, roles=[Role.AGENT, Role.CITIZEN])
    client.force_login(agent)
    client.post("/messages/nouveau/", {"town": town.slug, "key": "k1", "body": "Je vous écris en habitant."})
    talk = Conversation.objects.get(citizen=agent)
    assert client.get(f"/messages/{talk.pk}/").status_code == 200
    assert client.get(f"/mairie/{town.slug}/messages/{talk.pk}/").status_code == 404
    assert "Je vous écris" not in client.get(f"/mairie/{town.slug}/messages/").content.decode()
