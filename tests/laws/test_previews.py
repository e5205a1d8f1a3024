"""Whatever leaves has a preview, so that none is forgotten; and every preview can be read in both languages."""

import ast
import importlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hub.deliveries.models import Channel
from hub.deliveries.previews import previews, written
from hub.notifications.account_words import LETTERS
from hub.towns.models import Country, Town
from tests import factories
from tests.laws.tree import ROOT, files, short

QUEUES = {"queue_email", "queue_emails", "queue_letter", "queue_sms", "queue_call", "queue_push", "Dispatch", "create"}
PASSED_ON = {"hub/deliveries/actions.py", "hub/notifications/mail.py"}  # the doors: whatever the cause
# What is told of by the same letter, a second time.
AGAIN = {"alert.remind"}


def _causes() -> Iterator[tuple[str, str]]:
    """(file, cause) of every call that queues something; of one that is put together, its beginning with a « * »."""
    for file in files(".py", under=("hub", "inbound_email")):
        if short(file) in PASSED_ON or "demo" in file.parts:
            continue
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            for given in call.keywords:
                if name in QUEUES and given.arg == "cause":
                    yield short(file), _value(file, given.value)


def _value(file: Path, given: ast.expr) -> str:
    if isinstance(given, ast.Constant):
        return str(given.value)
    if isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant):
        return f"{given.values[0].value}*"
    module = importlib.import_module(short(file).removesuffix(".py").replace("/", "."))
    return str(getattr(module, given.id)) if isinstance(given, ast.Name) else "*"


def _of_tickets() -> set[str]:
    """The causes that `hub.tickets.mail` puts together: every word that its own calls are given."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "hub/tickets/mail.py").read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("_queue"):
            found |= {one.value for one in node.args if isinstance(one, ast.Constant) and one.value}
        if isinstance(node, ast.Assign) and "cause" in ast.dump(node.targets[0]):
            found |= {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
    return {f"ticket_{one}" for one in found}


def test_whatever_leaves_has_a_preview() -> None:
    known = {preview.cause for preview in previews()}
    causes = set(_causes())
    assert len(causes) > 12
    missing = {(file, cause) for file, cause in causes if not cause.endswith("*") and cause not in known | AGAIN}
    assert missing == set()
    put_together = {(file, cause) for file, cause in causes if cause.endswith("*")}
    assert put_together == {
        ("hub/notifications/account_mail.py", "*"),
        ("hub/tickets/mail.py", "ticket_*"),
        ("hub/deliveries/incoming.py", "sms_*"),
    }
    assert {name.rpartition("/")[2] for name in LETTERS} <= known
    tickets = _of_tickets()
    assert {"ticket_receipt", "ticket_refused", "ticket_webhook_failing"} <= tickets
    assert tickets <= known
    assert {"sms_stopped", "sms_resumed", "sms_helped"} <= known


def test_no_two_previews_have_one_address() -> None:
    keys = [preview.key for preview in previews()]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
@pytest.mark.parametrize("country", Country.values)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_preview_can_be_read_and_writes_no_row(language: str, country: str) -> None:
    town = factories.make_town(country=country, phone="+33247000000", postal_address="1, place de la Mairie")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown = {preview.key: (preview, written(preview, town, language)) for preview in previews()}
    assert [query["sql"] for query in queries if not query["sql"].lstrip().upper().startswith("SELECT")] == []
    for key, (preview, sample) in shown.items():
        assert sample.text.strip(), key
        assert "%(" not in sample.subject + sample.text + sample.html, key
        assert not {"{leave}", "{confirm}"} & {word.strip("<>\"'") for word in sample.text.split()}, key
        if preview.channel == Channel.EMAIL:
            assert sample.subject, key
            assert f'<html lang="{language}">' in sample.html, key
        else:
            assert sample.html == "" or preview.channel != Channel.SMS, key


@pytest.mark.django_db
def test_no_preview_says_in_french_what_the_english_catalogue_leaves_empty(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentences that the catalogue does not know yet are the translation's next round: `make messages` brings them."""
    said: set[str] = set()
    for name in ("gettext", "ngettext"):
        known = getattr(translation._trans, name)
        monkeypatch.setattr(translation._trans, name, partial(_noting, said, known))
    for preview in previews():
        written(preview, town, "en")
    assert len(said) > 100
    with (ROOT / "hub/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    known_ones = {entry.id[0] if isinstance(entry.id, tuple) else entry.id: entry for entry in catalogue if entry.id}
    assert said & set(known_ones)
    assert {one for one in said & set(known_ones) if not any(known_ones[one].string) or known_ones[one].fuzzy} == set()


def _noting(said: set[str], known: Callable[..., str], *given: Any) -> str:
    said.add(str(given[0]))
    return known(*given)


@pytest.mark.django_db
def test_the_mayor_is_called_as_the_town_calls_her(town: Town) -> None:
    town.mayor_grammar = "f"
    (letter,) = [written(one, town, "fr") for one in previews() if one.key == "no-mayor"]
    assert "La maire n’a pas encore rejoint" in letter.text
