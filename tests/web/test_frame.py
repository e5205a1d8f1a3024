"""What the frames around pages offer, to whom, at what cost."""

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hub import __version__
from hub.people.models import Person, Role
from hub.towns.models import Town
from hub.web.choices import TOWN_COOKIE
from hub.web.context import Frame, Link
from tests import factories

pytestmark = pytest.mark.django_db


def request_of(person: Person | None, path: str = "/", town: Town | None = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = person or AnonymousUser()
    if town:
        request.town = town  # type: ignore[attr-defined]
    return request


def icons(links: Sequence[Link]) -> list[str]:
    return [link.icon for link in links]


def test_visitors_may_go_to_a_town_and_sign_in(town: Town) -> None:
    assert icons(Frame(request_of(None, town=town)).nav) == ["home", "report", "town", "user"]


def test_citizens_have_their_messages_and_account_too(town: Town, citizen: Person) -> None:
    assert icons(Frame(request_of(citizen)).nav) == ["home", "message", "report", "group", "town", "user"]


def test_a_phones_bar_has_five_entries_at_most(town: Town, citizen: Person) -> None:
    assert icons(Frame(request_of(citizen)).tabs) == ["home", "message", "report", "group", "user"]
    assert icons(Frame(request_of(None, town=town)).tabs) == ["home", "report", "town", "user"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.MAYOR, ["list", "warning", "message", "group", "flag", "mail", "users", "chart", "service", "settings"]),
        (
            Role.MANAGER,
            ["list", "warning", "message", "group", "flag", "mail", "users", "chart", "service", "settings"],
        ),
        (Role.AGENT, ["list", "warning", "message", "group", "mail", "users", "chart"]),
        (Role.MODERATOR, ["list", "message", "group", "flag", "mail"]),
        (Role.OPERATOR, ["list", "mail", "users"]),
        (Role.CITIZEN, []),
    ],
)
def test_the_desk_shows_what_ones_roles_open(town: Town, role: Role, expected: list[str]) -> None:
    person = factories.make_person(town=town, roles=[role])
    assert icons(Frame(request_of(person, town=town)).desk_nav) == expected


def test_every_entry_of_the_desk_opens_for_who_sees_it(client: Client, town: Town) -> None:
    for role in (Role.MAYOR, Role.MANAGER, Role.AGENT, Role.MODERATOR, Role.OPERATOR):
        person = factories.make_person(town=town, roles=[role])
        client.force_login(person)
        for link in Frame(request_of(person, town=town)).desk_nav:
            assert client.get(link.url).status_code == 200, (role, link.url)


def test_the_desk_says_who_is_there_and_which_version_and_leads_to_ones_other_towns(client: Client, town: Town) -> None:
    second, third = factories.make_town(name="Zinal"), factories.make_town(name="Évry")
    operator = factories.make_person(town=town, roles=[Role.OPERATOR], first_name="Sophie", last_name="Tremblay")
    for other, role in ((second, Role.OPERATOR), (third, Role.AGENT), (factories.make_town(), Role.CITIZEN)):
        operator.memberships.create(town=other, role=role)
    assert Frame(request_of(operator, town=town)).other_desks == [third, second]
    client.force_login(operator)
    html = client.get(reverse("desk_citizens", args=[town.slug])).content.decode()
    rail = html.partition('class="rail"')[2].partition("</nav>")[0]
    assert [f'href="/mairie/{one.slug}/"' in rail for one in (second, third)] == [True, True]
    assert "Sophie Tremblay" in rail
    assert f"Parvis {__version__}" in rail


def test_the_entry_of_this_page_is_the_current_one(town: Town, citizen: Person) -> None:
    nav = Frame(request_of(citizen, reverse("messages") + "7/", town=town)).nav
    assert [link.icon for link in nav if link.current] == ["message"]


def test_the_last_town_counts_only_when_it_is_ones_own(town: Town, citizen: Person) -> None:
    foreign = factories.make_town()
    request = request_of(citizen)
    request.COOKIES[TOWN_COOKIE] = foreign.slug
    assert Frame(request).town == town
    stranger = request_of(None)
    stranger.COOKIES[TOWN_COOKIE] = foreign.slug
    assert Frame(stranger).town == foreign


def test_the_bell_counts_what_waits(town: Town, mayor: Person, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour", "Le banc est cassé")
    assert Frame(request_of(mayor)).unread == 2
    factories.say(mayor, talk, "Merci")
    assert Frame(request_of(citizen)).unread == 1


def test_a_frame_costs_two_queries_and_none_when_it_is_not_shown(
    town: Town, citizen: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        factories.follow_town(person=citizen, town=factories.make_town())
    with django_assert_num_queries(0):
        frame = Frame(request_of(citizen))
    with django_assert_num_queries(2):
        assert frame.town
        assert frame.nav
        assert frame.roles
        assert frame.unread == 0
