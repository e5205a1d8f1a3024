"""The desk's alerts: written, approved by somebody else, watched, followed up; a town's sectors and rules."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from hub.alerts import alerting, asking, composing, outlines, ready_texts
from hub.alerts.models import Alert, Danger, Recipient, Rules, Status, Theme, Vulnerable, Zone
from hub.audit.models import Entry
from hub.core.clock import now
from hub.core.errors import Invalid
from hub.deliveries import gsm
from hub.deliveries.models import Delivery, Dispatch, State
from hub.notifications.models import Notification
from hub.people.models import Address, Person, Phone, Role
from tests.alerts.alarms import draft
from tests.factories import make_agent, make_mayor, make_person, make_town

pytestmark = pytest.mark.django_db
SQUARE = "48.0, 2.0\n48.0, 3.0\n49.0, 3.0\n49.0, 2.0"
FORM = {
    "mode": "real", "danger": "water", "scope": "emergency", "whole": "1", "when": "now", "key": "k1",
    "channels": ["email", "sms", "voice", "push"], "title_fr": "Eau non potable", "body_fr": "Faites bouillir l’eau.",
}  # fmt: skip
LIVE = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture(autouse=True)
def every_way_out(settings: Settings) -> None:
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


class Desk:
    """A town with its mayor, an agent and a citizen, and browsers for the first two."""

    def __init__(self) -> None:
        self.town = make_town(phone="+14185550110")
        self.mayor = make_mayor(self.town, first_name="Hélène", last_name="Carpentier")
        self.agent = make_agent(self.town, first_name="Maude", last_name="Lavoie")
        self.citizen = make_person(town=self.town, first_name="Omar", last_name="Diallo")
        self.as_mayor, self.as_agent = self.sign_in(self.mayor), self.sign_in(self.agent)

    def sign_in(self, person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def url(self, *parts: object) -> str:
        return f"/mairie/{self.town.slug}/alertes/" + "".join(f"{part}/" for part in parts)

    def settings_url(self, *parts: object) -> str:
        return f"/mairie/{self.town.slug}/reglages/alertes/" + "".join(f"{part}/" for part in parts)

    def submitted(self, **fields: Any) -> Alert:
        alert = alerting.create_alert(actor=self.agent, slug=self.town.slug, draft=draft(**fields))
        return alerting.submit_alert(actor=self.agent, alert_id=alert.pk)

    def left(self, **fields: Any) -> Alert:
        alert = self.submitted(**fields)
        return alerting.approve_alert(actor=self.mayor, alert_id=alert.pk)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def html(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# Writing.


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
    assert not Alert.objects.exists()


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


# The second person.


def test_whoever_may_approve_is_told_at_once_and_once_more(desk: Desk) -> None:
    alert = desk.submitted()
    told = Notification.objects.get(person=desk.mayor)
    assert (told.code, told.path) == ("alert_to_approve", desk.url(alert.pk))
    assert Delivery.objects.get(address=desk.mayor.email).subject == "Alerte à approuver : Eau non potable"
    assert not Delivery.objects.filter(address__in=(desk.agent.email, desk.citizen.email)).exists()
    assert asking.remind_due() == 0
    Alert.objects.update(submitted_at=now() - timedelta(minutes=6))
    assert asking.remind_due() == 1
    assert asking.remind_due() == 0
    subjects = Delivery.objects.filter(address=desk.mayor.email).order_by("pk").values_list("subject", flat=True)
    assert list(subjects)[1:] == ["Toujours sans accord : Eau non potable"]
    alerting.approve_alert(actor=desk.mayor, alert_id=alert.pk)
    Dispatch.objects.filter(cause="alert.remind").delete()
    assert asking.remind_due() == 0


def test_the_second_person_reads_and_says_yes(desk: Desk) -> None:
    alert = desk.submitted(audience={"shape": outlines.read_points(SQUARE)}, channels=["email", "sms"])
    listed = html(desk.as_mayor.get(desk.url()))
    assert "Attendent un accord" in listed
    page = html(desk.as_mayor.get(desk.url(alert.pk)))
    for words in ("Donner mon accord et envoyer", "Maude Lavoie", "Faites bouillir", "zone-drawing", "Coût estimé"):
        assert words in page
    own = html(desk.as_agent.get(desk.url(alert.pk)))
    assert "Donner mon accord" not in own
    assert "Reprendre" in own
    assert "Une deuxième personne" in html(desk.as_agent.post(desk.url(alert.pk, "accord"), follow=True))
    assert Alert.objects.get().status == Status.PENDING
    desk.as_mayor.post(desk.url(alert.pk, "accord"))
    alert.refresh_from_db()
    assert (alert.status, alert.approver) == (Status.SENDING, desk.mayor)
    assert "n’attend pas d’accord" in html(desk.as_mayor.post(desk.url(alert.pk, "accord"), follow=True))


def test_the_author_takes_it_back(desk: Desk) -> None:
    alert = desk.submitted()
    desk.as_agent.post(desk.url(alert.pk, "reprendre"))
    assert "Que se passe-t-il" in html(desk.as_agent.get(desk.url(alert.pk)))
    assert "n’attend plus d’accord" in html(desk.as_agent.post(desk.url(alert.pk, "reprendre"), follow=True))


def prove(client: Client, person: Person, *, ago_s: float = 0) -> None:
    """The second factor was shown so long ago."""
    session = client.session
    record = {"method": "mfa", "type": "totp", "at": now().timestamp() - ago_s}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def test_a_lone_mayor_confirms_by_a_second_factor_where_the_rules_say_so(desk: Desk) -> None:
    alert = alerting.create_alert(actor=desk.mayor, slug=desk.town.slug, draft=draft())
    alerting.submit_alert(actor=desk.mayor, alert_id=alert.pk)
    approve = desk.url(alert.pk, "accord")
    prove(desk.as_mayor, desk.mayor)
    desk.as_mayor.post(approve)
    assert Alert.objects.get().status == Status.PENDING  # the town's rules want two
    Rules.objects.create(town=desk.town, alone=True)
    prove(desk.as_mayor, desk.mayor, ago_s=301)
    desk.as_mayor.post(approve)
    assert Alert.objects.get().status == Status.PENDING  # shown too long ago
    assert "activez d’abord la double vérification" in html(desk.as_mayor.get(desk.url(alert.pk)))
    prove(desk.as_mayor, desk.mayor)
    assert "Confirmer et envoyer" in html(desk.as_mayor.get(desk.url(alert.pk)))
    desk.as_mayor.post(approve)
    assert Alert.objects.get().status == Status.SENDING


def test_an_agent_never_confirms_their_own(desk: Desk) -> None:
    Rules.objects.create(town=desk.town, alone=True)
    alert = desk.submitted()
    prove(desk.as_agent, desk.agent)
    desk.as_agent.post(desk.url(alert.pk, "accord"))
    assert Alert.objects.get().status == Status.PENDING


# While it leaves, and afterwards.


def reach(alert: Alert, desk: Desk) -> tuple[Recipient, Recipient]:
    """Written down: one who was reached by mail, one whom two calls did not reach."""
    there = Recipient.objects.create(
        alert=alert, person=desk.mayor, language="fr", email=desk.mayor.email, reached_at=now()
    )
    missed = Recipient.objects.create(alert=alert, person=desk.citizen, language="fr", voice="+14185550142")
    sent: dict[str, Any] = {"dispatch": alert.dispatch, "next_at": now(), "expires_at": now()}
    Delivery.objects.create(channel="email", address=desk.mayor.email, state=State.SENT, **sent)
    Delivery.objects.create(
        channel="voice", address="+14185550142", state=State.UNDELIVERABLE, cause="no_answer", attempts=2, **sent
    )
    Alert.objects.filter(pk=alert.pk).update(step="written", expanded_at=now(), called_at=now())
    return there, missed


def test_how_far_it_is_who_is_missing_and_why(desk: Desk) -> None:
    alert = desk.left(channels=["email", "voice"])
    reach(alert, desk)
    Address.objects.create(person=desk.citizen, number="118", street="boulevard du Moulin")
    Vulnerable.objects.create(person=desk.citizen, town=desk.town, why="Personne seule", added_at=now())
    page = html(desk.as_agent.get(desk.url(alert.pk)))
    for words in (
        'data-slot="reached">1<', 'data-slot="total">2<', "50,0", "Envoi en cours", "Omar Diallo", "Personne seule",
        "118, boulevard du Moulin", "2 appels sans réponse", "Sans réponse</dt><dd>1</dd>", "Arrêter l’envoi",
        "Envoi lancé sur 2 moyens.", "Hélène Carpentier a donné son accord",
    ):  # fmt: skip
        assert words in page, words
    parts = html(desk.as_agent.get(desk.url(alert.pk), **LIVE))
    assert "<!doctype" not in parts
    assert "Omar Diallo" in parts


def test_who_is_missing_is_entrusted_and_the_trail_names_nobody(desk: Desk) -> None:
    alert = desk.left(channels=["email", "voice"])
    _there, missed = reach(alert, desk)
    fields = {"recipient": str(missed.pk), "note": "Équipe 2 en route"}
    page = html(desk.as_agent.post(desk.url(alert.pk, "suite"), fields, follow=True))
    assert "Équipe 2 en route" in page
    assert "Noté par Maude Lavoie" in page
    assert "Omar" not in str(Entry.objects.get(act="alert.follow_up").what)
    long = desk.as_agent.post(desk.url(alert.pk, "suite"), {**fields, "note": "x" * 121}, follow=True)
    assert "trop long" in html(long)
    other = desk.left()
    assert desk.as_agent.post(desk.url(other.pk, "suite"), fields).status_code == 404
    assert desk.as_agent.post(desk.url(alert.pk, "suite"), {"recipient": "x"}).status_code == 404


def test_the_list_by_street_is_printed_and_kept_without_formulas(desk: Desk) -> None:
    alert = desk.left(channels=["email", "voice"])
    doors = (
        ("10", "rue du Four", "Dix"), ("9", "rue du Four", "Neuf"), ("1", "Allée verte", "=HYPERLINK()"),
        ("", "", "Nulle part"),
    )  # fmt: skip
    for at, (number, street, name) in enumerate(doors):
        person = make_person(town=desk.town, first_name=name, last_name="")
        if street:
            Address.objects.create(person=person, number=number, street=street)
        Recipient.objects.create(alert=alert, person=person, language="fr", voice=f"+1418555014{at}")
    Alert.objects.update(status=Status.DONE, expanded_at=now(), ended_at=now())
    page = html(desk.as_agent.get(desk.url(alert.pk, "non-joints")))
    places = [page.index(words) for words in ("Allée verte", "Neuf", "Dix", "Nulle part")]
    assert places == sorted(places)
    answer = desk.as_agent.get(desk.url(alert.pk) + "non-joints.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Rue;Numéro;")
    assert "'=HYPERLINK()" in lines[1]
    assert len(lines) == 5


def test_stopping_is_asked_once(desk: Desk) -> None:
    alert = desk.left()
    asked = html(desk.as_mayor.get(desk.url(alert.pk, "arreter")))
    assert re.search(r"<a [^>]*autofocus>Laisser l’envoi continuer", asked)
    assert Alert.objects.get().status == Status.SENDING
    desk.as_mayor.post(desk.url(alert.pk, "arreter"))
    assert Alert.objects.get().status == Status.STOPPED
    page = html(desk.as_mayor.get(desk.url(alert.pk)))
    assert "a arrêté l’envoi" in page
    assert "btn--stop" not in page
    assert desk.as_mayor.get(desk.url(alert.pk, "arreter")).status_code == 302


def test_how_it_ended_is_shown_when_what_left_is_forgotten(desk: Desk) -> None:
    alert = desk.left()
    row = {"queued": 0, "sent": 90, "delivered": 0, "failed": 10, "suppressed": 0}
    told = {"status": "done", "total": 1200, "reached": 1199, "by_channel": {"email": row}}
    Alert.objects.filter(pk=alert.pk).update(status=Status.DONE, ended_at=now(), told=told)
    page = html(desk.as_agent.get(desk.url(alert.pk)))
    assert re.search(r'data-slot="reached">1.199<', page)
    assert "99,9" in page  # not all of them
    assert "10 échecs" in page


def test_a_further_word_begins_with_its_own(desk: Desk) -> None:
    alert = desk.left()
    Recipient.objects.create(alert=alert, person=desk.citizen, language="fr", email=desk.citizen.email)
    for purpose, words in (("fin", "Le danger est passé"), ("precision", "Précision")):
        assert "Aux mêmes personnes" in html(desk.as_agent.get(desk.url(alert.pk, purpose)))
        page = html(desk.as_agent.post(desk.url(alert.pk, purpose), follow=True))
        assert words in page
        assert "Qui prévenir" not in page
        assert '<span class="sum__big">1</span>' in page
        assert f"les mêmes que l’alerte {alert.number}" in page
    begun = Alert.objects.exclude(pk=alert.pk)
    assert {one.about for one in begun} == {alert}
    waiting = desk.submitted()
    assert "n’est pas partie" in html(desk.as_agent.post(desk.url(waiting.pk, "fin"), follow=True))


def test_the_list_shows_what_waits_first(desk: Desk) -> None:
    assert "Aucune alerte pour l’instant" in html(desk.as_mayor.get(desk.url()))
    alerting.create_alert(actor=desk.agent, slug=desk.town.slug, draft=draft(title={"fr": "Brouillon d’eau"}))
    desk.left(title={"fr": "En route"})
    desk.submitted(title={"fr": "À lire"})
    page = html(desk.as_mayor.get(desk.url()))
    places = [page.index(words) for words in ("À lire", "En route", "Brouillon d’eau")]
    assert places == sorted(places)


# Who may, and the settings.


@pytest.mark.parametrize(("role", "status"), [(Role.CITIZEN, 404), (Role.OPERATOR, 403), (Role.MODERATOR, 403)])
def test_only_who_decides_of_alerts_gets_in(desk: Desk, role: Role, status: int) -> None:
    alert = desk.submitted()
    client = desk.sign_in(make_person(town=desk.town, roles=[role]))
    for path in ("", "nouvelle/", f"{alert.pk}/", f"{alert.pk}/non-joints/", f"{alert.pk}/arreter/"):
        assert client.get(desk.url() + path).status_code == status, path
    assert client.post(desk.url(alert.pk, "accord")).status_code == status
    assert Alert.objects.get().status == Status.PENDING


def test_another_towns_alert_is_not_there(desk: Desk) -> None:
    alert, other = desk.submitted(), make_town()
    stranger = desk.sign_in(make_mayor(other))
    for client, slug in ((stranger, desk.town.slug), (stranger, other.slug)):
        assert client.get(f"/mairie/{slug}/alertes/{alert.pk}/").status_code == 404
        assert client.post(f"/mairie/{slug}/alertes/{alert.pk}/accord/").status_code == 404


def test_sectors_are_drawn_renamed_and_removed(desk: Desk) -> None:
    desk.as_mayor.post(desk.settings_url("secteurs", "nouveau"), {"name": " Nord-Est ", "points": SQUARE})
    zone = Zone.objects.get()
    assert (zone.name, zone.shape["type"]) == ("Nord-Est", "MultiPolygon")
    assert "Nord-Est" in html(desk.as_mayor.get(desk.settings_url("secteurs")))
    assert "48.000000, 2.000000" in html(desk.as_mayor.get(desk.settings_url("secteurs", zone.pk)))
    for fields, status in (
        ({"name": "Nord-Est", "points": SQUARE}, 409), ({"name": "", "points": SQUARE}, 400),
        ({"name": "Sud", "points": "48, 2"}, 400), ({"name": "Sud", "points": ""}, 400),
    ):  # fmt: skip
        assert desk.as_mayor.post(desk.settings_url("secteurs", "nouveau"), fields).status_code == status
    desk.as_mayor.post(desk.settings_url("secteurs", zone.pk), {"name": "Est", "points": SQUARE})
    assert Zone.objects.get().name == "Est"
    assert desk.as_agent.get(desk.settings_url("secteurs")).status_code == 403
    assert desk.as_agent.post(desk.settings_url("secteurs", zone.pk, "supprimer")).status_code == 403
    desk.as_mayor.post(desk.settings_url("secteurs", zone.pk, "supprimer"))
    assert not Zone.objects.exists()
    assert list(Entry.objects.values_list("act", flat=True)) == ["zone.add", "zone.change", "zone.remove"]


def test_the_rules_are_the_managers(desk: Desk) -> None:
    url = desk.settings_url("regles")
    assert 'value="5"' in html(desk.as_mayor.get(url))
    desk.as_mayor.post(url, {"alone": "on", "call_after_min": "12"})
    assert (Rules.objects.get().alone, Rules.objects.get().call_after_min) == (True, 12)
    for wrong in ("", "-1", "999", "cinq"):
        assert desk.as_mayor.post(url, {"call_after_min": wrong}).status_code == 400
    assert desk.as_agent.post(url, {"call_after_min": "1"}).status_code == 403


def test_an_information_goes_to_a_theme(desk: Desk) -> None:
    theme = Theme.objects.create(town=desk.town, name="Travaux")
    told = html(desk.as_agent.post(desk.url("nouvelle"), {**FORM, "scope": "theme", "theme": str(theme.pk)}, **LIVE))
    assert "abonnés à « Travaux »" in told
    alert = Alert.objects.get()
    assert (alert.emergency, alert.theme) == (False, theme)
