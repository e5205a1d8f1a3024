"""What the suite's processes import is compiled once, before they begin.

There are a dozen processes of pytest, and a hundred of the hub: where the environment forbids them to keep what they
compiled (`PYTHONDONTWRITEBYTECODE`), or in a fresh clone, each compiles it all for itself, for half a minute.
"""

import contextlib
import multiprocessing
import os
import py_compile
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).resolve().parent.parent
OURS = ("hub", "consumers", "channels_adapters", "inbound_email", "tests")


def keep() -> None:
    """From now on this process, and those that it starts, keep what they compile."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def prepare(config: pytest.Config) -> None:
    """Compile what is not yet: tests as pytest compiles them, with asserts that say what they saw."""
    if todo := list(_stale()):
        with multiprocessing.get_context("fork").Pool(initializer=_told.update, initargs=({"config": config},)) as pool:
            pool.map(_compile, todo, chunksize=10)


# What a process that compiles must know, which can't be pickled.
_told: dict[str, pytest.Config] = {}


def _stale() -> Iterator[Path]:
    for path in sorted(file for name in OURS for file in (ROOT / name).rglob("*.py")):
        kept = _kept(path)
        if not kept.exists() or kept.stat().st_mtime < path.stat().st_mtime:
            yield path


def _is_rewritten(path: Path) -> bool:
    return path.parts[len(ROOT.parts)] == "tests" and (path.name.startswith("test_") or path.name == "conftest.py")


def _kept(path: Path) -> Path:
    if _is_rewritten(path):
        return rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    return Path(cache_from_source(str(path)))


def _compile(path: Path) -> None:
    with contextlib.suppress(OSError, py_compile.PyCompileError, SyntaxError):  # who imports it says so
        if not _is_rewritten(path):
            py_compile.compile(str(path), doraise=True)
            return
        config = _told["config"]
        digest, code = rewrite._rewrite_test(path, config)
        _kept(path).parent.mkdir(exist_ok=True)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, digest, _kept(path))
