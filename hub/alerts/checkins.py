"""What is heard of an alert after it was sent. Calls to the register ask people how they are: 1, all is well; 2,
somebody is to call back.

Who presses 2 is handed to whoever keeps what is asked of the town (`hub.jobs`): that room is none of ours.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.db.models import Exists, OuterRef

from hub.alerts import lifecycle, progress
from hub.alerts.dispatches import deliveries_of
from hub.alerts.models import Alert, Recipient, Status
from hub.core.clock import now
from hub.deliveries.models import Channel

# Given an alert and the people who pressed 2 in its calls; it is called again with the same.
CallBack = Callable[[Alert, Sequence[Recipient]], None]

# How long after its start an alert is still looked at, and how long after its end receipts come in.
LISTENED_FOR = timedelta(hours=24)
LATE_FOR = timedelta(hours=2)

log = structlog.get_logger(__name__)


def settle(call_back: CallBack) -> int:
    """Take what was said since the last time. Returns how many wait to be called back. Calling twice is safe.

    What becomes of an SMS or a call is told after it was handed over: whom it reaches is reached although the alert is
    over.
    """
    recent = Alert.objects.select_related("town", "author", "approver").filter(started_at__gt=now() - LISTENED_FOR)
    asking = 0
    for alert in recent:
        if alert.status != Status.SENDING and alert.ended_at and alert.ended_at > now() - LATE_FOR:
            progress.mark_reached(alert)
            progress.tell(alert)
        if alert.calls_id is not None and lifecycle.checks_in(alert) and (people := _to_call(alert)):
            asking += len(people)
            call_back(alert, people)
    return asking


def _to_call(alert: Alert) -> list[Recipient]:
    """Those whose number was called, and who want to be called back."""
    calls = deliveries_of(alert).filter(channel=Channel.VOICE, pressed=lifecycle.CALL_BACK)
    asked = Recipient.objects.filter(Exists(calls.filter(address=OuterRef("voice"))), alert=alert, person__isnull=False)
    return list(asked.exclude(voice="").select_related("person").order_by("pk"))
