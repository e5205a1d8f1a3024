"""Every act that the code writes to a town's trail is a sentence there, and no code word."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.conversations.moderation_words import is_said
from tests.laws.tree import files, short

# What keeps a ticket's changes, which the trail tells too: which of its arguments names the field.
KEEPS = {"keep_change": 2, "change.keep": 0}


@dataclass
class Module:
    """A file's functions by name, with their parameters, and where its other names come from."""

    path: Path
    tree: ast.Module
    functions: dict[str, list[str]] = field(default_factory=dict)
    methods: dict[str, list[str]] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return short(self.path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _read(path: Path) -> Module:
    module = Module(path, ast.parse(path.read_text()))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            given = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
            home = module.functions if node in module.tree.body else module.methods
            home[node.name] = [name for name in given if name != "self"]
        elif isinstance(node, ast.ImportFrom) and node.module:
            module.imported |= {(one.asname or one.name): (node.module, one.name) for one in node.names}
    return module


MODULES: dict[str, Module] = {}


@pytest.fixture(scope="module", autouse=True)
def _modules() -> None:
    """Read when this test runs: each process imports this file, and one of them runs it."""
    MODULES.update({module.name: module for module in map(_read, files(".py", under=("hub", "inbound_email")))})


def _parameters(module: Module, called: ast.expr) -> list[str]:
    """The parameters of what is called, when it is a function of ours."""
    if isinstance(called, ast.Attribute):
        return module.methods.get(called.attr, [])
    if not isinstance(called, ast.Name):
        return []
    if called.id in module.functions:
        return module.functions[called.id]
    home, name = module.imported.get(called.id, ("", ""))
    return MODULES[home].functions.get(name, []) if home in MODULES else []


def _acts_named(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Where, and what is given as `act`, in each call of a function that has such a parameter."""
    for node in ast.walk(module.tree):
        parameters = _parameters(module, node.func) if isinstance(node, ast.Call) else []
        if isinstance(node, ast.Call) and "act" in parameters:
            given = {word.arg: word.value for word in node.keywords}.get("act")
            yield f"{module.name}:{node.lineno}", given or node.args[parameters.index("act")]


def _fields_named(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Where, and which field of a ticket's history, each change is of."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (called := ast.unparse(node.func)) in KEEPS:
            yield f"{module.name}:{node.lineno}", node.args[KEEPS[called]]


def _words(where: str, given: ast.expr) -> set[str]:
    """The words that it may be. What is handed through is named by who called."""
    if isinstance(given, ast.Constant):
        return {str(given.value)}
    if isinstance(given, ast.IfExp):
        return _words(where, given.body) | _words(where, given.orelse)
    # A ticket's changes are found by their fields.
    if ast.unparse(given) in {"act", "name", "f'ticket.{change.field}'"}:
        return set()
    raise AssertionError(f"{where}: name it by a word that can be found, not by {ast.unparse(given)}")


def _acts() -> set[str]:
    found = set()
    for module in MODULES.values():
        for where, given in _acts_named(module):
            found |= _words(where, given)
        for where, given in _fields_named(module):
            found |= {f"ticket.{word}" for word in _words(where, given)}
    return found


def test_every_act_of_the_trail_is_a_sentence() -> None:
    acts = _acts()
    known = {
        "ticket.status", "ticket.erased", "ticket.merged", "ticket.seen", "ticket.said", "webhook.gone",
        "message.hide", "citizens.export", "service.members", "tickets.calendar", "tickets.open_days", "live.open",
        "link.change",
    }  # fmt: skip
    assert known <= acts, "the law no longer finds what is there"
    assert sorted(act for act in acts if not is_said(act)) == []
