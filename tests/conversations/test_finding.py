"""Words are found without case, accents or ligatures, in one's own conversations only."""

import pytest
from django.db import connection

from hub.conversations import actions, queries
from hub.core.folding import folded, words_of
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def group(town: Town, mayor: Person) -> Group:
    return make_group(town, mayor)


def found(person: Person, words: str) -> list[str]:
    return [message.body for message in queries.found_messages(person, words)]


@pytest.mark.parametrize("words", ["élodie", "ELODIE soeur", "sœur", "chœur é", "elod"])
def test_accents_case_and_ligatures_do_not_matter(group: Group, words: str) -> None:
    factories.say(group.zoe, group.conversation, "Ma sœur Élodie chante dans le chœur à l’église")
    factories.say(group.zoe, group.conversation, "Autre chose")
    assert found(group.paul, words) == ["Ma sœur Élodie chante dans le chœur à l’église"]


@pytest.mark.parametrize("words", ["vélo sœur", "%", "_", "' OR 1=1 --", "!&|()", ""])
def test_every_word_must_be_there_and_signs_are_nobodys_syntax(group: Group, words: str) -> None:
    factories.say(group.zoe, group.conversation, "Ma sœur Élodie chante")
    assert found(group.paul, words) == []


def test_french_words_are_found_in_other_forms(group: Group) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compares letters")
    factories.say(group.zoe, group.conversation, "Les travaux municipaux avanceront bientôt")
    assert found(group.paul, "travaux municipal") != []


def test_only_ones_own_and_only_what_is_shown(group: Group, citizen: Person, town: Town) -> None:
    said = factories.say(group.zoe, group.conversation, "lampadaire")
    factories.make_conversation(town, citizen, "lampadaire privé")
    assert found(group.paul, "lampadaire") == ["lampadaire"]
    assert found(citizen, "lampadaire") == ["lampadaire privé"]
    assert len(found(group.mayor, "lampadaire")) == 2
    actions.remove_message(actor=group.mayor, conversation_id=group.pk, seq=said.seq, reason="Erreur")
    assert found(group.paul, "lampadaire") == []
    actions.leave(actor=group.paul, conversation_id=group.pk)
    assert found(group.paul, "lampadaire") == []


def test_the_index_is_used(group: Group) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = queries.holding(queries.Message.objects.all(), "lampadaire").explain()
    assert "message_words" in plan


@pytest.mark.parametrize(
    ("text", "plain"), [("Éloïse", "eloise"), ("ŒUVRE", "oeuvre"), ("Noël à Łódź", "noel a lodz"), ("l’été", "l'ete")]
)
def test_python_and_the_database_fold_alike(text: str, plain: str) -> None:
    assert folded(text) == plain
    with connection.cursor() as cursor:
        cursor.execute("SELECT parvis_folded(%s)", [text])
        assert cursor.fetchone()[0].replace("ź", "z") == plain


def test_words_are_letters_and_digits() -> None:
    assert words_of("  L’été, 2027 !  ") == ["l", "ete", "2027"]
    assert len(words_of("a b c d e f g h")) == 6
