"""Tells a town something again and again. `python -m bench.notifications.teller TOWN SECONDS`

Each broadcast begins when the one before it has been written. Prints a line of JSON: how many rows each made, and
how many seconds passed from the commit until all of them were stored.
"""

import json
import sys
import time

import django

django.setup()

from hub.notifications.actions import broadcast
from hub.notifications.models import Broadcast, Kind, Notification
from hub.streams.actions import unit
from hub.towns.models import Town

LOOK_S = 0.01
GIVE_UP_S = 60.0


def tell(town: Town) -> tuple[int, float]:
    """One broadcast: how many rows, in how many seconds. Raises `TimeoutError` when no worker writes it."""
    with unit() as work:
        told = broadcast(
            work,
            town=town,
            kind=Kind.NEW_GROUP,
            code="group_created",
            actor=None,
            what={"title": "Le marché"},
            path="/",
        )
    begun = time.monotonic()
    while not Broadcast.objects.filter(pk=told.pk, done_at__isnull=False).exists():
        if time.monotonic() - begun > GIVE_UP_S:
            raise TimeoutError("no worker has written the broadcast")
        time.sleep(LOOK_S)
    took = time.monotonic() - begun
    return Notification.objects.filter(broadcast=told).count(), took


def run(town_id: int, seconds: float) -> None:
    """Tell until the time is over; at least once."""
    town, end = Town.objects.get(pk=town_id), time.monotonic() + seconds
    found = [tell(town)]
    while time.monotonic() < end:
        found.append(tell(town))
    print(json.dumps({"stored": [rows for rows, _took in found], "seconds": [took for _rows, took in found]}))


if __name__ == "__main__":
    run(int(sys.argv[1]), float(sys.argv[2]))
