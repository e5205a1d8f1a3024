"""What may be sent as a file, and under which name it is kept. Pure."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hub.core.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024  # S83, S117
MAX_NAME = 160
PICTURE_PX = 2560
THUMBNAIL_PX = 480
KEEP_UNATTACHED_DAYS = 2

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """A sort of file: its extension (lower case, no dot) and its media type."""

    extension: str
    content_type: str

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


KINDS = {
    kind.extension: kind
    for kind in (
        Kind("jpg", "image/jpeg"),
        Kind("jpeg", "image/jpeg"),
        Kind("png", "image/png"),
        Kind("webp", "image/webp"),
        Kind("pdf", "application/pdf"),
        Kind("doc", "application/msword"),
        Kind("docx", f"{_OFFICE}.wordprocessingml.document"),
        Kind("xls", "application/vnd.ms-excel"),
        Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
        Kind("odt", f"{_OPEN}.text"),
        Kind("ods", f"{_OPEN}.spreadsheet"),
        Kind("txt", "text/plain"),
        Kind("msg", "application/vnd.ms-outlook"),
    )
}
# What is taken where nothing else is said: a mail saved by Outlook is for the town hall's own files (S84, S117).
USUAL = frozenset(KINDS) - {"msg"}


def clean_name(name: str) -> str:
    """The name as it is shown and given back: no folder, no control or direction character, 160 at most.

    Direction characters could show `gpj.exe` as `exe.jpg`. The extension is kept when the name is cut.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(
        character for character in last if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    line = " ".join(visible.split()).strip(". ")
    stem, dot, extension = line.rpartition(".")
    if not dot:
        return line[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip('. ')}.{extension}"[:MAX_NAME]


def kind_of(name: str, extensions: Collection[str] = USUAL) -> Kind:
    """What the extension says that it is. Raises `Invalid` (`file_type`) when it is not one of these."""
    stem, _dot, extension = name.rpartition(".")
    kind = KINDS.get(extension.lower())
    if kind is None or not stem or kind.extension not in extensions:
        raise Invalid(
            _("Ce type de fichier n’est pas accepté. Envoyez une image, un PDF, un document ou un tableur."),
            field="file",
            code="file_type",
        )
    return kind


def named_as(name: str, content_type: str) -> str:
    """The name with an extension of that type: a PNG sent as `photo.jpg` is given back as `photo.png`."""
    if kind_of(name).content_type == content_type:
        return name
    fitting = next(kind.extension for kind in KINDS.values() if kind.content_type == content_type)
    return f"{name.rpartition('.')[0]}.{fitting}"


def check_size(size_bytes: int) -> None:
    """Raises `Invalid` (`file_empty`, `file_too_large`)."""
    if size_bytes == 0:
        raise Invalid(_("Ce fichier est vide."), field="file", code="file_empty")
    if size_bytes > MAX_BYTES:
        raise Invalid(_("Ce fichier dépasse 10 Mo."), field="file", code="file_too_large")
