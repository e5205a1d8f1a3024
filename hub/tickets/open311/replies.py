"""Answers in the asked format. JSON follows XML by the specification's « Spark Convention »: the items of a list have a
name in XML alone; what is empty is null."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

from hub.core import jsons

# What the items of a list are called.
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
# XML 1.0 has no way to write these.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Reply:
    """`root`: what holds it in XML. `value`: plain types; a list when `root` is a list's name."""

    root: str
    value: Any
    status: int = 200


class Refused(Exception):
    """An error as the specification tells them: HTTP's status, and a sentence for people."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description

    @property
    def reply(self) -> Reply:
        return Reply("errors", [{"code": self.status, "description": self.description}], self.status)


def written(reply: Reply, form: str) -> HttpResponse:
    """`form`: json or xml."""
    if form == "json":
        return HttpResponse(jsons.encode(reply.value), "application/json; charset=utf-8", reply.status)
    root = Element(reply.root)
    _fill(root, reply.value)
    body = _DECLARATION + tostring(root, encoding="unicode").encode()
    return HttpResponse(body, "text/xml; charset=utf-8", reply.status)


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _fill(SubElement(element, name), part)
    elif isinstance(value, list):
        for part in value:
            _fill(SubElement(element, _ITEMS[element.tag]), part)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _UNWRITABLE.sub("", str(value))
