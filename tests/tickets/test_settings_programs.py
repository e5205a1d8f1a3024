"""« Programmes »: keys of Open311 and webhooks, as who manages the town sets them up."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, RateLimited
from hub.people.models import Person, Role
from hub.tickets import webhooks
from hub.tickets.actions import programs
from hub.tickets.calling import sender
from hub.tickets.models import ApiKey, Webhook, WebhookCall
from hub.tickets.programs_desk.words import why
from hub.towns.models import Town
from tests import factories
from tests.people.steps import post, text_of
from tests.tickets.making import make_ticket
from tests.tickets.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program on this machine, which webhooks may reach."""
    settings.WEBHOOK_PRIVATE = settings.WEBHOOKS_LEAVE = True
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def boss(client: Client, town: Town) -> Person:
    """Who manages the town, signed in."""
    person = factories.make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    client.force_login(person)
    return person


@pytest.fixture
def webhook(receiver: Receiver, boss: Person, town: Town) -> Webhook:
    fields = {"url": receiver.url(), "events": list(webhooks.EVENTS)}
    return programs.add_webhook(actor=boss, town=town, fields=fields)


def again(call: WebhookCall) -> WebhookCall:
    call.refresh_from_db()
    return call


def plain(page: Any) -> str:
    return text_of(page).replace("\u00a0", " ").replace("\u202f", " ")


def journal(town: Town) -> list[str]:
    """What the trail's page says, the latest first."""
    return [trail_line(entry, town).sentence.replace("\u00a0", " ") for entry in entries_of(town)]


def shown_once(page: Any) -> str:
    found = re.search(r'id="shown-once"[^>]* value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def see(client: Client, name: str, *args: object) -> Any:
    page = client.get(reverse(name, args=args))
    assert page.status_code == 200
    return page


# Keys.


def test_a_key_is_made_shown_once_and_taken_back(client: Client, boss: Person, town: Town) -> None:
    page = see(client, "desk_programs", town.slug)
    assert "/open311/v2/ Nom de la commune (jurisdiction_id) saint-test" in plain(page)
    assert f'href="{reverse("embedding", args=[town.slug])}"' in page.content.decode()
    page = post(client, "desk_programs", town.slug, name="  Ma  ville ")
    secret = shown_once(page)
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert programs.use_key(secret=secret, town=town) == ApiKey.objects.get(name="Ma ville")
    page = see(client, "desk_programs", town.slug)
    assert secret not in page.content.decode()
    assert "Dernier usage" in plain(page)
    page = post(client, "desk_programs", town.slug, name=" ")
    assert "name" in page.context["form"].errors
    page = post(client, "desk_program_key_revoke", town.slug, ApiKey.objects.get().pk)
    assert "La clé « Ma ville » est supprimée." in plain(page)
    assert programs.use_key(secret=secret, town=town) is None
    assert journal(town) == [
        "Jacques Dufour a supprimé la clé Open311 « Ma ville ».",
        "Jacques Dufour a créé la clé Open311 « Ma ville ».",
    ]
    assert secret not in str(list(entries_of(town).values()))


# Webhooks.


def test_a_webhook_is_added_changed_and_taken_away(
    client: Client, boss: Person, town: Town, receiver: Receiver
) -> None:
    url = receiver.url()
    page = post(client, "desk_webhook_new", town.slug, url=url, events=["follow_up.added", "ticket.created"])
    webhook = Webhook.objects.get()
    assert shown_once(page) == webhook.secret
    assert (webhook.town, webhook.url, webhook.events) == (town, url, ["ticket.created", "follow_up.added"])
    page = see(client, "desk_webhook", town.slug, webhook.pk)
    assert webhook.secret not in page.content.decode()
    assert "Rien n’est encore parti" in plain(page)
    page = post(client, "desk_webhook", town.slug, webhook.pk, url=url + "&b=2", events=["ticket.created"])
    assert "Le webhook est à jour" in plain(page)
    post(client, "desk_webhook", town.slug, webhook.pk, url=url + "&b=2", events=["ticket.created"])  # nothing new
    page = post(client, "desk_webhook_secret", town.slug, webhook.pk)
    assert shown_once(page) != webhook.secret
    webhook.refresh_from_db()
    assert shown_once(page) == webhook.secret
    page = post(client, "desk_webhook_switch", town.slug, webhook.pk, on="0")
    assert "Hors service" in plain(page)
    assert "Envoyer un essai" not in plain(page)
    assert "Hors service" in plain(see(client, "desk_programs", town.slug))
    post(client, "desk_webhook_switch", town.slug, webhook.pk, on="1")
    page = post(client, "desk_webhook_remove", town.slug, webhook.pk)
    assert "Le webhook est supprimé" in plain(page)
    assert not Webhook.objects.exists()
    name = url.partition("?")[0]
    assert journal(town) == [
        f"Jacques Dufour a supprimé le webhook « {name} ».",
        f"Jacques Dufour a remis en service le webhook « {name} ».",
        f"Jacques Dufour a mis hors service le webhook « {name} ».",
        f"Jacques Dufour a changé le secret du webhook « {name} ».",
        f"Jacques Dufour a changé le webhook « {name} » : évènements ticket.created, follow_up.added → ticket.created.",
        f"Jacques Dufour a ajouté le webhook « {name} ».",
    ]
    assert "cle=1" not in str(list(entries_of(town).values()))  # it may be a password


def test_wrong_addresses_are_refused_where_they_were_typed(client: Client, boss: Person, town: Town) -> None:
    for url, why_not in (("http://exemple.fr/", "https://"), ("https://10.0.0.1/", "réseau privé")):
        page = post(client, "desk_webhook_new", town.slug, url=url, events=["ticket.created"])
        assert why_not in str(page.context["form"].errors["url"])
    for events in ([], ["ticket.deleted"]):
        page = post(client, "desk_webhook_new", town.slug, url="https://exemple.fr/", events=events)
        assert "events" in page.context["form"].errors
    assert not Webhook.objects.exists()
    webhook = programs.add_webhook(
        actor=boss, town=town, fields={"url": "https://exemple.fr/", "events": ["ticket.created"]}
    )
    page = post(client, "desk_webhook", town.slug, webhook.pk, url="https://localhost/", events=["ticket.created"])
    assert "réseau privé" in str(page.context["form"].errors["url"])
    webhook.refresh_from_db()
    assert webhook.url == "https://exemple.fr/"


def test_the_log_says_what_became_of_each_call(
    client: Client, boss: Person, webhook: Webhook, receiver: Receiver, town: Town
) -> None:
    page = post(client, "desk_webhook_try", town.slug, webhook.pk)
    assert "L’essai part" in plain(page)
    assert "En attente" in plain(page)
    (test,) = WebhookCall.objects.all()
    sender.send_one(test.pk)
    ticket = make_ticket(town)
    webhooks.enqueue(ticket, "ticket.created", {})
    failing = WebhookCall.objects.latest("pk")
    receiver.replies = [500, 200]
    sender.send_one(failing.pk)
    page = see(client, "desk_webhook", town.slug, webhook.pk)
    log = plain(page).partition("Journal des appels")[2]
    assert f"Une requête est créée · {ticket.number}" in log
    assert "En attente · 1 essai Réponse 500. Prochain essai" in log
    assert "Arrivé · 1 essai" in log
    assert log.count("Réessayer") == 1
    page = post(client, "desk_webhook_retry", town.slug, webhook.pk, failing.pk)
    assert "part de nouveau" in plain(page)
    sender.send_one(failing.pk)
    assert "Réessayer" not in plain(see(client, "desk_webhook", town.slug, webhook.pk)).partition("Journal")[2]
    page = post(client, "desk_webhook_retry", town.slug, webhook.pk, failing.pk)
    assert "déjà arrivé" in plain(page)
    receiver.replies = [410]
    sender.send_one(webhooks.enqueue_test(webhook).pk)
    page = see(client, "desk_webhook", town.slug, webhook.pk)
    assert "Hors service : le programme a répondu qu’il n’existe plus (410). Vérifiez l’adresse" in plain(page)
    page = post(client, "desk_webhook_try", town.slug, webhook.pk)
    assert "Remettez d’abord ce webhook en service" in plain(page)
    assert "est hors service : son programme n’existe plus (410)" in journal(town)[0]


def test_a_long_log_has_pages(client: Client, boss: Person, webhook: Webhook, town: Town) -> None:
    for _number in range(26):
        webhooks.enqueue_test(webhook)
    address = reverse("desk_webhook", args=[town.slug, webhook.pk])
    assert len(client.get(address).context["lines"]) == 25
    second = client.get(address, {"page": "2"})
    assert len(second.context["lines"]) == 1
    assert "Page 2 sur 2" in plain(second)


@pytest.mark.parametrize("reason", ["timeout", "connection", "name", "tls", "address", "off", "demo", "error"])
def test_each_reason_has_words(reason: str) -> None:
    assert why(WebhookCall(reason=reason)) not in {reason, ""}
    assert why(WebhookCall(answered=302)).startswith("Le programme renvoie ailleurs (302)")
    assert why(WebhookCall()) == ""


def test_another_towns_calls_are_not_made_again(client: Client, boss: Person, webhook: Webhook, town: Town) -> None:
    other = Webhook.objects.create(town=factories.make_town(), url="https://exemple.fr/", secret="whsec_x", events=[])
    theirs = webhooks.enqueue_test(other)
    WebhookCall.objects.update(next_at=now() + timedelta(hours=1))
    address = reverse("desk_webhook_retry", args=[town.slug, webhook.pk, theirs.pk])
    assert client.post(address).status_code == 404
    theirs.refresh_from_db()
    assert theirs.next_at is not None
    assert theirs.next_at > now() + timedelta(minutes=30)


# The actions.


def test_switching_off_ends_what_waits(webhook: Webhook, receiver: Receiver, boss: Person) -> None:
    call = webhooks.enqueue_test(webhook)
    programs.switch_webhook(actor=boss, webhook=webhook, on=False)
    assert (again(call).next_at, call.reason) == (None, "off")
    webhook.refresh_from_db()
    with pytest.raises(Conflict):
        programs.try_webhook(actor=boss, webhook=webhook)
    late = webhooks.enqueue_test(webhook)  # its cause was under way
    sender.send_one(late.pk)
    assert (again(late).reason, receiver.came) == ("off", [])
    programs.switch_webhook(actor=boss, webhook=webhook, on=True)
    webhook.refresh_from_db()
    call.webhook = webhook
    programs.retry_call(actor=boss, call=call)
    sender.send_one(call.pk)
    assert again(call).done_at is not None
    with pytest.raises(Conflict):
        programs.retry_call(actor=boss, call=call)
    for _try in range(limits.WEBHOOK_TRIES.amount - 1):
        programs.try_webhook(actor=boss, webhook=webhook)
    with pytest.raises(RateLimited):
        programs.try_webhook(actor=boss, webhook=webhook)


def test_only_who_manages_does_any_of_it(webhook: Webhook, agent: Person, town: Town, boss: Person) -> None:
    call = webhooks.enqueue_test(webhook)
    programs.issue_key(actor=boss, town=town, name="x")
    fields = {"url": webhook.url, "events": ["ticket.created"]}
    for act in (
        lambda: programs.issue_key(actor=agent, town=town, name="x"),
        lambda: programs.revoke_key(actor=agent, key=town.open311_keys.get()),
        lambda: programs.add_webhook(actor=agent, town=town, fields=fields),
        lambda: programs.change_webhook(actor=agent, webhook=webhook, fields=fields),
        lambda: programs.rotate_secret(actor=agent, webhook=webhook),
        lambda: programs.switch_webhook(actor=agent, webhook=webhook, on=False),
        lambda: programs.remove_webhook(actor=agent, webhook=webhook),
        lambda: programs.try_webhook(actor=agent, webhook=webhook),
        lambda: programs.retry_call(actor=agent, call=call),
    ):
        with pytest.raises(Forbidden):
            act()
    assert Webhook.objects.get().active


def test_there_is_a_limit_to_keys_and_webhooks(
    town: Town, boss: Person, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "MAX_KEYS", 1)
    monkeypatch.setattr(programs, "MAX_WEBHOOKS", 1)
    programs.issue_key(actor=boss, town=town, name="x")
    with pytest.raises(Invalid):
        programs.issue_key(actor=boss, town=town, name="y")
    with pytest.raises(Invalid):
        programs.add_webhook(actor=boss, town=town, fields={"url": webhook.url, "events": ["ticket.created"]})
