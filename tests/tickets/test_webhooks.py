"""Webhooks: written with their cause, made after it, signed, tried again, and never sent where they shouldn't go."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, Settings

from hub.audit.queries import entries_of
from hub.conversations.models import Visibility
from hub.core.clock import now, standing_at
from hub.people.models import Person, Role
from hub.tickets import tasks, webhooks
from hub.tickets.actions import Changes, add_follow_up, change_ticket, create_ticket, note_words, programs
from hub.tickets.calling import line, pace, sender, signing
from hub.tickets.calling.addresses import clean_url
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Webhook, WebhookCall
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_ticket
from tests.tickets.receiver import Receiver, certificate

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]
NAMED = Contact("Alice", "Moreau", "alice@citoyen.example", "")


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program on this machine, which webhooks may reach."""
    settings.WEBHOOK_PRIVATE = settings.WEBHOOKS_LEAVE = True
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def boss(town: Town) -> Person:
    return factories.make_person(town=town, roles=[Role.MANAGER])


@pytest.fixture
def webhook(receiver: Receiver, boss: Person, town: Town) -> Webhook:
    fields = {"url": receiver.url(), "events": list(webhooks.EVENTS)}
    return programs.add_webhook(actor=boss, town=town, fields=fields)


def wait(webhook: Webhook) -> WebhookCall:
    """One call that is due."""
    return webhooks.enqueue_test(webhook)


def again(call: WebhookCall) -> WebhookCall:
    call.refresh_from_db()
    return call


# What is written, and when.


def test_each_cause_is_a_call_that_leaves_after_it(
    webhook: Webhook, receiver: Receiver, town: Town, agent: Person, django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch, settings: Settings,
) -> None:  # fmt: skip
    rung: list[int] = []
    monkeypatch.setattr(tasks, "nudge", rung.append)
    lamp = make_category(town, "Lampadaire", name_en="Street light", parent=make_category(town, "Travaux"))
    with django_capture_on_commit_callbacks(execute=True):
        draft = Draft(lamp.pk, "Alice attend au 12.", contact=NAMED, public=True)
        ticket = create_ticket(actor=None, town=town, draft=draft)
    with django_capture_on_commit_callbacks(execute=True):
        change_ticket(actor=agent, number=ticket.number, changes=Changes(priority="urgent", status="in_progress"))
        add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Mardi.")
        add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.INTERNAL, body="Elle a rappelé.")
        note_words(actor=agent, number=ticket.number, body="Merci.", via="phone")
    calls = list(WebhookCall.objects.order_by("pk"))
    assert rung == [call.pk for call in calls]
    assert sender.count_due() == len(calls)
    assert sender.send_due(for_s=20) == len(calls)
    said = {came.headers["webhook-id"]: came.said for came in receiver.came}
    assert [said[call.key]["event"] for call in calls] == [call.event for call in calls]
    first = said[calls[0].key]
    at = datetime.fromisoformat(first["at"])
    assert now() - at < timedelta(minutes=2)
    assert first == {
        "event": "ticket.created", "id": calls[0].key, "at": first["at"], "town": town.slug,
        "ticket": {
            "number": ticket.number, "status": "transferred", "priority": "important",
            "category": {"id": lamp.pk, "path": "Travaux > Lampadaire"}, "public": True, "internal": False,
            "due_on": ticket.due_on.isoformat() if ticket.due_on else None,
            "link": f"{settings.LINK_BASE}/mairie/{town.slug}/requetes/{ticket.number}/",
        },
        "details": {},
    }  # fmt: skip
    assert said[calls[1].key]["ticket"]["priority"] == "urgent"
    words = [one["details"] for key, one in said.items() if one["event"] == "follow_up.added"]
    assert sorted((one["side"], one["body"]) for one in words) == [("requester", ""), ("town", "Mardi.")]
    whole = b"".join(came.body for came in receiver.came).decode()
    for secret in ("Alice", "Moreau", "alice@", "rappel", "Merci", ticket.secret):
        assert secret not in whole


def test_internal_tickets_and_other_events_and_towns_are_not_told(webhook: Webhook, boss: Person, town: Town) -> None:
    webhooks.enqueue(make_ticket(town, internal=True), "ticket.created", {})
    webhooks.enqueue(make_ticket(factories.make_town()), "ticket.created", {})
    programs.change_webhook(actor=boss, webhook=webhook, fields={"url": webhook.url, "events": ["follow_up.added"]})
    webhooks.enqueue(make_ticket(town), "ticket.created", {})
    assert not WebhookCall.objects.exists()
    Webhook.objects.update(active=False)
    webhooks.enqueue(make_ticket(town), "follow_up.added", {})
    assert not WebhookCall.objects.exists()
    Webhook.objects.update(active=True)
    webhooks.enqueue(make_ticket(town), "follow_up.added", {})
    assert WebhookCall.objects.get().webhook == webhook


def test_a_town_without_webhooks_pays_one_query(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ticket = make_ticket(town)
    with django_assert_num_queries(1):
        webhooks.enqueue(ticket, "ticket.created", {})


# A call.


def test_a_call_is_signed_as_standard_webhooks_says(webhook: Webhook, receiver: Receiver, boss: Person) -> None:
    call = wait(webhook)
    assert webhook.secret.startswith("whsec_")
    assert sender.send_one(call.pk)
    (came,) = receiver.came
    assert came.is_signed_with(webhook.secret)
    assert not came.is_signed_with(signing.new_secret())
    assert came.path == "/crochet?cle=1"
    assert came.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert came.headers["content-type"] == "application/json"
    assert came.headers["webhook-id"] == call.key == came.said["id"]
    ended = again(call)
    assert (ended.answered, ended.attempts, ended.next_at, ended.lease_until) == (200, 1, None, None)
    assert ended.done_at is not None
    assert not sender.send_one(call.pk)
    new = programs.rotate_secret(actor=boss, webhook=webhook)
    sender.send_one(wait(new).pk)
    assert receiver.came[1].is_signed_with(Webhook.objects.get().secret)


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example that libraries of Standard Webhooks test themselves by."""
    secret, key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signing.signature(secret, key, 1614265330, b'{"test": 2432232314}') == expected


def test_what_fails_is_tried_again_later_and_arrives(webhook: Webhook, receiver: Receiver) -> None:
    receiver.replies = [500, 503, 204]
    receiver.more = {"Retry-After": "900"}
    call = wait(webhook)
    sender.send_one(call.pk)
    failed = again(call)
    assert (failed.answered, failed.attempts, failed.done_at) == (500, 1, None)
    assert failed.next_at is not None
    assert failed.next_at > now() + timedelta(seconds=890)  # as it was asked to
    assert not sender.send_one(call.pk)
    for hours in (1, 2):
        with standing_at(now() + timedelta(hours=hours)):
            assert sender.count_due() == 1
            assert sender.send_due(for_s=5) == 1
    ended = again(call)
    assert (ended.answered, ended.attempts, ended.next_at) == (204, 3, None)
    assert ended.done_at is not None
    assert {came.headers["webhook-id"] for came in receiver.came} == {call.key}


def test_a_call_is_given_up_after_a_day(webhook: Webhook, receiver: Receiver) -> None:
    receiver.replies = [404]
    call = wait(webhook)
    with standing_at(call.created_at + timedelta(hours=24)):
        sender.send_one(call.pk)
    ended = again(call)
    assert (ended.next_at, ended.done_at, ended.answered) == (None, None, 404)


@pytest.mark.parametrize("attempts", range(1, 20))
def test_the_pace_slows_down_and_is_spread(attempts: int) -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    early, late = (pace.next_try(at, at, attempts, chance) for chance in (0.0, 1.0))
    usual = min(15 * 2 ** (attempts - 1), 3 * 3600)
    assert early is not None
    assert late is not None
    assert [(when - at).total_seconds() for when in (early, late)] == [usual * 0.75, usual * 1.25]
    assert pace.next_try(at, at + timedelta(hours=23, minutes=59), attempts + 3, 0.5) is None
    assert pace.next_try(at, at, attempts, 0.5, asked_s=10**7) == max(at + timedelta(hours=3), early)


@pytest.mark.parametrize(
    ("told", "reason"), [({"hang_s": 3.0}, "timeout"), ({"drip_s": 0.1}, "timeout"), ({"port": 9}, "connection")]
)
def test_silence_ends_in_time_and_its_address_rests(
    webhook: Webhook,
    receiver: Receiver,
    told: dict[str, Any],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    boss: Person,
) -> None:
    """One byte now and then is silence too."""
    monkeypatch.setattr(line, "TIMEOUT_S", 0.6)
    for name, value in told.items():
        if name == "port":
            Webhook.objects.update(url=f"http://127.0.0.1:{value}/")
        else:
            setattr(receiver, name, value)
    call, next_one = wait(webhook), wait(webhook)
    began = now()
    sender.send_one(call.pk)
    assert now() - began < timedelta(seconds=2.5)
    assert (again(call).reason, call.answered, call.attempts) == (reason, None, 1)
    assert call.next_at is not None
    calls = len(receiver.came)
    sender.send_one(next_one.pk)  # others are not held up by this address meanwhile
    assert (again(next_one).attempts, len(receiver.came)) == (0, calls)
    assert next_one.next_at is not None
    assert pace.REST <= next_one.next_at - now() + timedelta(seconds=2) <= 3 * pace.REST
    receiver.hang_s = receiver.drip_s = 0.0
    Webhook.objects.update(url=receiver.url())
    programs.retry_call(actor=boss, call=next_one)  # who insists is heard
    sender.send_one(next_one.pk)
    assert again(next_one).done_at is not None


def test_a_resting_address_does_not_keep_calls_for_ever(webhook: Webhook) -> None:
    call = wait(webhook)
    with standing_at(call.created_at + timedelta(hours=24)):
        cache.set(f"webhook-rests-{webhook.pk}", True, 60)
        sender.send_one(call.pk)
    assert (again(call).next_at, call.reason, call.attempts) == (None, "timeout", 0)


def test_a_redirect_is_not_followed(webhook: Webhook, receiver: Receiver) -> None:
    with Receiver() as elsewhere:
        receiver.replies, receiver.more = [302], {"Location": elsewhere.url()}
        call = wait(webhook)
        sender.send_one(call.pk)
        assert elsewhere.came == []
    assert (again(call).answered, call.done_at) == (302, None)


def test_little_of_a_long_answer_is_read(webhook: Webhook, receiver: Receiver) -> None:
    receiver.flood = 300_000_000
    call = wait(webhook)
    sender.send_one(call.pk)
    assert again(call).done_at is not None
    assert receiver.sent_bytes < 20_000_000  # what stood in buffers when we hung up


def test_who_says_410_is_told_no_more(webhook: Webhook, receiver: Receiver, town: Town) -> None:
    receiver.replies = [410]
    call, other = wait(webhook), wait(webhook)
    sender.send_one(call.pk)
    assert not Webhook.objects.get().active
    assert [(one.next_at, one.done_at) for one in (again(call), again(other))] == [(None, None)] * 2
    assert (call.answered, other.reason) == (410, "off")
    gone = entries_of(town)[0]
    assert (gone.act, gone.actor_id, gone.what) == (
        "webhook.gone",
        None,
        {"title": f"{receiver.url().partition('?')[0]}"},
    )
    webhooks.enqueue(make_ticket(town), "ticket.created", {})
    assert WebhookCall.objects.count() == 2


def test_a_killed_worker_delays_its_call(webhook: Webhook, receiver: Receiver) -> None:
    call = wait(webhook)
    dead = sender._claim(call.pk)
    assert dead is not None
    assert (sender.send_one(call.pk), sender.count_due()) == (False, 0)
    with standing_at(now() + pace.LEASE + timedelta(seconds=1)):
        assert sender.count_due() == 1
        assert sender.send_due(for_s=5) == 1
    assert (again(call).attempts, len(receiver.came)) == (2, 1)
    assert call.done_at is not None
    # It was not dead, but slow: what it says now counts for nothing.
    sender._record(dead, line.Answer(500))
    assert again(call).answered == 200


def test_a_fault_of_ours_does_not_spin(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(line, "post", broken)
    call = wait(webhook)
    sender.send_one(call.pk)
    assert again(call).reason == "error"
    assert call.next_at is not None
    assert call.next_at > now()


def test_nothing_leaves_a_demo(webhook: Webhook, receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOKS_LEAVE = False
    call = wait(webhook)
    sender.send_one(call.pk)
    assert (again(call).reason, call.next_at, receiver.came) == ("demo", None, [])


def test_the_log_is_kept_for_thirty_days(webhook: Webhook) -> None:
    young, old = wait(webhook), wait(webhook)
    WebhookCall.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=31))
    WebhookCall.objects.filter(pk=young.pk).update(created_at=now() - timedelta(days=29))
    assert sender.prune() == 1
    assert WebhookCall.objects.get() == young


# Where calls may go: tests/tickets/test_webhook_addresses.py says which addresses are allowed.


def test_a_name_that_leads_home_is_not_called(receiver: Receiver, webhook: Webhook, settings: Settings) -> None:
    """It looked fine when it was set up: what a name leads to is looked at with each call."""
    settings.WEBHOOK_PRIVATE = False
    Webhook.objects.update(url=receiver.url("localhost").replace("http:", "https:"))
    call = wait(webhook)
    sender.send_one(call.pk)
    assert (again(call).reason, call.answered, receiver.came) == ("address", None, [])
    Webhook.objects.update(url="https://nulle-part.invalid/")
    sender.wake(webhook.pk)
    other = wait(webhook)
    sender.send_one(other.pk)
    assert again(other).reason == "name"
    assert clean_url(" https://exemple.fr:8443/crochet?cle=1 ") == "https://exemple.fr:8443/crochet?cle=1"


def test_the_certificate_is_the_names_though_an_address_is_called(
    tmp_path: Path, webhook: Webhook, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = certificate(tmp_path / "localhost.pem", "localhost")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(authority)
    trusting = ssl.create_default_context(cafile=str(authority))
    monkeypatch.setattr(line, "_tls", lambda: trusting)
    with Receiver(tls=serving) as receiver:
        for host, reason in (("localhost", ""), ("127.0.0.1", "tls")):
            Webhook.objects.update(url=receiver.url(host))
            sender.wake(webhook.pk)
            call = wait(webhook)
            sender.send_one(call.pk)
            assert (again(call).reason, call.done_at is None) == (reason, bool(reason))
        assert [came.headers["host"] for came in receiver.came] == [f"localhost:{receiver.port}"]
