"""An alert to a whole town, by four channels, as it leaves. `python -m bench.dispatch.alarm TOWN`

Prints a line of JSON: rows written in how many seconds, the whole expansion with the list of people included; then,
with half of them there, how long it takes to count how far it is, and to find who has been reached.
"""

import json
import sys
import time
from statistics import median

import django

django.setup()

from django.db import connection

from hub.alerts import audience, calls, leaving, progress
from hub.alerts.alerting import AlertDraft, approve_alert, create_alert, submit_alert
from hub.alerts.dispatches import deliveries_of
from hub.alerts.models import Alert, Recipient
from hub.deliveries.models import Delivery
from hub.people.models import Membership, Person, Role
from hub.towns.models import Town

WORDS = {"fr": "Faites bouillir l’eau une minute avant de la boire.", "en": "Boil water for one minute."}


def alert_of(town: Town) -> Alert:
    people = [Person.objects.create(email=f"garde-{number}@parvis.test") for number in (1, 2)]
    for person in people:
        Membership.objects.create(person=person, town=town, role=Role.AGENT)
    draft = AlertDraft(
        title={"fr": "Eau non potable", "en": "Water not safe"}, body=WORDS,
        channels=["push", "email", "sms", "voice"], emergency=True,
    )  # fmt: skip
    alert = create_alert(actor=people[0], slug=town.slug, draft=draft)
    submit_alert(actor=people[0], alert_id=alert.pk)
    return approve_alert(actor=people[1], alert_id=alert.pk)


def timed(act: object, times: int = 5) -> float:
    """Median, in ms."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        act()  # type: ignore[operator]
        took.append(time.perf_counter() - begun)
    return median(took) * 1000


def run(town_id: int) -> dict[str, float]:
    town = Town.objects.get(pk=town_id)
    alert = alert_of(town)
    counted = timed(lambda: audience.counts(alert))
    begun = time.perf_counter()
    while leaving.work(alert.pk, for_s=60):
        pass
    Alert.objects.filter(pk=alert.pk).update(started_at=alert.created_at.replace(year=2020))
    calls.go_on(Alert.objects.get(pk=alert.pk))
    seconds = time.perf_counter() - begun
    alert.refresh_from_db()
    rows = deliveries_of(alert).count()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deliveries_delivery SET state = 'delivered' WHERE id %% 2 = 0", [])
        cursor.execute("VACUUM ANALYZE")
    reached = timed(lambda: (Recipient.objects.update(reached_at=None), progress.mark_reached(alert)), times=1)
    again = timed(lambda: progress.mark_reached(alert))
    how_far = timed(lambda: progress.progress_of(alert))
    Delivery.objects.filter(state="delivered").update(state="queued")  # all of them are there to be sent
    assert Delivery.objects.exists()
    return {
        "rows": rows, "people": Recipient.objects.count(), "seconds": seconds, "count_ms": counted,
        "reached_first_ms": reached, "reached_ms": again, "progress_ms": how_far,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
