"""The departments of a town hall, and who works in which; each change is in the trail."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from hub.audit.actions import note
from hub.core.errors import Forbidden
from hub.people.actions.roles import WITH_SERVICES
from hub.people.models import Membership, Person
from hub.people.queries import roles_in
from hub.people.rules import may_manage_town
from hub.towns import actions
from hub.towns.models import Service, Town


def open_service(*, actor: Person, town: Town, fields: Mapping[str, str], members: Iterable[Person] = ()) -> Service:
    """A new department: `{name, email, phone}`, and who works in it. Raises as `towns.actions.add_service`;
    `Forbidden`."""
    _check_manages(actor, town)
    with transaction.atomic():
        service = actions.add_service(town=town, fields=fields)
        _note(actor, service, "service.add", {"title": service.name})
        _set_members(actor, service, members)
    return service


def change_service(*, actor: Person, service: Service, fields: Mapping[str, str], members: Iterable[Person]) -> Service:
    """Its name, its address, its phone, who works in it: these and nobody else. Raises as `open_service`."""
    _check_manages(actor, service.town)
    before = {name: getattr(service, name) for name in fields}
    with transaction.atomic():
        changed = actions.change_service(service=service, fields=fields)
        told = {name: f"{before[name]} → {value}" for name, value in fields.items() if value != before[name]}
        if told:
            _note(actor, changed, "service.change", {"title": before.get("name", changed.name), **told})
        _set_members(actor, changed, members)
    return changed


def close_service(*, actor: Person, service: Service) -> None:
    """Take a department away that nothing is confided to. Raises as `towns.actions.remove_service`; `Forbidden`."""
    _check_manages(actor, service.town)
    with transaction.atomic():
        _note(actor, service, "service.remove", {"title": service.name})
        actions.remove_service(service=service)


def _set_members(actor: Person, service: Service, people: Iterable[Person]) -> None:
    """Those of the town's agents and managers who are named; others have no services."""
    held = Membership.objects.filter(town=service.town_id, role__in=WITH_SERVICES)
    wanted = set(held.filter(person__in=[person.pk for person in people]))
    known = set(service.members.filter(role__in=WITH_SERVICES))
    if wanted == known:
        return
    service.members.remove(*(known - wanted))
    service.members.add(*(wanted - known))
    names = Person.objects.filter(memberships__in=wanted).distinct()
    _note(
        actor, service, "service.members", {"title": service.name, "members": ", ".join(one.name for one in names)}
    )  # fmt: skip


def _note(actor: Person, service: Service, act: str, what: Mapping[str, str]) -> None:
    note(town_id=service.town_id, actor=actor, act=act, subject=f"service.{service.pk}", what=what)


def _check_manages(actor: Person, town: Town) -> None:
    if not may_manage_town(roles_in(actor, town)):
        raise Forbidden
