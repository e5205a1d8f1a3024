"""What is asked for: of which town, which of its tickets. Raises `Refused` for what the specification refuses."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.tickets import rules
from hub.tickets.models import CLOSED, Category, Ticket
from hub.tickets.open311.replies import Refused
from hub.tickets.tree import Tree
from hub.towns.models import Town

MAX_SPAN = timedelta(days=90)
MOST = 1_000  # « Response Volume »
_SLUG = re.compile(r"[\w-]{1,60}", re.ASCII)
# W3C's note on dates: a day, or a moment with its zone. « + » arrives as a space where it was not encoded.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+ -]\d{2}:\d{2})", re.ASCII)


def town_of(asked: QueryDict) -> Town:
    """`jurisdiction_id`: the town's short name; the only town, where there is one."""
    slug = asked.get("jurisdiction_id", "").strip()
    if slug:
        town = Town.objects.filter(slug=slug).first() if _SLUG.fullmatch(slug) else None
        if town is None:
            raise Refused(404, _("jurisdiction_id : cette commune n’existe pas ici."))
        return town
    towns = list(Town.objects.all()[:2])
    if len(towns) != 1:
        raise Refused(400, _("jurisdiction_id n’a pas été donné : ce site sert plusieurs communes."))
    return towns[0]


def service_of(tree: Tree, code: str) -> Category:
    """A category that citizens may choose now."""
    code = code.strip()
    if not code:
        raise Refused(400, _("service_code n’a pas été donné."))
    category = tree.get(_id(code))
    if category is None or not tree.usable(category, by_citizens=True):
        raise Refused(404, _("service_code : ce service n’existe pas."))
    return category


def _id(code: str) -> int:
    return int(code) if code.isascii() and code.isdigit() and len(code) < 18 else 0


@dataclass(frozen=True)
class Wanted:
    """Which tickets. `numbers`, when there are any, stand alone."""

    numbers: list[str] | None
    services: list[int]
    closed: bool | None
    first: datetime
    last: datetime

    def among(self, found: QuerySet[Ticket]) -> QuerySet[Ticket]:
        """Those of `found`, a thousand at most."""
        if self.numbers is not None:
            return found.filter(number__in=self.numbers)[:MOST]
        found = found.filter(created_at__gte=self.first, created_at__lte=self.last)
        if self.services:
            found = found.filter(category__in=self.services)
        if self.closed is not None:
            found = found.filter(status__in=CLOSED) if self.closed else found.exclude(status__in=CLOSED)
        return found[:MOST]


def wanted(asked: QueryDict, town: Town) -> Wanted:
    """The filters of « GET Service Requests »."""
    numbers = _listed(asked, "service_request_id")
    if numbers:  # « This overrides all other arguments »
        known = [number for one in numbers[:MOST] if (number := rules.read_number(one))]
        return Wanted(known, [], None, now(), now())
    services = [_id(code) for code in _listed(asked, "service_code")]
    return Wanted(None, services, _closed(_listed(asked, "status")), *_span(asked, town))


def _listed(asked: QueryDict, name: str) -> list[str]:
    """Several values: with commas, or the name several times."""
    parts = [part.strip() for value in asked.getlist(name) for part in value.split(",")]
    return [part for part in parts if part]


def _closed(statuses: list[str]) -> bool | None:
    if set(statuses) - {"open", "closed"}:
        raise Refused(400, _("status : « open » ou « closed »."))
    return None if len(set(statuses)) != 1 else statuses[0] == "closed"


def _span(asked: QueryDict, town: Town) -> tuple[datetime, datetime]:
    """From when to when; the latest 90 days unless something else is said."""
    first = _moment(asked, "start_date", town, ends=False)
    last = _moment(asked, "end_date", town, ends=True)
    if first is not None and last is not None:
        if first > last:
            raise Refused(400, _("start_date vient après end_date."))
        if last - first > MAX_SPAN:
            raise Refused(400, _("De start_date à end_date, 90 jours au plus."))
        return first, last
    try:
        if first is not None:
            return first, first + MAX_SPAN
        last = last or now()
        return last - MAX_SPAN, last
    except OverflowError:
        raise _no_date("start_date" if first else "end_date") from None


def _moment(asked: QueryDict, name: str, town: Town, *, ends: bool) -> datetime | None:
    """A day alone is the town's: its beginning, or with `ends` its end."""
    text = asked.get(name, "").strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            day = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(town.time_zone))
            return day + timedelta(days=1, microseconds=-1) if ends else day
        if found := _MOMENT.fullmatch(text):
            return datetime.fromisoformat(found[1] + found[2].replace(" ", "+"))
    except (ValueError, OverflowError):
        pass
    raise _no_date(name)


def _no_date(name: str) -> Refused:
    return Refused(400, _("%(name)s : écrivez la date avec son fuseau, comme 2026-05-12T08:30:00Z.") % {"name": name})
