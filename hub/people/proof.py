"""What follows from what a person has just proven."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from hub.people.actions import forget_password
from hub.people.models import Person


@receiver(email_confirmed)
def distrust_earlier_password(request: HttpRequest, email_address: EmailAddress, **_signal: Any) -> None:
    """A password set before the address was proven may be a stranger's, who signed up with it and waited.

    Who proves the address by a code alone keeps nothing of it. Who signs up, or signs in by that password and
    then proves the address, has shown both in one session.
    """
    person = email_address.user
    records = get_authentication_records(request, person)
    by_code = bool(records) and records[-1]["method"] == "code"
    if by_code and person.has_usable_password():
        forget_password(person=person)


@receiver(authenticator_added)
def count_as_just_shown(request: HttpRequest, user: Person, authenticator: Authenticator, **_signal: Any) -> None:
    """Who has just set up a second factor need not show it again to see their recovery codes."""
    kind = {"id": authenticator.pk, "type": authenticator.type}
    record_authentication(request, user, "mfa", reauthenticated=True, **kind)
