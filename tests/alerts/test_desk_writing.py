"""The desk writes an alert: what is kept, counted, refused and filled in, and what its author gets first."""

import re
from typing import Any

import pytest

from hub.alerts import alerting, composing, outlines, ready_texts
from hub.alerts.models import Alert, Danger, Status, Vulnerable, Zone
from hub.core.clock import now
from hub.core.errors import Invalid
from hub.deliveries import gsm
from hub.deliveries.models import Delivery
from hub.people.models import Address, Phone
from tests.alerts.alarms import draft, subscribe
from tests.alerts.desks import LIVE, SQUARE, Desk, html
from tests.factories import make_person

pytestmark = pytest.mark.django_db
FORM = {
    "mode": "real", "danger": "water", "scope": "emergency", "whole": "1", "when": "now", "key": "k1",
    "channels": ["email", "sms", "voice", "push"], "title_fr": "Eau non potable", "body_fr": "Faites bouillir l’eau.",
}  # fmt: skip


def test_an_alert_is_written_kept_and_asked_for(desk: Desk) -> None:
    page = desk.as_agent.get(desk.url("nouvelle"))
    assert "Que se passe-t-il" in html(page)
    answer = desk.as_agent.post(desk.url("nouvelle"), FORM)
    alert = Alert.objects.get()
    assert answer["Location"] == desk.url(alert.pk)
    assert (alert.status, alert.title["fr"], alert.emergency, alert.audience) == ("draft", "Eau non potable", True, {})
    again = html(desk.as_agent.get(desk.url(alert.pk)))
    assert "Faites bouillir l’eau." in again
    assert "Hélène Carpentier" in again  # who may approve it
    desk.as_agent.post(desk.url(alert.pk), {**FORM, "title_fr": "Eau trouble", "act": "submit"})
    alert.refresh_from_db()
    assert (alert.status, alert.title["fr"], alert.author) == (Status.PENDING, "Eau trouble", desk.agent)


def test_it_keeps_itself_and_counts_as_one_writes(desk: Desk) -> None:
    Phone.objects.create(person=desk.citizen, number="+14185550142", by_staff=True)
    told = html(desk.as_agent.post(desk.url("nouvelle"), FORM, **LIVE))
    alert = Alert.objects.get()
    assert f'<data data-part="url" value="{desk.url(alert.pk)}">' in told
    assert '<span class="sum__big">3</span>' in told
    assert '<span class="num" data-part="n-sms">1</span>' in told
    assert "0,02" in told  # one SMS to Canada
    # A page that did not hear the answer sends the same again: one alert.
    desk.as_agent.post(desk.url("nouvelle"), {**FORM, "title_fr": "Eau trouble"}, **LIVE)
    assert [one.title["fr"] for one in Alert.objects.all()] == ["Eau trouble"]


def test_how_many_refused_every_means_is_said_before(desk: Desk) -> None:
    assert "refusé" not in html(desk.as_agent.post(desk.url("nouvelle"), FORM, **LIVE))
    subscribe(desk.citizen, desk.town)
    told = html(desk.as_agent.get(desk.url(Alert.objects.get().pk)))
    assert "1 personne a refusé tous les moyens : rien ne lui parviendra, même en cas de danger." in told
    subscribe(make_person(town=desk.town), desk.town)
    told = html(desk.as_agent.post(desk.url(Alert.objects.get().pk), FORM, **LIVE))
    assert "2 personnes ont refusé tous les moyens" in told
    assert "dont 2 joignables" in told


def test_nobody_chosen_is_nobody(desk: Desk) -> None:
    fields = {**FORM, "whole": []}
    told = html(desk.as_agent.post(desk.url("nouvelle"), fields, **LIVE))
    assert '<span class="sum__big muted">0</span>' in told
    refused = desk.as_agent.post(desk.url(Alert.objects.get().pk), {**fields, "act": "submit"})
    assert refused.status_code == 400
    assert "Choisissez qui prévenir" in html(refused)
    assert Alert.objects.get().status == Status.DRAFT


def test_a_drawn_zone_streets_services_and_the_register_are_kept(desk: Desk) -> None:
    zone = Zone.objects.create(town=desk.town, name="Nord-Est", shape=outlines.read_points(SQUARE))
    Address.objects.create(person=desk.citizen, number="4", street="rue du Four", latitude=48.5, longitude=2.5)
    Vulnerable.objects.create(person=desk.citizen, town=desk.town, added_at=now())
    fields = {
        **FORM,
        "whole": [],
        "zones": [str(zone.pk)],
        "points": SQUARE,
        "streets": ["rue du Four"],
        "register": "1",
    }
    told = html(desk.as_agent.post(desk.url("nouvelle"), fields, **LIVE))
    assert '<span class="sum__big">1</span>' in told
    assert "Nord-Est, zone dessinée, rue du Four" in told
    alert = Alert.objects.get()
    assert alert.audience["zones"] == [zone.pk]
    page = html(desk.as_agent.get(desk.url(alert.pk)))
    assert "48.000000, 2.000000" in page
    assert re.search(rf'name="zones" value="{zone.pk}" checked', page)
    assert re.search(r'name="streets" value="rue du Four" checked', page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"whole": [], "points": "ici"}, "La ligne 1 n’est pas un point"),
        ({"whole": [], "points": "48, 2\n49, 2"}, "au moins trois points"),
        ({"whole": [], "zones": ["987654"]}, "plus possible"),
        ({"scope": "theme", "theme": "987654"}, "n’existe pas"),
        ({"when": "later", "date": "", "time": ""}, "Donnez le jour et l’heure"),
        ({"when": "later", "date": "2020-01-01", "time": "10:00"}, "Cette heure est passée"),
        ({"title_fr": "x" * 121}, "trop long"),
        ({"act": "submit", "body_fr": ""}, "Écrivez un titre et un texte"),
        ({"act": "submit", "channels": []}, "Choisissez au moins un moyen"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_and_nothing_typed_is_lost(desk: Desk, fields: dict[str, Any], words: str) -> None:
    for more in ({}, LIVE):
        answer = desk.as_agent.post(desk.url("nouvelle"), {**FORM, "sms_fr": "Gardé", **fields}, **more)
        assert answer.status_code == 400
        assert words in html(answer)
        if not more:
            assert "Gardé" in html(answer)
    assert not Alert.objects.exclude(status=Status.DRAFT).exists()


def test_without_a_script_the_server_writes_the_models_words_and_plain_sms(desk: Desk) -> None:
    empty = {**FORM, "title_fr": "", "body_fr": "", "act": "fill"}
    page = html(desk.as_agent.post(desk.url("nouvelle"), empty))
    assert "Eau non potable : faites-la bouillir" in page
    assert "Water not safe to drink: boil it" in page
    other = html(desk.as_agent.post(desk.url("nouvelle"), {**empty, "danger": "flood", "title_fr": "Mes mots"}))
    assert 'value="Mes mots"' in other
    plain = html(desk.as_agent.post(desk.url("nouvelle"), {**FORM, "sms_fr": "même l’eau", "sms_plain": "bare"}))
    assert "meme l&#x27;eau" in plain
    english = {**FORM, "sms_fr": "même", "sms_en": "“Boil” ê", "sms_plain_en": "bare"}
    plain = html(desk.as_agent.post(desk.url("nouvelle"), english))
    assert "&quot;Boil&quot; e</textarea>" in plain
    assert "même</textarea>" in plain
    assert not Alert.objects.exists()


def test_each_language_has_its_meter_and_what_it_costs_to_its_readers(desk: Desk) -> None:
    english = make_person(town=desk.town, language="en")
    for at, person in enumerate((desk.citizen, desk.agent, english)):
        Phone.objects.create(person=person, number=f"+1418555014{at}", by_staff=True)
    words = {"sms_fr": "Boire", "sms_en": f"Boil {'x' * 160}"}
    told = html(desk.as_agent.post(desk.url("nouvelle"), {**FORM, **words}, **LIVE))
    assert '"CAD": "0.06"' in told.partition('id="fresh-each"')[2]  # with no words in English, all read French
    assert '"CAD"' not in told.partition('id="fresh-each_en"')[2]
    both = {**FORM, **words, "title_en": "Water", "body_en": "Boil."}
    told = html(desk.as_agent.post(desk.url("nouvelle"), both, **LIVE))
    assert '"CAD": "0.04"' in told.partition('id="fresh-each"')[2].partition('id="fresh-each_en"')[0]
    assert '"CAD": "0.02"' in told.partition('id="fresh-each_en"')[2]
    assert "2 SMS chacun" in told
    page = html(desk.as_agent.get(desk.url(Alert.objects.get().pk)))
    assert re.findall(r'id="sms-sentence(?:_en)?"', page) == ['id="sms-sentence"', 'id="sms-sentence_en"']
    assert "2 SMS par personne. Coût : 0,04" in page.replace("\u00a0", " ")
    assert 'name="sms_plain_en"' in page


def test_other_ready_words_take_the_place_of_ready_words_and_of_nothing_else(desk: Desk) -> None:
    fields = composing.Fields(danger=Danger.WATER)
    composing.fill(fields, desk.town)
    fields.words["body_fr"] = "À moi"
    fields.danger = Danger.FIRE
    composing.fill(fields, desk.town)
    assert fields.words["title_fr"] == ready_texts.ready("fire", "fr", town="")["title"]
    assert fields.words["body_fr"] == "À moi"


@pytest.mark.parametrize("danger", [*Danger.values, "nothing"])
@pytest.mark.parametrize("language", composing.LANGUAGES)
def test_every_ready_sms_is_one_sms(danger: str, language: str) -> None:
    for town in ("Rivière-aux-Ormes", "Saint-Julien-en-Champsaur"):
        said = ready_texts.ready(danger, language, town=town)
        measured = gsm.measure(said["sms"])
        assert (measured.encoding, measured.segments) == ("gsm7", 1), said["sms"]
        assert town in said["sms"]
        over = gsm.measure(ready_texts.over(language, town=town, title="x")["sms"])
        assert (over.encoding, over.segments) == ("gsm7", 1)


def test_points_are_read_as_people_write_them_and_come_back_the_same() -> None:
    for written in ("48.5, 2.25\n49, 2\n49.0,3.0", "48,5 ; 2,25\n49 ; 2\n49 ; 3", "48.5 2.25\n49 2\n49 3"):
        shape = outlines.read_points(written)
        assert shape is not None
        assert shape["coordinates"][0][0] == [[2.25, 48.5], [2.0, 49.0], [3.0, 49.0], [2.25, 48.5]]
        assert outlines.read_points(outlines.write_points(shape)) == shape
    two = outlines.read_points(f"{SQUARE}\n\n{SQUARE}")
    assert two is not None
    assert len(two["coordinates"]) == 2
    for wrong in ("48", "95, 2", "48, 200", "1 2 3"):
        with pytest.raises(Invalid):
            outlines.read_points(wrong)
    assert outlines.read_points(" \n") is None
    assert outlines.drawn([]) is None
    drawing = outlines.drawn([two])
    assert drawing is not None
    assert len(drawing.paths) == 2


def test_the_author_gets_it_first_and_nobody_else(desk: Desk) -> None:
    Phone.objects.create(person=desk.agent, number="+14185550199", by_staff=True)
    answer = desk.as_agent.post(desk.url("nouvelle"), {**FORM, "act": "try"}, **LIVE)
    assert "Parti pour vous seul : courriel, sms, appel" in html(answer).lower().replace("parti", "Parti", 1)
    sent = {one.channel: one for one in Delivery.objects.all()}
    assert {one.address for one in sent.values()} == {desk.agent.email, "+14185550199"}
    assert sent["email"].subject == "ESSAI : Eau non potable"
    assert sent["sms"].text.startswith("ESSAI. ")
    assert not any(mark in one.text + one.html for one in sent.values() for mark in ("{leave}", "{confirm}"))
    assert Alert.objects.get().status == Status.DRAFT
    refused = desk.as_agent.post(desk.url(Alert.objects.get().pk), {**FORM, "act": "try", "channels": ["push"]}, **LIVE)
    assert refused.status_code == 409


def test_a_draft_is_thrown_away_and_nothing_else_is(desk: Desk) -> None:
    alert = alerting.create_alert(actor=desk.agent, slug=desk.town.slug, draft=draft())
    kept = desk.submitted()
    for one in (alert, kept):
        desk.as_agent.post(desk.url(one.pk, "supprimer"))
    assert list(Alert.objects.all()) == [kept]
