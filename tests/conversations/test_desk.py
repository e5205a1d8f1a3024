"""The town hall's side of conversations."""

import pytest
from django.test import Client

from hub.conversations.models import Conversation, Message, Participant
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(town: Town, mayor: Person, citizen: Person) -> Conversation:
    return factories.make_conversation(town, citizen, "Une latte du banc est cassée.")


@pytest.fixture
def desk(client: Client, mayor: Person) -> Client:
    client.force_login(mayor)
    return client


def titles(desk: Client, town: Town, query: str = "") -> list[str]:
    """Whom the list shows, in order."""
    rows = desk.get(f"/mairie/{town.slug}/messages/{query}").context["rows"]
    return [row.title for row in rows]


def test_filters_narrow_the_list(desk: Client, town: Town, talk: Conversation, mayor: Person) -> None:
    bruno = factories.make_person(town=town, first_name="Bruno", last_name="Gagnon")
    answered = factories.make_conversation(town, bruno, "Le portail ferme à quelle heure ?")
    assert titles(desk, town) == ["Bruno Gagnon", "Alice Moreau"]
    factories.say(mayor, answered, "À 20 h.")
    assert titles(desk, town) == ["Alice Moreau"], "who waits for an answer comes first"
    assert titles(desk, town, "?filtre=tous") == ["Bruno Gagnon", "Alice Moreau"]
    assert titles(desk, town, "?filtre=non-lus") == ["Bruno Gagnon", "Alice Moreau"]
    seq = answered.messages.order_by("-seq")[0].seq
    desk.post(f"/mairie/{town.slug}/messages/{answered.pk}/", {"action": "read", "seq": seq})
    assert titles(desk, town, "?filtre=non-lus") == ["Alice Moreau"]
    assert titles(desk, town, f"?filtre=non-lus&ouverte={answered.pk}") == ["Bruno Gagnon", "Alice Moreau"]


def test_search_reads_names_and_words(desk: Client, town: Town, talk: Conversation) -> None:
    bruno = factories.make_person(town=town, first_name="Bruno", last_name="Gagnon")
    factories.make_conversation(town, bruno, "Le portail ferme à quelle heure ?")
    assert titles(desk, town, "?q=portail") == ["Bruno Gagnon"]
    assert titles(desk, town, "?q=moreau") == ["Alice Moreau"]
    assert titles(desk, town, "?q=moreau+portail") == []


def test_staff_see_what_they_take_part_in(client: Client, town: Town, talk: Conversation) -> None:
    client.force_login(factories.make_agent(town))
    assert titles(client, town) == []
    assert client.get(f"/mairie/{town.slug}/messages/{talk.pk}/").status_code == 404
    elsewhere = factories.make_town("ailleurs")
    client.force_login(factories.make_mayor(elsewhere))
    assert client.get(f"/mairie/{town.slug}/messages/{talk.pk}/").status_code == 404
    assert client.get(f"/mairie/{elsewhere.slug}/messages/{talk.pk}/").status_code == 404


def test_the_mayor_decides_who_answers(desk: Client, town: Town, talk: Conversation) -> None:
    agent = factories.make_agent(town, first_name="Maude", last_name="Lavoie")
    address = f"/mairie/{town.slug}/messages/{talk.pk}/equipe/"
    page = f"/mairie/{town.slug}/messages/{talk.pk}/"
    assert "Maude Lavoie" in desk.get(page).content.decode()

    desk.post(address, {"action": "hand_over", "agent": agent.pk})
    talk.refresh_from_db()
    assert talk.answered_by == agent
    assert "Retirer Maude Lavoie" in desk.get(page).content.decode()
    desk.post(address, {"action": "take_back"})
    talk.refresh_from_db()
    assert talk.answered_by is None
    desk.post(address, {"action": "remove", "agent": agent.pk})
    assert Participant.objects.get(conversation=talk, person=agent).left_at is not None
    lines = Message.objects.filter(conversation=talk, author=None).order_by("seq")
    assert [line.system["code"] for line in lines] == ["handed_over", "taken_back", "left"]  # type: ignore[index]
    shown = desk.get(page).content.decode()
    assert "Maude Lavoie répond désormais dans cette conversation." in shown
    assert "Maude Lavoie a quitté la conversation." in shown


def test_agents_do_not_decide_who_answers(client: Client, desk: Client, town: Town, talk: Conversation) -> None:
    agent, other = factories.make_agent(town), factories.make_agent(town)
    address = f"/mairie/{town.slug}/messages/{talk.pk}/equipe/"
    desk.post(address, {"action": "invite", "agent": agent.pk})
    client.force_login(agent)
    assert client.post(address, {"action": "hand_over", "agent": other.pk}).status_code == 403
    assert client.post(address, {"action": "take_back"}).status_code == 403
    assert "Confier" not in client.get(f"/mairie/{town.slug}/messages/{talk.pk}/").content.decode()


def test_only_who_works_there_is_invited(desk: Client, town: Town, talk: Conversation, citizen: Person) -> None:
    address = f"/mairie/{town.slug}/messages/{talk.pk}/equipe/"
    for stranger in (citizen.pk, factories.make_agent(factories.make_town()).pk, "x", ""):
        assert desk.post(address, {"action": "invite", "agent": stranger}).status_code == 404


def test_the_mayor_writes_first(desk: Client, town: Town) -> None:
    bruno = factories.make_person(town=town, first_name="Bruno", last_name="Gagnon")
    address = f"/mairie/{town.slug}/messages/nouveau/"
    assert "Bruno Gagnon" in desk.get(f"{address}?nom=gagn").content.decode()
    assert "Personne ne correspond" in desk.get(f"{address}?nom=zzz").content.decode()
    form = {"citizen": bruno.pk, "key": "k1", "body": "Bonjour Bruno, on me dit que…"}
    sent = desk.post(address, form)
    talk = Conversation.objects.get(citizen=bruno)
    assert sent["Location"] == f"/mairie/{town.slug}/messages/{talk.pk}/"
    assert desk.get(f"{address}?a={bruno.pk}")["Location"] == f"{sent['Location']}#fin"


def test_only_the_mayor_writes_first(client: Client, town: Town) -> None:
    client.force_login(factories.make_agent(town))
    assert client.get(f"/mairie/{town.slug}/messages/nouveau/").status_code == 403
    assert "/messages/nouveau/" not in client.get(f"/mairie/{town.slug}/messages/").content.decode()


def test_nobody_writes_to_a_stranger(desk: Client, town: Town) -> None:
    stranger = factories.make_person(town=factories.make_town())
    address = f"/mairie/{town.slug}/messages/nouveau/"
    assert desk.get(f"{address}?a={stranger.pk}").status_code == 404
    assert desk.post(address, {"citizen": stranger.pk, "key": "k", "body": "Bonjour."}).status_code == 404
