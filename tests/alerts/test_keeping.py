"""A month later the rows are forgotten, and all that a proof says of them is kept: for good."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from hub.alerts.alerting import approve_alert, submit_alert, write_further
from hub.alerts.keeping import keep_figures
from hub.alerts.models import Alert, Recipient, Status
from hub.alerts.progress import standing
from hub.alerts.proof.facts import facts_of
from hub.alerts.reach import failures
from hub.core.clock import now, standing_at
from hub.deliveries.actions import KEEP_DAYS
from hub.deliveries.models import Content, Delivery, Dispatch, State
from hub.jobs import prune_deliveries
from tests.alerts.alarms import approved, draft, leave
from tests.alerts.desks import Desk, html
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def alert(desk: Desk, left: Left, settings: Settings) -> Alert:  # noqa: F811
    """One that is over: four were told by mail, of whom two do not exist any more."""
    settings.ADAPTERS = {"email": ["capture"]}
    make_person(town=desk.town)
    found = leave(approved(desk.agent, desk.mayor, desk.town))
    lost = Delivery.objects.filter(dispatch=found.dispatch).order_by("address")[:2]
    Delivery.objects.filter(pk__in=[one.pk for one in lost]).update(
        state=State.UNDELIVERABLE, cause="address", ended_at=now()
    )
    Recipient.objects.filter(email__in=[one.address for one in lost]).update(reached_at=None)
    Alert.objects.filter(pk=found.pk).update(status=Status.DONE, ended_at=now())
    return fresh(found)


def fresh(alert: Alert) -> Alert:
    return Alert.objects.select_related("town", "dispatch").get(pk=alert.pk)


def a_month_later() -> None:
    """Nothing of an alert's rows is left."""
    for days in (KEEP_DAYS - 1, KEEP_DAYS + 1):
        with standing_at(now() + timedelta(days=days, hours=1)):
            prune_deliveries()
            prune_deliveries()


def test_a_proof_says_the_same_when_the_rows_are_gone(desk: Desk, alert: Alert) -> None:
    before, causes = facts_of(alert), failures(alert)
    assert causes == [("Adresse de courriel inconnue", 2)]
    assert before.times["email"].first is not None
    a_month_later()
    assert not Delivery.objects.exists()
    assert not Dispatch.objects.filter(cause="alert").exists()
    assert not Content.objects.exists()
    after = facts_of(fresh(alert))
    assert after.figures == before.figures
    assert (after.lost, after.times) == (causes, before.times)
    assert (after.confirmed, after.not_reached) == (before.confirmed, 2)
    page = html(desk.as_mayor.get(desk.url(alert.pk)))
    assert "Adresse de courriel inconnue" in page


def test_a_word_that_came_late_is_counted(alert: Alert) -> None:
    told = alert.told["reached"]
    gone = Delivery.objects.filter(dispatch=alert.dispatch, state=State.UNDELIVERABLE).first()
    assert gone is not None
    Delivery.objects.filter(pk=gone.pk).update(state=State.DELIVERED, cause="")
    a_month_later()
    found = standing(fresh(alert))
    assert (found.reached, told) == (3, 4)
    assert found.by_channel["email"]["failed"] == 1


def test_the_same_people_are_told_more_of_it_a_month_later(desk: Desk, alert: Alert) -> None:
    a_month_later()
    assert fresh(alert).dispatch is None
    assert "Envoyer une précision" in html(desk.as_mayor.get(desk.url(alert.pk)))
    end = write_further(actor=desk.agent, alert_id=alert.pk, purpose="end", draft=draft(title={"fr": "Eau potable"}))
    submit_alert(actor=desk.agent, alert_id=end.pk)
    end = leave(approve_alert(actor=desk.mayor, alert_id=end.pk))
    assert standing(end).total == Recipient.objects.filter(alert=alert).count() == 4


def test_figures_are_kept_once_and_of_what_is_over_alone(desk: Desk, alert: Alert) -> None:
    assert keep_figures() == 0  # the rows are there for weeks to come
    Alert.objects.update(status=Status.SENDING)
    with standing_at(now() + timedelta(days=KEEP_DAYS)):
        assert keep_figures() == 0
        Alert.objects.update(status=Status.STOPPED)
        assert [keep_figures(), keep_figures()] == [1, 0]
