"""What changes a town. Who may is asked by the caller: roles are known one floor up, in hub.people."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import ManyToOneRel
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Conflict
from hub.towns.citizen_fields import clean_citizen_fields
from hub.towns.hours import clean_absence, clean_hours
from hub.towns.models import Service, Town
from hub.towns.rules import clean_automatic_answer, clean_position

_SETTINGS = frozenset({
    "name", "mayor_grammar", "emblem", "meeting_hours", "postal_address", "phone", "email", "languages",
    "time_zone", "staff_second_factor", "latitude", "longitude",
})  # fmt: skip

_PRESENCE = ("answer_hours", "away_from", "away_until", "automatic_answer", "automatic_answer_text")


def update_town(*, town: Town, fields: Mapping[str, Any]) -> None:
    """Change the town's own settings; fields that aren't any are ignored. Raises as `clean_position`."""
    given = sorted(_SETTINGS & fields.keys())
    for name in given:
        setattr(town, name, fields[name])
    clean_position(town.latitude, town.longitude)
    town.save(update_fields=given)


def set_answer_hours(*, town: Town, fields: Mapping[str, Any]) -> None:
    """When the mayor reads and is away, and what the hub says meanwhile.

    `fields`: `{answer_hours, away_from, away_until, automatic_answer, automatic_answer_text}`, all of them; texts by
    language, those of other languages stay. Raises as `hours.clean_hours`, `clean_absence`, `clean_automatic_answer`.
    """
    today = now().astimezone(ZoneInfo(town.time_zone)).date()
    absence = clean_absence(fields["away_from"], fields["away_until"], today=today)
    texts = {**town.automatic_answer_text, **fields["automatic_answer_text"]}
    cleaned = {language: clean_automatic_answer(text) for language, text in texts.items()}
    town.answer_hours = clean_hours(fields["answer_hours"])
    town.away_from, town.away_until = absence or (None, None)
    town.automatic_answer = bool(fields["automatic_answer"])
    town.automatic_answer_text = {language: text for language, text in cleaned.items() if text}
    town.save(update_fields=_PRESENCE)


def set_citizen_fields(*, town: Town, said: Mapping[str, Mapping[str, str]]) -> None:
    """Which details of citizens are asked for: `{place: {field: ask}}` (S11). Raises as `clean_citizen_fields`."""
    town.citizen_fields = clean_citizen_fields(said)
    town.save(update_fields=["citizen_fields"])


def add_service(*, town: Town, fields: Mapping[str, str]) -> Service:
    """A new department: `{name, email, phone}`. Raises `Conflict` when the town has one of that name."""
    return _saved(Service(town=town, **fields))


def change_service(*, service: Service, fields: Mapping[str, str]) -> Service:
    """Change a department: `{name, email, phone}`. Raises as `add_service`."""
    for name, value in fields.items():
        setattr(service, name, value)
    return _saved(service)


def remove_service(*, service: Service) -> None:
    """Take a department away; its members stay in the team. Raises `Conflict` while anything is confided to it."""
    if _is_named(service):
        raise Conflict(
            _("Ce service sert encore : des catégories, des requêtes ou des réponses types lui sont confiées.")
        )
    service.delete()


def _is_named(service: Service) -> bool:
    """Whether a row of any table names it: they belong to rooms above, which this one doesn't know."""
    for relation in Service._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model._meta.auto_created:
            continue  # its own columns; who works in it
        if relation.related_model._default_manager.filter(**{relation.field.name: service}).exists():
            return True
    return False


def _saved(service: Service) -> Service:
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        raise Conflict(_("Un service porte déjà ce nom.")) from error
    return service
