"""A town's links (S59, S137): who manages makes, changes, orders and takes them away, and the trail tells of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from hub.audit.models import Entry
from hub.community.links.actions import add_link, change_link, remove_link, shift_link
from hub.community.links.models import Group, Link
from hub.community.links.queries import ON_PORTAL, on_portal, shelves, shown_links, shown_shelves
from hub.community.links.rules import LINKS_MAX
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

SPORTS = {"title": "Inscriptions sportives", "address": "sports.ville.example"}


def made(actor: Person, town: Town, *titles: str, group: str = Group.SERVICE) -> list[Link]:
    return [
        add_link(actor=actor, town=town, fields={"title": title, "address": "x.example", "group": group})
        for title in titles
    ]


def titles(town: Town, group: str = Group.SERVICE) -> list[str]:
    return next([link.title for link in shelf.links] for shelf in shelves(town) if shelf.group == group)


def trail(town: Town) -> list[str]:
    return [trail_line(entry, town).sentence for entry in Entry.objects.filter(town=town).order_by("number")]


def test_it_is_kept_as_it_was_said_with_spaces_that_hold(town: Town, mayor: Person) -> None:
    said = {"title": "  Piscine :\n horaires ", "title_en": "Pool : hours", "description": "Ouverte ?", "icon": "ball"}
    link = add_link(actor=mayor, town=town, fields={**SPORTS, **said})
    assert (link.title, link.title_en, link.description) == (
        "Piscine\u00a0: horaires",
        "Pool : hours",
        "Ouverte\u202f?",
    )
    assert (link.address, link.group, link.icon, link.shown) == (
        "https://sports.ville.example",
        "service",
        "ball",
        True,
    )
    with translation.override("en"):
        assert (link.label, link.words) == ("Pool : hours", "Ouverte\u202f?")
        change_link(actor=mayor, link=link, fields={"description_en": "Open?"})
        assert Link.objects.get().words == "Open?"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 61}, "title"), ({"title_en": "x" * 61}, "title_en"),
        ({"title": "INSCRIPTIONS  sportives"}, "title"), ({"description": "x" * 161}, "description"),
        ({"description_en": "x" * 161}, "description_en"), ({"address": "javascript:alert(1)"}, "address"),
        ({"icon": "skull"}, "icon"), ({"group": "elsewhere"}, "group"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_of_its_field_and_nothing_changes(
    town: Town, mayor: Person, fields: dict[str, str], field: str
) -> None:
    add_link(actor=mayor, town=town, fields=SPORTS)
    (other,) = made(mayor, town, "Autre")
    acts: tuple[Callable[[], Any], ...] = (
        lambda: add_link(actor=mayor, town=town, fields={"title": "Neuf", "address": "x.example", **fields}),
        lambda: change_link(actor=mayor, link=other, fields=fields),
    )
    for act in acts:
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.field == field
    assert titles(town) == ["Inscriptions sportives", "Autre"]
    assert Entry.objects.filter(town=town).count() == 2


def test_the_database_itself_holds_no_other_address(town: Town) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(town=town, title="Piège", address="javascript:alert(1)")


def test_they_stand_in_the_order_that_is_given_each_group_by_itself(town: Town, mayor: Person) -> None:
    permits, sports, taxes = made(mayor, town, "Permis", "Sports", "Taxes")
    made(mayor, town, "Sports", "Autobus", group=Group.USEFUL)
    shift_link(actor=mayor, link=taxes, by=-1)
    shift_link(actor=mayor, link=permits, by=-1)
    assert titles(town) == ["Permis", "Taxes", "Sports"]
    shift_link(actor=mayor, link=sports, by=1)
    shift_link(actor=mayor, link=permits, by=1)
    assert titles(town) == ["Taxes", "Permis", "Sports"]
    change_link(actor=mayor, link=taxes, fields={"group": Group.USEFUL})
    assert (titles(town), titles(town, Group.USEFUL)) == (["Permis", "Sports"], ["Sports", "Autobus", "Taxes"])
    with pytest.raises(Invalid):
        change_link(actor=mayor, link=sports, fields={"group": Group.USEFUL})


def test_every_act_is_in_the_trail_and_what_changes_nothing_is_not(town: Town, mayor: Person) -> None:
    link = add_link(actor=mayor, town=town, fields=SPORTS)
    change_link(actor=mayor, link=link, fields=SPORTS)
    change_link(
        actor=mayor, link=link, fields={"title": "Sports", "group": Group.USEFUL, "icon": "ball", "shown": False}
    )
    remove_link(actor=mayor, link=link)
    assert trail(town) == [
        "Hélène Carpentier a ajouté le lien « Inscriptions sportives » vers https://sports.ville.example.",
        "Hélène Carpentier a changé le lien « Inscriptions sportives » : où Services en ligne → Liens utiles, "
        "titre Inscriptions sportives → Sports, image — → Ballon, affiché oui → non.",
        "Hélène Carpentier a supprimé le lien « Sports » vers https://sports.ville.example.",
    ]
    for act in (remove_link, change_link):
        with pytest.raises(NotFound):
            act(actor=mayor, link=link, **({} if act is remove_link else {"fields": {"title": "Revenu"}}))
    assert len(trail(town)) == 3


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.AGENT, Role.MODERATOR, Role.OPERATOR, None])
def test_others_change_nothing(town: Town, mayor: Person, role: Role | None) -> None:
    first, _second = made(mayor, town, "Permis", "Sports")
    person = factories.make_person(town=town, roles=[role]) if role else factories.make_mayor(factories.make_town())
    acts: tuple[Callable[[], Any], ...] = (
        lambda: add_link(actor=person, town=town, fields=SPORTS), lambda: shift_link(actor=person, link=first, by=1),
        lambda: change_link(actor=person, link=first, fields={"shown": False}),
        lambda: remove_link(actor=person, link=first),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert titles(town) == ["Permis", "Sports"]
    assert len(shown_links(town)) == 2


def test_sixty_are_enough(town: Town, mayor: Person) -> None:
    Link.objects.bulk_create(
        Link(town=town, title=f"N° {number}", address="https://x.example") for number in range(LINKS_MAX)
    )
    with pytest.raises(Conflict):
        made(mayor, town, "Encore")
    assert made(factories.make_mayor(other := factories.make_town()), other, "Ailleurs")


def test_everybody_sees_what_is_shown_and_the_home_the_first_services(town: Town, mayor: Person) -> None:
    assert (shown_shelves(town), on_portal(town).services, on_portal(town).useful) == ([], [], False)
    links = made(mayor, town, *(f"N° {number}" for number in range(ON_PORTAL + 1)))
    assert (len(on_portal(town).services), on_portal(town).more, on_portal(town).useful) == (ON_PORTAL, True, False)
    change_link(actor=mayor, link=links[0], fields={"shown": False})
    assert (on_portal(town).services[0].title, on_portal(town).more) == ("N° 1", False)
    (bus,) = made(mayor, town, "Autobus", group=Group.USEFUL)
    assert on_portal(town).useful
    change_link(actor=mayor, link=bus, fields={"shown": False})
    assert not on_portal(town).useful
    assert [shelf.group for shelf in shown_shelves(town)] == [Group.SERVICE]
    assert len(titles(town)) == ON_PORTAL + 1
