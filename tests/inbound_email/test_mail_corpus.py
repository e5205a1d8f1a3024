"""Measured on real mails: ours, in data/, and a larger collection of several projects where it is at hand.

The collection isn't a part of this repository: its licences differ. It is looked for in MAIL_CORPUS, else beside
the checkout.
"""

import json
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from inbound_email.automatic import sender_kind
from inbound_email.reply_text import extract_reply
from tests.inbound_email.letters import DATA

CORPUS = Path(os.environ.get("MAIL_CORPUS", "") or Path(__file__).parents[3] / "shared" / "mail-corpus")
OURS = json.loads((DATA / "own_fr.json").read_text(encoding="utf-8"))["cases"]
Case = dict[str, Any]


def words(text: str) -> list[str]:
    """As the collection's own score.py compares them."""
    text = unicodedata.normalize("NFKC", text or "").replace("\u2019", "'")
    text = re.sub(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\ufe0f]", "", text)
    text = re.sub(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^)]*\))*\)", r"\1", text)
    text = re.sub(r"<(?:https?:|mailto:)[^>\s]*>", "", text)
    return re.findall(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]", text)


@pytest.mark.parametrize("case", [case for case in OURS if case["task"] == "reply"], ids=lambda case: case["id"])
def test_our_own_mails_give_their_words(case: Case) -> None:
    found = words(extract_reply((DATA / case["raw"]).read_bytes()))
    assert found in [words(answer) for answer in case["expect"]["reply_any_of"]]


@pytest.mark.parametrize("case", [case for case in OURS if case["task"] == "flag"], ids=lambda case: case["id"])
def test_our_own_mails_are_known_by_their_kind(case: Case) -> None:
    assert sender_kind((DATA / case["raw"]).read_bytes()) == case["expect"]["sender"]


@pytest.fixture(scope="module")
def collection() -> list[Case]:
    if not (CORPUS / "cases.json").exists():
        pytest.skip("the collection of mails isn't here")
    cases: list[Case] = json.loads((CORPUS / "cases.json").read_text(encoding="utf-8"))["cases"]
    return cases


def test_the_collections_words_are_found(collection: list[Case]) -> None:
    exact: dict[str, list[bool]] = {"fr": [], "en": [], "others": []}
    lost = 0
    for case in (case for case in collection if case["task"] == "reply"):
        found = words(extract_reply((CORPUS / case["raw"]).read_bytes()))
        answers = [words(answer) for answer in case["expect"]["reply_any_of"]]
        exact[case["lang"] if case["lang"] in exact else "others"].append(found in answers)
        lost += all(Counter(answer) - Counter(found) for answer in answers)
    share = {language: sum(told) / len(told) for language, told in exact.items()}
    together = exact["fr"] + exact["en"]
    assert share["fr"] >= 0.97, share
    assert sum(together) / len(together) >= 0.96, share
    assert share["others"] >= 0.92, share
    assert lost == 0


def test_the_collections_senders_are_known(collection: list[Case]) -> None:
    told: Counter[tuple[str, str]] = Counter()
    for case in (case for case in collection if case["task"] == "flag"):
        told[case["expect"]["sender"], sender_kind((CORPUS / case["raw"]).read_bytes())] += 1
    bounces = sum(number for (wanted, _), number in told.items() if wanted == "bounce")
    assert told["bounce", "bounce"] / bounces >= 0.98, told
    assert not [pair for pair in told if pair[0] == "human" and pair[1] != "human"], told
    assert not [pair for pair in told if pair[0] == "auto" and pair[1] != "auto"], told
