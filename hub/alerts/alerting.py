"""Writing an alert, submitting it, a second person's yes, and stopping it. Each act stands in the town's trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hub.alerts import asking, lifecycle, notices, tasks, zones
from hub.alerts.alert_queries import access_alert, rules_of
from hub.alerts.dispatches import numbers_of
from hub.alerts.models import Alert, Danger, Purpose, Status, Theme, Zone
from hub.audit.actions import note
from hub.audit.models import Entry
from hub.core.clock import now, shared_now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.deliveries.models import Channel, Dispatch
from hub.people.models import Person
from hub.people.queries import access_desk
from hub.streams.actions import unit
from hub.towns.models import Service, Town


@dataclass(frozen=True)
class AlertDraft:
    """What somebody wants to tell, as they typed it. See `models.Alert`."""

    title: Mapping[str, str]
    body: Mapping[str, str]
    channels: Sequence[str]
    theme_id: int | None = None
    emergency: bool = False
    exercise: bool = False
    danger: str = ""
    audience: Mapping[str, Any] = field(default_factory=dict)
    sms: Mapping[str, str] = field(default_factory=dict)
    voice: Mapping[str, str] = field(default_factory=dict)
    send_at: datetime | None = None
    key: str = ""


def create_alert(*, actor: Person, slug: str, draft: AlertDraft) -> Alert:
    """A draft. The same `key` again gives the same alert. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`."""
    town = _deciding(actor, slug)
    if draft.key and (known := Alert.objects.filter(town=town, key=draft.key).first()):
        return _same(known, draft)
    try:
        alert = keep_draft(town=town, author=actor, draft=draft)
    except IntegrityError:  # sent twice at once
        known = Alert.objects.filter(town=town, key=draft.key).first() if draft.key else None
        if known is None:
            raise
        return _same(known, draft)
    return alert


def keep_draft(*, town: Town, author: Person | None, draft: AlertDraft) -> Alert:
    """A new draft. `author` None: another authority's words, which whoever submits them takes on. Raises `Invalid`."""
    fields = _cleaned(town, draft)
    at = now()
    with transaction.atomic():
        alert = Alert.objects.create(
            town=town, number=_next_number(town, at), author=author, key=draft.key, created_at=at, changed_at=at,
            **fields,
        )  # fmt: skip
        _note(alert, author, "alert.draft")
    return alert


def change_alert(*, actor: Person, alert_id: int, draft: AlertDraft) -> Alert:
    """Other words for a draft. Raises `Conflict` once it was submitted, and as `create_alert`."""
    alert = access_alert(actor, alert_id)
    with transaction.atomic():
        alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
        if not lifecycle.may_be_changed(alert.status):
            raise Conflict(_("Cette alerte est déjà soumise : reprenez-la d’abord."))
        for name, value in _cleaned(alert.town, draft).items():
            setattr(alert, name, value)
        alert.changed_at = now()
        alert.save()
    return alert


def write_further(*, actor: Person, alert_id: int, purpose: str, draft: AlertDraft) -> Alert:
    """A further word to the same people, or the end of the alert: a draft too. Raises as `create_alert`."""
    former = access_alert(actor, alert_id)
    if not former.has_left or purpose not in (Purpose.UPDATE, Purpose.END):
        raise Conflict(_("Cette alerte n’est pas partie."))
    first = former.about or former
    alert = create_alert(actor=actor, slug=former.town.slug, draft=draft)
    Alert.objects.filter(pk=alert.pk, status=Status.DRAFT).update(purpose=purpose, about=first)
    alert.purpose, alert.about = purpose, first
    return alert


def delete_draft(*, actor: Person, alert_id: int) -> None:
    """Throw a draft away. Raises `Conflict` once it was submitted; its number stays in the trail."""
    alert = access_alert(actor, alert_id)
    with transaction.atomic():
        alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
        if not lifecycle.may_be_changed(alert.status):
            raise Conflict(_("Seul un brouillon se supprime."))
        _note(alert, actor, "alert.delete")
        alert.delete()


def submit_alert(*, actor: Person, alert_id: int) -> Alert:
    """Ask a second person's yes: whoever may give it is told. Submitting it again changes nothing.

    Raises `Conflict` once it has gone further.
    """
    alert = access_alert(actor, alert_id)
    with unit() as work:
        alert = Alert.objects.select_for_update(of=("self",)).select_related("town").get(pk=alert.pk)
        if alert.status == Status.PENDING:
            return alert
        if alert.status != Status.DRAFT:
            raise Conflict(_("Cette alerte est déjà partie."))
        _check_sayable(alert)
        alert.status, alert.submitted_at, alert.author = Status.PENDING, now(), actor
        alert.save(update_fields=["status", "submitted_at", "author"])
        _note(alert, actor, "alert.submit")
        asking.ask(work, alert, actor)
        transaction.on_commit(lambda: tasks.tell(alert.pk), robust=True)
    return alert


def take_back(*, actor: Person, alert_id: int) -> Alert:
    """Make a draft of it again, before anybody approved. Raises `Conflict` after that."""
    alert = access_alert(actor, alert_id)
    moved = Alert.objects.filter(pk=alert.pk, status=Status.PENDING).update(status=Status.DRAFT, changed_at=now())
    if not moved:
        raise Conflict(_("Cette alerte n’attend plus d’accord."))
    alert.status = Status.DRAFT
    _note(alert, actor, "alert.take_back")
    return alert


def approve_alert(*, actor: Person, alert_id: int, strongly: bool = False) -> Alert:
    """The second person's yes: it begins to leave, or waits for its hour.

    `strongly`: the actor has just shown their second factor, which lets a mayor confirm alone where the town's rules
    allow it. Raises `Forbidden` to the author, `Conflict` when it is approved already, or no draft was submitted.
    """
    alert = access_alert(actor, alert_id)
    with transaction.atomic():
        alert = Alert.objects.select_for_update(of=("self",)).select_related("town").get(pk=alert.pk)
        if alert.status != Status.PENDING:
            raise Conflict(_("Cette alerte n’attend pas d’accord."))
        alone = strongly and rules_of(alert.town).alone
        if not lifecycle.may_approve(alert.author_id, actor.pk, alone=alone):
            raise Forbidden(_("Une deuxième personne doit donner son accord."))
        at = shared_now()
        later = alert.send_at is not None and alert.send_at > at
        alert.status = Status.SCHEDULED if later else Status.SENDING
        alert.approver, alert.approved_at = actor, at
        alert.dispatch = Dispatch.objects.create(cause="alert", key=f"alert.{alert.pk}", town=alert.town)
        if not later:
            alert.started_at = at
        alert.save()
        _note(alert, actor, "alert.approve")
        transaction.on_commit(lambda: tasks.begin(alert.pk), robust=True)
    return alert


def stop_alert(*, actor: Person, alert_id: int) -> Alert:
    """Nothing more leaves of it; what has left can't be called back. Twice is once. `Conflict` when it is over."""
    alert = access_alert(actor, alert_id)
    with transaction.atomic():
        alert = Alert.objects.select_for_update(of=("self",)).select_related("town").get(pk=alert.pk)
        if alert.status == Status.STOPPED:
            return alert
        if not lifecycle.may_be_stopped(alert.status):
            raise Conflict(_("Il n’y a plus rien à arrêter."))
        alert.status, alert.stopper, alert.ended_at = Status.STOPPED, actor, now()
        alert.save(update_fields=["status", "stopper", "ended_at"])
        leaving = Q(pk__in=numbers_of(alert)) | Q(key=notices.key_of(alert))
        Dispatch.objects.filter(leaving).update(stopped_at=now())
        _note(alert, actor, "alert.stop")
        transaction.on_commit(lambda: tasks.tell(alert.pk), robust=True)
    return alert


def _deciding(actor: Person, slug: str) -> Town:
    town, roles = access_desk(actor, slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return town


def _same(known: Alert, draft: AlertDraft) -> Alert:
    """The alert that was made under this key before. Raises `Conflict` when it said something else."""
    if known.title != lifecycle.plain_words(draft.title) or known.body != lifecycle.plain_words(draft.body):
        raise Conflict
    return known


def _next_number(town: Town, at: datetime) -> str:
    """One more than the last of the year: the trail knows that of a draft thrown away, which is given to no other."""
    Town.objects.select_for_update().get(pk=town.pk)
    there = Alert.objects.filter(town=town).order_by("-pk").values_list("number", flat=True).first()
    drafts = Entry.objects.filter(town=town, act="alert.draft").order_by("-number")
    given = [there or "", (drafts.values_list("what", flat=True).first() or {}).get("number", "")]
    return lifecycle.number_of(at.year, max(lifecycle.count_in(number, at.year) for number in given) + 1)


def _cleaned(town: Town, draft: AlertDraft) -> dict[str, Any]:
    """The draft's fields. Raises `Invalid`, naming the first that is wrong."""
    if draft.theme_id is not None and not Theme.objects.filter(town=town, pk=draft.theme_id, archived_at=None).exists():
        raise Invalid(_("Cette thématique n’existe pas."), field="theme")
    if draft.danger and draft.danger not in Danger.values:
        raise Invalid(_("Ce danger n’est pas connu."), field="danger")
    if unknown := [channel for channel in draft.channels if channel not in Channel.values]:
        raise Invalid(_("Le moyen « %(name)s » n’existe pas.") % {"name": unknown[0]}, field="channels")
    words = {name: lifecycle.plain_words(getattr(draft, name)) for name in ("title", "body", "sms", "voice")}
    limits = {"title": lifecycle.TITLE_MAX, "body": lifecycle.BODY_MAX, "sms": lifecycle.SMS_MAX, "voice": 1_500}
    for name, said in words.items():
        if any(len(text) > limits[name] for text in said.values()):
            raise Invalid(
                _("Ce texte est trop long : %(most)s caractères au plus.") % {"most": limits[name]}, field=name
            )
    return {
        "theme_id": draft.theme_id, "emergency": draft.emergency, "exercise": draft.exercise, "danger": draft.danger,
        "audience": _audience(town, draft.audience),
        "channels": [channel.value for channel in lifecycle.ORDER if channel in draft.channels],
        "send_at": draft.send_at, **words,
    }  # fmt: skip


def _audience(town: Town, said: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        "zones": list(Zone.objects.filter(town=town, pk__in=said.get("zones") or []).values_list("pk", flat=True)),
        "services": list(
            Service.objects.filter(town=town, pk__in=said.get("services") or []).values_list("pk", flat=True)
        ),
        "streets": [" ".join(str(street).split())[:160] for street in said.get("streets") or []][:200],
        "register": bool(said.get("register")),
        "nobody": bool(said.get("nobody")),
        "shape": zones.read_shape(said["shape"]) if said.get("shape") else None,
    }
    for name in ("zones", "services"):
        if len(known[name]) != len(set(said.get(name) or [])):  # type: ignore[arg-type]
            raise Invalid(_("Ce choix n’est plus possible."), field=name)
    return {name: value for name, value in known.items() if value}


def _check_sayable(alert: Alert) -> None:
    """Whether it can be sent as it is. Raises `Invalid`."""
    if not alert.title.get("fr") or not alert.body.get("fr"):
        raise Invalid(_("Écrivez un titre et un texte en français."), field="body")
    if alert.audience.get("nobody") and alert.about_id is None:
        raise Invalid(_("Choisissez qui prévenir, ou toute la commune."), field="whole")
    if not alert.channels:
        raise Invalid(_("Choisissez au moins un moyen."), field="channels")
    if not alert.emergency and alert.theme_id is None and not alert.audience and alert.about_id is None:
        raise Invalid(_("Choisissez une thématique, ou les mesures d’urgence."), field="theme")


def _note(alert: Alert, actor: Person | None, act: str) -> None:
    what = {"number": alert.number, "title": alert.said("title", "fr")[:80]}
    note(town_id=alert.town_id, actor=actor, act=act, subject=f"alert.{alert.pk}", what=what)
