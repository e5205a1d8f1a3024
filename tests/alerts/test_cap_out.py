"""What a town tells, as CAP 1.2 and Atom: valid by the standard's own rules, and signed."""

from xml.etree.ElementTree import fromstring

import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.test import Client
from pytest_django import Settings
from signxml import XMLVerifier
from signxml.exceptions import InvalidDigest, InvalidSignature

from hub.alerts.alerting import approve_alert, create_alert, submit_alert, write_further
from hub.alerts.cap import document
from hub.alerts.models import Alert
from hub.people.models import Person
from hub.towns.models import Town
from tests.alerts.alarms import approved, draft, leave
from tests.alerts.cap_rules import SPACE, faults
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
SQUARE = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 48.5]]]}
OUTLINE = "48.000000,2.000000 48.000000,3.000000 49.000000,3.000000 48.500000,2.000000 48.000000,2.000000"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def ways_out(settings: Settings, left: Left) -> None:  # noqa: F811
    settings.ADAPTERS = {"email": ["capture"]}
    settings.LINK_BASE = "https://parvis.example"


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


def fetch(client: Client, alert: Alert) -> bytes:
    answer = client.get(f"/communes/{alert.town.slug}/alertes/{alert.number}/cap.xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/cap+xml")
    return bytes(answer.content)


def said(body: bytes, path: str) -> list[str]:
    return [one.text or "" for one in fromstring(body).findall("/".join(f"{SPACE}{part}" for part in path.split("/")))]


def test_an_emergency_is_valid_says_all_and_is_signed(client: Client, town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(
        approved(
            mayor, agent, town, audience={"shape": SQUARE}, danger="fire", title={"fr": "Feu <&> 🔥\x07", "en": "Fire"}
        )
    )
    body = fetch(client, alert)
    assert faults(body) == []
    for path, words in {
        "identifier": [f"parvis.example-{town.slug}-{alert.number}"], "sender": [f"{town.slug}@parvis.example"],
        "status": ["Actual"], "msgType": ["Alert"], "info/category": ["Fire", "Fire"],
        "info/headline": ["Feu <&> 🔥", "Fire"],
        "info/severity": ["Severe", "Severe"], "info/urgency": ["Immediate", "Immediate"],
        "info/area/polygon": [OUTLINE, OUTLINE],
    }.items():  # fmt: skip
        assert said(body, path) == words, path
    assert [one[:2] for one in said(body, "info/language")] == ["fr", "en"]
    assert fetch(client, alert) == body
    certificate = document._key()[1]
    assert load_pem_x509_certificate(certificate.encode()).subject.rfc4514_string().startswith("CN=")
    verified = XMLVerifier().verify(body, x509_cert=certificate)
    assert verified.signed_xml is not None
    for forged in (body.replace(b"Fire", b"Calm"), body.replace(b"Severe", b"Minor")):
        with pytest.raises((InvalidDigest, InvalidSignature)):
            XMLVerifier().verify(forged, x509_cert=certificate)


def test_a_further_word_and_the_end_refer_to_what_was_said(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    first = leave(approved(mayor, agent, town, audience={"streets": ["rue du Four"]}))
    told = [first]
    for purpose in ("update", "end"):
        alert = write_further(actor=mayor, alert_id=first.pk, purpose=purpose, draft=draft(title={"fr": purpose}))
        submit_alert(actor=mayor, alert_id=alert.pk)
        told.append(leave(approve_alert(actor=agent, alert_id=alert.pk)))
    bodies = [fetch(client, alert) for alert in told]
    assert [faults(body) for body in bodies] == [[], [], []]
    assert [said(body, "msgType") for body in bodies] == [["Alert"], ["Update"], ["Cancel"]]
    assert said(bodies[0], "references") == []
    assert [len(said(body, "references")[0].split()) for body in bodies[1:]] == [1, 2]
    assert said(bodies[2], "references")[0].split()[0] == ",".join(
        said(bodies[0], name)[0] for name in ("sender", "identifier", "sent")
    )
    assert said(bodies[2], "info/responseType") == ["AllClear"]
    assert said(bodies[2], "info/urgency") == ["Past"]
    assert "rue du Four" in said(bodies[1], "info/area/areaDesc")[0]


def test_what_is_no_emergency_is_minor(client: Client, town: Town, mayor: Person, agent: Person) -> None:
    body = fetch(client, leave(approved(mayor, agent, town, emergency=False, audience={"register": True})))
    assert faults(body) == []
    assert said(body, "info/severity") == ["Minor", "Minor"]


def test_an_exercise_is_for_its_own_and_drafts_for_nobody(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    exercise = leave(approved(mayor, agent, town, exercise=True))
    written = create_alert(actor=mayor, slug=town.slug, draft=draft())
    path = f"/communes/{town.slug}/alertes/{exercise.number}/cap.xml"
    for reader in (None, make_person(town=town), make_person(town=town, roles=["moderator"])):
        if reader:
            client.force_login(reader)
        assert client.get(path).status_code == 404
    client.force_login(agent)
    body = fetch(client, exercise)
    assert faults(body) == []
    assert said(body, "status") == ["Exercise"]
    assert client.get(f"/communes/{town.slug}/alertes/{written.number}/cap.xml").status_code == 404
    assert client.get("/communes/nulle-part/alertes/A-26-001/cap.xml").status_code == 404


def test_the_feed_lists_what_was_told_with_its_documents(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    empty = fromstring(client.get(f"/communes/{town.slug}/alertes/flux.atom").content)
    assert empty.findall(f"{ATOM}entry") == []
    leave(approved(mayor, agent, town, exercise=True))
    alert = leave(approved(mayor, agent, town, title={"fr": "Eau <b>\x07"}))
    answer = client.get(f"/communes/{town.slug}/alertes/flux.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(answer.content)
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Eau <b>"
    links = {link.get("type"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    page = f"https://parvis.example/communes/{town.slug}/alertes/{alert.number}/"
    assert links == {"text/html": page, "application/cap+xml": f"{page}cap.xml"}
