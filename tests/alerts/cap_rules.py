"""What CAP 1.2 asks of a document, from section 3.2 of the standard and its schema: names, order, words."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

SPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
REFERENCE = re.compile(rf"{NAME.pattern},{NAME.pattern},{MOMENT.pattern}")
POLYGON = re.compile(r"-?\d+(\.\d+)?,-?\d+(\.\d+)?( -?\d+(\.\d+)?,-?\d+(\.\d+)?){3,}")

# (name, at least, at most) in the order of the schema's sequences.
ALERT = (
    ("identifier", 1, 1), ("sender", 1, 1), ("sent", 1, 1), ("status", 1, 1), ("msgType", 1, 1), ("source", 0, 1),
    ("scope", 1, 1), ("restriction", 0, 1), ("addresses", 0, 1), ("code", 0, 99), ("note", 0, 1),
    ("references", 0, 1), ("incidents", 0, 1), ("info", 0, 99), ("Signature", 0, 1),
)  # fmt: skip
INFO = (
    ("language", 0, 1), ("category", 1, 99), ("event", 1, 1), ("responseType", 0, 99), ("urgency", 1, 1),
    ("severity", 1, 1), ("certainty", 1, 1), ("audience", 0, 1), ("eventCode", 0, 99), ("effective", 0, 1),
    ("onset", 0, 1), ("expires", 0, 1), ("senderName", 0, 1), ("headline", 0, 1), ("description", 0, 1),
    ("instruction", 0, 1), ("web", 0, 1), ("contact", 0, 1), ("parameter", 0, 99), ("resource", 0, 99),
    ("area", 0, 99),
)  # fmt: skip
AREA = (
    ("areaDesc", 1, 1), ("polygon", 0, 99), ("circle", 0, 99), ("geocode", 0, 99), ("altitude", 0, 1),
    ("ceiling", 0, 1),
)  # fmt: skip
WORDS = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
SHAPES = {
    "identifier": NAME, "sender": NAME, "sent": MOMENT, "effective": MOMENT, "onset": MOMENT, "expires": MOMENT,
    "polygon": POLYGON, "language": re.compile(r"[a-z]{2}(-[A-Z]{2})?"),
    "references": re.compile(rf"{REFERENCE.pattern}( {REFERENCE.pattern})*"),
}  # fmt: skip


def faults(document: bytes) -> list[str]:
    """What is wrong with it; none: it is valid."""
    root = fromstring(document)
    if root.tag != f"{SPACE}alert":
        return ["not an alert of CAP 1.2"]
    found = _sequence(root, ALERT)
    if root.findtext(f"{SPACE}msgType") in ("Update", "Cancel") and root.find(f"{SPACE}references") is None:
        found.append("references are missing")
    for info in root.findall(f"{SPACE}info"):
        found += _sequence(info, INFO)
        for area in info.findall(f"{SPACE}area"):
            found += _sequence(area, AREA)
    return found


def _sequence(parent: Element, wanted: Sequence[tuple[str, int, int]]) -> list[str]:
    names = [element.tag.rpartition("}")[2] for element in parent]
    order = [name for name, _least, _most in wanted]
    found = [f"{name} is unknown" for name in names if name not in order]
    places = [order.index(name) for name in names if name in order]
    if places != sorted(places):
        found.append(f"order: {names}")
    for name, least, most in wanted:
        if not least <= names.count(name) <= most:
            found.append(f"{name}: {names.count(name)} times")
    return found + [fault for element in parent for fault in _word(element)]


def _word(element: Element) -> list[str]:
    name, said = element.tag.rpartition("}")[2], element.text or ""
    if name in WORDS and said not in WORDS[name].split():
        return [f"{name}: {said}"]
    if name in SHAPES and not SHAPES[name].fullmatch(said):
        return [f"{name}: {said}"]
    points = said.split() if name == "polygon" else []
    return [f"{name} is not closed"] if points and points[0] != points[-1] else []
