"""Devices that show their person what is new: they come, they go, and some are no longer there."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.core.clock import now
from hub.core.errors import Conflict, Invalid
from hub.people.devices import digest_of, named_by
from hub.people.models import Device, Person
from hub.people.queries import access_device, devices_of
from hub.people.signals import device_given

MOST_DEVICES = 20
_NOTED_EVERY = timedelta(days=1)


def register_device(*, actor: Person, kind: str, target: str, user_agent: str = "", name: str = "") -> Device:
    """From now on the actor is shown news on this device. The same again is the same device; was it another person's,
    it is theirs no longer, and nothing that was meant for them comes to it. `name`: else as its `user_agent` says. Of a
    first one rooms above are told.

    Raises `Invalid` (`target`) for what can't be reached, or leads elsewhere than to a push service; `Conflict` with
    20 devices already.
    """
    try:
        digest = digest_of(kind, target, settings.PUSH_SERVICES)
    except ValueError:
        raise Invalid(_("Ce navigateur a donné une adresse que Parvis ne connaît pas."), field="target") from None
    named = name or _name(actor, user_agent)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)  # their devices are counted one at a time
        # Another row, under another number: what still waits for the former person finds nobody.
        Device.objects.filter(digest=digest).exclude(person=actor).delete()
        others = devices_of(actor).exclude(digest=digest)
        first = not devices_of(actor).exists()
        if others.count() >= MOST_DEVICES:
            raise Conflict(_("Vous avez déjà vingt appareils. Retirez-en un d’abord."))
        device, _made = Device.objects.update_or_create(
            digest=digest, defaults={"person": actor, "kind": kind, "target": target, "name": named, "retired_at": None}
        )
        if first:
            device_given.send(Person, person=actor)
    return device


def retire_device(*, actor: Person, device_id: int) -> None:
    """Show nothing more on this device of the actor's; where it was reached is forgotten. Raises `NotFound`."""
    _retire([access_device(actor, device_id).pk])


def note_devices(*, reached: Collection[int] = (), gone: Collection[int] = ()) -> None:
    """What push services say: these were reached; those will never be again. Calling it twice is harmless."""
    at = now()
    if reached:
        long_ago = Q(last_ok_at=None) | Q(last_ok_at__lt=at - _NOTED_EVERY)
        Device.objects.filter(long_ago, pk__in=reached).update(last_ok_at=at)
    if gone:
        _retire(gone)


def _retire(device_ids: Collection[int]) -> None:
    Device.objects.filter(pk__in=device_ids, retired_at=None).update(retired_at=now(), target="")


def _name(actor: Person, user_agent: str) -> str:
    browser, system = named_by(user_agent)
    with override(actor.language):
        if browser and system:
            return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
        return browser or system or _("Appareil")
