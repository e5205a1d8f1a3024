"""« Journal »: every act of moderation is a sentence, and the chain is checked when asked."""

import pytest
from django.test import Client

from hub.audit.actions import note
from hub.audit.models import Entry, Trail
from hub.conversations import actions
from hub.people.models import Person, Role
from tests import factories
from tests.conversations.group import Group
from tests.conversations.moderating import WHY, act, address, page, report, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, group: Group) -> Client:
    """Where a moderator, who is in no group, is signed in."""
    client.force_login(
        factories.make_person(town=group.town, roles=[Role.MODERATOR], first_name="Odile", last_name="Roy")
    )
    return client


def test_each_act_is_a_sentence(desk: Client, group: Group, mayor: Person) -> None:
    seq = say(group, group.paul)
    act(actions.hide_message, mayor, group, seq)
    act(actions.restore_message, mayor, group, seq)
    act(actions.remove_message, mayor, group, seq)
    kept = say(group, group.paul, "deux")
    report(group, group.zoe, kept)
    act(actions.keep_message, mayor, group, kept)
    actions.set_pace(actor=mayor, conversation_id=group.pk, slow_s=30)
    actions.close(actor=mayor, conversation_id=group.pk, reason="Trop d’insultes.")
    actions.reopen(actor=mayor, conversation_id=group.pk)
    factories.make_live(mayor, group.town)
    for conversation_id in (group.pk, None):
        made = actions.silence(
            actor=mayor, town=group.town, person=group.paul, for_name="day", reason=WHY, conversation_id=conversation_id
        )
        actions.lift_silence(actor=mayor, town=group.town, silence_id=made.pk)
    shown, who = page(desk, group, "journal/"), "Hélène Carpentier"
    for sentence in (
        "a masqué un message de Paul Martin dans « Budget 2027 ».",
        "a rétabli un message de Paul Martin dans « Budget 2027 ».",
        "a retiré un message de Paul Martin dans « Budget 2027 ».",
        "a gardé un message signalé de Paul Martin dans « Budget 2027 ».",
        "a changé le rythme de « Budget 2027 » : un message toutes les 30 secondes.",
        "a fermé « Budget 2027 ».",
        "a rouvert « Budget 2027 ».",
        "a ouvert la discussion en direct « Vos questions ».",
        "a mis Paul Martin en sourdine dans « Budget 2027 » jusqu’au",
        "a mis Paul Martin en sourdine dans toutes les discussions jusqu’au",
        "a levé la sourdine de Paul Martin dans « Budget 2027 ».",
        "a levé la sourdine de Paul Martin dans toutes les discussions.",
    ):
        assert f"{who} {sentence}" in shown
    assert f"Motif : {WHY}" in shown
    assert "Motif : Trop d’insultes." in shown
    assert "%(" not in shown
    assert f"/moderation/{group.pk}/{seq}/" in desk.get(address(group.town, "journal/")).content.decode()


def test_an_act_of_a_later_day_is_told_all_the_same(desk: Client, group: Group) -> None:
    note(town_id=group.town.pk, actor=None, act="thing.turn", subject="thing.7", what={})
    assert "Le système : thing.turn, thing.7." in page(desk, group, "journal/")


def test_the_trail_comes_fifty_at_a_time(desk: Client, group: Group, mayor: Person) -> None:
    for number in range(52):
        note(town_id=group.town.pk, actor=mayor, act="live.open", subject=f"conversation.{number}", what={"title": "x"})
    first, second = desk.get(address(group.town, "journal/")), desk.get(address(group.town, "journal/?page=2"))
    assert [len(answer.context["lines"]) for answer in (first, second)] == [50, 2]
    assert first.context["lines"][0]["entry"].number == 52


def test_the_chain_is_checked_when_asked(desk: Client, group: Group, mayor: Person) -> None:
    note(town_id=group.town.pk, actor=mayor, act="live.open", subject="conversation.1", what={"title": "x"})
    asked = "journal/?verifier=1"
    shown = page(desk, group, "journal/")
    assert "Vérifier le journal" in shown
    assert "Le journal est entier" not in shown
    assert "Le journal est entier" in page(desk, group, asked)
    Trail.objects.filter(town=group.town).update(number=2)  # as if its last line had been cut off
    assert Entry.objects.count() == 1
    assert "ne tient plus à partir de la ligne 2" in page(desk, group, asked)
