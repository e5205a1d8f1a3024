"""Services are reminded of due dates: once for each date, some days before, in one mail for each service (S109).

`Ticket.reminded_on` says of which due date the service was told; it moves in the transaction that queues the mail, and
only from where it was seen: two clocks can't tell twice. A later due date is another one, and told again.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from hub.core.clock import now
from hub.tickets import mail, queries
from hub.tickets.models import OPEN, Ticket
from hub.towns.models import Service, Town

log = structlog.get_logger(__name__)

MORNING = range(7, 12)  # hours of the town's clock
PAST = timedelta(days=7)  # dates older than that are no news


def remind_services() -> int:
    """Tell the services of all towns where it is the morning of a working day. Returns how many mails.

    Safe to call twice at once, and as often as one likes.
    """
    mails = sum(_try_remind(town) for town in Town.objects.order_by("pk") if _is_morning(town))
    if mails:
        log.info("tickets.services_reminded", services=mails)
    return mails


def _is_morning(town: Town) -> bool:
    return now().astimezone(ZoneInfo(town.time_zone)).hour in MORNING


def _try_remind(town: Town) -> int:
    """One town whose mails can't be written keeps no other's back; it is tried again at the next ring."""
    try:
        return _remind(town)
    except Exception:
        log.exception("tickets.reminder_failed", town=town.pk)
        return 0


def _remind(town: Town) -> int:
    days = _days(town)
    if days is None:
        return 0
    due = _untold(town, *days).exclude(service=None).select_related("service")
    rows = sorted(due, key=lambda ticket: (ticket.service_id or 0, ticket.pk))
    by_service = groupby(rows, key=lambda ticket: ticket.service)
    return sum(_tell(service, town, list(tickets)) for service, tickets in by_service if service is not None)


def _days(town: Town) -> tuple[date, date] | None:
    """The first and the last due date told of today; None on a day on which the town does not work.

    What would fall on its days of rest is told on the working day before them.
    """
    settings, today = queries.desk_settings(town), queries.today_in(town)
    calendar = queries.calendar_of(settings, town)
    if not calendar.is_working(today):
        return None
    last_quiet = calendar.add_days(today, 1) - timedelta(days=1)
    return today - PAST, last_quiet + timedelta(days=settings.reminder_days)


def _untold(town: Town, first: date, last: date) -> QuerySet[Ticket]:
    untold = Q(reminded_on=None) | ~Q(reminded_on=F("due_on"))
    return Ticket.objects.filter(untold, town=town, status__in=OPEN, merged=False, due_on__range=(first, last))


def _tell(service: Service, town: Town, tickets: Iterable[Ticket]) -> bool:
    """One mail about those that nobody else has told of meanwhile."""
    service.town = town
    with transaction.atomic():
        # Always in this order: two clocks then wait for each other instead of locking each other out.
        claimed = [ticket for ticket in tickets if _claim(ticket)]
        for ticket in claimed:
            ticket.town = town
        ordered = sorted(claimed, key=lambda ticket: (ticket.due_on or date.max, -ticket.priority, ticket.pk))
        if ordered and mail.send_due_soon(service, ordered):
            return True
        transaction.set_rollback(True)  # nobody to tell: perhaps tomorrow there is
    return False


def _claim(ticket: Ticket) -> bool:
    """Whether the service has yet to be told of this date; it now is."""
    seen = Ticket.objects.filter(pk=ticket.pk, due_on=ticket.due_on, status__in=OPEN, service=ticket.service_id)
    untold = seen.filter(Q(reminded_on=None) | ~Q(reminded_on=ticket.due_on))
    return bool(untold.update(reminded_on=ticket.due_on))
