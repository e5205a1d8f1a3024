"""What follows from a proven email address."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver
from django.http import HttpRequest

from hub.people.actions import forget_password


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
