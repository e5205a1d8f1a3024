"""Reading alerts: only where one works."""

from django.db.models import QuerySet

from hub.alerts import lifecycle
from hub.alerts.models import Alert, Rules, Status
from hub.core.errors import Forbidden, NotFound
from hub.people.models import Person
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


def published(town: Town) -> QuerySet[Alert]:
    """What the town has told everybody: real alerts that have left, the latest first."""
    left = Alert.objects.filter(town=town, exercise=False, started_at__isnull=False)
    return left.exclude(status=Status.STOPPED, expanded_at=None).select_related("town", "theme").order_by("-started_at")


def rules_of(town: Town) -> Rules:
    """How the town handles its alerts; the defaults where it never said."""
    return Rules.objects.filter(town=town).first() or Rules(town=town)
