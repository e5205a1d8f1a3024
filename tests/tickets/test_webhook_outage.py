"""A webhook that fails for days is put out of service by itself; who manages is told, and one press mends it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core.clock import now, standing_at
from hub.notifications import words
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.tickets import webhooks
from hub.tickets.actions import programs
from hub.tickets.calling import line, sender
from hub.tickets.models import Off, Webhook, WebhookCall
from hub.towns.models import Town
from tests import factories
from tests.people.steps import text_of
from tests.tickets.making import make_ticket
from tests.tickets.outbox import mails
from tests.tickets.receiver import Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

DAY = timedelta(days=1)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program on this machine, which is broken."""
    settings.WEBHOOK_PRIVATE = settings.WEBHOOKS_LEAVE = True
    with Receiver([500]) as receiver:
        yield receiver


@pytest.fixture
def boss(client: Client, town: Town) -> Person:
    person = factories.make_person("chef@saint-test.example", town=town, roles=[Role.MANAGER], first_name="Jacques")
    client.force_login(person)
    return person


@pytest.fixture
def webhook(receiver: Receiver, boss: Person, town: Town) -> Webhook:
    fields = {"url": receiver.url(), "events": list(webhooks.EVENTS)}
    return programs.add_webhook(actor=boss, town=town, fields=fields)


@pytest.fixture
def start() -> datetime:
    return now()


def happen(webhook: Webhook, at: datetime) -> WebhookCall:
    """A ticket of the town is made at that moment, and told of at once."""
    with standing_at(at):
        webhooks.enqueue(make_ticket(webhook.town), "ticket.created", {})
        call = webhook.calls.order_by("-pk")[0]
        sender.send_one(call.pk)
    webhook.refresh_from_db()
    call.refresh_from_db()
    return call


def plain(client: Client, webhook: Webhook) -> str:
    page = client.get(reverse("desk_webhook", args=[webhook.town.slug, webhook.pk]))
    assert page.status_code == 200
    return text_of(page).replace("\u00a0", " ").replace("\u202f", " ")


def test_three_days_of_failures_put_it_out_of_service_and_who_manages_is_told(
    client: Client, webhook: Webhook, receiver: Receiver, boss: Person, town: Town, agent: Person, start: datetime
) -> None:
    mayor = factories.make_person("maire@saint-test.example", town=town, roles=[Role.MAYOR], language="en")
    factories.make_person(town=factories.make_town(), roles=[Role.MANAGER])
    happen(webhook, start)
    assert webhook.failing_since == start
    assert "Aucun appel n’arrive depuis le" in plain(client, webhook)
    assert "Réponse 500. Après trois jours ainsi, il est mis hors service." in plain(client, webhook)
    happen(webhook, start + 3 * DAY - timedelta(minutes=1))
    assert webhook.active
    assert not mails("webhook_failing")
    with standing_at(start + 3 * DAY):
        waiting = webhooks.enqueue_test(webhook)
    last = happen(webhook, start + 3 * DAY)
    assert (webhook.active, webhook.off_why, webhook.off_since) == (False, Off.FAILING, start + 3 * DAY)
    assert (webhook.failing_since, webhook.failed_with) == (start, 500)
    told = Notification.objects.filter(code="webhook_failing")
    assert set(told.values_list("person_id", flat=True)) == {boss.pk, mayor.pk}
    assert receiver.url().partition("?")[0] in words.of(told[0]).sentence
    assert client.get(told[0].path).status_code == 200
    assert {one.address for one in mails("webhook_failing")} == {boss.email, mayor.email}
    (mail,) = mails("webhook_failing", boss.email)
    assert mail.subject == "Un programme n’est plus prévenu des requêtes"
    assert "Réponse 500." in mail.text
    assert reverse("desk_webhook", args=[town.slug, webhook.pk]) in mail.text
    assert "cle=1" not in mail.text + mail.html + str(
        entries_of(town)[0].what
    )  # what stands after « ? » may be a password
    entry = entries_of(town)[0]
    assert (entry.act, entry.actor_id) == ("webhook.failing", None)
    assert "depuis trois jours, aucun appel n’y arrivait" in trail_line(entry, town).sentence
    shown = plain(client, webhook)
    assert "Hors service depuis le" in shown
    assert "Réponse 500. Voyez avec qui s’occupe du programme" in shown
    for call in (waiting, last):
        call.refresh_from_db()
        assert (call.next_at, call.done_at) == (call.created_at + DAY, None)


def test_put_back_in_service_what_waited_less_than_a_day_leaves(
    client: Client, webhook: Webhook, receiver: Receiver, boss: Person, start: datetime
) -> None:
    happen(webhook, start)
    late = happen(webhook, start + 3 * DAY)
    assert not webhook.active
    webhooks.enqueue(make_ticket(webhook.town), "ticket.created", {})
    assert webhook.calls.count() == 2  # nothing new is kept for it
    came = len(receiver.came)
    with standing_at(start + 3 * DAY + timedelta(hours=20)):
        assert sender.send_due(for_s=5) == 1  # the first, whose day is over
        assert len(receiver.came) == came
        receiver.replies = [200]
        page = client.post(reverse("desk_webhook_switch", args=[webhook.town.slug, webhook.pk]), {"on": "1"})
        assert page.status_code == 302
        assert sender.send_due(for_s=5) == 1
    late.refresh_from_db()
    webhook.refresh_from_db()
    assert (late.done_at is not None, len(receiver.came)) == (True, came + 1)
    assert (webhook.active, webhook.off_why, webhook.off_since, webhook.failing_since) == (True, "", None, None)
    assert (webhook.failed_with, webhook.failed_why) == (None, "")
    assert "Remettre en service" not in plain(client, webhook)


def test_what_waits_for_nobody_is_given_up_after_its_day(webhook: Webhook, receiver: Receiver, start: datetime) -> None:
    happen(webhook, start)
    call, came = happen(webhook, start + 3 * DAY), len(receiver.came)
    with standing_at(start + 4 * DAY + timedelta(seconds=1)):
        sender.send_due(for_s=5)
        assert sender.count_due() == 0
    call.refresh_from_db()
    assert (call.next_at, call.reason, call.attempts, len(receiver.came)) == (None, "off", 1, came)


def test_one_that_arrives_begins_anew(webhook: Webhook, receiver: Receiver, start: datetime) -> None:
    happen(webhook, start)
    receiver.replies = [204]
    happen(webhook, start + DAY)
    assert (webhook.failing_since, webhook.failed_with) == (None, None)
    receiver.replies = [500]
    happen(webhook, start + 3 * DAY)
    assert (webhook.active, webhook.failing_since) == (True, start + 3 * DAY)
    assert not mails("webhook_failing")


def test_another_address_begins_anew_and_faults_of_ours_do_not_count(
    webhook: Webhook, receiver: Receiver, boss: Person, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(webhook, start)
    fields = {"url": receiver.url().replace("crochet", "autre"), "events": list(webhooks.EVENTS)}
    programs.change_webhook(actor=boss, webhook=webhook, fields=fields)
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    happen(webhook, start + DAY)

    def broken(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(line, "post", broken)
    happen(webhook, start + 9 * DAY)
    assert webhook.active
    assert str(webhook.failing_since) == str(start + DAY)


def test_the_town_is_told_once_and_a_slow_worker_counts_for_nothing(
    webhook: Webhook, receiver: Receiver, start: datetime
) -> None:
    happen(webhook, start)
    with standing_at(start + 3 * DAY):
        one, two = webhooks.enqueue_test(webhook), webhooks.enqueue_test(webhook)
        claimed = [sender._claim(call.pk) for call in (one, two)]
        for call in claimed:
            assert call is not None
            sender._record(call, line.Answer(500))
    assert len(mails("webhook_failing")) == 1
    two.refresh_from_db()
    with standing_at(start + 3 * DAY + timedelta(hours=1)):
        assert sender.count_due() == 2  # the first, whose day is over, and what was under way, to be kept
        sender.send_due(for_s=5)
    two.refresh_from_db()
    assert (two.next_at, two.attempts) == (two.created_at + DAY, 1)
    Webhook.objects.update(active=True, off_why="", failing_since=None)
    assert claimed[0] is not None
    sender._record(claimed[0], line.Answer(500))  # its claim is long gone
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_by_hand_it_says_so_and_a_gone_one_too(client: Client, webhook: Webhook, boss: Person) -> None:
    programs.switch_webhook(actor=boss, webhook=webhook, on=False)
    assert "à la demande de la mairie" in plain(client, webhook)
    webhook.refresh_from_db()
    assert webhook.off_why == Off.HAND
    assert not mails("webhook_failing")
