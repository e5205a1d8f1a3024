"""Who may do what in a town. Pure: given the roles, it says yes or no."""

from collections.abc import Iterable
from datetime import date

from hub.people.models import STAFF_ROLES, Role

Roles = frozenset[str]

PHONES_MAX = 6


def roles_of(names: Iterable[str]) -> Roles:
    """A set of roles to ask below."""
    return frozenset(names)


def is_staff(roles: Roles) -> bool:
    """Whether any role belongs to the town hall."""
    return bool(roles & STAFF_ROLES)


def may_manage_town(roles: Roles) -> bool:
    """Settings, services, who works here: the mayor and who manages for them."""
    return bool(roles & {Role.MAYOR, Role.MANAGER})


def may_see_citizens(roles: Roles) -> bool:
    """The list of citizens and their contact details (S3)."""
    return bool(roles & {Role.MAYOR, Role.MANAGER, Role.AGENT, Role.OPERATOR})


def may_exchange_citizens(roles: Roles) -> bool:
    """Bring a file of citizens in (S7), or take the list out as one: who sees them, but the call centre.

    It works for several towns, and finds the people whom it needs one by one.
    """
    return bool(roles & {Role.MAYOR, Role.MANAGER, Role.AGENT})


def may_talk_to_citizens(roles: Roles) -> bool:
    """Take part in conversations: all of the town hall's staff but the call centre."""
    return bool(roles & {Role.MAYOR, Role.MANAGER, Role.AGENT, Role.MODERATOR})


def plausible_birth_date(day: date, today: date) -> bool:
    """Whether somebody alive may have been born on that day."""
    return today.year - 130 <= day.year and day <= today
