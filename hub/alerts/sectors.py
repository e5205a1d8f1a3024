"""A town's sectors, to which alerts go again and again, and its rules of alerts. Who sets the town up changes them."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.alerts.alert_queries import rules_of
from hub.alerts.models import Rules, Zone
from hub.alerts.zones import read_shape
from hub.audit.actions import note
from hub.core.errors import Conflict, Invalid, NotFound
from hub.people.models import Person
from hub.people.queries import access_managed_town
from hub.towns.models import Town

CALL_AFTER_MAX = 120


def access_zone(town: Town, zone_id: int) -> Zone:
    """One of the town's sectors. Raises `NotFound`, also for another town's."""
    found = Zone.objects.filter(town=town, pk=zone_id).first()
    if found is None:
        raise NotFound
    return found


def keep_zone(
    *, actor: Person, town: Town, name: str, shape: Mapping[str, Any] | None, zone: Zone | None = None
) -> Zone:
    """Add a sector, or change this one. Raises `Forbidden`, `Invalid`, `Conflict` for a name that is taken."""
    access_managed_town(actor, town.slug)
    said = " ".join(name.split())
    if not 0 < len(said) <= 60:
        raise Invalid(_("Donnez un nom de soixante caractères au plus."), field="name")
    if shape is None:
        raise Invalid(_("Dessinez une zone d’au moins trois points."), field="points")
    kept = zone or Zone(town=town)
    kept.name, kept.shape = said, dict(read_shape(shape, field="points"))
    try:
        with transaction.atomic():
            kept.save()
            act = "zone.change" if zone else "zone.add"
            note(town_id=town.pk, actor=actor, act=act, subject=f"zone.{kept.pk}", what={"title": said})
    except IntegrityError:
        raise Conflict(_("Un secteur porte déjà ce nom.")) from None
    return kept


def remove_zone(*, actor: Person, zone: Zone) -> None:
    """Offer it no more. Alerts that went there keep what they said. Raises `Forbidden`."""
    access_managed_town(actor, zone.town.slug)
    with transaction.atomic():
        what = {"title": zone.name}
        note(town_id=zone.town_id, actor=actor, act="zone.remove", subject=f"zone.{zone.pk}", what=what)
        zone.delete()


def set_rules(*, actor: Person, town: Town, alone: bool, call_after_min: int) -> Rules:
    """How the town handles its alerts. Raises `Forbidden`, `Invalid`."""
    access_managed_town(actor, town.slug)
    if not 0 <= call_after_min <= CALL_AFTER_MAX:
        raise Invalid(
            _("Donnez un nombre de minutes de 0 à %(most)d.") % {"most": CALL_AFTER_MAX}, field="call_after_min"
        )
    rules = rules_of(town)
    if (rules.alone, rules.call_after_min) == (alone, call_after_min):
        return rules
    rules.alone, rules.call_after_min = alone, call_after_min
    with transaction.atomic():
        rules.save()
        what = {"alone": "1" if alone else "", "after": str(call_after_min)}
        note(town_id=town.pk, actor=actor, act="alert_rules.change", subject=f"town.{town.pk}", what=what)
    return rules
