"""Files and functions that fit in a head."""

import ast
import re

from tests.laws.tree import files, short

FILE_LINES = 400
FUNCTION_LINES = 40
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        short(file): lines
        for file in files(".py", ".js", ".css", ".html")
        if (lines := len(file.read_text().splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {}
    for file in files(".py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{short(file)}:{node.name}"] = lines
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [short(file) for file in files(".py", ".js", ".css") if file.stem in VAGUE] == []


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X)\b")
    assert [short(file) for file in files(".py", ".js", ".css", ".html") if left.search(file.read_text())] == []
