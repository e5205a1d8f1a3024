"""`.env.example` is the list of what may be set: nothing missing, nothing invented, the true defaults."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.laws.tree import ROOT, files

ENTRY = re.compile(r"^# ?([A-Z][A-Z0-9_]+)=(.*)$|^([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)


def _listed() -> dict[str, str]:
    entries = ENTRY.findall((ROOT / ".env.example").read_text())
    return {commented or plain: value or other for commented, value, plain, other in entries}


def _read(file: Path) -> Iterator[tuple[str, object]]:
    """Each variable that this file reads, with its default; None when the default isn't written out there."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and re.fullmatch(r"env(\.[a-z]+)?", ast.unparse(node.func)) and node.args:
            name = ast.literal_eval(node.args[0])
            default = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
            yield name, default.value if isinstance(default, ast.Constant) else None


def _settings() -> dict[str, object]:
    found: dict[str, object] = {}
    for file in files(".py", under=("hub/settings",)):
        found.update(_read(file))
    return found


def _as_written(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_every_variable_that_is_read_is_listed_and_no_other() -> None:
    in_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(_listed()) == set(_settings()) | in_compose


def test_the_defaults_are_the_true_ones() -> None:
    listed = _listed()
    wrong = {
        name: (listed[name], default)
        for name, default in _settings().items()
        if default is not None and listed[name] != _as_written(default)
    }
    assert wrong == {}


def test_only_settings_read_the_environment() -> None:
    allowed = {"hub/__main__.py"}
    reading = re.compile(
        r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv|^import environ$", re.MULTILINE
    )
    under = ("hub", "consumers", "channels_adapters", "inbound_email")
    readers = {
        str(file.relative_to(ROOT))
        for file in files(".py", under=under)
        if reading.search(file.read_text()) and "settings" not in file.parts
    }
    assert readers <= allowed
