"""A person's records as one file: a ZIP with JSON for programs, the files themselves, and a page of explanation."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.streaming import StreamedFile
from hub.people.records import Kept, KeptFile

MOST_BYTES = 250 * 1024 * 1024  # of files; what is left out is named


def pack(rooms: Iterable[tuple[str, Kept]]) -> IO[bytes]:
    """The archive, on disk and ready to be read; it goes with the last who closes it."""
    # Held open by the answer that sends it.
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    told: dict[str, Any] = {"made_at": now()}
    left_out: list[str] = []
    room_left = MOST_BYTES
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kept in rooms:
            told[name] = kept.data
            for file in kept.files:
                if file.size_bytes > room_left or not _added(archive, f"fichiers/{name}/{file.name}", file):
                    left_out.append(f"fichiers/{name}/{file.name}")
                else:
                    room_left -= file.size_bytes
        archive.writestr("donnees.json", _json({**told, "files_left_out": left_out}))
        archive.writestr("LISEZMOI.txt", _read_me(left_out))
    out.seek(0)
    return out


def as_download(packed: IO[bytes], name: str) -> StreamedFile:
    """The archive to keep, for nobody else."""
    headers = {"Cache-Control": "no-store"}
    return StreamedFile(
        packed, as_attachment=True, filename=f"{name}-{now():%Y-%m-%d}.zip", content_type="application/zip",
        headers=headers,
    )  # fmt: skip


def _added(archive: zipfile.ZipFile, name: str, file: KeptFile) -> bool:
    """Copy its bytes in; whether they were there. Pictures and papers are compressed already."""
    try:
        with file.content.open("rb") as source:
            entry = zipfile.ZipInfo(name, now().timetuple()[:6])
            with archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 64 * 1024)
    except FileNotFoundError:
        return False
    return True


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, default=_written)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _read_me(left_out: list[str]) -> str:
    lines = [
        _("Ce que cette plateforme sait de vous."),
        _("donnees.json : tout, dans un format que les programmes lisent (JSON, UTF-8, heures UTC)."),
        _("fichiers/ : votre photo, et les fichiers que vous avez envoyés ou reçus."),
        _("Les noms d’autres personnes n’y sont pas : ce qu’elles vous ont écrit l’est comme venant de la mairie."),
        _("Les courriels et SMS envoyés sont gardés trente jours ; seuls leur date et leur état sont ici."),
    ]
    if left_out:
        lines += ["", _("Trop lourds ou introuvables, laissés de côté :"), *left_out]
    return "\r\n".join(lines) + "\r\n"
