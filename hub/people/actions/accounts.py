"""Accounts and their keys: opened, closed, used by a program."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Conflict
from hub.core.ids import new_secret
from hub.people import records
from hub.people.actions.details import remove_photo
from hub.people.models import STAFF_ROLES, Address, ApiToken, Person
from hub.people.queries import token_digest, towns_managed_alone, unproven_since


def open_account(*, email: str, **fields: Any) -> Person:
    """A person who will sign in by a code sent to `email`, which proves that it is theirs.

    `email` may be empty: then they can't sign in.
    """
    with transaction.atomic():
        person = Person.objects.create_user(email, **fields)
        if person.email:
            EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    return person


def forget_unproven(*, older_than: timedelta) -> int:
    """Delete sign-ups whose address nobody proved in that time; how many there were. Safe to repeat."""
    _count, by_model = unproven_since(now() - older_than).delete()
    return by_model.get("people.Person", 0)


def forget_sessions() -> int:
    """Delete sign-ins that are over, and what their browsers had shown; how many. Safe to repeat."""
    return int(Session.objects.filter(expire_date__lt=now()).delete()[0])


def forget_password(*, person: Person) -> None:
    """Take the password away: from now on they sign in by a code, or choose a new one."""
    person.set_unusable_password()
    person.save(update_fields=["password"])


def close_account(*, person: Person) -> None:
    """Close the account for good: no sign-in, no token, open sockets closed.

    What reached them (address, phones, devices, photo, birth date) is deleted, and their email address is free again.
    Their name stays on what they wrote to a town hall in conversations; each room forgets the rest
    (`hub.people.records`).
    Raises `Conflict` while a town has nobody else to manage it.
    """
    if towns := towns_managed_alone(person):
        raise Conflict(
            _("Personne d’autre ne gère %(town)s. Confiez d’abord la gestion à quelqu’un.") % {"town": towns[0].name}
        )
    with transaction.atomic():
        records.forget(person)
        _forget_keys(person)
        _forget_details(person)
        person.memberships.filter(role__in=STAFF_ROLES).delete()
        person.is_active = False
        person.save(update_fields=["is_active"])


def _forget_keys(person: Person) -> None:
    person.api_tokens.all().delete()
    person.devices.all().delete()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    forget_password(person=person)


def _forget_details(person: Person) -> None:
    remove_photo(person=person)
    person.phones.all().delete()
    Address.objects.filter(person=person).delete()
    person.email = ""
    person.birth_date = None
    person.save(update_fields=["email", "birth_date"])


def issue_token(*, person: Person, name: str) -> str:
    """Make an API token for the person and return it. It is shown this once: only its digest is kept."""
    token = f"parvis_{new_secret()}"
    ApiToken.objects.create(person=person, name=name, digest=token_digest(token))
    return token


def revoke_token(*, person: Person, token_id: int) -> None:
    """Take one of the person's own tokens back. Unknown ones are ignored."""
    ApiToken.objects.filter(person=person, pk=token_id).delete()
