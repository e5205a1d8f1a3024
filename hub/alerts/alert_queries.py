"""Reading alerts: only where one works."""

from collections.abc import Collection

from django.db.models import QuerySet

from hub.alerts import lifecycle
from hub.alerts.models import Alert, Rules, Status
from hub.core.errors import Forbidden, NotFound
from hub.people.models import Membership, Person
from hub.people.queries import access_desk
from hub.towns.models import Town

_WITH = ("town", "author", "approver", "theme", "about", "dispatch")


def access_alert(actor: Person, alert_id: int) -> Alert:
    """An alert of a town where the actor decides of alerts. Raises `NotFound`, also for another town's, `Forbidden`."""
    alert = Alert.objects.select_related(*_WITH).filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    _town, roles = access_desk(actor, alert.town.slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return alert


def alerts_of(actor: Person, town: Town) -> QuerySet[Alert]:
    """The town's alerts, the latest first. Raises as `access_alert`."""
    _town, roles = access_desk(actor, town.slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return Alert.objects.filter(town=town).select_related(*_WITH).order_by("-created_at", "-pk")


def deciding(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these (person, alert) pairs are somebody who decides of alerts in the alert's town; two queries."""
    towns = dict(Alert.objects.filter(pk__in={alert for _person, alert in pairs}).values_list("pk", "town"))
    held = Membership.objects.filter(
        person__in={person for person, _alert in pairs}, person__is_active=True, town__in=set(towns.values()),
        role__in=lifecycle.DECIDE,
    )  # fmt: skip
    inside = set(held.values_list("person_id", "town_id"))
    return {pair for pair in pairs if (pair[0], towns.get(pair[1], 0)) in inside}


def published(town: Town) -> QuerySet[Alert]:
    """What the town has told everybody: real alerts that have left, the latest first."""
    left = Alert.objects.filter(town=town, exercise=False, started_at__isnull=False)
    return left.exclude(status=Status.STOPPED, expanded_at=None).select_related("town", "theme").order_by("-started_at")


def at_work(town: Town) -> QuerySet[Alert]:
    """What waits for somebody's yes or its hour, or is leaving; the latest first."""
    states = [Status.PENDING, Status.SCHEDULED, Status.SENDING]
    return Alert.objects.filter(town=town, status__in=states).order_by("-pk")


def access_published(town: Town, number: str) -> Alert:
    """One of these. Raises `NotFound` for one that was never told."""
    found = published(town).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def rules_of(town: Town) -> Rules:
    """How the town handles its alerts; the defaults where it never said."""
    return Rules.objects.filter(town=town).first() or Rules(town=town)
