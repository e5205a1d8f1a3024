"""What is queued is a row of the caller's transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import transaction

from hub.core.clock import now
from hub.deliveries import actions
from hub.deliveries.actions import Letter, queue_email, queue_emails, sender_named
from hub.deliveries.models import Delivery, Dispatch, State
from hub.people.models import Person
from tests.deliveries.conftest import queue

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_a_mail_is_queued_with_all_it_needs(citizen: Person) -> None:
    delivery = queue_email(
        cause="unread_messages",
        to=citizen.email or "",
        subject="Un message\nvous attend",
        text="Bonjour",
        html="<p>Bonjour</p>",
        person=citizen,
        headers={"Reply-To": "reply+1@parvis.test"},
        expires_in=timedelta(hours=1),
    )
    kept = Delivery.objects.get(pk=delivery.pk)
    assert (kept.state, kept.attempts, kept.person) == (State.QUEUED, 0, citizen)
    assert (kept.dispatch.cause, kept.subject) == ("unread_messages", "Un message vous attend")
    assert kept.expires_at - kept.next_at == timedelta(hours=1)
    assert kept.headers["Reply-To"] == "reply+1@parvis.test"
    assert kept.headers["Message-ID"].endswith("@parvis.test>")
    assert kept.headers["Auto-Submitted"] == "auto-generated"
    assert {"From", "Date"} <= set(kept.headers)


def test_many_mails_of_one_cause_are_queued_together(
    citizen: Person, mayor: Person, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    rung: list[tuple[str, int]] = []
    monkeypatch.setattr(actions, "nudge_due", lambda channel, due: rung.append((channel, due)))
    letters = [(citizen, Letter("Un groupe", "Bonjour", "<p>")), (mayor, Letter("A group\n", "Hello"))]
    headers, worth = {"From": "Ville <parvis@localhost>"}, timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        queue_emails(cause="broadcast", to=letters, headers=headers, expires_in=worth)
        queue_emails(cause="broadcast", to=[], headers=headers, expires_in=worth)
    french, english = Delivery.objects.order_by("pk")
    assert (french.address, french.person, french.subject, french.text, french.html) == (
        citizen.email, citizen, "Un groupe", "Bonjour", "<p>",
    )  # fmt: skip
    assert (english.address, english.subject, english.html) == (mayor.email, "A group", "")
    assert french.dispatch == english.dispatch == Dispatch.objects.get(cause="broadcast")
    assert french.headers["From"] == "Ville <parvis@localhost>"
    assert french.headers["Message-ID"] != english.headers["Message-ID"]
    assert (french.state, french.expires_at - french.next_at) == (State.QUEUED, worth)
    assert rung == [("email", 2)]


def test_two_mails_have_two_message_ids() -> None:
    assert queue(1).headers["Message-ID"] != queue(2).headers["Message-ID"]


def test_a_long_subject_is_cut_to_what_fits() -> None:
    subject = Delivery.objects.get(pk=queue(subject="é" * 400).pk).subject
    assert (len(subject), subject[-1]) == (200, "…")


def test_a_town_signs_over_the_hubs_own_address(settings: object) -> None:
    settings.EMAIL_FROM = "Parvis <parvis@mairie.example>"  # type: ignore[attr-defined]
    assert sender_named("Mairie de Saint-Aurèle, Québec") == '"Mairie de Saint-Aurèle, Québec" <parvis@mairie.example>'


def test_what_is_rolled_back_never_was() -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert (Delivery.objects.count(), Dispatch.objects.count()) == (0, 0)


def test_what_ended_a_month_ago_is_forgotten_and_what_waits_is_kept() -> None:
    old, waiting, recent = queue(1), queue(2), queue(3)
    Delivery.objects.exclude(pk=waiting.pk).update(state=State.SENT)
    for delivery in (old, waiting):
        month_ago = now() - timedelta(days=actions.KEEP_DAYS, minutes=1)
        Delivery.objects.filter(pk=delivery.pk).update(created_at=month_ago)
        Dispatch.objects.filter(pk=delivery.dispatch_id).update(created_at=month_ago)
    assert actions.prune() == 1
    assert set(Delivery.objects.values_list("pk", flat=True)) == {waiting.pk, recent.pk}
    assert Dispatch.objects.count() == 2
