"""« Nouvelle alerte » of the grid (S30): a notice by mail or on a device, once, and never beside the alert itself."""

import pytest
from django.test import Client

from hub.alerts import leaving
from hub.alerts.alerting import approve_alert, stop_alert, submit_alert, write_further
from hub.alerts.models import Alert, Recipient, Theme
from hub.deliveries import links
from hub.deliveries.models import Delivery, Lane
from hub.deliveries.writing import items_of
from hub.notifications.actions import set_preferences
from hub.notifications.models import Kind
from hub.notifications.queries import wishes_of
from hub.notifications.rules import Wish
from hub.people.models import Device, Person, Role
from tests.alerts.alarms import approved, draft, subscribe
from tests.alerts.desks import Desk
from tests.factories import make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def theme(desk: Desk) -> Theme:
    return Theme.objects.create(town=desk.town, name="Eau")


def wants(person: Person, *, email: bool = False, push: bool = False) -> Person:
    set_preferences(actor=person, wishes={Kind.NEW_ALERT: Wish(site=True, email=email, push=push)})
    return person


def device(person: Person, number: int = 1) -> str:
    return f"device:{Device.objects.create(person=person, kind='web', target='{}', digest=f'{person.pk}.{number}').pk}"


def written(alert: Alert) -> list[Delivery]:
    """All rows of an alert are written; those of its notices."""
    while leaving.work(alert.pk, for_s=5):
        pass
    notices = Delivery.objects.filter(dispatch__key=f"alert.{alert.pk}.notices")
    return list(notices.select_related("content", "dispatch__town", "person").order_by("channel", "address"))


def of_theme(desk: Desk, theme: Theme, **fields: object) -> Alert:
    fields = {"channels": ["push", "email", "sms"], "emergency": False, "theme_id": theme.pk, **fields}
    return approved(desk.agent, desk.mayor, desk.town, **fields)


def test_who_asks_for_a_notice_gets_one_where_the_alert_itself_does_not_come(desk: Desk, theme: Theme) -> None:
    by_mail, both, subscribed, silent = (wants(make_person(town=desk.town), email=True, push=True) for _ in range(4))
    for town in (None, make_town()):
        device(wants(make_person(town=town), email=True, push=True))
    phones = [device(both, 1), device(both, 2)]
    subscribe(subscribed, desk.town, "email", "push", every=True)
    device(subscribed)
    wants(silent)
    device(silent)
    operator = wants(make_person(town=desk.town, roles=[Role.OPERATOR]), email=True, push=True)
    device(operator)
    alert = of_theme(desk, theme)
    rows = written(alert)
    assert [(row.channel, row.address) for row in rows] == sorted(
        [("email", by_mail.email), ("email", both.email), *(("push", phone) for phone in phones)]
    )
    assert [row.person for row in Recipient.objects.filter(alert=alert)] == [subscribed]
    assert {row.lane for row in rows} == {Lane.NOTIFICATION}


def test_it_says_what_is_new_and_one_press_leaves_that_kind_alone(client: Client, desk: Desk, theme: Theme) -> None:
    reader = wants(make_person(town=desk.town, language="en"), email=True)
    wants(desk.citizen, push=True)
    device(desk.citizen)
    mail, push = written(of_theme(desk, theme))
    said = items_of([mail, push])
    letter, note = said[mail.pk].item, said[push.pk].item
    assert "Water not safe" in letter.subject
    assert "Boil water for a minute." in letter.text
    assert links.preferences(mail.pk) in letter.text
    assert "{leave}" not in letter.html + letter.headers["List-Unsubscribe"]
    assert (note.subject, note.text) == (f"{desk.town.name} : Eau non potable", "Faites bouillir l’eau une minute.")
    assert "/alertes/" in note.link
    path = links.preferences(mail.pk).partition("/m/")[2]
    assert client.post(f"/m/{path}arreter/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    wishes = wishes_of(reader)
    assert (wishes[Kind.NEW_ALERT].email, wishes[Kind.PRIVATE_MESSAGES].email) == (False, True)


def test_who_never_said_is_told_on_their_devices_and_not_by_mail(desk: Desk, theme: Theme) -> None:
    phone = device(desk.citizen)
    assert [row.address for row in written(of_theme(desk, theme))] == [phone]


def test_a_danger_elsewhere_in_town_is_news_to_others(desk: Desk) -> None:
    """They are not among those whom it concerns, and are counted nowhere."""
    wants(desk.citizen, email=True)
    alert = approved(desk.agent, desk.mayor, desk.town, audience={"streets": ["rue du Four"]})
    (notice,) = written(alert)
    assert (notice.address, notice.lane) == (desk.citizen.email, Lane.NOTIFICATION)
    assert not Recipient.objects.filter(alert=alert).exists()
    assert not Delivery.objects.filter(dispatch=alert.dispatch).exists()


def test_each_word_of_an_alert_is_told_once(desk: Desk, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever worker dies between two batches."""
    for _ in range(3):
        wants(make_person(town=desk.town), email=True)
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    alert = of_theme(desk, theme)
    for _ in range(4):
        leaving.work(alert.pk, for_s=0.001)
    assert len(written(alert)) == len(written(alert)) == 3
    words = draft(emergency=False, theme_id=theme.pk, title={"fr": "Eau potable"})
    end = write_further(actor=desk.agent, alert_id=alert.pk, purpose="end", draft=words)
    submit_alert(actor=desk.agent, alert_id=end.pk)
    approve_alert(actor=desk.mayor, alert_id=end.pk)
    subjects = {row.content.subject for row in written(end) if row.content}
    assert subjects == {f"Fin d’alerte à {desk.town.name}\u00a0: «\u00a0Eau potable\u00a0»"}


def test_of_an_exercise_nobody_is_told_and_of_what_was_stopped_nobody_more(desk: Desk, theme: Theme) -> None:
    wants(desk.citizen, email=True)
    assert written(of_theme(desk, theme, exercise=True)) == []
    alert = of_theme(desk, theme)
    (notice,) = written(alert)
    stop_alert(actor=desk.agent, alert_id=alert.pk)
    notice.dispatch.refresh_from_db()
    assert notice.dispatch.stopped_at is not None


def test_the_grid_says_what_the_row_means(desk: Desk) -> None:
    page = desk.sign_in(desk.citizen).get("/notifications/preferences/").content.decode()
    assert "Un avis pour chacune." in page
