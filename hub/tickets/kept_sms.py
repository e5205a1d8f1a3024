"""Words by SMS that no ticket and no alert took: kept for the town's desk, until somebody has seen to them."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import NotFound
from hub.deliveries.events import SmsChanged
from hub.deliveries.models import Channel, Did, InboundSms
from hub.deliveries.queries import channel_is_open
from hub.people.desk.entries import Entry
from hub.people.models import Person
from hub.people.rules import Roles, may_see_citizens
from hub.streams import topics
from hub.streams.actions import unit
from hub.towns.models import Town

SHOWN_FOR = timedelta(days=30)


def kept_sms(town: Town) -> QuerySet[InboundSms]:
    """Those for this town of the last thirty days, the newest first. The caller has asked `may_see_citizens`."""
    kept = InboundSms.objects.filter(town=town, did=Did.KEPT, at__gt=now() - SHOWN_FOR)
    return kept.order_by("-at", "-pk")


def kept_one(town: Town, given: str) -> InboundSms:
    """One of them, by the number in an address or a form. Raises `NotFound`."""
    found = kept_sms(town).filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    if found is None:
        raise NotFound
    return found


def see_to(sms: InboundSms) -> None:
    """Nobody has to read it any more. Safe to call again."""
    with unit() as work:
        waited = InboundSms.objects.filter(pk=sms.pk, did=Did.KEPT).update(did=Did.NOTHING)
        if waited and sms.town is not None:
            work.publish(topics.desk(sms.town.slug), lambda _number: SmsChanged())


def entry(person: Person, town: Town, roles: Roles) -> Entry | None:
    """« SMS » among the entries of the desk, where SMS are used."""
    if not (may_see_citizens(roles) and channel_is_open(Channel.SMS)):
        return None
    return Entry(_("SMS"), "sms", reverse("desk_kept_sms", args=[town.slug]), kept_sms(town).count())
