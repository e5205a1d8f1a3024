"""Another authority's alert becomes a draft of the town's: nobody is told of it before two people want it."""

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hub.alerts import alerting, asking, lifecycle
from hub.alerts.cap import origin, vocabulary
from hub.alerts.models import Alert, CapDoor, Purpose, Status
from hub.audit.actions import note
from hub.core.clock import now
from hub.core.errors import Invalid, NotFound
from hub.core.ids import new_secret
from hub.deliveries.actions import queue_push
from hub.deliveries.models import Channel, Lane
from hub.notifications.actions import notify
from hub.notifications.models import Kind
from hub.notifications.words import said
from hub.people.models import Device, Person
from hub.people.queries import access_managed_town
from hub.streams.actions import Unit, unit
from hub.towns.models import Town

if TYPE_CHECKING:
    from hub.alerts.cap.reading import Info, Message

# It brings libraries that nothing else needs: loaded when the first document comes in.
_READ = "hub.alerts.cap.reading.read"
_CHECK = "hub.alerts.cap.signatures.check"
_SHAPE = "hub.alerts.cap.reading.shape_of"
_CODE = "alert_received"


def open_door(*, actor: Person, slug: str) -> str:
    """A new secret for who sends alerts to the town; a former one serves no more. It is shown this once.

    Raises `NotFound`, `Forbidden`.
    """
    town, _roles = access_managed_town(actor, slug)
    secret = f"cap_{new_secret()}"
    with transaction.atomic():
        CapDoor.objects.update_or_create(
            town=town, defaults={"digest": _digest(secret), "made_at": now(), "used_at": None}
        )
        note(town_id=town.pk, actor=actor, act="cap_door.open", subject=f"town.{town.pk}", what={})
    return secret


def close_door(*, actor: Person, slug: str) -> None:
    """Nobody sends alerts to the town any more. Twice is once. Raises as `open_door`."""
    town, _roles = access_managed_town(actor, slug)
    with transaction.atomic():
        if CapDoor.objects.filter(town=town).delete()[0]:
            note(town_id=town.pk, actor=actor, act="cap_door.close", subject=f"town.{town.pk}", what={})


def town_of(slug: str, secret: str) -> Town:
    """The town that this secret opens. Raises `NotFound`: no such town, no door, or another secret."""
    door = CapDoor.objects.select_related("town").filter(town__slug=slug, digest=_digest(secret)).first()
    if door is None:
        raise NotFound
    CapDoor.objects.filter(pk=door.pk).update(used_at=now())
    return door.town


def take_cap(*, actor: Person | None, town: Town, document: bytes) -> tuple[Alert, bool]:
    """The draft of this document, and whether it is a new one: the same identifier again gives the same draft.

    `actor`: who brought it as a file; None for a program. Of a signed one, what was signed alone counts. Raises
    `Invalid`, also for one whose signature does not fit.
    """
    message: Message = import_string(_READ)(document)
    signature, believed = import_string(_CHECK)(document)
    if believed is not document:
        message = import_string(_READ)(believed)
    if message.status in ("System", "Draft") or message.kind in ("Ack", "Error"):
        raise Invalid(_("Ce message CAP n’est pas une alerte."), field="file")
    key = _key(message.sender, message.identifier)
    with unit() as work:
        Town.objects.select_for_update().get(pk=town.pk)  # two of the same at once are one
        if known := Alert.objects.filter(town=town, key=key).first():
            return known, False
        alert = alerting.keep_draft(town=town, author=actor, draft=_draft(message, key))
        _join(alert, message)
        what = {"number": alert.number, "sender": message.sender[:80], **origin.written(signature)}
        note(town_id=town.pk, actor=actor, act="alert.cap", subject=f"alert.{alert.pk}", what=what)
        if actor is None:
            _tell(work, alert, message.sender[:80])
    return alert, True


def _tell(work: Unit, alert: Alert, sender: str) -> None:
    """Who decides of alerts hears that one came in by itself: on the site, and on their devices."""
    people = asking.approvers_of(alert.town, besides=None)
    what, path = {"title": alert.said("title", "fr"), "sender": sender}, asking.path_of(alert)
    notify(
        work, town_id=alert.town_id, kind=Kind.MODERATION, code=_CODE, people={one.pk for one in people[:500]},
        actor=None, what=what, path=path, subject=f"alert.{alert.pk}",
    )  # fmt: skip
    for device in Device.objects.filter(person__in=people, retired_at=None).select_related("person"):
        with translation.override(device.person.language):
            told = said(_CODE, town=alert.town, actor="", what=what)
        queue_push(
            cause="alert.received", device=device, title=alert.town.name, text=told.sentence, link=path,
            lane=Lane.TRANSACTIONAL,
        )  # fmt: skip


def _draft(message: "Message", key: str) -> alerting.AlertDraft:
    """Text from the French part, and the English one where there is one; the zone from the polygons."""
    parts = {language: info for language in ("fr", "en") if (info := message.info(language))}
    if not parts and message.infos:
        parts = {"fr": message.infos[0]}
    if not parts:
        raise Invalid(_("Cette alerte CAP ne dit rien."), field="file")
    chosen = next(iter(parts.values()))
    emergency = chosen.severity in vocabulary.IN_HASTE
    shape = import_string(_SHAPE)(chosen.rings)
    return alerting.AlertDraft(
        title={language: _cut(info.headline, lifecycle.TITLE_MAX) for language, info in parts.items()},
        body={language: _cut(info.words or info.headline, lifecycle.BODY_MAX) for language, info in parts.items()},
        channels=[one for one in lifecycle.ORDER if emergency or one != Channel.VOICE],
        emergency=emergency, exercise=message.status in ("Exercise", "Test"), danger=_danger(chosen),
        audience={"shape": shape} if shape else {}, key=key,
    )  # fmt: skip


def _join(alert: Alert, message: "Message") -> None:
    """What changes or ends one that the town has told goes to the same people."""
    if message.kind == "Alert":
        return
    keys = [_key(sender, identifier) for sender, identifier in message.about]
    former = Alert.objects.filter(town=alert.town_id, key__in=keys, started_at__isnull=False).order_by("-pk").first()
    if former is not None:
        alert.purpose = Purpose.END if message.kind == "Cancel" else Purpose.UPDATE
        alert.about = former.about or former
        Alert.objects.filter(pk=alert.pk, status=Status.DRAFT).update(purpose=alert.purpose, about=alert.about)


def _danger(info: "Info") -> str:
    found = next((vocabulary.DANGER[one] for one in info.categories if one in vocabulary.DANGER), "")
    return str(found)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _key(sender: str, identifier: str) -> str:
    return f"cap.{_digest(f'{sender} {identifier}')[:60]}"


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
