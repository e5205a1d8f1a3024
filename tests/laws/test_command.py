"""The `hub` command is there, and says what it can do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.tree import ROOT

WORDS = (
    "demo", "serve", "web", "worker", "clock", "receive-smtp", "receive-imap", "receive", "mails", "doctor", "token",
)  # fmt: skip


@pytest.mark.parametrize(
    "command", [[str(Path(sys.executable).with_name("hub"))], [sys.executable, "-m", "hub"]], ids=["script", "module"]
)
def test_the_command_lists_its_words(command: list[str]) -> None:
    said = subprocess.run([*command, "--help"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert [word for word in WORDS if f"\n    {word} " not in said] == []


def test_every_django_command_works_too() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "hub", "migrate", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "migrate" in said.stdout
