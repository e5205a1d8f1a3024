"""Figures of mails that come in, for Prometheus."""

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily

from hub.core.clock import now
from hub.deliveries.metrics import RowsCollector
from inbound_email.models import InboundEmail, Status
from inbound_email.unseen import undecided

_COUNTED = [Status.RECEIVED, Status.WAITING, Status.QUARANTINED]


class InboundCollector(RowsCollector):
    """What nobody has read or decided yet, and what no desk shows."""

    def families(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("parvis_mails", "Mails that came in and are not done with.", labels=["state"])
        rows = InboundEmail.objects.filter(status__in=_COUNTED).order_by().values_list("status").annotate(Count("pk"))
        counted = dict(rows)
        for state in _COUNTED:
            family.add_metric([state], counted.get(state, 0))
        family.add_metric(["unseen"], undecided().count())
        yield family
        oldest = InboundEmail.objects.filter(status=Status.RECEIVED).aggregate(at=Min("received_at"))["at"]
        age = (now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("parvis_mails_oldest_seconds", "Age of the oldest mail that nobody has read.", age)
