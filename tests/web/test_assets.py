"""Static files are collected when the code's changed, and only then."""

import os
from pathlib import Path
from typing import Any

import pytest

from hub.web import assets


@pytest.fixture
def source(settings: Any, tmp_path: Path) -> Path:
    """A folder of static files, and a home without any."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("body { margin: 0 }")
    settings.PARVIS_HOME = tmp_path / "home"
    settings.STATIC_ROOT = tmp_path / "home" / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [source]
    return source


def _collected(home: Path) -> set[str]:
    return {file.name for file in (home / "static").iterdir()}


def test_the_first_start_collects_under_names_that_say_the_content(source: Path, settings: Any) -> None:
    assert not assets.up_to_date()
    assets.prepare()
    names = _collected(settings.PARVIS_HOME)
    assert {"page.css", "staticfiles.json"} < names
    assert [name for name in names if name.startswith("page.") and name.count(".") == 2]
    assert assets.up_to_date()


def test_a_second_start_collects_nothing(source: Path, settings: Any) -> None:
    assets.prepare()
    (settings.STATIC_ROOT / "page.css").unlink()
    assets.prepare()
    assert not (settings.STATIC_ROOT / "page.css").exists()


def test_a_changed_file_is_collected_and_the_old_one_stays_for_open_pages(source: Path, settings: Any) -> None:
    assets.prepare()
    before = _collected(settings.PARVIS_HOME)
    (source / "page.css").write_text("body { margin: 1px }")
    os.utime(source / "page.css", (2_000_000_000, 2_000_000_000))
    assert not assets.up_to_date()
    assets.prepare()
    assert len(_collected(settings.PARVIS_HOME) - before) > 0
    assert before <= _collected(settings.PARVIS_HOME)
