"""What of a mail's files is kept with its words, under which name, and what is not and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.files.checking import check_file
from hub.files.rules import KINDS, MAX_BYTES, clean_name, kind_of
from inbound_email.opened import File

MOST = 10


@dataclass
class Sorted:
    """`kept`: (name, bytes); `refused`: (name, why) in the language that is active."""

    kept: list[tuple[str, bytes]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def sort_files(files: Sequence[File], extensions: Collection[str]) -> Sorted:
    """By what they are, not by what they are called (S117)."""
    found = Sorted()
    for file in files:
        name = _named(file, extensions)
        try:
            if file.size_bytes > MAX_BYTES:
                raise Invalid(_("Ce fichier dépasse 10 Mo."), code="file_too_large")
            if len(found.kept) >= MOST:
                raise Invalid(_("Joignez dix fichiers au plus."))
            check_file(name, file.data, extensions)
            found.kept.append((name, file.data))
        except Invalid as refusal:
            found.refused.append((file.name, str(refusal)))
    return found


def _named(file: File, extensions: Collection[str]) -> str:
    """Its name; with the ending that its type says, when it has none that is known."""
    name = clean_name(file.name) or "fichier"
    try:
        kind_of(name, extensions)
    except Invalid:
        fitting = (kind.extension for kind in KINDS.values() if kind.content_type == file.content_type)
        ending = next((one for one in fitting if one in extensions), "")
        return f"{name}.{ending}" if ending else name
    return name
