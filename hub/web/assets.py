"""Collects the static files into the home when the code's have changed since the last start."""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import call_command


def prepare() -> None:
    """Bring `STATIC_ROOT` up to date; quick when nothing changed. Processes that start together wait for the first.

    Old files stay: a page that was loaded before an upgrade still finds its own.
    """
    home: Path = settings.PARVIS_HOME
    home.mkdir(parents=True, exist_ok=True)
    kept = home / "static.fingerprint"
    with (home / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = fingerprint()
        if not (kept.is_file() and kept.read_text() == found and settings.STATIC_ROOT.is_dir()):
            call_command("collectstatic", interactive=False, verbosity=0)
            kept.write_text(found)
    # Another process may have collected them while this one had read the names of before, or none.
    storage: Any = storages["staticfiles"]
    storage.hashed_files, storage.manifest_hash = storage.load_manifest()


def up_to_date() -> bool:
    """Whether the collected files are those of this code."""
    kept: Path = settings.PARVIS_HOME / "static.fingerprint"
    return kept.is_file() and kept.read_text() == fingerprint()


def fingerprint() -> str:
    """A digest of names, sizes and times of the code's static files: no content is read."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for name, file in sorted(_files()):
        stat = file.stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))
