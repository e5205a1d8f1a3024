"""Everything that changes people, their roles and their keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import phonenumbers
from django.db import transaction
from django.utils.translation import gettext as _

from hub.core.errors import Conflict, Forbidden, Invalid
from hub.core.ids import new_secret
from hub.people import rules
from hub.people.models import Address, ApiToken, Membership, Person, Phone, Role
from hub.people.queries import roles_in, token_digest
from hub.towns.models import Country, Service, Town


def normal_phone(number: str, country: str) -> str:
    """The number in E.164. Raises `Invalid` when it is none. `country`: where a national number belongs."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Invalid(
            _("« %(number)s » n’est pas un numéro de téléphone.") % {"number": number}, field="phone"
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def set_phones(*, person: Person, numbers: Sequence[str], country: str = Country.FRANCE) -> None:
    """Replace the person's phones, in this order: the first one is linked to alerts (S9)."""
    normal = list(dict.fromkeys(normal_phone(number, country) for number in numbers if number.strip()))
    with transaction.atomic():
        person.phones.all().delete()
        Phone.objects.bulk_create(
            Phone(person=person, number=number, position=position) for position, number in enumerate(normal)
        )


def set_address(*, person: Person, fields: Mapping[str, str]) -> None:
    """Replace the person's postal address: `{number, street, postal_code, city}`."""
    Address.objects.update_or_create(person=person, defaults=dict(fields))


def follow_town(*, person: Person, town: Town) -> Membership:
    """Become a citizen member of the town (S18). Calling twice changes nothing."""
    return Membership.objects.get_or_create(person=person, town=town, role=Role.CITIZEN)[0]


def unfollow_town(*, person: Person, town: Town) -> None:
    """Leave the town as a citizen; roles at its town hall stay."""
    Membership.objects.filter(person=person, town=town, role=Role.CITIZEN).delete()


def grant_role(
    *, actor: Person | None, person: Person, town: Town, role: Role, services: Iterable[Service] = ()
) -> Membership:
    """Give a role at the town hall. `actor` None: the installation itself (demo, command line).

    Raises `Forbidden` unless the actor manages the town; `Conflict` when the town has another mayor.
    """
    _check_manages(actor, town)
    with transaction.atomic():
        other = Membership.objects.filter(town=town, role=Role.MAYOR).exclude(person=person)
        if role == Role.MAYOR and other.exists():
            raise Conflict(_("Cette commune a déjà un maire. Retirez d’abord son rôle."))
        membership, _made = Membership.objects.get_or_create(person=person, town=town, role=role)
        membership.services.set([service for service in services if service.town_id == town.pk])
    return membership


def revoke_role(*, actor: Person | None, person: Person, town: Town, role: Role) -> None:
    """Take a role away. Open sockets stop getting what it opened within seconds.

    Raises `Forbidden` unless the actor manages the town; `Invalid` when they would shut themselves out.
    """
    _check_manages(actor, town)
    if actor is not None and actor.pk == person.pk and role in {Role.MAYOR, Role.MANAGER}:
        raise Invalid(_("Vous ne pouvez pas vous retirer vous-même ce rôle."))
    Membership.objects.filter(person=person, town=town, role=role).delete()


def register_citizen(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> Person:
    """Staff register a citizen from the desk (S1): `{email, first_name, last_name, language, …}`.

    The person signs in later by a code sent to that address. Known already: they are added to the town, and what
    they told of themselves is left as it is.
    """
    if not rules.may_see_citizens(roles_in(actor, town)):
        raise Forbidden
    email = str(fields["email"]).strip().lower()
    with transaction.atomic():
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            person = Person.objects.create_user(**{**fields, "email": email})
        follow_town(person=person, town=town)
    return person


def close_account(*, person: Person) -> None:
    """Disable the account: no sign-in, no token, open sockets closed."""
    person.is_active = False
    person.save(update_fields=["is_active"])


def issue_token(*, person: Person, name: str) -> str:
    """Make an API token for the person and return it. It is shown this once: only its digest is kept."""
    token = f"parvis_{new_secret()}"
    ApiToken.objects.create(person=person, name=name, digest=token_digest(token))
    return token


def revoke_token(*, person: Person, token_id: int) -> None:
    """Take one of the person's own tokens back. Unknown ones are ignored."""
    ApiToken.objects.filter(person=person, pk=token_id).delete()


def _check_manages(actor: Person | None, town: Town) -> None:
    if actor is not None and not rules.may_manage_town(roles_in(actor, town)):
        raise Forbidden
