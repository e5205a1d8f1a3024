"""Categories and their questions, as who manages the town sets them up."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.audit.queries import entries_of
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.models import Person, Role
from hub.tickets.actions import taxonomy as actions
from hub.tickets.models import Category, Question
from hub.tickets.queries import desk_settings
from hub.tickets.starter import STARTER
from hub.tickets.taxonomy import places_of, read_choices, write_choices
from hub.towns.models import Country, Service, Town
from tests.factories import make_agent, make_person, make_town
from tests.people.steps import post, text_of
from tests.tickets.making import make_ticket

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "Voirie", "name_en": "Roads", "parent": "", "icon": "road", "service": "", "delay_days": "",
    "public_allowed": "on", "for_citizens": "on", "active": "on",
}  # fmt: skip
ASKED = {
    "text": "Où ?",
    "text_en": "Where?",
    "answering": "choice",
    "choices": "Rue | Street\nTrottoir",
    "active": "on",
}


@pytest.fixture
def boss(client: Client, town: Town) -> Person:
    """Who manages the town, signed in."""
    person = make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    client.force_login(person)
    return person


def add(town: Town, name: str, parent: Category | None = None, **fields: Any) -> Category:
    """A category, written directly."""
    position = town.ticket_categories.filter(parent=parent).count() + 1
    return Category.objects.create(town=town, name=name, parent=parent, position=position, **fields)


def names(town: Town, parent: Category | None = None) -> list[str]:
    return list(town.ticket_categories.filter(parent=parent).values_list("name", flat=True))


# The tree.


def test_a_category_is_added_renamed_and_moved(client: Client, boss: Person, town: Town) -> None:
    works = Service.objects.create(town=town, name="Travaux publics")
    page = post(client, "desk_ticket_category_new", town.slug, **{**FIELDS, "service": works.pk, "delay_days": "5"})
    assert "« Voirie » est ajoutée" in text_of(page).replace("\u00a0", " ")
    made = Category.objects.get(town=town)
    assert (made.name, made.name_en, made.icon, made.service, made.delay_days) == ("Voirie", "Roads", "road", works, 5)
    assert (made.public_allowed, made.for_citizens, made.active, made.parent) == (True, True, True, None)

    above = add(town, "Travaux")
    moved = {**FIELDS, "name": "Voies", "parent": above.pk, "active": "", "public_allowed": ""}
    post(client, "desk_ticket_category", town.slug, made.pk, **{key: value for key, value in moved.items() if value})
    made.refresh_from_db()
    assert (made.name, made.parent, made.active, made.public_allowed) == ("Voies", above, False, False)
    assert (made.service, made.delay_days) == (None, None)
    told = {entry.act: entry.what for entry in entries_of(town)}
    assert told["category.add"] == {"title": "Voirie"}
    assert told["category.change"]["title"] == "Voirie"
    assert told["category.change"]["delay_days"] == "5 → —"
    assert told["category.change"]["active"] == "oui → non"


def test_saving_without_a_change_leaves_no_trace(client: Client, boss: Person, town: Town) -> None:
    made = add(town, "Voirie", name_en="Roads", icon="road", public_allowed=True)
    given = {key: value for key, value in FIELDS.items() if value}
    post(client, "desk_ticket_category", town.slug, made.pk, **given)
    assert not entries_of(town).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"), ({"name": "eclairage"}, "name"), ({"icon": "dragon"}, "icon"),
        ({"delay_days": "-1"}, "delay_days"), ({"delay_days": "400"}, "delay_days"), ({"parent": "0"}, "parent"),
        ({"service": "0"}, "service"), ({"name": "x" * 81}, "name"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_it_stands(
    client: Client, boss: Person, town: Town, wrong: dict[str, str], field: str
) -> None:
    add(town, "Éclairage")
    page = post(client, "desk_ticket_category_new", town.slug, **{**FIELDS, **wrong})
    assert field in page.context["form"].errors
    assert names(town) == ["Éclairage"]


def test_there_are_three_levels_and_no_circles(boss: Person, town: Town) -> None:
    one = add(town, "Un")
    two = add(town, "Deux", one)
    three = add(town, "Trois", two)
    alone = add(town, "Seule")
    for category, parent in ((one, three), (one, one), (alone, three), (one, alone)):
        with pytest.raises(Invalid) as refused:
            actions.change_category(actor=boss, category=category, fields={"parent": parent})
        assert refused.value.field == "parent"
    with pytest.raises(Invalid):
        actions.add_category(actor=boss, town=town, fields={"name": "Quatre", "parent": three})
    actions.change_category(actor=boss, category=two, fields={"parent": alone})
    assert names(town, alone) == ["Deux"]


def test_the_same_name_may_stand_elsewhere(boss: Person, town: Town) -> None:
    one, two = add(town, "Rue"), add(town, "Parc")
    for parent in (one, two):
        actions.add_category(actor=boss, town=town, fields={"name": "Éclairage", "parent": parent})
    with pytest.raises(Invalid) as refused:
        actions.add_category(actor=boss, town=town, fields={"name": "Parc"})  # beside: no constraint holds at the root
    assert refused.value.field == "name"


def test_what_is_another_towns_is_not_there(boss: Person, town: Town) -> None:
    other = make_town()
    foreign, service = add(other, "Ailleurs"), Service.objects.create(town=other, name="Ailleurs")
    for fields in ({"parent": foreign}, {"service": service}):
        with pytest.raises(NotFound):
            actions.add_category(actor=boss, town=town, fields={"name": "Ici", **fields})
    with pytest.raises(Forbidden):
        actions.change_category(actor=boss, category=foreign, fields={"name": "Pris"})


def test_order_is_changed_one_place_at_a_time(client: Client, boss: Person, town: Town) -> None:
    first, _second, third = add(town, "A"), add(town, "B"), add(town, "C")
    Category.objects.filter(town=town).update(position=0)  # as after an import: by name
    answer = client.post(reverse("desk_ticket_category_shift", args=[town.slug, third.pk]), {"by": "up"})
    assert answer["Location"].endswith(f"#c{third.pk}")
    assert names(town) == ["A", "C", "B"]
    for _again in range(3):  # at the end it stays
        post(client, "desk_ticket_category_shift", town.slug, first.pk, by="down")
    assert names(town) == ["C", "B", "A"]


def test_places_are_offered_as_they_stand_in_the_tree(client: Client, boss: Person, town: Town) -> None:
    water, roads = add(town, "Eau"), add(town, "Rues")
    add(town, "Aqueduc", water)
    add(town, "Voies", roads)
    page = client.get(reverse("desk_ticket_category_new", args=[town.slug]))
    assert "Rien : au premier niveau Eau Eau > Aqueduc Rues Rues > Voies" in text_of(page)


def test_only_what_was_never_used_is_removed(client: Client, boss: Person, town: Town) -> None:
    branch = add(town, "Voirie")
    leaf = add(town, "Nids-de-poule", branch)
    Question.objects.create(category=leaf, text="Où ?")
    page = post(client, "desk_ticket_category_remove", town.slug, branch.pk)
    assert "hors d’usage plutôt" in text_of(page)
    ticket = make_ticket(town, category=leaf)
    assert "hors d’usage plutôt" in text_of(post(client, "desk_ticket_category_remove", town.slug, leaf.pk))
    assert names(town, branch) == ["Nids-de-poule"]
    ticket.delete()
    page = post(client, "desk_ticket_category_remove", town.slug, leaf.pk)
    assert "Nids-de-poule » est supprimée" in text_of(page).replace("\u00a0", " ")
    assert not Question.objects.exists()
    assert entries_of(town)[0].what == {"title": "Voirie > Nids-de-poule"}


def test_service_comes_from_the_nearest_and_the_longest_delay_counts(client: Client, boss: Person, town: Town) -> None:
    works, parks = (Service.objects.create(town=town, name=name) for name in ("Travaux", "Parcs"))
    one = add(town, "Un", service=works, delay_days=8, icon="tree")
    two = add(town, "Deux", one, delay_days=3)
    add(town, "Trois", two, service=parks, active=False)
    alone = add(town, "Seule", for_citizens=False)
    settings = desk_settings(town)
    found = {place.category.name: place for place in places_of(town, settings)}
    assert [place.category.name for place in places_of(town, settings)] == ["Un", "Deux", "Trois", "Seule"]
    assert (found["Deux"].service, found["Deux"].service_from, found["Deux"].service_inherited) == (works, one, True)
    assert (found["Trois"].service, found["Trois"].service_inherited) == (parks, False)
    assert (found["Deux"].delay_days, found["Deux"].delay_from) == (8, one)
    assert (found["Seule"].delay_days, found["Seule"].delay_from) == (settings.default_delay_days, None)
    assert [found[name].icon for name in ("Deux", "Seule")] == ["tree", "pin"]
    assert [place.choosable for place in found.values()] == [False, True, False, True]
    page = text_of(client.get(reverse("desk_ticket_inheritance", args=[town.slug])))
    assert "par « Un »" in page
    assert "par la commune" in page
    assert f"#c{alone.pk}" in client.get(reverse("desk_ticket_category", args=[town.slug, alone.pk])).content.decode()


# The usual ones.


def test_a_town_starts_from_the_usual_categories_once(client: Client, boss: Person, town: Town) -> None:
    works = Service.objects.create(town=town, name="Travaux publics")
    page = client.get(reverse("desk_ticket_settings", args=[town.slug]))
    assert "Partir des catégories courantes" in text_of(page)
    page = post(client, "desk_ticket_start", town.slug, streets=works.pk)
    assert "Les catégories courantes sont là" in text_of(page)
    assert "Partir des catégories" not in text_of(page)
    assert Category.objects.get(town=town, name=STARTER[0].name).service == works
    page = post(client, "desk_ticket_start", town.slug)
    assert "a déjà ses catégories" in text_of(page)
    assert town.ticket_categories.count() == 21
    assert [entry.act for entry in entries_of(town)] == ["category.start"]


def test_another_towns_service_is_none_to_start_with(client: Client, boss: Person, town: Town) -> None:
    foreign = Service.objects.create(town=make_town(), name="Ailleurs")
    answer = client.post(reverse("desk_ticket_start", args=[town.slug]), {"streets": foreign.pk})
    assert answer.status_code == 400
    assert not town.ticket_categories.exists()


# Questions.


def test_questions_are_asked_mended_and_put_in_order(client: Client, boss: Person, town: Town) -> None:
    category = add(town, "Voirie")
    post(client, "desk_ticket_question_new", town.slug, category.pk, **ASKED)
    post(
        client, "desk_ticket_question_new", town.slug, category.pk, text="Depuis quand ?", answering="text", active="on"
    )
    first, second = category.questions.all()
    assert (first.text, first.text_en, first.required) == ("Où\u202f?", "Where?", False)
    assert first.choices == [{"fr": "Rue", "en": "Street"}, {"fr": "Trottoir", "en": ""}]
    page = client.get(reverse("desk_ticket_question", args=[town.slug, category.pk, first.pk])).content.decode()
    assert "Rue | Street\nTrottoir</textarea>" in page

    post(client, "desk_ticket_question_shift", town.slug, category.pk, second.pk, by="up")
    assert [one.pk for one in category.questions.all()] == [second.pk, first.pk]
    changed = {"text": "Est-ce dangereux ?", "answering": "yes_no", "required": "on", "choices": ASKED["choices"]}
    page = post(client, "desk_ticket_question", town.slug, category.pk, first.pk, **changed)
    first.refresh_from_db()
    assert (first.answering, first.required, first.active, first.choices) == ("yes_no", True, False, [])
    assert "Obligatoire" in text_of(page)
    assert [entry.act for entry in entries_of(town)] == ["question.change", "question.add", "question.add"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"), ({"choices": ""}, "choices"), ({"choices": "Une seule"}, "choices"),
        ({"choices": "Rue\n| Street"}, "choices"), ({"choices": "Été\nete"}, "choices"),
        ({"choices": "x" * 81 + "\ny"}, "choices"), ({"choices": "\n".join(map(str, range(40)))}, "choices"),
        ({"answering": "song"}, "answering"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(
    client: Client, boss: Person, town: Town, wrong: dict[str, str], field: str
) -> None:
    category = add(town, "Voirie")
    page = post(client, "desk_ticket_question_new", town.slug, category.pk, **{**ASKED, **wrong})
    assert field in page.context["form"].errors
    assert not category.questions.exists()


def test_choices_are_read_back_as_they_were_written() -> None:
    kept = read_choices("  Rue |Street \r\n\n Trottoir\nPiste | Path | way")
    assert kept == [
        {"fr": "Rue", "en": "Street"}, {"fr": "Trottoir", "en": ""}, {"fr": "Piste", "en": "Path | way"},
    ]  # fmt: skip
    assert read_choices(write_choices(kept)) == kept


def test_a_question_that_may_have_been_answered_stays(client: Client, boss: Person, town: Town) -> None:
    branch = add(town, "Voirie")
    leaf = add(town, "Trottoirs", branch)
    asked = Question.objects.create(category=branch, text="Où ?")
    make_ticket(town, category=leaf)
    page = post(client, "desk_ticket_question_remove", town.slug, branch.pk, asked.pk)
    assert "a déjà été posée" in text_of(page)
    fresh = Question.objects.create(category=add(town, "Parcs"), text="Où ?")
    page = post(client, "desk_ticket_question_remove", town.slug, fresh.category_id, fresh.pk)
    assert "La question est supprimée" in text_of(page)
    assert list(Question.objects.all()) == [asked]
    with pytest.raises(Conflict):
        actions.remove_question(actor=boss, question=asked)


def test_a_question_stands_under_its_own_category_only(client: Client, boss: Person, town: Town) -> None:
    asked = Question.objects.create(category=add(town, "Voirie"), text="Où ?")
    wrong = [town.slug, add(town, "Parcs").pk, asked.pk]
    assert client.get(reverse("desk_ticket_question", args=wrong)).status_code == 404
    assert client.post(reverse("desk_ticket_question_remove", args=wrong)).status_code == 404


# Who, and in which language.


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATOR, Role.MODERATOR])
def test_others_who_work_there_do_not_set_it_up(client: Client, town: Town, role: Role) -> None:
    person = make_person(town=town, roles=[role])
    client.force_login(person)
    category = add(town, "Voirie")
    for name, args in (("settings", []), ("category", [category.pk]), ("calendar", []), ("rules", []), ("mails", []),
                       ("replies", []), ("services", [])):  # fmt: skip
        assert client.get(reverse(f"desk_ticket_{name}", args=[town.slug, *args])).status_code == 403
    for act in (
        lambda: actions.add_category(actor=person, town=town, fields={"name": "X"}),
        lambda: actions.remove_category(actor=person, category=category),
        lambda: actions.shift_category(actor=person, category=category, by=1),
        lambda: actions.add_question(actor=person, category=category, fields={"text": "Où ?"}),
        lambda: actions.start_categories(actor=person, town=town, services={}),
    ):
        with pytest.raises(Forbidden):
            act()
    assert names(town) == ["Voirie"]


def test_a_town_that_speaks_french_alone_is_asked_for_no_english(client: Client, boss: Person, town: Town) -> None:
    town.languages = ["fr"]
    town.save()
    made = add(town, "Voirie", name_en="Roads")
    asked = Question.objects.create(category=made, text="Où ?", text_en="Where?")
    for name, args in (("category", [made.pk]), ("question", [made.pk, asked.pk]), ("mail", ["receipt"])):
        page = client.get(reverse(f"desk_ticket_{name}", args=[town.slug, *args])).content.decode()
        assert "en anglais" not in page
    post(client, "desk_ticket_category", town.slug, made.pk, name="Voies", for_citizens="on", active="on")
    made.refresh_from_db()
    assert (made.name, made.name_en) == ("Voies", "Roads")


def test_it_is_read_in_english_too(client: Client, boss: Person) -> None:
    town = make_town(country=Country.CANADA)
    person = make_person(town=town, roles=[Role.MANAGER], language="en")
    client.force_login(person)
    page = client.get(reverse("desk_ticket_settings", args=[town.slug]), headers={"Accept-Language": "en"})
    assert "Streets and sidewalks" in text_of(page)
    assert "Water supply, Sewers." in text_of(page)


def test_an_agent_is_not_offered_the_settings(client: Client, town: Town, boss: Person) -> None:
    link = reverse("desk_ticket_settings", args=[town.slug])
    assert link in client.get(reverse("desk_settings", args=[town.slug])).content.decode()
    client.force_login(make_agent(town))
    assert link not in client.get(reverse("desk_citizens", args=[town.slug])).content.decode()
