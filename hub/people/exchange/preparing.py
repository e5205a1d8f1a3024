"""Claim → make → keep: workbooks of citizens that take too long for a page to wait for them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from hub.core.clock import now
from hub.core.spreadsheets import xlsx
from hub.people.citizen_list import view
from hub.people.exchange.listing import Listing
from hub.people.exchange.writing import CitizenTable
from hub.people.models import CitizenFile
from hub.people.queries import EXPORT_LIFE

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)  # a worker that has not ended by then is taken for dead
MOST_ATTEMPTS = 3


def prepare(file_id: int) -> bool:
    """Make this one if nobody else does. Returns whether it was ours to make; what came of it stands in the row."""
    asked = _claim(file_id)
    if asked is None:
        return False
    try:
        _make(asked)
    except Exception:  # the page says so, and it may be asked for again
        log.exception("people.export_failed", file=file_id)
        _ours(asked).update(failed_at=now(), lease_until=None)
    return True


def left() -> list[int]:
    """What a lost task or a dead worker left. Those that have killed several are given up; old ones are forgotten."""
    CitizenFile.objects.filter(asked_at__lt=now() - EXPORT_LIFE).delete()
    waiting = _free().filter(asked_at__lt=now() - timedelta(seconds=20))
    waiting.filter(attempts__gte=MOST_ATTEMPTS).update(failed_at=now(), lease_until=None)
    return list(waiting.order_by("asked_at").values_list("pk", flat=True))


def _free() -> Any:
    free = Q(lease_until=None) | Q(lease_until__lt=now())
    return CitizenFile.objects.filter(free, ready_at=None, failed_at=None)


def _claim(file_id: int) -> CitizenFile | None:
    lease = now() + LEASE
    ours = _free().filter(pk=file_id, attempts__lt=MOST_ATTEMPTS)
    if not ours.update(lease_until=lease, attempts=F("attempts") + 1):
        return None
    return CitizenFile.objects.select_related("town", "person").filter(pk=file_id, lease_until=lease).first()


def _ours(asked: CitizenFile) -> Any:
    return CitizenFile.objects.filter(pk=asked.pk, lease_until=asked.lease_until)


def _make(asked: CitizenFile) -> None:
    """No transaction is open while it is made."""
    listing = Listing(asked.person, asked.town, asked.search, view(asked.columns, asked.order))
    with translation.override(asked.language):
        names = listing.names()
        table = CitizenTable(asked.town, names)
        counted = _Counted(listing.rows(table))
        data = xlsx(table.headers, counted)
    with transaction.atomic():
        kept = _ours(asked).update(data=data, count=counted.count, ready_at=now(), lease_until=None)
        if kept:
            listing.tell_trail(counted.count, "xlsx", names)
    log.info("people.export_ready", file=asked.pk, rows=counted.count, size=len(data), kept=bool(kept))


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[list[Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self._rows:
            self.count += 1
            yield row
