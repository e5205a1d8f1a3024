"""Groups and live chats at the desk: made, changed, closed, and entered by who works there."""

import pytest
from django.test import Client

from hub.conversations import actions
from hub.conversations.models import Conversation, Kind
from hub.people.actions import follow_town
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.conftest import door, forms_of, is_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(town: Town, mayor: Person) -> Conversation:
    return factories.make_group(mayor, town, title="Budget 2027")


@pytest.fixture
def desk(mayor: Person) -> Client:
    client = Client()
    client.force_login(mayor)
    return client


def test_staff_who_leave_are_at_their_desk(client: Client, group: Conversation, town: Town) -> None:
    agent = factories.make_agent(town)
    actions.join(actor=agent, conversation_id=group.pk)
    client.force_login(agent)
    assert client.post(forms_of(group), {"action": "leave"})["Location"] == f"/mairie/{town.slug}/groupes/"


def test_moderators_close_reopen_change_the_pace_and_unpin(
    desk: Client, group: Conversation, town: Town, mayor: Person
) -> None:
    thread = f"/mairie/{town.slug}/messages/{group.pk}/"
    seq = factories.say(mayor, group, "À retenir.").seq
    actions.pin_message(actor=mayor, conversation_id=group.pk, seq=seq)
    for form, expected in (
        ({"action": "pace", "slow_s": "30"}, {"slow_s": 30}),
        ({"action": "close"}, {"closed": True}),
        ({"action": "reopen"}, {"closed": False}),
        ({"action": "unpin"}, {"pinned": None}),
    ):
        assert desk.post(forms_of(group), form)["Location"] == thread
        group.refresh_from_db()
        found = {"slow_s": group.slow_s, "closed": group.closed_at is not None, "pinned": group.pinned}
        assert expected.items() <= found.items()


def test_a_group_gets_another_title_and_what_was_typed_is_kept(desk: Client, group: Conversation, town: Town) -> None:
    address = f"/mairie/{town.slug}/groupes/{group.pk}/modifier/"
    assert 'value="Budget 2027"' in text(desk, address)
    refused = desk.post(forms_of(group), {"action": "change", "title": " ", "about": "Des mots <b>gardés</b>"})
    assert refused.status_code == 400
    assert "Des mots &lt;b&gt;gardés&lt;/b&gt;" in refused.content.decode()
    desk.post(forms_of(group), {"action": "change", "title": "Budget 2028", "about": "Vos idées"})
    group.refresh_from_db()
    assert (group.subject, group.about) == ("Budget 2028", "Vos idées")


def test_the_desk_lists_the_groups_closed_ones_apart_with_what_is_reported(
    desk: Client, group: Conversation, town: Town, mayor: Person, citizen: Person
) -> None:
    closed = factories.make_group(mayor, town, title="Travaux")
    actions.close(actor=mayor, conversation_id=closed.pk)
    other = factories.make_person(town=town)
    for person in (citizen, other):
        actions.join(actor=person, conversation_id=group.pk)
    seq = factories.say(mayor, group, "Des mots vifs.").seq
    address = f"/mairie/{town.slug}/groupes/"
    assert "signalement" not in text(desk, address)
    for person in (citizen, other):  # two people, one message to look at
        actions.report_message(actor=person, conversation_id=group.pk, seq=seq, reason="insult")
    page = text(desk, address)
    assert "1 signalement à traiter" in page
    assert page.index("Groupes ouverts") < page.index("Budget 2027") < page.index("Groupes fermés")
    assert page.index("Groupes fermés") < page.index("Travaux")
    assert "3 participants" in page
    actions.keep_message(actor=mayor, conversation_id=group.pk, seq=seq)
    assert "signalement" not in text(desk, address)


def test_the_mayor_opens_a_group(desk: Client, town: Town, mayor: Person) -> None:
    address = f"/mairie/{town.slug}/groupes/nouveau/"
    refused = desk.post(address, {"title": "x" * 81, "about": "Des mots gardés"})
    assert refused.status_code == 400
    assert "Des mots gardés" in refused.content.decode()
    assert desk.post(address, {"title": "\x00 ", "about": ""}).status_code == 400
    made = desk.post(address, {"title": "Budget 2027", "about": "Vos priorités"})
    group = Conversation.objects.get(kind=Kind.GROUP)
    assert made["Location"] == f"/mairie/{town.slug}/messages/{group.pk}/"
    assert (group.subject, group.about, is_in(group, mayor)) == ("Budget 2027", "Vos priorités", True)


def test_who_works_there_joins_and_makes_nothing(client: Client, group: Conversation, town: Town) -> None:
    address = f"/mairie/{town.slug}/groupes/"
    client.force_login(factories.make_agent(town))
    page = text(client, address)
    assert door(group) in page
    for words in ("Nouveau groupe", "Ouvrir une discussion en direct", "/modifier/"):
        assert words not in page
    for path in ("nouveau/", f"{group.pk}/modifier/"):
        assert client.get(address + path).status_code == 403
    assert client.post(f"{address}nouveau/", {"title": "Pris"}).status_code == 403
    assert client.post(f"{address}direct/", {"title": "Pris", "slow_s": "0"}).status_code == 403
    client.force_login(factories.make_person(town=town, roles=[Role.OPERATOR]))
    assert client.get(address).status_code == 403


def test_the_mayor_opens_the_live_chat_and_ends_it_after_a_deliberate_yes(
    desk: Client, town: Town, mayor: Person
) -> None:
    address = f"/mairie/{town.slug}/groupes/"
    refused = desk.post(f"{address}direct/", {"title": "", "slow_s": "30"})
    assert refused.status_code == 400
    assert '<option value="30" selected>' in refused.content.decode()
    opened = desk.post(f"{address}direct/", {"title": "Vos questions", "slow_s": "30"})
    chat = Conversation.objects.get(kind=Kind.LIVE)
    assert opened["Location"] == f"/mairie/{town.slug}/messages/{chat.pk}/"
    assert (chat.subject, chat.slow_s) == ("Vos questions", 30)
    page = text(desk, address)
    for words in ("Vos questions", "1 participant", "Entrer", f"{address}direct/{chat.pk}/terminer/"):
        assert words in page
    assert "Ouvrir une discussion en direct" not in page
    again = desk.post(f"{address}direct/", {"title": "Une autre", "slow_s": "0"}, follow=True)
    assert "Une discussion en direct est déjà ouverte." in again.content.decode()

    end = f"{address}direct/{chat.pk}/terminer/"
    assert "Terminer «\u00a0Vos questions\u00a0»\u202f?" in text(desk, end)
    chat.refresh_from_db()
    assert chat.closed_at is None, "looking ends nothing"
    assert desk.post(end)["Location"] == address
    chat.refresh_from_db()
    assert chat.closed_at is not None
    page = text(desk, address)
    assert "Relire la discussion" in page
    assert "Ouvrir une discussion en direct" in page
    assert desk.get(end)["Location"] == address


def test_agents_end_nothing_and_no_group_is_ended_there(
    client: Client, desk: Client, town: Town, mayor: Person, group: Conversation
) -> None:
    chat = factories.make_live(mayor, town)
    end = f"/mairie/{town.slug}/groupes/direct/{{}}/terminer/"
    client.force_login(factories.make_agent(town))
    assert client.post(end.format(chat.pk)).status_code == 403
    assert "/terminer/" not in text(client, f"/mairie/{town.slug}/groupes/")
    assert desk.post(end.format(group.pk)).status_code == 404
    elsewhere = factories.make_town()
    foreign = factories.make_live(factories.make_mayor(elsewhere), elsewhere)
    follow_town(person=mayor, town=elsewhere)
    for address in (end, f"/mairie/{town.slug}/groupes/{{}}/modifier/"):
        assert desk.get(address.format(foreign.pk)).status_code == 404
    assert desk.post(end.format(foreign.pk)).status_code == 404
    for conversation in (chat, group, foreign):
        conversation.refresh_from_db()
        assert conversation.closed_at is None


def test_staff_who_were_not_there_read_a_live_chat_again(client: Client, town: Town, mayor: Person) -> None:
    chat = factories.make_live(mayor, town)
    actions.close(actor=mayor, conversation_id=chat.pk)
    client.force_login(factories.make_agent(town))
    assert door(chat) in text(client, f"/mairie/{town.slug}/groupes/")
    assert "Lire la discussion" in text(client, door(chat))
    assert client.post(door(chat))["Location"] == f"/mairie/{town.slug}/messages/{chat.pk}/#fin"
