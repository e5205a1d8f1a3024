"""The locks are what pyproject.toml asks for, with hashes, and name no place to download from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.laws.tree import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}


def _asked(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def _pins(lock: str) -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for name, version in PIN.findall((ROOT / lock).read_text()):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_satisfies_the_project(lock: str) -> None:
    pins = _pins(lock)
    unsatisfied = [
        str(asked)
        for asked in _asked(LOCKS[lock])
        if not pins.get(canonicalize_name(asked.name))
        or not all(asked.specifier.contains(version) for version in pins[canonicalize_name(asked.name)])
    ]
    assert unsatisfied == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())[1:]
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_place_to_download_from(lock: str) -> None:
    assert re.findall(r"--(?:index|extra-index|find-links)\S*|https?://\S+|file:\S+", (ROOT / lock).read_text()) == []


def test_tests_run_what_is_installed_for_real() -> None:
    for_real, for_tests = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: pin for name, pin in for_real.items() if for_tests.get(name) != pin} == {}
