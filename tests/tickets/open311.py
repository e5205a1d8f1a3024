"""A civic app: asks in both formats, and reads them with nothing but what the specification says."""

import json
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree

from django.test import Client

BASE = "/open311/v2"
# The lists of the specification, and what their items are called in XML.
ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def read_json(answer: Any) -> Any:
    """The value of an answer in JSON."""
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(answer.content.decode("utf-8", errors="strict"))


def read_xml(answer: Any) -> tuple[str, Any]:
    """The root's name, and the value by the Spark Convention: all words, empty ones None."""
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    root = ElementTree.fromstring(answer.content)
    return root.tag, _spark(root)


def _spark(element: ElementTree.Element) -> Any:
    assert not element.attrib
    if element.tag in ITEMS:
        assert {child.tag for child in element} <= {ITEMS[element.tag]}
        return [_spark(child) for child in element]
    if len(element):
        assert len({child.tag for child in element}) == len(element)
        return {child.tag: _spark(child) for child in element}
    return element.text


def as_words(value: Any) -> Any:
    """JSON's value as XML tells it."""
    if isinstance(value, dict):
        return {name: as_words(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_words(part) for part in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def ask(client: Client, path: str, status: int = 200, /, **asked: str) -> Any:
    """GET in both formats, which must say the same; the value of JSON."""
    in_json = client.get(f"{BASE}/{path}.json", asked)
    in_xml = client.get(f"{BASE}/{path}.xml", asked)
    assert (in_json.status_code, in_xml.status_code) == (status, status), in_json.content
    for answer in (in_json, in_xml):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
    root, told = read_xml(in_xml)
    value = read_json(in_json)
    assert told == as_words(value)
    assert status == 200 or root == "errors"
    return value


def refusal(client: Client, path: str, status: int, /, **asked: str) -> str:
    """What a refused GET says, the same in both formats."""
    (error,) = ask(client, path, status, **asked)
    assert error["code"] == status
    assert set(error) == {"code", "description"}
    return str(error["description"])


def send(client: Client, form: str = "json", /, **fields: str) -> Any:
    """POST of a request, form-encoded, as an app does; the answer itself."""
    named = {name.replace("__", "[") + "]" if "__" in name else name: value for name, value in fields.items()}
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in named.items())
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    return client.post(f"{BASE}/requests.{form}", body, content_type=kind)
