"""What every page of alerts begins with."""

from django.http import HttpRequest

from hub.alerts import lifecycle
from hub.alerts.alert_queries import access_alert
from hub.alerts.models import Alert
from hub.core.errors import Forbidden, NotFound
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.people.rules import Roles
from hub.towns.models import Town


def enter_alerts(request: HttpRequest, town_slug: str) -> tuple[Person, Town, Roles]:
    """Who decides of alerts here. Raises as `access_desk`, and `Forbidden` for others of the team."""
    person, town, roles = enter(request, town_slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return person, town, roles


def opened(request: HttpRequest, town_slug: str, alert_id: int) -> tuple[Person, Town, Alert]:
    """One alert of this town. Raises `NotFound`, also for another town's."""
    person, town, _roles = enter_alerts(request, town_slug)
    alert = access_alert(person, alert_id)
    if alert.town_id != town.pk:
        raise NotFound
    return person, town, alert


def live(request: HttpRequest) -> bool:
    """Whether the page's own script asks, for a part of it."""
    return request.headers.get("X-Requested-With") == "fetch"
