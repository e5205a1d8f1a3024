"""What a town opens to other programs: keys of Open311, webhooks. Each act is in the trail, no secret ever is."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hub.audit.actions import note
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid
from hub.core.ids import new_secret
from hub.people.models import Person
from hub.tickets import tasks, webhooks
from hub.tickets.actions.settings import check_manages
from hub.tickets.calling import outage, sender, signing
from hub.tickets.calling.addresses import clean_url, shown
from hub.tickets.models import ApiKey, Off, Webhook, WebhookCall
from hub.towns.models import Town

MAX_KEYS = 50
MAX_WEBHOOKS = 20
_NOTED_EVERY = timedelta(minutes=1)
_WORKING = {"failing_since": None, "failed_with": None, "failed_why": ""}
_ON: dict[str, Any] = {"off_since": None, "off_why": "", **_WORKING}


# Keys of Open311.


def issue_key(*, actor: Person, town: Town, name: str) -> str:
    """A new key for a civic app. It is shown this once: only its digest is kept. Raises `Invalid`, `Forbidden`."""
    check_manages(actor, town)
    name = " ".join(name.replace("\x00", "").split())[:80]
    if not name:
        raise Invalid(_("Dites pour quelle application."), field="name")
    secret = f"open311_{new_secret()}"
    with transaction.atomic():
        if town.open311_keys.count() >= MAX_KEYS:
            raise Invalid(_("C’est déjà %(max)d clés : supprimez celles qui ne servent plus.") % {"max": MAX_KEYS})
        key = ApiKey.objects.create(town=town, name=name, digest=_digest(secret), created_by=actor)
        _note(actor, town, "open311.key_add", f"open311key.{key.pk}", name)
    return secret


def revoke_key(*, actor: Person, key: ApiKey) -> None:
    """The app that has it sends no more. Raises `Forbidden`."""
    check_manages(actor, key.town)
    with transaction.atomic():
        _note(actor, key.town, "open311.key_remove", f"open311key.{key.pk}", key.name)
        key.delete()


def use_key(*, secret: str, town: Town) -> ApiKey | None:
    """The town's key of that secret, None when there is none; its use is noted, once a minute at most."""
    key = ApiKey.objects.filter(town=town, digest=_digest(secret)).first()
    if key is not None:
        at = now()
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - _NOTED_EVERY)
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=at)
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# Webhooks.


def add_webhook(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> Webhook:
    """An address that is told from now on: `{url, events}`. Its `secret` is to be shown once.

    Raises `Invalid` with the field; `Forbidden`.
    """
    check_manages(actor, town)
    webhook = Webhook(town=town, secret=signing.new_secret(), **_cleaned(fields))
    with transaction.atomic():
        if town.webhooks.count() >= MAX_WEBHOOKS:
            raise Invalid(
                _("C’est déjà %(max)d adresses : supprimez celles qui ne servent plus.") % {"max": MAX_WEBHOOKS}
            )
        webhook.save()
        _note_webhook(actor, webhook, "webhook.add", events=", ".join(webhook.events))
    return webhook


def change_webhook(*, actor: Person, webhook: Webhook, fields: Mapping[str, Any]) -> Webhook:
    """Another address, or other events; what waits goes to the new address. Raises as `add_webhook`."""
    check_manages(actor, webhook.town)
    cleaned = _cleaned(fields)
    before = {"url": shown(webhook.url), "events": ", ".join(webhook.events)}
    after = {"url": shown(cleaned["url"]), "events": ", ".join(cleaned["events"])}
    with transaction.atomic():
        # Another address has failed with nothing yet.
        fresh = _WORKING if cleaned["url"] != webhook.url and webhook.active else {}
        Webhook.objects.filter(pk=webhook.pk).update(**cleaned, **fresh)
        if before != after:
            changed = {name: f"{before[name]} → {after[name]}" for name in after if before[name] != after[name]}
            _note_webhook(actor, webhook, "webhook.change", **changed)
    webhook.url, webhook.events = cleaned["url"], cleaned["events"]
    sender.wake(webhook.pk)
    return webhook


def rotate_secret(*, actor: Person, webhook: Webhook) -> Webhook:
    """A new secret, to be shown once; calls are signed with it at once. Raises `Forbidden`."""
    check_manages(actor, webhook.town)
    webhook.secret = signing.new_secret()
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(secret=webhook.secret)
        _note_webhook(actor, webhook, "webhook.rotate")
    return webhook


def switch_webhook(*, actor: Person, webhook: Webhook, on: bool) -> None:
    """Off: nothing is sent, what waited neither. On: from the next event, with what was kept of the last day.

    Safe to call twice. Raises `Forbidden`.
    """
    check_manages(actor, webhook.town)
    state = _ON if on else {"off_since": now(), "off_why": Off.HAND}
    with transaction.atomic():
        if not Webhook.objects.filter(pk=webhook.pk, active=not on).update(active=on, **state):
            return
        if on:
            outage.resume_waiting(webhook)
        else:
            outage.end_waiting(webhook)
        _note_webhook(actor, webhook, "webhook.on" if on else "webhook.off")
    sender.wake(webhook.pk)


def remove_webhook(*, actor: Person, webhook: Webhook) -> None:
    """It is told nothing more, and its log goes. Raises `Forbidden`."""
    check_manages(actor, webhook.town)
    with transaction.atomic():
        _note_webhook(actor, webhook, "webhook.remove")
        webhook.delete()


def try_webhook(*, actor: Person, webhook: Webhook) -> WebhookCall:
    """Send it a call that tells nothing. Raises `Conflict` while it is off; `RateLimited`; `Forbidden`."""
    check_manages(actor, webhook.town)
    _check_may_call(webhook)
    with transaction.atomic():
        return webhooks.enqueue_test(webhook)


def retry_call(*, actor: Person, call: WebhookCall) -> None:
    """Make a call now that failed, or waits. Raises `Conflict` when it was taken, or its webhook is off;
    `RateLimited`; `Forbidden`."""
    check_manages(actor, call.webhook.town)
    if call.done_at:
        raise Conflict(_("Cet appel est déjà arrivé."))
    _check_may_call(call.webhook)
    with transaction.atomic():
        WebhookCall.objects.filter(pk=call.pk, done_at=None).update(next_at=now())
        transaction.on_commit(lambda: tasks.nudge(call.pk), robust=True)


def _check_may_call(webhook: Webhook) -> None:
    if not webhook.active:
        raise Conflict(_("Remettez d’abord ce webhook en service."))
    limits.hit(limits.WEBHOOK_TRIES, webhook.pk)
    sender.wake(webhook.pk)


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"url": clean_url(fields["url"]), "events": _events(fields["events"])}


def _events(wanted: Iterable[str]) -> list[str]:
    chosen = set(wanted)
    if not chosen or not chosen <= set(webhooks.EVENTS):
        raise Invalid(_("Choisissez au moins un évènement."), field="events")
    return [event for event in webhooks.EVENTS if event in chosen]


def _note_webhook(actor: Person, webhook: Webhook, act: str, **more: str) -> None:
    _note(actor, webhook.town, act, f"webhook.{webhook.pk}", shown(webhook.url), **more)


def _note(actor: Person, town: Town, act: str, subject: str, title: str, **more: str) -> None:
    note(town_id=town.pk, actor=actor, act=act, subject=subject, what={"title": title, **more})
