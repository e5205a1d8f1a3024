"""Pages of groups and live chats: what they show, to whom, and what their plain forms do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from hub.conversations import actions
from hub.conversations.models import Conversation, Participant
from hub.core.clock import now, standing_at
from hub.people.actions import follow_town, revoke_role
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.conftest import door, forms_of, is_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(town: Town, mayor: Person) -> Conversation:
    return factories.make_group(mayor, town, title="Budget 2027")


@pytest.fixture
def alice(client: Client, citizen: Person) -> Client:
    client.force_login(citizen)
    return client


@pytest.fixture
def desk(mayor: Person) -> Client:
    client = Client()
    client.force_login(mayor)
    return client


# « Groupes de discussion ».


def test_a_card_has_its_facts(alice: Client, town: Town, mayor: Person, citizen: Person) -> None:
    zone = ZoneInfo(town.time_zone)
    today = now().astimezone(zone).replace(hour=11, minute=20)
    with standing_at(today - timedelta(days=60)):
        group = factories.make_group(mayor, town, citizen, title="Budget 2027")
    Conversation.objects.filter(pk=group.pk).update(
        members=1231, posts=63, created_at=datetime(2020, 11, 1, tzinfo=zone)
    )
    with standing_at(today):
        factories.say(mayor, group, "Bonjour.")
    page = text(alice, "/groupes/")
    for words in (
        "Budget 2027",
        "Jours, places et horaires.",
        "Créé le 1er\u00a0novembre 2020",
        "Dernier message à 11\u00a0h\u00a020",
        "64 messages",
        "1\u202f231 participants",
        "Accéder à la discussion",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "Dernier message hier"), (3, "Dernier message vendredi"), (40, "Dernier message le 14\u00a0octobre")],
)
def test_the_last_message_is_told_as_one_says_it(
    alice: Client, group: Conversation, town: Town, mayor: Person, days: int, words: str
) -> None:
    monday = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo(town.time_zone))
    with standing_at(monday - timedelta(days=days)):
        factories.say(mayor, group, "Bonjour.")
    with standing_at(monday):
        assert words in text(alice, "/groupes/")


def test_who_is_not_in_is_led_to_the_door_and_who_is_to_the_thread(
    alice: Client, group: Conversation, citizen: Person, mayor: Person
) -> None:
    page = text(alice, "/groupes/")
    assert door(group) in page
    assert "Rejoindre la discussion" in page
    assert "Aucun message pour l’instant" in page
    actions.join(actor=citizen, conversation_id=group.pk)
    factories.say(mayor, group, "Bonjour.")
    page = text(alice, "/groupes/")
    assert f'href="/messages/{group.pk}/"' in page
    assert "Accéder à la discussion" in page
    assert 'data-slot="news">1<' in page
    assert f'"topics": {{"conversation.{group.pk}": ' in page
    client = Client()
    client.force_login(mayor)
    assert f'href="/mairie/saint-test/messages/{group.pk}/"' in text(client, "/groupes/")


def test_a_card_says_what_is_closed_and_what_one_has_muted(
    alice: Client, group: Conversation, town: Town, citizen: Person, mayor: Person
) -> None:
    other = factories.make_group(mayor, town, citizen, title="Marché")
    page = text(alice, "/groupes/")
    assert "Fermé" not in page
    assert "En sourdine" not in page
    actions.mute(actor=citizen, conversation_id=other.pk)
    actions.close(actor=mayor, conversation_id=group.pk)
    page = text(alice, "/groupes/")
    assert page.index("Marché") < page.index("En sourdine") < page.index("Budget 2027") < page.index("Fermé")


def test_each_town_has_its_part_the_current_one_first(alice: Client, group: Conversation, citizen: Person) -> None:
    assert '<h2 id="groupes-saint-test" class="sr">' in text(alice, "/groupes/")
    other = factories.make_town("ailleurs")
    factories.make_group(factories.make_mayor(other), other, title="Cantine")
    assert "Cantine" not in text(alice, "/groupes/")
    follow_town(person=citizen, town=other)
    for current in (other.slug, "saint-test", other.slug):
        alice.get(f"/communes/{current}/")
        page = text(alice, "/groupes/")
        assert '<h2 id="groupes-saint-test">' in page
        assert (page.index("Cantine") < page.index("Budget 2027")) == (current == other.slug)


def test_nothing_yet_says_what_to_do(town: Town, citizen: Person, alice: Client) -> None:
    assert "La mairie n’a pas encore ouvert de discussion." in text(alice, "/groupes/")
    assert "Proposer un sujet" not in text(alice, "/groupes/")
    mayor = factories.make_mayor(town)
    page = text(alice, "/groupes/")
    assert "Le maire n’a pas ouvert de discussion. Vous pouvez lui proposer un sujet." in page
    assert f'href="/messages/nouveau/?commune={town.slug}"' in page
    client = Client()
    client.force_login(mayor)
    page = text(client, "/groupes/")
    assert f'href="/mairie/{town.slug}/groupes/nouveau/"' in page
    assert "Proposer un sujet" not in page
    client.force_login(factories.make_person())
    assert "Choisir ma commune" in text(client, "/groupes/")


# The door.


def test_the_door_says_what_it_is_about_who_makes_it_and_what_is_expected(
    alice: Client, group: Conversation, town: Town, mayor: Person
) -> None:
    page = text(alice, door(group))
    for words in (
        "Budget 2027",
        "Jours, places et horaires.",
        "Ouvert par Hélène Carpentier, maire",
        "1 participant",
        "Tous ceux qui suivent Saint-Test peuvent les lire.",
        "Restez courtois",
        "La mairie peut retirer un message",
    ):
        assert words in page
    assert page.count('<button class="btn btn--primary') == 1
    assert "Rythme ralenti" not in page
    actions.set_pace(actor=mayor, conversation_id=group.pk, slow_s=60)
    assert "Rythme ralenti\u00a0: un message par minute." in text(alice, door(group))
    manager = factories.make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    made = factories.make_group(manager, town)
    assert "Ouvert par Jacques Dufour, de la mairie" in text(alice, door(made))


def test_looking_is_not_entering(alice: Client, group: Conversation, citizen: Person) -> None:
    text(alice, door(group))
    assert not is_in(group, citizen)


def test_one_enters_and_from_then_on_goes_straight_in(alice: Client, group: Conversation, citizen: Person) -> None:
    for _ in range(2):
        assert alice.post(door(group))["Location"] == f"/messages/{group.pk}/#fin"
    assert is_in(group, citizen)
    assert alice.get(door(group))["Location"] == f"/messages/{group.pk}/#fin"
    assert alice.get(f"/messages/{group.pk}/").status_code == 200


def test_staff_enter_by_the_same_door_to_their_desk(client: Client, group: Conversation, town: Town) -> None:
    agent = factories.make_person(town=town, roles=[Role.AGENT, Role.CITIZEN])
    client.force_login(agent)
    assert "Rejoindre la discussion" in text(client, door(group))
    address = f"/mairie/{town.slug}/messages/{group.pk}/"
    assert client.post(door(group))["Location"] == f"{address}#fin"
    assert client.get(address).status_code == 200
    revoke_role(actor=None, person=agent, town=town, role=Role.AGENT)
    assert "Rejoindre la discussion" in text(client, door(group))
    assert client.post(door(group))["Location"] == f"/messages/{group.pk}/#fin"


def test_what_is_not_ones_own_looks_as_if_it_were_not_there(alice: Client, town: Town, mayor: Person) -> None:
    other = factories.make_town()
    foreign = factories.make_group(factories.make_mayor(other), other)
    private = factories.make_conversation(town, factories.make_person(town=town), "entre nous")
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    for number in (foreign.pk, private.pk, 10**6):
        for answer in (alice.get(f"/messages/{number}/entrer/"), alice.post(f"/messages/{number}/entrer/")):
            assert answer.status_code == 404
        for action in ("leave", "mute", "close", "change", "nothing"):
            assert alice.post(f"/messages/{number}/groupe/", {"action": action}).status_code == 404
    alice.force_login(operator)
    group = factories.make_group(mayor, town)
    assert alice.get(door(group)).status_code == alice.post(door(group)).status_code == 404
    assert alice.post(forms_of(group), {"action": "leave"}).status_code == 404


def test_the_live_chat_has_the_same_door_as_long_as_it_is_open(
    alice: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    chat = factories.make_live(mayor, town, title="Vos questions sur le budget")
    page = text(alice, "/groupes/")
    assert "La discussion en direct est ouverte" in page
    assert door(chat) in page
    assert "Entrer dans la discussion" in text(alice, door(chat))
    actions.close(actor=mayor, conversation_id=chat.pk)
    page = text(alice, door(chat))
    assert "Cette discussion en direct est terminée." in page
    assert "<button" not in page.split('class="card door"')[1].split("</article>")[0]
    assert alice.post(door(chat)).status_code == 403
    assert not is_in(chat, citizen)
    assert "La discussion en direct" not in text(alice, "/groupes/")


def test_who_was_there_reads_it_again(alice: Client, town: Town, mayor: Person, citizen: Person) -> None:
    chat = factories.make_live(mayor, town, citizen)
    actions.close(actor=mayor, conversation_id=chat.pk)
    assert alice.get(door(chat))["Location"] == f"/messages/{chat.pk}/#fin"
    assert alice.get(f"/messages/{chat.pk}/").status_code == 200


# What the forms beside a thread do.


def told(answer: HttpResponse) -> list[str]:
    """What the next page says at its top."""
    return [str(message) for message in get_messages(answer.wsgi_request)]  # type: ignore[attr-defined]


def test_one_mutes_hears_again_and_leaves(alice: Client, group: Conversation, citizen: Person) -> None:
    actions.join(actor=citizen, conversation_id=group.pk)
    thread = f"/messages/{group.pk}/"
    for action, muted in (("mute", True), ("unmute", False)):
        assert alice.post(forms_of(group), {"action": action})["Location"] == thread
        assert Participant.objects.get(conversation=group, person=citizen).muted == muted
    assert alice.post(forms_of(group), {"action": "leave"})["Location"] == "/groupes/"
    assert not is_in(group, citizen)
    assert "Vous avez quitté «\u00a0Budget 2027\u00a0»." in text(alice, "/groupes/")


def test_a_wrong_pace_is_said_and_nothing_changes(desk: Client, group: Conversation) -> None:
    for slow_s in ("", "7", "-10", "x"):
        answer = desk.post(forms_of(group), {"action": "pace", "slow_s": slow_s})
        assert told(answer)[-1:] == ["Choisissez un des rythmes proposés."]
        desk.get("/groupes/")
    group.refresh_from_db()
    assert group.slow_s == 0


def test_residents_close_nothing(alice: Client, group: Conversation, citizen: Person) -> None:
    actions.join(actor=citizen, conversation_id=group.pk)
    for action in ("close", "reopen", "pace", "unpin", "change"):
        form = {"action": action, "slow_s": "10", "title": "Pris"}
        assert alice.post(forms_of(group), form).status_code == 403
    group.refresh_from_db()
    assert (group.closed_at, group.slow_s, group.subject) == (None, 0, "Budget 2027")


def test_at_the_door_one_is_among_the_groups(alice: Client, group: Conversation) -> None:
    page = text(alice, door(group))
    assert page.count('href="/groupes/" aria-current="page"') == 2
    assert 'href="/messages/" aria-current' not in page


def test_navigation_leads_there(alice: Client, desk: Client, town: Town, client: Client) -> None:
    page = text(alice, "/groupes/")
    assert page.count('href="/groupes/" aria-current="page"') == 2  # beside the page, and at the foot of phones
    tabs = page.split('class="tabbar"')[1].split("</nav>")[0]
    assert tabs.count("<a ") == 5
    assert f'href="/mairie/{town.slug}/groupes/" aria-current="page"' in text(desk, f"/mairie/{town.slug}/groupes/")
    client.force_login(factories.make_person(town=town, roles=[Role.OPERATOR]))
    assert "/groupes/" not in text(client, f"/mairie/{town.slug}/citoyens/").split("<main")[0]
