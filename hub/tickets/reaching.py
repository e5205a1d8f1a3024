"""By which means a requester hears of their ticket: mail, SMS where they gave no mail, or nothing but its page.

The desk says it before something is sent, and what is sent asks the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hub.core.phones import takes_sms
from hub.deliveries import allowance, sparing
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open, sms_stopped
from hub.tickets import queries, rules
from hub.tickets.models import Ticket

SMS_A_DAY = 3  # about one ticket: what is more waits on its page, and the next SMS says so
WITH_ITS_END = SMS_A_DAY + 1  # that it is treated or refused may be one more


class Means(StrEnum):
    """How they are told."""

    MAIL = "mail"
    SMS = "sms"
    STOPPED = "stopped"  # it would be an SMS, but that number answered STOP
    UNREACHED = "unreached"  # they gave neither mail nor a number that takes SMS
    UNASKED = "unasked"  # they did not ask to be told
    NOBODY = "nobody"  # anonymous or internal: there is no requester to tell


@dataclass(frozen=True)
class Reach:
    """By what, and where: an address, or a number in E.164."""

    means: Means
    address: str = ""


class Reachable(Protocol):
    """What somebody gave to be reached by: a ticket, or a contact before there is one."""

    @property
    def phone(self) -> str: ...

    @property
    def phone2(self) -> str: ...


def mobile_of(who: Reachable, country: str) -> str:
    """The number that an SMS reaches, of the two that they gave; "" for none (a landline, another country's, one that
    this hub does not serve), and while SMS have no way out."""
    if not channel_is_open(Channel.SMS):
        return ""
    given = (who.phone, who.phone2)
    return next((one for one in given if takes_sms(one, country) and not allowance.refusal(one)), "")


def is_reached(ticket: Ticket) -> bool:
    """Whether its requester gave a mail, or a number that takes SMS."""
    return bool(ticket.email or mobile_of(ticket, ticket.town.country))


def sms_instead(who: Reachable, country: str) -> str | None:
    """The same, for `rules.check_follow_ups`; None while SMS have no way out: then nothing stands in for an email."""
    return mobile_of(who, country) if channel_is_open(Channel.SMS) else None


def reach_of(ticket: Ticket) -> Reach:
    """How its requester is told of it."""
    return reaches([ticket])[ticket.pk]


def reaches(tickets: Iterable[Ticket]) -> dict[int, Reach]:
    """The same of several, by id; whether numbers answered STOP is asked once for all."""
    found = {one.pk: _given(one) for one in tickets}
    numbers = {one.address for one in found.values() if one.means is Means.SMS}
    stopped = sms_stopped(numbers) if numbers else {}
    return {pk: Reach(Means.STOPPED, one.address) if one.address in stopped else one for pk, one in found.items()}


def _given(ticket: Ticket) -> Reach:
    if not rules.may_write_to_requester(ticket):
        return Reach(Means.NOBODY)
    mobile = "" if ticket.email else mobile_of(ticket, ticket.town.country)
    if not ticket.email and not mobile:
        return Reach(Means.UNREACHED)
    if not ticket.wants_follow_ups:
        return Reach(Means.UNASKED)
    return Reach(Means.MAIL, ticket.email) if ticket.email else Reach(Means.SMS, mobile)


def take_turn(ticket: Ticket, *, most: int) -> int | None:
    """Count an SMS about the ticket, which the caller holds: `sparing.take_turn`, in the town's days."""
    return sparing.take_turn(_about(ticket), queries.today_in(ticket.town), most=most)


def is_used_up(ticket: Ticket, *, most: int) -> bool:
    """Whether the next SMS about the ticket would wait for another day."""
    return sparing.is_used_up(_about(ticket), queries.today_in(ticket.town), most=most)


def _about(ticket: Ticket) -> str:
    return f"ticket {ticket.pk}"
