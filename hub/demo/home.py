"""Makes a home a demo's. Runs before Django's settings are read."""

import shutil
import sys
from pathlib import Path

MARK = "Demo home: accounts with a known password exist here, and nothing is ever sent.\n"


def prepare(home: Path, *, fresh: bool) -> None:
    """Mark `home` as a demo's; with `fresh`, empty it first. Exits when the home is in real use."""
    mark = home / "demo"
    in_use = home.is_dir() and (home / "parvis.sqlite3").exists()
    if in_use and not mark.is_file():
        sys.exit(f"hub: {home} is in real use; choose another PARVIS_HOME for the demo.")
    if fresh and mark.is_file():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    mark.write_text(MARK)
