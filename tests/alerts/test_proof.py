"""The proof of an alert: a document that can be read aloud, with the figures that everybody sees, held by the trail."""

import hashlib
import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader
from pytest_django import Settings

from hub.alerts import progress
from hub.alerts.models import Alert
from hub.alerts.proof import letters
from hub.alerts.proof.facts import facts_of
from hub.alerts.proof.page import give_proof
from hub.audit.models import Entry
from hub.audit.queries import first_broken
from hub.deliveries.models import Delivery, State
from hub.people.models import Person, Phone
from hub.towns.models import Town
from tests.alerts.alarms import approved, leave
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_mayor, make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
SQUARE = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 48.5]]]}


@pytest.fixture(autouse=True)
def ways_out(settings: Settings, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(letters, "ELSEWHERE", ())  # what this machine has is another's
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


def read(paper: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(paper))
    return reader, " ".join("\n".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").split())


def proof(actor: Person, alert: Alert, language: str = "fr") -> str:
    with translation.override(language):
        return read(give_proof(actor=actor, alert=Alert.objects.select_related("town").get(pk=alert.pk)))[1]


def some_failed(alert: Alert) -> None:
    """One mail of it came back, one number is out of service."""
    rows = Delivery.objects.filter(dispatch=alert.dispatch)
    rows.filter(channel="email").filter(pk=rows.filter(channel="email").earliest("pk").pk).update(
        state=State.UNDELIVERABLE, cause="full"
    )
    rows.filter(channel="sms").update(state=State.UNDELIVERABLE, cause="address")


def test_its_figures_are_those_that_everybody_sees(town: Town, mayor: Person, agent: Person) -> None:
    person = make_person(town=town)
    Phone.objects.create(person=person, number="+33612340012", by_staff=True)
    alert = leave(approved(mayor, agent, town, channels=["email", "sms"]))
    some_failed(alert)
    found = progress.progress_of(alert)
    assert found.by_channel["sms"]["failed"] == found.by_channel["email"]["failed"] == 1
    text = proof(agent, alert)
    for channel, name in (("email", "Courriel"), ("sms", "SMS")):
        counts = found.by_channel[channel]
        row = " ".join([name, *(str(counts[one]) for one in ("queued", "sent", "delivered", "failed", "suppressed"))])
        assert row in text, text
    for said in (
        f"Personnes concernées : {found.total}", f"Jointes par un moyen au moins : {found.reached}",
        f"Non jointes : {found.total - found.reached}", "Échecs par cause : 2", "1 – Numéro hors service",
        "1 – Boîte de courriel pleine",
    ):  # fmt: skip
        assert said in text, said


def test_it_says_who_decided_what_in_every_language_for_whom(town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(approved(mayor, agent, town, audience={"shape": SQUARE, "streets": ["rue du Four"]}, danger="water"))
    paper = give_proof(actor=mayor, alert=Alert.objects.select_related("town").get(pk=alert.pk))
    reader, text = read(paper)
    for said in (
        f"Preuve de l’alerte {alert.number}", f"Soumise par {mayor.name}", f"Accord donné par {agent.name}",
        "Faites bouillir l’eau une minute.", "Boil water for a minute.", "Rues : rue du Four", "48.00000, 2.00000",
        "48.50000, 2.00000", "Mesures d’urgence", "le journal de la commune est entier",
    ):  # fmt: skip
        assert said in text, said
    assert "EXERCICE" not in text
    assert reader.metadata is not None
    assert alert.number in str(reader.metadata.title)
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("fr-")
    assert any(
        b" re f" in page.get_contents().get_data() or b" l" in page.get_contents().get_data() for page in reader.pages
    )


def test_each_entry_of_the_trail_is_there_with_what_holds_it(town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(approved(mayor, agent, town))
    text = proof(mayor, alert)
    entries = Entry.objects.filter(subject=f"alert.{alert.pk}").exclude(act="alert.proof")
    assert entries.count() == 3
    for entry in entries:
        assert entry.digest in text
        assert entry.former in text


def test_what_was_given_stands_in_the_trail_by_its_digest(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    alert = leave(approved(mayor, agent, town))
    client.force_login(mayor)
    answer = client.get(f"/mairie/{town.slug}/alertes/{alert.number}/preuve.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    entry = Entry.objects.filter(act="alert.proof").latest("number")
    assert entry.what["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert entry.actor_id == mayor.pk
    assert first_broken(town) is None
    assert entry.what["sha256"] in proof(mayor, alert)  # the next one tells of this one
    client.head(f"/mairie/{town.slug}/alertes/{alert.number}/preuve.pdf")
    assert Entry.objects.filter(act="alert.proof").count() == 2


def test_an_exercise_says_so_on_every_page_and_english_readers_are_told_in_english(
    town: Town, mayor: Person, agent: Person
) -> None:
    alert = leave(approved(mayor, agent, town, exercise=True, body={"fr": "Une ligne de plus.\n" * 150}))
    reader, _text = read(give_proof(actor=mayor, alert=Alert.objects.select_related("town").get(pk=alert.pk)))
    assert len(reader.pages) > 1
    for page in reader.pages:
        assert "EXERCICE" in page.extract_text()
    with translation.override("en"):
        reader, _text = read(give_proof(actor=mayor, alert=Alert.objects.select_related("town").get(pk=alert.pk)))
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("en-")


def test_figures_outlive_the_rows_they_were_counted_from(town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(approved(mayor, agent, town))
    told = progress.progress_of(alert)
    Alert.objects.update(status="done")
    Delivery.objects.all().delete()
    kept = facts_of(Alert.objects.select_related("town").get(pk=alert.pk)).figures
    assert (kept.by_channel, kept.reached) == (told.by_channel, told.reached)


def test_names_keep_their_letters_and_every_font_is_in_the_document(town: Town) -> None:
    mayor = make_mayor(town, first_name="Nguyễn Thị", last_name="Hạnh Ōsaka")
    agent = make_agent(town, first_name="Uapashkᵘ", last_name="Łukaszewicz")
    decomposed = unicodedata.normalize("NFD", "Dès l’été, chez M. Đặng")
    alert = leave(approved(mayor, agent, town, title={"fr": decomposed}, channels=["email"], exercise=True))
    paper = give_proof(actor=mayor, alert=Alert.objects.select_related("town").get(pk=alert.pk))
    reader, text = read(paper)
    for said in ("Nguyễn Thị Hạnh Ōsaka", "Uapashkᵘ Łukaszewicz", "Dès l’été, chez M. Đặng"):
        assert said in text, said
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    kept = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert len(kept) > 1
    assert all("/FontFile2" in descriptor for descriptor in kept)
    assert len(paper) < 60_000


def test_letters_that_the_font_lacks_come_from_one_of_the_machine(
    town: Town, mayor: Person, agent: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is one: a font of two syllables stands for it."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "nu", "na"])
    builder.setupCharacterMap({ord("ᓄ"): "nu", ord("ᓇ"): "na"})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", "nu", "na")})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "nu", "na"), (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Two", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "two.ttf")
    monkeypatch.setattr(letters, "ELSEWHERE", (str(tmp_path / "none.ttf"), str(tmp_path / "two.ttf")))
    alert = leave(approved(mayor, agent, town, title={"fr": "Chez ᓄᓇᕗ Nguyễn"}, channels=["email"]))
    assert "Chez ᓄᓇ? Nguyễn" in proof(mayor, alert)


def test_letters_that_no_reader_has_are_no_reason_to_fail(town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(approved(mayor, agent, town, title={"fr": "Œufs à 3 € – dès l’été ⚠ 洪水"}, channels=["email"]))
    assert "Œufs à 3 € – dès l’été ? ??" in proof(mayor, alert)


@pytest.mark.parametrize("who", ["citizen", "moderator", "operator", "stranger"])
def test_nobody_else_is_given_it(client: Client, town: Town, mayor: Person, agent: Person, who: str) -> None:
    alert = leave(approved(mayor, agent, town))
    other = make_town("ailleurs")
    reader: Any = make_mayor(other) if who == "stranger" else make_person(town=town, roles=[who])
    client.force_login(reader)
    answer = client.get(f"/mairie/{town.slug}/alertes/{alert.number}/preuve.pdf")
    assert answer.status_code == (404 if who in ("citizen", "stranger") else 403)
    if who == "stranger":
        assert client.get(f"/mairie/{other.slug}/alertes/{alert.number}/preuve.pdf").status_code == 404
    assert not Entry.objects.filter(act="alert.proof").exists()
