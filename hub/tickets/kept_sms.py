"""Words by SMS that no ticket and no alert took: kept for the town's desk, until somebody has seen to them."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import NotFound
from hub.deliveries.incoming import towns_of
from hub.deliveries.models import Channel, Did, InboundSms
from hub.deliveries.queries import channel_is_open
from hub.people.desk.entries import Entry
from hub.people.models import Person
from hub.people.rules import Roles
from hub.towns.models import Town

SHOWN_FOR = timedelta(days=30)
_MOST = 200


def kept_sms(town: Town) -> list[InboundSms]:
    """Those for this town of the last thirty days, the newest first. The caller has asked `access_desk`."""
    rows = list(InboundSms.objects.filter(did=Did.KEPT, at__gt=now() - SHOWN_FOR).order_by("-at", "-pk")[:_MOST])
    towns = towns_of({row.sender for row in rows}) if rows else {}
    return [row for row in rows if towns.get(row.sender) == town.pk]


def kept_one(town: Town, given: str) -> InboundSms:
    """One of them, by the number in an address or a form. Raises `NotFound`."""
    found = next((row for row in kept_sms(town) if str(row.pk) == given), None)
    if found is None:
        raise NotFound
    return found


def see_to(sms: InboundSms) -> None:
    """Nobody has to read it any more. Safe to call again."""
    InboundSms.objects.filter(pk=sms.pk, did=Did.KEPT).update(did=Did.NOTHING)


def entry(person: Person, town: Town, roles: Roles) -> Entry | None:
    """« SMS » among the entries of the desk, while something waits there."""
    count = len(kept_sms(town)) if channel_is_open(Channel.SMS) else 0
    return Entry(_("SMS"), "sms", reverse("desk_kept_sms", args=[town.slug]), count) if count else None
