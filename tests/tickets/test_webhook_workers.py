"""Webhooks and real workers: called at the commit, killed in the middle of a call, many at once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from hub.core.clock import now
from hub.tickets import tasks, webhooks
from hub.tickets.calling import sender, signing
from hub.tickets.models import Webhook, WebhookCall
from tests import factories
from tests.conftest import Start
from tests.engines import wait_until
from tests.processes import Fleet
from tests.tickets.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def webhook(fleet: Fleet, receiver: Receiver) -> Iterator[Webhook]:
    """Committed: processes and threads see it."""
    fields = {"url": receiver.url(), "events": [], "secret": signing.new_secret()}
    webhook = Webhook.objects.create(town=factories.make_town(), **fields)
    yield webhook
    fleet.end()
    webhook.delete()


def call(webhook: Webhook) -> WebhookCall:
    with transaction.atomic():
        return webhooks.enqueue_test(webhook)


def is_done(one: WebhookCall) -> bool:
    return WebhookCall.objects.filter(pk=one.pk, done_at__isnull=False).exists()


def test_a_killed_worker_loses_no_call(start_worker: Start, webhook: Webhook, receiver: Receiver) -> None:
    env = {"PARVIS_WEBHOOK_PRIVATE": "on"}
    worker = start_worker("--channels", "webhooks,default", env=env)
    first = call(webhook)
    wait_until(lambda: is_done(first), "a worker is called at the commit", 20)
    receiver.hang_s = 8.0
    lost = call(webhook)
    wait_until(lambda: len(receiver.came) == 2, "it is under way", 20)
    worker.kill()
    receiver.hang_s = 0.0
    assert not is_done(lost)
    WebhookCall.objects.filter(pk=lost.pk).update(lease_until=now() - timedelta(seconds=1))
    start_worker("--channels", "webhooks,default", env=env)
    tasks.sweep_calls.delay()
    wait_until(lambda: is_done(lost), "the sweep has it made", 20)
    assert [came.headers["webhook-id"] for came in receiver.came] == [first.key, lost.key, lost.key]
    assert all(came.is_signed_with(webhook.secret) for came in receiver.came)


def test_eight_workers_never_make_a_call_twice(webhook: Webhook, receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    made = [webhooks._call(webhook, webhook.town, "test", {}) for _number in range(24)]
    keys = {one.pk: one.key for one in WebhookCall.objects.bulk_create(made)}

    def work(number: int) -> None:
        if number % 2:
            sender.send_due(for_s=30)
        else:
            for call_id in keys:
                sender.send_one(call_id)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert Counter(came.headers["webhook-id"] for came in receiver.came) == dict.fromkeys(keys.values(), 1)
    assert set(webhook.calls.values_list("attempts", "next_at", "answered")) == {(1, None, 200)}
