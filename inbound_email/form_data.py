"""Forms as providers post them, with their bytes as they are: Django would read a mail in a field as text, and only up
to 12 MB (RFC 7578)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qsl

PARTS = 500


class FormError(ValueError):
    """It is no form, or one without end."""


@dataclass(frozen=True)
class Upload:
    """A file in a form."""

    name: str
    content_type: str
    content: bytes


@dataclass
class Form:
    """Fields by name (the last of each name counts), and files."""

    fields: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text; empty without one."""
        return self.fields.get(name, b"").decode("utf-8", "replace")


def read_form(body: bytes, content_type: str) -> Form:
    """`multipart/form-data` or `application/x-www-form-urlencoded`. Raises `FormError`."""
    head = _head({"content-type": content_type})
    if head.get_content_type() == "application/x-www-form-urlencoded":
        try:
            # Each byte as the letter of its number, and back.
            pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=PARTS, encoding="latin-1")
        except ValueError as error:
            raise FormError(str(error)) from error
        return Form({name: value.encode("latin-1") for name, value in pairs})
    boundary = head.get_boundary() if head.get_content_type() == "multipart/form-data" else None
    if not boundary:
        raise FormError("no form")
    form = Form()
    for part, content in _parts(body, boundary.encode("latin-1", "replace")):
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        if (file := part.get_filename()) is None:
            form.fields[name] = content
        else:
            form.files[name] = Upload(file, part.get("content-type", "application/octet-stream"), content)
    return form


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[Message, bytes]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, PARTS + 1)
    if len(pieces) > PARTS + 1:
        raise FormError("too many parts")
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        lines, empty, content = piece.partition(b"\r\n\r\n")
        if not empty:
            raise FormError("a part without content")
        named = (line.partition(b":") for line in lines.split(b"\r\n") if b":" in line)
        yield _head({_text(name).strip().lower(): _text(value).strip() for name, _colon, value in named}), content
    raise FormError("no end")


def _head(headers: Mapping[str, str]) -> Message:
    """The standard library knows what quotes and parameters mean."""
    head = Message()
    for name, value in headers.items():
        head[name] = value
    return head


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
