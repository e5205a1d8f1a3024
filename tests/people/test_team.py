"""Who works at the town hall: invited, given roles and services, let go."""

import pytest
from django.test import Client
from django.urls import reverse

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.actions import grant_role, invite_member, revoke_role, set_member_roles
from hub.people.models import Membership, Person, Role
from hub.people.queries import roles_in, team_of
from hub.towns.models import Service, Town
from tests.factories import make_agent, make_mayor, make_person, make_town
from tests.people.steps import mails_to, post, sign_in_by_code, text_of, who

NEW = "maude@saint-test.example"


@pytest.fixture
def works(town: Town) -> Service:
    return Service.objects.create(town=town, name="Travaux publics")


@pytest.fixture
def boss(client: Client, mayor: Person) -> Person:
    """The mayor, signed in."""
    client.force_login(mayor)
    return mayor


def test_who_is_invited_gets_a_mail_and_comes_in_by_a_code(
    client: Client, boss: Person, town: Town, works: Service
) -> None:
    page = post(
        client, "desk_invite", town.slug, email=NEW, first_name="Maude", last_name="Lavoie", role="agent",
        services=[works.pk],
    )  # fmt: skip
    assert "Maude Lavoie est dans l’équipe" in text_of(page)
    mail = mails_to(NEW)[0]
    assert "Saint-Test" in mail.subject
    assert boss.name in mail.text
    assert reverse("account_request_login_code") in mail.text

    other = Client()
    landed = sign_in_by_code(other, NEW)
    maude = who(other)
    assert maude is not None
    assert roles_in(maude, town) == {Role.AGENT}
    assert list(Membership.objects.get(person=maude).services.all()) == [works]
    assert landed.request["PATH_INFO"].startswith("/mairie/saint-test/")


def test_someone_known_keeps_their_own_name(boss: Person, town: Town, citizen: Person) -> None:
    invited = invite_member(
        actor=boss, town=town, email="ALICE@citoyen.example", role=Role.AGENT, first_name="X", last_name="Y"
    )
    assert invited == citizen
    assert invited.name == "Alice Moreau"
    assert roles_in(citizen, town) == {Role.CITIZEN, Role.AGENT}


def test_a_second_mayor_is_refused_and_nobody_is_made(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_invite", town.slug, email=NEW, first_name="M", last_name="L", role="mayor")
    assert "Une autre personne porte déjà le rôle de maire" in text_of(page)
    assert not Person.objects.filter(email=NEW).exists()
    assert mails_to(NEW) == []


def test_roles_and_services_are_changed_together(client: Client, boss: Person, town: Town, works: Service) -> None:
    agent = make_agent(town)
    post(client, "desk_member", town.slug, agent.pk, roles=["agent", "moderator"], services=[works.pk])
    assert roles_in(agent, town) == {Role.AGENT, Role.MODERATOR}
    assert list(Membership.objects.get(person=agent, role=Role.AGENT).services.all()) == [works]

    post(client, "desk_member", town.slug, agent.pk, roles=["moderator"])
    assert roles_in(agent, town) == {Role.MODERATOR}


def test_who_has_no_role_left_leaves_the_team_and_stays_a_citizen(
    client: Client, boss: Person, town: Town, citizen: Person
) -> None:
    grant_role(actor=boss, person=citizen, town=town, role=Role.AGENT)
    post(client, "desk_member", town.slug, citizen.pk)
    assert roles_in(citizen, town) == {Role.CITIZEN}
    assert citizen.pk not in {row.person_id for row in team_of(town)}


def test_nobody_shuts_themselves_out(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_member", town.slug, boss.pk, roles=["agent"])
    assert "Vous ne pouvez pas vous retirer vous-même ce rôle" in text_of(page)
    assert roles_in(boss, town) == {Role.MAYOR}
    with pytest.raises(Invalid):
        set_member_roles(actor=boss, person=boss, town=town, roles=[])
    assert roles_in(boss, town) == {Role.MAYOR}


def test_after_an_election_a_manager_hands_the_town_over(town: Town, mayor: Person) -> None:
    manager, elected = make_person(town=town, roles=[Role.MANAGER]), make_person(town=town)
    with pytest.raises(Conflict):
        grant_role(actor=manager, person=elected, town=town, role=Role.MAYOR)
    revoke_role(actor=manager, person=mayor, town=town, role=Role.MAYOR)
    grant_role(actor=manager, person=elected, town=town, role=Role.MAYOR)
    assert Role.MAYOR in roles_in(elected, town)


def test_another_towns_service_is_never_given(boss: Person, town: Town) -> None:
    foreign = Service.objects.create(town=make_town("ailleurs"), name="Greffe")
    membership = grant_role(actor=boss, person=make_person(), town=town, role=Role.AGENT, services=[foreign])
    assert not membership.services.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.AGENT, 403), (Role.MODERATOR, 403), (Role.OPERATOR, 403), (Role.CITIZEN, 404)],
)
def test_the_team_and_the_settings_are_for_who_manages(client: Client, town: Town, role: Role, status: int) -> None:
    client.force_login(make_person(town=town, roles=[role]))
    for name in ("desk_team", "desk_invite", "desk_services", "desk_service_new", "desk_settings"):
        assert client.get(reverse(name, args=[town.slug])).status_code == status, name


@pytest.mark.parametrize("role", [Role.AGENT, Role.MODERATOR, Role.OPERATOR, Role.CITIZEN])
def test_an_action_asks_too_and_not_only_the_page(town: Town, role: Role) -> None:
    actor, other = make_person(town=town, roles=[role]), make_agent(town)
    for act in (
        lambda: grant_role(actor=actor, person=actor, town=town, role=Role.MANAGER),
        lambda: revoke_role(actor=actor, person=other, town=town, role=Role.AGENT),
        lambda: invite_member(actor=actor, town=town, email=NEW, role=Role.AGENT),
    ):
        with pytest.raises(Forbidden):
            act()
    assert roles_in(other, town) == {Role.AGENT}


def test_a_mayor_has_no_say_next_door(client: Client, boss: Person) -> None:
    next_door = make_town("ailleurs")
    their_mayor = make_mayor(next_door)
    assert client.get(reverse("desk_member", args=[next_door.slug, their_mayor.pk])).status_code == 404
    with pytest.raises(Forbidden):
        revoke_role(actor=boss, person=their_mayor, town=next_door, role=Role.MAYOR)


def test_another_towns_member_is_not_there(client: Client, boss: Person, town: Town, citizen: Person) -> None:
    foreign = make_agent(make_town("ailleurs"))
    for person_id in (foreign.pk, citizen.pk, foreign.pk + 1000):
        assert client.get(reverse("desk_member", args=[town.slug, person_id])).status_code == 404


def test_the_list_shows_who_is_protected(client: Client, boss: Person, town: Town, works: Service) -> None:
    grant_role(actor=boss, person=make_person(last_name="Lavoie"), town=town, role=Role.AGENT, services=[works])
    words = text_of(client.get(reverse("desk_team", args=[town.slug])))
    assert "Lavoie" in words
    assert "Travaux publics" in words
    assert words.count("Pas encore") == 2


def test_who_was_given_or_lost_which_role_and_services_stands_in_the_trail(
    boss: Person, town: Town, works: Service
) -> None:
    maude = make_person(first_name="Maude", last_name="Lavoie")
    for roles, services in (([Role.AGENT], [works]), ([Role.AGENT], [works]), ([Role.AGENT], []), ([], [])):
        set_member_roles(actor=boss, person=maude, town=town, roles=roles, services=services)
    name = boss.name
    assert [trail_line(entry, town).sentence for entry in reversed(entries_of(town))] == [
        f"{name} a donné à Maude Lavoie le rôle « Agent ».",
        f"{name} a changé les services de Maude Lavoie : Travaux publics.",
        f"{name} a changé les services de Maude Lavoie : —.",
        f"{name} a retiré à Maude Lavoie le rôle « Agent ».",
    ]
