"""What people read: whole sentences, that agree, with nothing missing in them."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from hub.core.clock import standing_at
from hub.notifications import words
from hub.notifications.rules import CHOSEN
from hub.notifications.shapes import Chosen
from hub.towns.models import Country, Grammar, Town

TOWN = Town(slug="saint-test", name="Saint-Test", country=Country.CANADA, time_zone="America/Toronto")
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=ZoneInfo("America/Toronto"))
CLOSED_TITLE = {"title": "Le marché"}


def said(code: str, count: int = 1, town: Town = TOWN, **what: str) -> tuple[str, str]:
    """The sentence and its detail, with plain spaces."""
    with translation.override("fr"), standing_at(NOW):
        found = words.said(code, town=town, actor="Hélène Carpentier", what=what, count=count)
    return found.sentence.replace("\u00a0", " "), found.detail.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("code", "what", "sentence", "detail"),
    [
        ("private_message", {}, "Hélène Carpentier vous a écrit", ""),
        ("private_message", {"excerpt": "Bonjour"}, "Hélène Carpentier vous a écrit", "« Bonjour »"),
        ("group_created", CLOSED_TITLE, "Hélène Carpentier a ouvert le groupe « Le marché »", ""),
        ("group_message", CLOSED_TITLE, "Hélène Carpentier a écrit dans « Le marché »", ""),
        (
            "mention",
            {**CLOSED_TITLE, "excerpt": "Demandez à Inès."},
            "Hélène Carpentier parle de vous dans « Le marché »",
            "« Demandez à Inès. »",
        ),
        (
            "reply",
            {**CLOSED_TITLE, "excerpt": "Oui."},
            "Hélène Carpentier vous a répondu dans « Le marché »",
            "« Oui. »",
        ),
        (
            "message_removed",
            {**CLOSED_TITLE, "reason": "insulte"},
            "Votre message a été retiré de « Le marché »",
            "Motif : insulte",
        ),
        (
            "message_hidden",
            CLOSED_TITLE,
            "Votre message dans « Le marché » est masqué, le temps que la modération le relise",
            "",
        ),
        ("message_restored", CLOSED_TITLE, "Votre message dans « Le marché » est de nouveau visible", ""),
        ("unmuted", CLOSED_TITLE, "Vous pouvez de nouveau écrire dans « Le marché »", ""),
        ("unmuted", {"title": ""}, "Vous pouvez de nouveau écrire dans les groupes de Saint-Test", ""),
        ("group_closed", CLOSED_TITLE, "Le groupe « Le marché » est fermé", ""),
        ("reported", {**CLOSED_TITLE, "excerpt": "Bla"}, "Un message est signalé dans « Le marché »", "« Bla »"),
        (
            "report_handled",
            {**CLOSED_TITLE, "outcome": "removed"},
            "Votre signalement dans « Le marché » est traité, merci",
            "Le message a été retiré.",
        ),
        ("report_handled", CLOSED_TITLE, "Votre signalement dans « Le marché » est traité, merci", ""),
        ("never_heard_of", {}, "Du nouveau à Saint-Test", ""),
    ],
)
def test_a_code_becomes_a_sentence(code: str, what: dict[str, str], sentence: str, detail: str) -> None:
    assert said(code, **what) == (sentence, detail)


def test_several_are_counted() -> None:
    assert said("private_message", 3)[0] == "Hélène Carpentier vous a écrit : 3 messages vous attendent"
    # Groups are looked at now and then: how many messages came is not known.
    assert said("group_message", 3, title="A", excerpt="Oui.") == (
        "Nouveaux messages dans « A », le dernier de Hélène Carpentier",
        "« Oui. »",
    )
    assert said("reported", 2, title="A", excerpt="Bla") == ("2 signalements attendent", "« Bla »")


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ("1", "Hélène Carpentier et 1 autre personne ont écrit dans « A »"),
        ("4", "Hélène Carpentier et 4 autres personnes ont écrit dans « A »"),
        ("0", "Hélène Carpentier a écrit dans « A »"),
        ("beaucoup", "Hélène Carpentier a écrit dans « A »"),
    ],
)
def test_others_who_wrote_are_counted(others: str, sentence: str) -> None:
    assert said("group_message", title="A", others=others)[0] == sentence


def test_who_may_not_write_is_told_where_until_when_and_why() -> None:
    until = "2026-11-28T22:40:00+00:00"  # 17 h 40 there
    assert said("muted", title="A", until=until, reason="insultes") == (
        "Vous ne pouvez plus écrire dans « A » jusqu’au samedi 28 novembre, 17 h 40",
        "Motif : insultes",
    )
    assert said("muted", title="", until=until)[0] == (
        "Vous ne pouvez plus écrire dans les groupes de Saint-Test jusqu’au samedi 28 novembre, 17 h 40"
    )
    assert said("muted", title="", until="")[0] == "Vous ne pouvez plus écrire dans les groupes de Saint-Test"


@pytest.mark.parametrize(
    ("grammar", "who"), [(Grammar.FEMININE, "La maire"), (Grammar.MASCULINE, "Le maire")], ids=["la", "le"]
)
def test_it_agrees_with_the_mayor(grammar: Grammar, who: str) -> None:
    town = Town(slug="x", name="X", mayor_grammar=grammar)
    assert said("live_opened", town=town, title="Le budget")[0] == f"{who} répond en direct dans « Le budget »"
    assert said("live_opened", town=town)[0] == f"{who} répond en direct"


def test_words_of_people_are_not_a_pattern() -> None:
    assert said("reply", title="100 % bio %(actor)s", excerpt="50 %")[0].endswith("« 100 % bio %(actor)s »")


def test_when_it_was_saved_is_told_at_the_towns_hour() -> None:
    with translation.override("fr"):
        assert words.saved_at(NOW, TOWN) == "Enregistré à 14\u00a0h\u00a030"


def test_the_api_knows_every_kind_that_can_be_chosen() -> None:
    assert get_args(Chosen) == CHOSEN
