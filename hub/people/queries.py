"""Guarded reads of people and their roles."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, NotFound
from hub.core.tables import given, rows_of
from hub.people.finding import holding
from hub.people.models import STAFF_ROLES, ApiToken, CitizenFile, CitizenImport, Device, Membership, Person, Role
from hub.people.rules import Roles, is_staff, may_exchange_citizens, may_manage_town, may_see_citizens, roles_of
from hub.towns.models import Country, Town

IMPORT_LIFE = EXPORT_LIFE = timedelta(hours=24)
AT_ONCE = 2_000  # citizens in a workbook that a page waits for

_MANAGING = (Role.MAYOR, Role.MANAGER)


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


def access_managed_town(person: Person, slug: str) -> tuple[Town, Roles]:
    """A town whose settings and team are the person's to change. Raises `Forbidden` for other staff."""
    town, roles = access_desk(person, slug)
    if not may_manage_town(roles):
        raise Forbidden
    return town, roles


def citizens_of(actor: Person, town: Town, search: str = "") -> QuerySet[Person]:
    """The town's citizens by name. `search`: as `hub.people.finding.holding`.

    Raises `Forbidden` unless the actor may see citizens' details.
    """
    if not may_see_citizens(roles_in(actor, town)):
        raise Forbidden
    people = residents_of(town).annotate(joined_at=F("memberships__created_at"))
    return holding(people, search).prefetch_related("phones")


def residents_of(town: Town) -> QuerySet[Person]:
    """Who follows the town as a citizen, and is really there."""
    return Person.objects.filter(really_there(), memberships__town=town, memberships__role=Role.CITIZEN, is_active=True)


def really_there() -> Q:
    """Registered by staff, or signed up with an address they have proven: anyone can type anyone's."""
    proven = EmailAddress.objects.filter(verified=True).values("user")
    return Q(self_registered=False) | Q(pk__in=proven)


def may_be_mailed() -> Q:
    """For a filter of people: an open account, with an address that is no stranger's."""
    return Q(is_active=True) & ~Q(email="") & really_there()


def belonging(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (person, town's short name) pairs where the person is of the town; one query for all."""
    asked, values = given("asked", {"person_id": "bigint", "slug": "text"}, list(pairs))
    return set(rows_of(_BELONGING.format(asked), values))


_BELONGING = """
SELECT asked.person_id, asked.slug FROM {}
JOIN people_person u ON u.id = asked.person_id AND u.is_active
JOIN towns_town t ON t.slug = asked.slug
WHERE EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = asked.person_id AND m.town_id = t.id)
"""


def unproven_since(day: datetime) -> QuerySet[Person]:
    """Who signed up before `day` and never proved the address; nothing of theirs is used."""
    waiting = Person.objects.filter(self_registered=True, last_login=None, created_at__lt=day)
    return waiting.exclude(really_there())


def access_citizen(actor: Person, town: Town, person_id: int) -> Person:
    """One citizen of the town. Raises `NotFound` for anyone else, `Forbidden` as `citizens_of`."""
    person = citizens_of(actor, town).filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def access_import(actor: Person, town: Town, import_id: int) -> CitizenImport:
    """A file of citizens that the actor has sent for this town; its content comes when it is asked for.

    Raises `NotFound` for any other, `Forbidden` unless they may exchange citizens, `Conflict` once it is too old.
    """
    check_exchanges(actor, town)
    found = CitizenImport.objects.filter(pk=import_id, town=town, person=actor).defer("data", "report").first()
    if found is None:
        raise NotFound
    if found.made_at < now() - IMPORT_LIFE:
        raise Conflict(_("Cette vérification a expiré. Envoyez le fichier de nouveau."))
    return found


def waiting_imports(actor: Person, town: Town) -> QuerySet[CitizenImport]:
    """The actor's files of this town that wait to be confirmed, or were; not what they hold."""
    mine = CitizenImport.objects.filter(person=actor, town=town, made_at__gte=now() - IMPORT_LIFE)
    return mine.defer("data", "report").order_by("-made_at")


def takes_long(actor: Person, town: Town, search: str) -> bool:
    """Whether a workbook of those found is for a worker to make. Raises `Forbidden`."""
    return citizens_of(actor, town, search).count() > AT_ONCE


def access_file(actor: Person, town: Town, file_id: int) -> CitizenFile:
    """A workbook that the actor has asked for, without what it holds.

    Raises `NotFound` for any other, and once it is too old; `Forbidden` unless they may still exchange citizens.
    """
    check_exchanges(actor, town)
    found = own_files(actor, town).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def own_files(actor: Person, town: Town) -> QuerySet[CitizenFile]:
    """The actor's workbooks of this town, not what they hold."""
    mine = CitizenFile.objects.filter(person=actor, town=town, asked_at__gte=now() - EXPORT_LIFE)
    return mine.defer("data").order_by("-asked_at")


def check_exchanges(actor: Person, town: Town) -> None:
    """Raise `Forbidden` unless the actor may bring files of citizens in, and take the list out."""
    if not may_exchange_citizens(roles_in(actor, town)):
        raise Forbidden


def team_of(town: Town) -> QuerySet[Membership]:
    """Who works at this town hall: one row per role, by name, with services."""
    return (
        Membership.objects.filter(town=town, role__in=STAFF_ROLES, person__is_active=True)
        .select_related("person")
        .prefetch_related("services")
        .order_by("person__last_name", "person__first_name", "person_id", "role")
    )


def mayor_of(town: Town) -> Person | None:
    """The mayor's account, or None while they have not joined (S17)."""
    membership = (
        Membership.objects.filter(town=town, role=Role.MAYOR, person__is_active=True).select_related("person").first()
    )
    return membership.person if membership else None


def moderators_of(town: Town) -> set[int]:
    """Who looks at what is reported there: moderators, who manages, the mayor."""
    roles = (Role.MODERATOR, *_MANAGING)
    held = Membership.objects.filter(town=town, role__in=roles, person__is_active=True)
    return set(held.values_list("person_id", flat=True))


def managers_of(town: Town) -> list[Person]:
    """Who sets the town up: who manages, the mayor. In the order of their ids."""
    held = Membership.objects.filter(town=town, role__in=_MANAGING)
    return list(Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk"))


def works_in(person: Person, town: Town) -> bool:
    """Whether the person is of this town hall's staff."""
    return person.memberships.filter(town=town, role__in=STAFF_ROLES).exists()


def towns_managed_alone(person: Person) -> list[Town]:
    """The towns that would have nobody to manage them without this person."""
    managed = Town.objects.filter(memberships__person=person, memberships__role__in=_MANAGING).distinct()
    shared = Membership.objects.filter(role__in=_MANAGING, person__is_active=True).exclude(person=person)
    return list(managed.exclude(pk__in=shared.values("town")))


def needs_second_factor(person: Person) -> bool:
    """Whether a town they work for asks for a second factor that they have not set up.

    One indexed query: cheap enough to ask at every request of staff, and so never out of date.
    """
    return bool(lacking_second_factor([person.pk]))


def lacking_second_factor(person_ids: Collection[int]) -> set[int]:
    """Which of these people work for a town that asks for a second factor, and have not set one up."""
    asked = Membership.objects.filter(
        person__in=person_ids, role__in=STAFF_ROLES, town__staff_second_factor=True
    ).values_list("person_id", flat=True)
    strong = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(asked.exclude(person__in=strong.filter(user__in=person_ids).values("user")))


def access_photo(viewer: Person | None, person_id: int) -> Person:
    """A person whose photo the viewer may see: themselves, someone of a town they share, or a mayor.

    Raises `NotFound` for anyone else, and when there is no photo.
    """
    person = Person.objects.filter(pk=person_id, is_active=True).exclude(photo="").first()
    if person is None or not _may_see_photo(viewer, person):
        raise NotFound
    return person


def _may_see_photo(viewer: Person | None, person: Person) -> bool:
    if viewer is not None:
        if viewer.pk == person.pk:
            return True
        towns = viewer.memberships.values("town")
        if person.memberships.filter(town__in=towns).exists():
            return True
    return person.memberships.filter(role=Role.MAYOR).exists()


def person_of_address(email: str) -> Person | None:
    """Whose email address this is, proven or not; None when nobody's."""
    wanted = email.strip()
    if not wanted:
        return None
    proven = EmailAddress.objects.filter(email__iexact=wanted, verified=True).select_related("user").first()
    return proven.user if proven else Person.objects.filter(email__iexact=wanted).first()


def has_proven_address(person: Person) -> bool:
    """Whether they have shown that their email address is theirs: the account is in their hands."""
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


def token_digest(token: str) -> str:
    """What is kept of an API token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of_token(token: str) -> Person | None:
    """Whom this API token stands for; None when it is unknown or the account is closed."""
    found = ApiToken.objects.filter(digest=token_digest(token), person__is_active=True)
    row = found.select_related("person").first()
    return row.person if row else None


def devices_of(person: Person) -> QuerySet[Device]:
    """The devices that show the person what is new, newest first."""
    return Device.objects.filter(person=person, retired_at=None)


def access_device(person: Person, device_id: int) -> Device:
    """One of the person's own. Raises `NotFound` for any other, and for one that is retired."""
    found = devices_of(person).filter(pk=device_id).first()
    if found is None:
        raise NotFound
    return found


def targets_of(device_ids: Iterable[int]) -> dict[int, str]:
    """Where these devices are reached, by their numbers; those that are retired or forgotten are left out."""
    found = Device.objects.filter(pk__in=list(device_ids), retired_at=None)
    return dict(found.values_list("pk", "target"))


def country_of(person: Person) -> str:
    """The country of the person's first town: where a national phone number of theirs belongs."""
    town = Town.objects.filter(memberships__person=person).order_by("memberships__created_at").first()
    return town.country if town else Country.FRANCE


def second_factors_of(person: Person) -> dict[str, int]:
    """How many second factors of each kind protect the account: `{totp, webauthn, recovery_codes}`."""
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    return dict(Counter(kinds))


def protected_by_second_factor(person_ids: Iterable[int]) -> set[int]:
    """Which of these people have set up a second factor."""
    strong = Authenticator.objects.filter(user__in=list(person_ids)).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(strong.values_list("user_id", flat=True))
