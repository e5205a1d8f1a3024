"""The desk approves an alert, watches it leave, follows up who was not reached; its town's sectors and rules."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hub.alerts import alerting, asking, outlines
from hub.alerts.models import Alert, Recipient, Rules, Status, Theme, Vulnerable, Zone
from hub.audit.models import Entry
from hub.core.clock import now
from hub.deliveries.models import Delivery, Dispatch, State
from hub.notifications.models import Notification
from hub.people.models import Address, Person, Role
from tests.alerts.alarms import draft
from tests.alerts.desks import LIVE, SQUARE, Desk, html
from tests.factories import make_mayor, make_person, make_town

pytestmark = pytest.mark.django_db
FORM = {
    "mode": "real", "danger": "water", "scope": "emergency", "whole": "1", "when": "now", "key": "k1",
    "channels": ["email", "sms", "voice", "push"], "title_fr": "Eau non potable", "body_fr": "Faites bouillir l’eau.",
}  # fmt: skip


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
