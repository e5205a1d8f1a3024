"""Every kind of topic says who may subscribe, and who may go on."""

import ast
from pathlib import Path

import pytest

import consumers.topics
from consumers.topics import KINDS
from consumers.topics.base import TopicKind

KIND_FILES = sorted(
    file for file in Path(consumers.topics.__file__).parent.glob("*.py") if file.stem not in {"__init__", "base"}
)


@pytest.mark.parametrize("name", KINDS)
def test_it_says_so_itself(name: str) -> None:
    kind = type(KINDS[name])
    assert kind.access is not TopicKind.access
    assert kind.lost is not TopicKind.lost


def test_what_a_kind_does_not_allow_is_forbidden() -> None:
    silent = TopicKind()
    assert silent.access([(1, "anything.1")]) == [None]
    assert silent.lost({(1, "anything.1")}) == {(1, "anything.1")}


def test_every_file_of_a_kind_is_in_use() -> None:
    defined = {
        node.name
        for file in KIND_FILES
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "TopicKind" for base in node.bases)
    }
    assert defined == {type(kind).__name__ for kind in KINDS.values()}
    assert len(KIND_FILES) == len(KINDS)


def test_only_streams_send_to_groups() -> None:
    root = Path(consumers.topics.__file__).parents[2]
    senders = {
        str(file.relative_to(root))
        for package in ("hub", "consumers", "channels_adapters", "inbound_email")
        for file in (root / package).rglob("*.py")
        if ".group_send(" in file.read_text()
    }
    assert senders == {"hub/streams/bell.py"}
