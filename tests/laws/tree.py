"""The files that the laws read: those of the project, and nothing that a tool made."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("hub", "consumers", "channels_adapters", "inbound_email", "tests", "bench", ".ci")


def files(*suffixes: str, under: tuple[str, ...] = CODE) -> Iterator[Path]:
    """Files with one of these suffixes, migrations left out."""
    for folder in under:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in suffixes and "migrations" not in file.parts:
                yield file
    if ".py" in suffixes and under is CODE:
        yield ROOT / "routing.py"


def short(file: Path) -> str:
    """The path as people name it."""
    return str(file.relative_to(ROOT))
