"""What changes a town. Who may is asked by the caller: roles are known one floor up, in hub.people."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.core.errors import Conflict
from hub.towns.models import Service, Town

_SETTINGS = frozenset({
    "name", "mayor_grammar", "emblem", "meeting_hours", "postal_address", "phone", "email", "languages",
    "time_zone", "staff_second_factor",
})  # fmt: skip


def update_town(*, town: Town, fields: Mapping[str, Any]) -> None:
    """Change the town's own settings; fields that aren't any are ignored."""
    given = sorted(_SETTINGS & fields.keys())
    for name in given:
        setattr(town, name, fields[name])
    town.save(update_fields=given)


def add_service(*, town: Town, fields: Mapping[str, str]) -> Service:
    """A new department: `{name, email, phone}`. Raises `Conflict` when the town has one of that name."""
    return _saved(Service(town=town, **fields))


def change_service(*, service: Service, fields: Mapping[str, str]) -> Service:
    """Change a department: `{name, email, phone}`. Raises as `add_service`."""
    for name, value in fields.items():
        setattr(service, name, value)
    return _saved(service)


def remove_service(*, service: Service) -> None:
    """Take a department away; its members stay in the team."""
    service.delete()


def _saved(service: Service) -> Service:
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        raise Conflict(_("Un service porte déjà ce nom.")) from error
    return service
