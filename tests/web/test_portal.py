"""A town's portal and the way to choose one's town."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hub.conversations.actions import close, join
from hub.people.actions import set_address, set_phones
from hub.people.models import Person, Role
from hub.people.queries import roles_in
from hub.tickets.models import Status
from hub.towns.models import Grammar, Service, Town
from hub.web.front import TOWNS
from tests import factories
from tests.tickets.making import make_ticket

pytestmark = pytest.mark.django_db


def portal(town: Town) -> str:
    return reverse("town", args=[town.slug])


def test_anybody_sees_who_the_mayor_is_and_how_to_reach_the_town_hall(
    client: Client, town: Town, mayor: Person
) -> None:
    Town.objects.filter(pk=town.pk).update(
        phone="+33199000110", mayor_grammar=Grammar.FEMININE, meeting_hours="Le samedi, de 9 h 30 à midi"
    )
    Service.objects.create(town=town, name="État civil")
    page = client.get(portal(town)).content.decode()
    for words in (
        "Hélène Carpentier",
        "Écrire à la maire",
        "01\u00a099\u00a000\u00a001\u00a010",
        "de 9\u00a0h\u00a030 à midi",
        "112",
        "État civil",
    ):
        assert words in page


def test_the_mayors_title_agrees(client: Client, town: Town, mayor: Person) -> None:
    page = client.get(portal(town)).content.decode()
    assert "Écrire au maire" in page
    assert "à la maire" not in page


def test_the_mayors_habit_is_told_once_there_is_one(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen)
    for number in range(5):
        assert "Il répond" not in client.get(portal(town)).content.decode()
        factories.say(citizen, talk, f"Question {number}")
        factories.say(mayor, talk, f"Réponse {number}")
    assert "Il répond le plus souvent dans l’heure." in client.get(portal(town)).content.decode()


def test_a_town_whose_mayor_has_not_joined_offers_no_conversation(client: Client, town: Town) -> None:
    page = client.get(portal(town)).content.decode()
    assert "pas encore rejoint" in page
    assert "Écrire" not in page


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: Client, town: Town, mayor: Person) -> None:
    assert f"{reverse('account_login')}?next={portal(town)}" in client.get(portal(town)).content.decode()


def test_a_citizen_goes_straight_to_writing(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    client.force_login(citizen)
    assert f"{reverse('new_message')}?commune={town.slug}" in client.get(portal(town)).content.decode()


def test_a_citizen_finds_their_conversation_and_what_waits_there(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    talk = factories.make_conversation(town, citizen, "Le banc du square est cassé")
    factories.say(mayor, talk, "Il sera réparé mardi")
    client.force_login(citizen)
    page = client.get(portal(town)).content.decode()
    assert reverse("conversation", args=[talk.pk]) in page
    assert "Il sera réparé mardi" in page


def test_others_do_not_see_it(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    factories.make_conversation(town, citizen, "Le banc du square est cassé")
    for reader in (None, factories.make_person(town=town), mayor):
        if reader:
            client.force_login(reader)
        assert "Le banc du square" not in client.get(portal(town)).content.decode()


def test_staff_get_the_way_to_their_desk_and_others_do_not(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    desk = reverse("desk_home", args=[town.slug])
    client.force_login(mayor)
    page = client.get(portal(town)).content.decode()
    assert desk in page
    assert "Écrire au maire" not in page
    for reader in (citizen, factories.make_mayor(factories.make_town())):
        client.force_login(reader)
        assert desk not in client.get(portal(town)).content.decode()


def test_staff_are_told_what_each_number_of_their_desk_counts(client: Client, town: Town) -> None:
    make_ticket(town, status=Status.NOT_TRANSFERRED)
    client.force_login(factories.make_person(town=town, roles=[Role.OPERATOR]))
    desk = client.get(portal(town)).content.decode().partition('id="desk"')[2].partition("</section>")[0]
    assert '<span class="count">1<span class="sr"> en attente de vous</span></span>' in desk


def test_one_follows_a_town_and_stops(client: Client, town: Town) -> None:
    person = factories.make_person()
    client.force_login(person)
    answer = client.post(reverse("follow_town", args=[town.slug]))
    assert answer["Location"] == portal(town)
    assert Role.CITIZEN in roles_in(person, town)
    client.post(reverse("unfollow_town", args=[town.slug]))
    assert not roles_in(person, town)


def test_who_writes_to_a_new_town_follows_it_on_the_way(client: Client, town: Town, mayor: Person) -> None:
    person = factories.make_person()
    client.force_login(person)
    assert reverse("follow_town", args=[town.slug]) in client.get(portal(town)).content.decode()
    onward = f"{reverse('new_message')}?commune={town.slug}"
    assert client.post(reverse("follow_town", args=[town.slug]), {"next": onward})["Location"] == onward


def test_following_needs_an_account_and_a_form(client: Client, town: Town) -> None:
    address = reverse("follow_town", args=[town.slug])
    assert client.post(address)["Location"].startswith(reverse("account_login"))
    client.force_login(factories.make_person())
    assert client.get(address).status_code == 405


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bourg", ["Valbourg"]), ("saint aurele", ["Saint-Aurèle"]), ("SAINT-A", ["Saint-Aurèle"]),
        ("œ", ["Sacré-Cœur"]), ("  ", ["L’Étang", "Sacré-Cœur", "Saint-Aurèle", "Valbourg"]), ("etang", ["L’Étang"]),
        ("%", []), ("<b>x", []), ("bourg aurele", []),
    ],
)  # fmt: skip
def test_towns_are_found_by_words_of_their_name(client: Client, typed: str, found: list[str]) -> None:
    for name in ("Valbourg", "Sacré-Cœur", "L’Étang", "Saint-Aurèle"):
        factories.make_town(name=name)
    answer = client.get(reverse("towns"), {"q": typed})
    assert [town.name for town in answer.context["page"]] == found
    assert ("Aucune commune de ce nom" in answer.content.decode()) == (not found)
    assert [town["name"] for town in client.get("/api/v1/towns", {"q": typed}).json()] == found


def test_every_town_stands_on_one_page_of_the_list(client: Client, citizen: Person, town: Town) -> None:
    Town.objects.bulk_create(
        Town(slug=f"val-{number}", name="Val" if number % 2 else f"Val {number:03}") for number in range(2 * TOWNS)
    )
    client.force_login(citizen)
    seen, onward = [], "?q=v+al"
    while onward:
        tiles = client.get(reverse("towns") + onward).content.decode().split('role="search"')[1]
        seen += re.findall(r'<a class="card town-card" href="/communes/([\w-]+)/">', tiles)
        onward = "".join(re.findall(r'rel="next" href="([^"]+)"', tiles)).replace("&amp;", "&")
    assert sorted(seen) == sorted(f"val-{number}" for number in range(2 * TOWNS))
    first = client.get(reverse("towns"), {"page": "nulle part"}).context["page"]
    assert (first.number, len(first), town in first) == (1, TOWNS, False)


def test_home_welcomes_visitors_and_knows_ones_only_town(client: Client, town: Town, citizen: Person) -> None:
    assert "Choisir ma commune" in client.get("/").content.decode()
    client.force_login(citizen)
    assert client.get("/")["Location"] == portal(town)


def test_home_is_the_town_seen_last_among_ones_own(client: Client, town: Town, citizen: Person) -> None:
    second, foreign = factories.make_town(), factories.make_town()
    factories.follow_town(person=citizen, town=second)
    client.force_login(citizen)
    assert client.get("/")["Location"] == reverse("towns")
    client.get(portal(second))
    assert client.get("/")["Location"] == portal(second)
    client.get(portal(foreign))
    assert client.get("/")["Location"] == reverse("towns")


def test_who_follows_the_town_finds_its_two_latest_groups_with_their_facts(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    groups = [factories.make_group(mayor, town, title=f"Groupe {number}") for number in range(3)]
    factories.say(mayor, groups[0], "Bonjour.")
    client.force_login(citizen)
    title = re.compile(r'class="item__t" href="/messages/\d+/entrer/">(.*?)</a>')
    page = client.get(portal(town)).content.decode()
    assert title.findall(page) == ["Groupe 0", "Groupe 2"]
    assert "1 message<" in page
    assert reverse("groups") in page.split("<aside")[1]
    for group in groups[1:]:
        close(actor=mayor, conversation_id=group.pk)
    assert title.findall(client.get(portal(town)).content.decode()) == ["Groupe 0"]


def test_a_town_without_groups_shows_no_card(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    client.force_login(citizen)
    page = client.get(portal(town)).content.decode()
    assert '<section class="card" aria-labelledby="discussions" data-part="groups" hidden>' in page


def test_the_live_chats_door_is_there_while_it_is_open(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    client.force_login(citizen)
    door = '<div data-part="live-chat" hidden></div>'
    assert door in client.get(portal(town)).content.decode()
    chat = factories.make_live(mayor, town, title="Vos questions sur le budget")
    page = client.get(portal(town)).content.decode()
    assert "La discussion en direct est ouverte\u00a0: <b>Vos questions sur le budget</b>" in page
    assert f'href="/messages/{chat.pk}/entrer/"' in page
    join(actor=citizen, conversation_id=chat.pk)
    assert f'<a class="btn btn--primary" href="/messages/{chat.pk}/">' in client.get(portal(town)).content.decode()
    close(actor=mayor, conversation_id=chat.pk)
    assert door in client.get(portal(town)).content.decode()


def test_who_may_not_enter_is_told_nothing_of_discussions(client: Client, town: Town, mayor: Person) -> None:
    factories.make_group(mayor, town, title="Budget 2027")
    factories.make_live(mayor, town, title="Vos questions")
    elsewhere = factories.make_person(town=factories.make_town())
    for reader in (None, elsewhere, factories.make_person(town=town, roles=[Role.OPERATOR])):
        if reader:
            client.force_login(reader)
        page = client.get(portal(town)).content.decode()
        for words in ("Budget 2027", "Vos questions", "data-part"):
            assert words not in page


def test_who_follows_the_town_is_asked_for_what_it_would_reach_them_by(
    client: Client, town: Town, citizen: Person
) -> None:
    """S15, on the town's page as in the account, until it is given; by no page of a town that one does not follow."""
    address = f"/communes/{town.slug}/"
    assert "la commune prévient" not in client.get(address).content.decode()
    client.force_login(citizen)
    assert "Donnez un portable et votre adresse." in client.get(address).content.decode()
    assert "la commune prévient" not in client.get(f"/communes/{factories.make_town().slug}/").content.decode()
    set_phones(person=citizen, numbers=["+33612345642"])
    assert "Donnez votre adresse." in client.get(address).content.decode()
    assert "Donnez votre adresse." in client.get("/compte/").content.decode()
    set_address(person=citizen, fields={"number": "4", "street": "rue du Four", "postal_code": "37000", "city": "Y"})
    assert "la commune prévient" not in client.get(address).content.decode()
