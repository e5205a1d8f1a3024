"""« Courriels » among the entries of the desk."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hub.people.desk.entries import Entry
from hub.people.models import Person
from hub.people.rules import Roles
from hub.towns.models import Town
from inbound_email.looking import to_decide


def entry(person: Person, town: Town, roles: Roles) -> Entry | None:
    """Where mails come in: for all who work there, each with what waits for them."""
    if not settings.INBOUND_DOMAIN:
        return None
    return Entry(_("Courriels"), "mail", reverse("desk_mails", args=[town.slug]), to_decide(person, town))
