"""Modules of the live pages keep finding each other once their names carry a digest."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

IMPORT = re.compile(r"""^(?:import .*?from |import |.*?await import\()["'](\.[^"']+)["']""", re.MULTILINE)


def test_every_import_names_a_version_that_is_there() -> None:
    folder = Path(settings.STATIC_ROOT) / "js"
    names = [file.name for file in (Path(settings.BASE_DIR) / "web" / "static" / "js").glob("*.js")]
    assert len(names) > 10
    imports = 0
    for name in names:
        collected = folder / Path(staticfiles_storage.stored_name(f"js/{name}")).name
        for address in IMPORT.findall(collected.read_text()):
            imports += 1
            assert re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", address), f"{name} imports {address}"
            assert (folder / address).is_file()
    assert imports > 15
