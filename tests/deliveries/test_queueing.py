"""What is queued is a row of the caller's transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from hub.core.clock import now
from hub.deliveries import actions
from hub.deliveries.actions import Letter, queue_email, queue_emails, queue_sms, sender_named
from hub.deliveries.models import Channel, Delivery, Dispatch, State
from hub.deliveries.queries import channel_is_open
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
    monkeypatch.setattr(actions, "nudge", lambda channel, due: rung.append((channel, due)))
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


def test_mails_of_one_cause_go_to_addresses_without_account_too_each_with_its_own_headers(citizen: Person) -> None:
    leave = [{"List-Unsubscribe": f"<https://parvis.test/{name}>"} for name in ("a", "b")]
    letters = [
        (citizen, Letter("Un", "Un", headers=leave[0])),
        ("sans@compte.example", Letter("Deux", "Deux", headers=leave[1])),
    ]
    queue_emails(
        cause="test", to=letters, headers={"List-Unsubscribe": "<none>", "X": "y"}, expires_in=timedelta(hours=1)
    )
    first, second = Delivery.objects.order_by("pk")
    assert [(one.address, one.person) for one in (first, second)] == [
        (citizen.email, citizen), ("sans@compte.example", None),
    ]  # fmt: skip
    assert [one.headers["List-Unsubscribe"] for one in (first, second)] == [one["List-Unsubscribe"] for one in leave]
    assert second.headers["X"] == "y"


def test_an_sms_is_queued_on_its_own_channel(
    citizen: Person, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    rung: list[tuple[str, int]] = []
    monkeypatch.setattr(actions, "nudge", lambda channel, due=1: rung.append((channel, due)))
    with django_capture_on_commit_callbacks(execute=True):
        queue_sms(cause="receipt", to="+33639980012", text="Noté.\nMerci", person=citizen)
    kept = Delivery.objects.get()
    assert (kept.channel, kept.address, kept.text, kept.person) == (
        Channel.SMS,
        "+33639980012",
        "Noté.\nMerci",
        citizen,
    )
    assert (kept.subject, kept.html, kept.headers, kept.dispatch.cause) == ("", "", {}, "receipt")
    assert kept.expires_at - kept.next_at == timedelta(days=1)
    assert rung == [("sms", 1)]


def test_a_means_of_contact_is_open_when_an_adapter_is_set(settings: Settings) -> None:
    settings.ADAPTERS = {"email": ["smtp"], "sms": []}
    assert [channel_is_open(channel) for channel in ("email", "sms", "voice")] == [True, False, False]


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
