"""Another authority's alert comes in: a draft, once, whatever is in the document; nothing leaves by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hub.alerts.cap.taking import close_door, open_door, take_cap
from hub.alerts.models import Alert, Status
from hub.audit.models import Entry
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.deliveries.models import Delivery, Dispatch
from hub.notifications.models import Notification
from hub.notifications.words import of
from hub.people.models import Device, Person
from hub.towns.models import Town
from tests.alerts.cap_rules import faults
from tests.factories import make_agent, make_mayor, make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

POLYGON = "48.10,-71.50 48.10,-71.00 48.40,-71.00 48.40,-71.50 48.10,-71.50"
INFO = """<info><language>{language}</language><category>Met</category><event>{event}</event>
<responseType>Monitor</responseType><urgency>Immediate</urgency><severity>{severity}</severity>
<certainty>Observed</certainty><expires>2026-11-26T20:00:00-05:00</expires>
<senderName>Environnement Canada</senderName><headline>{headline}</headline><description>{description}</description>
<instruction>{instruction}</instruction>
<parameter><valueName>layer:EC-MSC-SMC:1.0:Alert_Type</valueName><value>warning</value></parameter>
<area><areaDesc>Saguenay</areaDesc><polygon>{polygon}</polygon>
<geocode><valueName>layer:EC-MSC-SMC:1.0:CLC</valueName><value>038240</value></geocode></area></info>"""
FRENCH = {
    "language": "fr-CA", "event": "blizzard", "headline": "avertissement de blizzard en vigueur",
    "description": "Vents de 90 km/h.", "instruction": "Restez à l’abri.",
}  # fmt: skip
ENGLISH = {
    "language": "en-CA", "event": "blizzard", "headline": "blizzard warning in effect",
    "description": "Wind gusts of 90 km/h.", "instruction": "Stay inside.",
}  # fmt: skip


def cap(
    *, name: str = "urn:oid:2.49.0.1.124.1", severity: str = "Severe", status: str = "Actual", kind: str = "Alert",
    about: str = "", infos: tuple[dict[str, str], ...] = (ENGLISH, FRENCH), polygon: str = POLYGON,
) -> bytes:  # fmt: skip
    """In the shape of Environment Canada's."""
    said = "".join(INFO.format(**{"severity": severity, "polygon": polygon, **info}) for info in infos)
    former = f"<references>cap-pac@canada.ca,{about},2026-11-26T02:00:00-00:00</references>" if about else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{name}</identifier><sender>cap-pac@canada.ca</sender><sent>2026-11-26T03:00:00-00:00</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>"
        f"<code>profile:CAP-CP:0.4</code>{former}{said}</alert>"
    ).encode()


@pytest.fixture
def post(client: Client, town: Town, mayor: Person) -> Callable[..., HttpResponse]:
    """To the town's door, with its secret unless told otherwise."""
    secret = open_door(actor=mayor, slug=town.slug)

    def posted(body: bytes, *, bearer: str | None = secret, slug: str = town.slug, **more: Any) -> HttpResponse:
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        answer: Any = client.post(
            f"/hooks/cap/{slug}/", body, content_type="application/cap+xml", headers=headers, **more
        )
        return answer  # type: ignore[no-any-return]

    return posted


def test_what_is_sent_here_is_itself_valid() -> None:
    assert faults(cap()) == []


def test_it_becomes_a_draft_with_the_french_words_first_and_its_zone(
    town: Town, post: Callable[..., HttpResponse]
) -> None:
    answer = post(cap())
    assert answer.status_code == 201
    alert = Alert.objects.get()
    assert answer.json() == {"number": alert.number, "status": "draft"}  # type: ignore[attr-defined]
    assert (alert.town, alert.status, alert.emergency, alert.exercise) == (town, Status.DRAFT, True, False)
    assert (alert.author, alert.theme, alert.danger) == (None, None, "storm")
    assert alert.title == {"fr": FRENCH["headline"], "en": ENGLISH["headline"]}
    assert alert.body["fr"] == "Vents de 90 km/h.\n\nRestez à l’abri."
    (ring,) = alert.audience["shape"]["coordinates"][0]
    assert ring[0] == [-71.5, 48.1]
    assert not Dispatch.objects.filter(cause="alert").exists()
    assert not Delivery.objects.exists()
    entry = Entry.objects.get(act="alert.cap")
    assert (entry.actor_id, entry.what["sender"]) == (None, "cap-pac@canada.ca")


def test_who_decides_of_alerts_is_told_that_one_came_in_by_itself(
    town: Town, mayor: Person, citizen: Person, post: Callable[..., HttpResponse]
) -> None:
    agent = make_agent(town)
    Device.objects.create(person=agent, kind="web", target="{}", digest="d", name="Firefox")
    for _time in range(2):
        post(cap())
    told = Notification.objects.all()
    assert {row.person for row in told} == {mayor, agent}
    assert told.count() == 2
    said = of(told[0])
    assert FRENCH["headline"] in said.sentence
    assert "cap-pac@canada.ca" in said.detail
    (push,) = Delivery.objects.filter(channel="push")
    assert (push.person, push.headers["Link"]) == (agent, told[0].path)
    take_cap(actor=agent, town=town, document=cap(name="by hand"))
    assert told.count() == 2


def test_the_same_identifier_twice_is_one_draft(post: Callable[..., HttpResponse]) -> None:
    answers = [post(cap()) for _ in range(3)] + [post(cap(severity="Minor"))]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
    assert Alert.objects.count() == Entry.objects.filter(act="alert.cap").count() == 1
    assert post(cap(name="urn:oid:2")).status_code == 201


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"severity": "Extreme"}, {"emergency": True}), ({"severity": "Moderate"}, {"emergency": False}),
        ({"status": "Exercise"}, {"exercise": True}), ({"status": "Test"}, {"exercise": True}),
        ({"infos": (ENGLISH,)}, {"title": {"en": ENGLISH["headline"]}}),
        ({"infos": (dict(ENGLISH, language="iu-CA"),)}, {"title": {"fr": ENGLISH["headline"]}}),
        ({"infos": (dict(FRENCH, headline="x" * 300),)}, {"title": {"fr": "x" * 119 + "…"}}),
    ],
)  # fmt: skip
def test_how_bad_it_is_and_in_which_language_is_theirs(
    town: Town, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    alert, _new = take_cap(actor=None, town=town, document=cap(**fields))
    assert {name: getattr(alert, name) for name in expected} == expected
    assert ("voice" in alert.channels) is alert.emergency


def test_many_points_many_parts_and_circles_are_a_zone_of_ours(town: Town) -> None:
    fine = [f"{48 + i / 10_000:.4f},-71.0" for i in range(1_000)]
    zones = {
        "points": " ".join([*fine, fine[0]]),
        "parts": POLYGON + f"</polygon><polygon>{POLYGON}" * 25,
        "circle": f"{POLYGON}</polygon><circle>48.2,-71.2 5</circle><polygon>{POLYGON}",
    }
    for name, polygon in zones.items():
        alert, _new = take_cap(actor=None, town=town, document=cap(name=name, polygon=polygon))
        parts = alert.audience["shape"]["coordinates"]
        assert all(4 <= len(part[0]) <= 200 for part in parts)
        assert len(parts) == {"points": 1, "parts": 1, "circle": 3}[name]


def test_what_changes_one_that_was_told_goes_to_the_same_people(town: Town) -> None:
    first, _new = take_cap(actor=None, town=town, document=cap(name="one"))
    early, _new = take_cap(actor=None, town=town, document=cap(name="two", kind="Update", about="one"))
    assert (early.purpose, early.about) == ("alert", None)  # the first was never told
    Alert.objects.filter(pk=first.pk).update(started_at=now())
    for name, kind, purpose in (("three", "Update", "update"), ("four", "Cancel", "end")):
        alert, _new = take_cap(actor=None, town=town, document=cap(name=name, kind=kind, about="one"))
        assert (alert.purpose, alert.about) == (purpose, first)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&b;</identifier></alert>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&f;</identifier></alert>"""
BAD = {
    "empty": b"", "no XML": b"{}", "broken": cap()[:-9], "bomb": BOMB, "file": FILE, "another": b"<rss/>",
    "no encoding": b"<?xml version='1.0' encoding='klingon'?><alert/>", "1.1": cap().replace(b"cap:1.2", b"cap:1.1"),
    "no identifier": cap(name=""), "a status of its own": cap(status="Panic"), "severity": cap(severity="Awful"),
    "system": cap(status="System"), "ack": cap(kind="Ack"), "nothing said": cap(infos=()),
    "open polygon": cap(polygon="1,1 2,2 3,3 4,4"), "no earth": cap(polygon="99,1 2,2 3,3 99,1"),
    "words": cap(polygon="a,b c,d e,f a,b"), "nan": cap(polygon="nan,1 2,2 3,3 nan,1"),
    "for another reader only": cap().replace(b"</scope>", b"</scope>" + b"<x>" * 300 + b"</x>" * 300),
    "a name that is none": cap().replace(b"</scope>", b"</scope><x xmlns='http://a b/%'/>"),
    "circle without an end": cap(polygon=f"{POLYGON}</polygon><circle>48,2 inf</circle><polygon>{POLYGON}"),
    "circle that is none": cap(polygon=f"{POLYGON}</polygon><circle>48,2 nan</circle><polygon>{POLYGON}"),
    "circle inside out": cap(polygon=f"{POLYGON}</polygon><circle>48,2 -5</circle><polygon>{POLYGON}"),
    "no circle": cap(polygon=f"{POLYGON}</polygon><circle>48,2</circle><polygon>{POLYGON}"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_can_not_be_read_is_refused_and_leaves_nothing(post: Callable[..., HttpResponse], name: str) -> None:
    answer = post(BAD[name])
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]["message"]  # type: ignore[attr-defined]
    assert not Alert.objects.exists()


def test_more_than_a_megabyte_is_too_much(town: Town, post: Callable[..., HttpResponse]) -> None:
    body = cap().replace(b"</alert>", b" " * 1_000_000 + b"</alert>")
    assert post(body).status_code == 413
    with pytest.raises(Invalid):
        take_cap(actor=None, town=town, document=body)


def test_only_the_towns_own_secret_opens_its_door(town: Town, mayor: Person, post: Callable[..., HttpResponse]) -> None:
    other = make_town("ailleurs")
    theirs = open_door(actor=make_mayor(other), slug=other.slug)
    tries = [
        {"bearer": None},
        {"bearer": ""},
        {"bearer": "cap_x"},
        {"bearer": theirs},
        {"slug": "nulle-part"},
        {"slug": other.slug},
    ]
    answers = [post(cap(), **one) for one in tries]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, b"")}
    new = open_door(actor=mayor, slug=town.slug)
    assert post(cap()).status_code == 401  # the former one serves no more
    assert post(cap(), bearer=new).status_code == 201
    close_door(actor=mayor, slug=town.slug)
    assert post(cap(), bearer=new).status_code == 401
    for role in ("agent", "citizen"):
        with pytest.raises((Forbidden, NotFound)):
            open_door(actor=make_person(town=town, roles=[role]), slug=town.slug)


def test_staff_bring_a_file_and_managers_make_the_secret(client: Client, town: Town, mayor: Person) -> None:
    agent, page = make_agent(town), f"/mairie/{town.slug}/alertes/recues/"
    client.force_login(agent)
    for _time in range(2):
        file = SimpleUploadedFile("alerte.xml", cap(), "text/xml")
        answer = client.post(page, {"file": file})
        alert = Alert.objects.get()
        assert (answer.status_code, alert.author) == (302, agent)
    assert FRENCH["headline"] in client.get(page).content.decode()
    answer = client.post(page, {"file": SimpleUploadedFile("alerte.xml", BOMB, "text/xml")})
    assert answer.status_code == 400
    assert "Ce fichier n’est pas un XML" in answer.content.decode()
    assert client.post(f"{page}secret/").status_code == 403
    client.force_login(mayor)
    shown = client.post(f"{page}secret/").content.decode()
    assert 'value="cap_' in shown
    assert 'value="cap_' not in client.get(page).content.decode()
    client.post(f"{page}secret/", {"close": "1"})
    assert "Aucun secret" in client.get(page).content.decode()
    assert list(Entry.objects.filter(act__startswith="cap_door").order_by("number").values_list("act", flat=True)) == [
        "cap_door.open", "cap_door.close",
    ]  # fmt: skip
    client.force_login(make_person(town=town, roles=["moderator"]))
    assert client.get(page).status_code == 403
