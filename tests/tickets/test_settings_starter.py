"""The set of categories that a town may begin with."""

import pytest

from hub.core.errors import Conflict
from hub.tickets.icons import ICONS
from hub.tickets.models import Answering, Category, Question
from hub.tickets.starter import STARTER, create_starter
from hub.towns.models import Country, Service, Town
from tests.factories import make_town

# S90, in the words of the call for tenders.
ASKED_FOR = {
    "Déneigement", "Voies de circulation", "Signalisation", "Aqueduc", "Égouts", "Déchets", "Recyclage", "Compost",
    "Propreté", "Animaux", "Arbres et végétaux", "Bâtiments municipaux", "Éclairage", "Mobilier urbain",
    "Équipement sportif", "Structures de jeu",
}  # fmt: skip


@pytest.fixture
def quebec(db: None) -> Town:
    return make_town(country=Country.CANADA)


def test_the_usual_categories_are_all_there_in_two_levels(quebec: Town) -> None:
    works = Service.objects.create(town=quebec, name="Travaux publics")
    leaves = create_starter(quebec, {"streets": works})
    assert {leaf.name for leaf in leaves} == ASKED_FOR
    tree = quebec.ticket_categories.filter(parent=None)
    assert [branch.name for branch in tree] == [branch.name for branch in STARTER]
    assert [leaf for branch in tree for leaf in branch.children.all()] == leaves
    assert [branch.service for branch in tree] == [works, None, None, None, None]
    assert all(one.name_en and one.icon in ICONS and one.for_citizens for one in quebec.ticket_categories.all())


def test_the_first_ones_are_public_and_easy_to_ask(quebec: Town) -> None:
    leaves = create_starter(quebec, {})
    required = [bool(leaf.questions.filter(required=True)) for leaf in leaves]
    assert leaves[0].public_allowed
    assert sum(leaf.public_allowed for leaf in leaves) > 5
    assert not any(required[:10])
    assert 1 <= sum(required) <= 2


def test_questions_have_their_english_and_choices_where_they_need_some(quebec: Town) -> None:
    create_starter(quebec, {})
    found = Question.objects.filter(category__town=quebec)
    assert len(found) > 5
    for question in found:
        assert question.text_en
        assert bool(question.choices) == (question.answering == Answering.CHOICE)
        assert all(choice["fr"] and choice["en"] for choice in question.choices)


def test_france_names_its_water_otherwise(db: None) -> None:
    leaves = create_starter(make_town(country=Country.FRANCE), {})
    assert {leaf.name for leaf in leaves} == ASKED_FOR - {"Aqueduc"} | {"Eau potable"}


def test_a_town_that_has_categories_keeps_them(quebec: Town) -> None:
    create_starter(quebec, {})
    before = Category.objects.count()
    with pytest.raises(Conflict):
        create_starter(quebec, {})
    assert Category.objects.count() == before
    create_starter(make_town(), {})  # another town has its own
