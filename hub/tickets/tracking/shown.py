"""What a ticket's page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from hub.core.clock import now
from hub.core.ids import new_key
from hub.people.models import Person
from hub.people.queries import mayor_of
from hub.tickets import naming, queries, reaching, rules
from hub.tickets.models import Ticket
from hub.tickets.reaching import Means
from hub.tickets.tracking import timeline, words
from hub.tickets.tracking.timeline import Step
from hub.tickets.tracking.visit import Visit


@dataclass(frozen=True)
class Accountable:
    """Who answers for it (S139): the person whom the town names, else its mayor; and where one may call."""

    office: str
    name: str
    mayor: Person | None
    service: str
    phone: str


def moving(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What the parts show that change while the page is open."""
    ticket = visit.ticket
    steps = timeline.steps_of(visit)
    return {
        "visit": visit,
        "ticket": ticket,
        "town": ticket.town,
        "title": ticket.title if visit.mine else naming.public_title(ticket),
        "state": words.state_of(ticket),
        "steps": steps,
        "due": words.told_day(ticket.due_on, ticket.town) if ticket.due_on else "",
        "late": rules.is_late(ticket, queries.today_in(ticket.town)),
        "closed_day": _day(ticket, ticket.closed_at),
        "answered": _last_words_are_the_towns(steps),
        "following": queries.is_following(visit.reader, ticket),
        "settling": _settling(request, visit),
    }


def _day(ticket: Ticket, at: datetime | None) -> str:
    return words.told_day(queries.today_in(ticket.town, at), ticket.town) if at else ""


def _last_words_are_the_towns(steps: list[Step]) -> bool:
    said = [step for step in steps if step.said]
    return bool(said) and not said[-1].own


def _settling(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """« C’est réglé ? », for some days after closing. A mail's link brings the answer, which is sent by a press."""
    ticket = visit.ticket
    days = queries.desk_settings(ticket.town).reopen_days
    if not visit.mine or not rules.may_settle(ticket, now(), days=days):
        return None
    linked = {"oui": "yes", "non": "no"}.get(request.GET.get("regle", ""), "")
    known = {True: "yes", False: "no"}[ticket.settled] if ticket.settled is not None else ""
    return {
        "chosen": request.POST.get("settled") or linked or known,
        "comment": request.POST.get("comment", ticket.settled_comment),
        "known": known,
        "last_day": _day(ticket, timeline.last_to_reopen(ticket, days)),
    }


def lasting(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What stays as it is while the page is open."""
    ticket = visit.ticket
    given = ticket.files.filter(message=None, by_town=False).select_related("file") if visit.mine else ()
    reach = reaching.reach_of(ticket) if visit.mine else None
    return {
        "by_sms": visit.mine and not ticket.email and bool(reaching.mobile_of(ticket, ticket.town.country)),
        "sms_stopped": reach is not None and reach.means is Means.STOPPED,
        "accountable": accountable(ticket),
        "given": given,
        "may_answer": visit.mine and rules.may_answer(ticket, visit.seen.stance),
        "key": request.POST.get("key") or new_key(),
        "body": request.POST.get("body", ""),
        "email": request.POST.get("email", ""),
        "accept": ",".join(f".{kind}" for kind in rules.ANSWER_FILES),
    }


def accountable(ticket: Ticket) -> Accountable:
    """Whose name stands under it."""
    town, service = ticket.town, ticket.service
    named, mayor = queries.desk_settings(town).accountable, mayor_of(town)
    called = service if service and service.phone else None
    return Accountable(
        office=words.under_whom(town, named=bool(named)),
        name=named or (mayor.name if mayor else ""),
        mayor=None if named else mayor,
        service=called.name if called else naming.town_hall(town),
        phone=called.phone if called else town.phone,
    )
