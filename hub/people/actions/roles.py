"""Who belongs to a town, and what they may do there."""

from collections.abc import Callable, Iterable
from functools import partial

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.utils.translation import gettext as _

from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people import rules
from hub.people.actions.accounts import open_account
from hub.people.actions.trail import note_role, note_services
from hub.people.models import STAFF_ROLES, Membership, Person, Role
from hub.people.queries import person_of_address, roles_in
from hub.towns.models import Service, Town

Told = Callable[[], None]
WITH_SERVICES = frozenset({Role.AGENT, Role.MANAGER})


def follow_town(*, person: Person, town: Town) -> Membership:
    """Become a citizen member of the town (S18). Calling twice changes nothing."""
    return Membership.objects.get_or_create(person=person, town=town, role=Role.CITIZEN)[0]


def unfollow_town(*, person: Person, town: Town) -> None:
    """Leave the town as a citizen; roles at its town hall stay."""
    Membership.objects.filter(person=person, town=town, role=Role.CITIZEN).delete()


def grant_role(
    *, actor: Person | None, person: Person, town: Town, role: Role, services: Iterable[Service] = ()
) -> Membership:
    """Give a role at the town hall; the town's trail tells of it. `actor` None: the installation itself (demo, command
    line).

    Raises `Forbidden` unless the actor manages the town; `Conflict` when the town has another mayor.
    """
    _check_manages(actor, town)
    with transaction.atomic():
        membership, told = _grant(actor, person, town, role, services)
        for tell in told:
            tell()
    return membership


def _grant(
    actor: Person | None, person: Person, town: Town, role: Role, services: Iterable[Service]
) -> tuple[Membership, list[Told]]:
    other = Membership.objects.filter(town=town, role=Role.MAYOR).exclude(person=person)
    if role == Role.MAYOR and other.exists():
        raise Conflict(_("Une autre personne porte déjà le rôle de maire. Retirez-le-lui d’abord."))
    membership, made = Membership.objects.get_or_create(person=person, town=town, role=role)
    theirs = {service.pk: service.name for service in services if service.town_id == town.pk}
    held = set(membership.services.values_list("pk", flat=True))
    membership.services.set(theirs)
    told: list[Told] = []
    if made:
        told.append(partial(note_role, actor=actor, person=person, town=town, role=role, given=True))
    if held != set(theirs):
        names = sorted(theirs.values())
        told.append(partial(note_services, actor=actor, person=person, town=town, services=names))
    return membership, told


def revoke_role(*, actor: Person | None, person: Person, town: Town, role: Role) -> None:
    """Take a role away; the town's trail tells of it. Open sockets stop getting what it opened within seconds.

    Raises `Forbidden` unless the actor manages the town; `Invalid` when they would shut themselves out.
    """
    _check_manages(actor, town)
    with transaction.atomic():
        for tell in _revoke(actor, person, town, role):
            tell()


def _revoke(actor: Person | None, person: Person, town: Town, role: Role) -> list[Told]:
    if actor is not None and actor.pk == person.pk and role in {Role.MAYOR, Role.MANAGER}:
        raise Invalid(_("Vous ne pouvez pas vous retirer vous-même ce rôle."))
    gone, _rows = Membership.objects.filter(person=person, town=town, role=role).delete()
    return [partial(note_role, actor=actor, person=person, town=town, role=role, given=False)] if gone else []


def set_member_roles(
    *, actor: Person, person: Person, town: Town, roles: Iterable[Role], services: Iterable[Service] = ()
) -> None:
    """Make these the person's roles at the town hall, with these services. No role: they leave the team.

    Raises as `grant_role` and `revoke_role`, and then nothing has changed.
    """
    _check_manages(actor, town)
    wanted, theirs = set(roles) & STAFF_ROLES, list(services)
    held = {Role(role) for role in roles_in(person, town) if role in STAFF_ROLES}
    with transaction.atomic():
        told = [tell for role in sorted(held - wanted) for tell in _revoke(actor, person, town, role)]
        for role in sorted(wanted):
            told += _grant(actor, person, town, role, theirs if role in WITH_SERVICES else ())[1]
        for tell in told:  # once all is written: each entry holds the town's trail
            tell()


def invite_member(
    *,
    actor: Person,
    town: Town,
    email: str,
    role: Role,
    services: Iterable[Service] = (),
    first_name: str = "",
    last_name: str = "",
) -> Person:
    """Give a role to whoever has this address, and write to them. Unknown yet: their account is opened.

    Someone who has an account keeps the name they gave. They sign in by a code. Raises as `grant_role`.
    """
    _check_manages(actor, town)
    with transaction.atomic():
        person = person_of_address(email)
        if person is None:
            person = open_account(email=email, first_name=first_name, last_name=last_name, language=town.languages[0])
        grant_role(actor=actor, person=person, town=town, role=role, services=services)
        get_adapter().send_mail(
            "account/email/invitation",
            person.email,
            {"actor": actor, "town": town, "role": Role(role).label, "person": person},
        )
    return person


def _check_manages(actor: Person | None, town: Town) -> None:
    if actor is not None and not rules.may_manage_town(roles_in(actor, town)):
        raise Forbidden
