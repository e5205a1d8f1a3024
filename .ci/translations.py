"""Checks hub/locale: every sentence of the code has an English translation, and none is left over or unsure.

Works on a copy; `make messages` brings the real file up to date.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PO = Path("hub/locale/en/LC_MESSAGES/django.po")
CODE = ("hub", "consumers", "channels_adapters", "inbound_email", "routing.py")


def main() -> int:
    """Print a line per fault; the exit code."""
    committed, fresh = _read(ROOT / PO), _fresh()
    faults = [f"not in {PO}: {msgid}" for msgid in sorted(_ids(fresh) - _ids(committed))]
    faults += [f"no longer in the code: {msgid}" for msgid in sorted(_ids(committed) - _ids(fresh))]
    faults += [f"{_why(message)}: {message.id}" for message in committed if message.id and _why(message)]
    print(*faults, sep="\n")
    return 1 if faults else 0


def _why(message) -> str:
    if "\\u" in str(message.id):
        return "an escape that nobody will find: write the character itself"
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(words):
        return "not translated"
    return "unsure (fuzzy)" if message.fuzzy else ""


def _ids(catalog: Catalog) -> set[str]:
    return {f"{message.context or ''}{message.id}" for message in catalog if message.id}


def _fresh() -> Catalog:
    """What makemessages finds in the code, in a copy of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in CODE:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy(source, copy / name)
        (copy / PO).unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, "-m", "hub", "makemessages", "--locale", "en", "--no-location"],
            cwd=copy, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return _read(copy / PO)


def _read(file: Path) -> Catalog:
    if not file.is_file():
        return Catalog(locale="en")
    with file.open("rb") as source:
        return read_po(source, locale="en")


if __name__ == "__main__":
    sys.exit(main())
