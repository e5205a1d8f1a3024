"""What left of an alert is forgotten after a month, address by address; its figures stay for good, for its proof."""

from datetime import timedelta

import structlog
from django.db import transaction

from hub.alerts import progress, reach
from hub.alerts.dispatches import times_of
from hub.alerts.models import Alert, Status
from hub.core.clock import now
from hub.deliveries.actions import KEEP_DAYS

log = structlog.get_logger(__name__)

_BEFORE = timedelta(days=KEEP_DAYS - 1)


def keep_figures() -> int:
    """Of alerts whose rows are about to be forgotten: how many by each means, when, and why some did not get through.

    Called before rows are forgotten. Returns of how many alerts; of one whose figures are kept already nothing more.
    """
    old = Alert.objects.filter(started_at__lt=now() - _BEFORE, kept={}, status__in=(Status.DONE, Status.STOPPED))
    alerts = list(old.select_related("town"))
    for alert in alerts:
        _keep(alert)
    if alerts:
        log.info("alerts.figures_kept", alerts=len(alerts))
    return len(alerts)


def _keep(alert: Alert) -> None:
    with transaction.atomic():
        progress.mark_reached(alert)  # by what was said of it since it ended
        found = progress.standing(alert)
        times = {
            channel: [at.isoformat() if at else None for at in moments] for channel, moments in times_of(alert).items()
        }
        kept = {
            "total": found.total, "reached": found.reached, "by_channel": found.by_channel, "times": times,
            "lost": [list(one) for one in reach.lost_of(alert)],
        }  # fmt: skip
        Alert.objects.filter(pk=alert.pk, kept={}).update(kept=kept)
