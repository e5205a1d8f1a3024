"""Guarded reads of people and their roles."""

import hashlib

from hub.core.errors import Forbidden, NotFound
from hub.people.models import STAFF_ROLES, ApiToken, Membership, Person, Role
from hub.people.rules import Roles, is_staff, roles_of
from hub.towns.models import Town


def roles_in(person: Person, town: Town) -> Roles:
    """The roles of `person` in `town`: none at all for a stranger."""
    return roles_of(person.memberships.filter(town=town).values_list("role", flat=True))


def towns_of(person: Person) -> dict[Town, Roles]:
    """Every town the person belongs to, by name, with their roles there."""
    found: dict[Town, set[str]] = {}
    for membership in person.memberships.select_related("town").order_by("town__name"):
        found.setdefault(membership.town, set()).add(membership.role)
    return {town: roles_of(roles) for town, roles in found.items()}


def access_town(person: Person, slug: str) -> tuple[Town, Roles]:
    """A town the person belongs to, with their roles. Raises `NotFound` for any other."""
    town = Town.objects.filter(slug=slug).first()
    roles = roles_in(person, town) if town else roles_of(())
    if town is None or not roles:
        raise NotFound
    return town, roles


def access_desk(person: Person, slug: str) -> tuple[Town, Roles]:
    """A town where the person works. Raises `NotFound` for any other, as if it were not there."""
    town, roles = access_town(person, slug)
    if not is_staff(roles):
        raise NotFound
    if needs_second_factor(person):
        raise Forbidden(code="second_factor_required")
    return town, roles


def mayor_of(town: Town) -> Person | None:
    """The mayor's account, or None while they have not joined (S17)."""
    membership = (
        Membership.objects.filter(town=town, role=Role.MAYOR, person__is_active=True)
        .select_related("person")
        .first()
    )
    return membership.person if membership else None


def works_in(person: Person, town: Town) -> bool:
    """Whether the person is of this town hall's staff."""
    return person.memberships.filter(town=town, role__in=STAFF_ROLES).exists()


def needs_second_factor(person: Person) -> bool:
    """Whether a town they work for asks for a second factor that they have not set up."""
    asked = person.memberships.filter(role__in=STAFF_ROLES, town__staff_second_factor=True).exists()
    return asked and not person.authenticator_set.exclude(type="recovery_codes").exists()


def token_digest(token: str) -> str:
    """What is kept of an API token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of_token(token: str) -> Person | None:
    """Whom this API token stands for; None when it is unknown or the account is closed."""
    found = ApiToken.objects.filter(digest=token_digest(token), person__is_active=True)
    row = found.select_related("person").first()
    return row.person if row else None
