"""Figures of the outbox for Prometheus, read from the rows: any process can tell those of all workers."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import timedelta

import structlog
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.core.clock import now
from hub.deliveries.models import Delivery, State

log = structlog.get_logger(__name__)

_WAITING = Q(state__in=[State.QUEUED, State.SENDING])


class RowsCollector(Collector):
    """Asked at each scrape. A database that is away leaves its figures out; it doesn't fail the page."""

    @abstractmethod
    def families(self) -> Iterator[GaugeMetricFamily]:
        """The figures, read from the rows."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read when the collector is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            families = list(self.families())
        except DatabaseError as error:
            log.warning("metrics.database_away", error=repr(error))
            return
        yield from families


class OutboxCollector(RowsCollector):
    """What waits, and how it ended."""

    def families(self) -> Iterator[GaugeMetricFamily]:
        yield from (self._by_state(), self._oldest())

    def _by_state(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "parvis_deliveries",
            "Deliveries: all that wait, and those of the last day that have ended.",
            labels=["channel", "state"],
        )
        found = Delivery.objects.filter(_WAITING | Q(created_at__gte=now() - timedelta(days=1)))
        counted = found.order_by().values_list("channel", "state").annotate(Count("pk"))
        for channel, state, count in counted:
            family.add_metric([channel, state], count)
        return family

    def _oldest(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "parvis_deliveries_oldest_seconds", "Age of the oldest delivery that still waits.", labels=["channel"]
        )
        oldest = Delivery.objects.filter(_WAITING).order_by().values_list("channel").annotate(Min("created_at"))
        for channel, created_at in oldest:
            family.add_metric([channel], (now() - created_at).total_seconds())
        return family
