"""A second person's yes is asked for: whoever may give it is told at once, on the site, on their devices and by mail,
and once more when nobody has answered."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hub.alerts import lifecycle
from hub.alerts.models import Alert, Status
from hub.core.clock import now
from hub.deliveries.actions import queue_push
from hub.deliveries.models import Dispatch, Lane
from hub.notifications.actions import notify
from hub.notifications.letter import Button, Letter, Quote
from hub.notifications.mail import Reader, queue_letter, written_for
from hub.notifications.models import Kind
from hub.people.models import Device, Membership, Person
from hub.streams.actions import Unit, unit
from hub.towns.models import Town

log = structlog.get_logger(__name__)

CODE = "alert_to_approve"
ANSWER_WITHIN = timedelta(minutes=5)
# After that an alert is no longer news to anybody.
_REMIND_WITHIN = timedelta(hours=2)
_WORTH = timedelta(hours=6)


def approvers_of(town: Town, *, besides: int | None) -> list[Person]:
    """Who decides of alerts there, other than this person: the mayor first, then by name."""
    held = Membership.objects.filter(town=town, role__in=lifecycle.DECIDE, person__is_active=True)
    roles: dict[int, set[str]] = {}
    for person_id, role in held.exclude(person=besides).values_list("person_id", "role"):
        roles.setdefault(person_id, set()).add(role)
    people = Person.objects.filter(pk__in=roles)
    return sorted(people, key=lambda one: ("mayor" not in roles[one.pk], one.last_name, one.first_name, one.pk))


def ask(work: Unit, alert: Alert, actor: Person) -> None:
    """Tell all of them, in the unit in which it was submitted."""
    people = approvers_of(alert.town, besides=actor.pk)
    notify(
        work, town_id=alert.town_id, kind=Kind.MODERATION, code=CODE, people={one.pk for one in people[:500]},
        actor=actor, what={"title": alert.said("title", "fr")}, path=path_of(alert), subject=f"alert.{alert.pk}",
    )  # fmt: skip
    _send(alert, people, again=False)


def path_of(alert: Alert) -> str:
    """Where it is approved."""
    return reverse("desk_alert", args=[alert.town.slug, alert.pk])


def remind_due() -> int:
    """Tell those once more who have not answered. Returns of how many alerts. Safe to call again."""
    at = now()
    late = Alert.objects.filter(
        status=Status.PENDING, submitted_at__lte=at - ANSWER_WITHIN, submitted_at__gt=at - _REMIND_WITHIN
    ).select_related("town", "author")
    return sum(_remind(alert) for alert in late)


def _remind(alert: Alert) -> bool:
    assert alert.submitted_at is not None
    key = f"alert.{alert.pk}.remind.{int(alert.submitted_at.timestamp())}"
    with unit():
        _dispatch, new = Dispatch.objects.get_or_create(key=key, defaults={"cause": "alert.remind", "town": alert.town})
        if new:
            _send(alert, approvers_of(alert.town, besides=alert.author_id), again=True)
            log.info("alerts.reminded", alert=alert.pk)
    return new


def _send(alert: Alert, people: list[Person], *, again: bool) -> None:
    devices: dict[int, list[Device]] = {}
    for device in Device.objects.filter(person__in=people, retired_at=None).select_related("person"):
        devices.setdefault(device.person_id, []).append(device)
    for person in people:
        with transaction.atomic(), written_for(reader := Reader(person, alert.town)):
            _write(alert, reader, devices.get(person.pk, []), again=again)


def _write(alert: Alert, reader: Reader, devices: list[Device], *, again: bool) -> None:
    mail = letter(alert, reader.person.language, again=again)
    for device in devices:
        queue_push(
            cause=CODE, device=device, title=mail.subject, text=mail.before[0], link=path_of(alert),
            lane=Lane.EMERGENCY, expires_in=_WORTH,
        )  # fmt: skip
    if reader.person.email:
        queue_letter(cause=CODE, reader=reader, letter=mail, expires_in=_WORTH)


def letter(alert: Alert, language: str, *, again: bool) -> Letter:
    """What they are told by mail, and in short on their devices. `again`: nobody has answered yet."""
    subject = _("Toujours sans accord : %(title)s") if again else _("Alerte à approuver : %(title)s")
    words = _("%(author)s demande votre accord. Rien ne part sans lui.")
    reason = _(
        "Vous recevez ce courriel parce que vous pouvez approuver les alertes de %(town)s. Une réponse à ce courriel "
        "n’arriverait à personne."
    )
    return Letter(
        subject=subject % {"title": alert.said("title", language)},
        before=[
            words % {"author": alert.author.name if alert.author else ""},
            *([_("C’est un exercice.")] if alert.exercise else []),
        ],
        quote=Quote("", alert.said("body", language).splitlines()),
        buttons=[Button(_("Lire et donner mon accord"), f"{settings.LINK_BASE}{path_of(alert)}")],
        reason=reason % {"town": alert.town.name},
    )
