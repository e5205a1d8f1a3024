"""A webhook that is out of service by itself: its program is gone, or nothing but failures came of it for days.

What waits for one that failed is kept, for a day from its cause as always: put back in service, it goes out at once.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from hub.audit.actions import note
from hub.core.clock import now
from hub.notifications.actions import notify
from hub.notifications.models import Kind
from hub.people.queries import managers_of
from hub.streams.actions import unit
from hub.tickets import mail
from hub.tickets.calling import pace
from hub.tickets.calling.addresses import shown
from hub.tickets.calling.line import Answer
from hub.tickets.models import Off, Webhook


def note_arrived(webhook: Webhook) -> None:
    """It works: what failed before is no matter any more."""
    failing = Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=False)
    failing.update(failing_since=None, failed_with=None, failed_why="")


def note_failed(webhook: Webhook, answer: Answer) -> None:
    """Another failure; the town is told once it has been nothing else for days."""
    at = now()
    ours = Webhook.objects.filter(pk=webhook.pk)
    ours.filter(failing_since=None).update(failing_since=at)
    ours.update(failed_with=answer.status, failed_why=answer.reason)
    since = ours.values_list("failing_since", flat=True).first()
    if pace.is_hopeless(since, at):
        _put_off(webhook)


def note_gone(webhook: Webhook) -> None:
    """Its program said that it is gone (410): nothing more goes there, and the town can read why."""
    with transaction.atomic():
        if _switched_off(webhook, Off.GONE):
            end_waiting(webhook)
            _tell_trail(webhook, "webhook.gone")


def _put_off(webhook: Webhook) -> None:
    with unit() as work:
        if not _switched_off(webhook, Off.FAILING):
            return
        keep_waiting(webhook)
        webhook.refresh_from_db()
        people = managers_of(webhook.town)
        notify(
            work, town_id=webhook.town_id, kind=Kind.TICKETS, code="webhook_failing",
            people={person.pk for person in people}, actor=None, what={"title": shown(webhook.url)},
            path=f"/mairie/{webhook.town.slug}/reglages/programmes/webhooks/{webhook.pk}/",
        )  # fmt: skip
        mail.send_failing(webhook, people)
        _tell_trail(webhook, "webhook.failing")


def _switched_off(webhook: Webhook, why: Off) -> bool:
    """Whether it was us: of two workers that see it, one tells."""
    on = Webhook.objects.filter(pk=webhook.pk, active=True)
    return bool(on.update(active=False, off_since=now(), off_why=why))


def _tell_trail(webhook: Webhook, act: str) -> None:
    what = {"title": shown(webhook.url)}
    note(town_id=webhook.town_id, actor=None, act=act, subject=f"webhook.{webhook.pk}", what=what)


def end_waiting(webhook: Webhook) -> None:
    """What was still to be sent to it is not any more."""
    webhook.calls.filter(next_at__isnull=False).update(next_at=None, lease_until=None, reason="off")


def keep_waiting(webhook: Webhook) -> None:
    """What was still to be sent is looked at again when its day is over."""
    webhook.calls.filter(next_at__isnull=False, lease_until=None).update(next_at=F("created_at") + pace.GIVE_UP)


def kept_until(webhook: Webhook, created_at: datetime) -> datetime | None:
    """Until when a call waits while its webhook is off; None: it is not kept."""
    end = created_at + pace.GIVE_UP
    return end if webhook.off_why == Off.FAILING and end > now() else None


def resume_waiting(webhook: Webhook) -> None:
    """What was kept is due now."""
    at = now()
    kept = webhook.calls.filter(next_at__gt=at, created_at__gt=at - pace.GIVE_UP)
    kept.update(next_at=at)
