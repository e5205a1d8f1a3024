"""Writes the rows of a dispatch to a whole town. `python -m bench.dispatch.writer TOWN email|urgent [PEOPLE]`

`email`: a newsletter; `urgent`: an emergency, to PEOPLE of them. Prints a line of JSON: how
many rows, in how many seconds, and when the last was committed.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from bench.dispatch.words import HTML
from hub.core.clock import now
from hub.deliveries.expanding import Leaves, expand
from hub.deliveries.models import Channel, Content, Dispatch, Lane
from hub.deliveries.tasks import nudge
from hub.people.models import Person

WORDS = {
    "fr": "Rivière-aux-Ormes : eau non potable, secteur Nord-Est. Faites bouillir l’eau une minute avant de la boire.",
    "en": "Rivière-aux-Ormes: water not safe, North-East sector. Boil water for one minute before drinking it.",
}


def reached(town_id: int, channel: str) -> "QuerySet[Person]":
    people = Person.objects.filter(memberships__town=town_id, is_active=True)
    if channel == Channel.EMAIL:
        return people.annotate(reaches=F("email"))
    if channel == Channel.PUSH:
        return people.annotate(reaches=Concat(Value("device:"), Cast("pk", CharField())))
    return people.filter(phones__position=0).annotate(reaches=F("phones__number"))


def write(town_id: int, channels: list[str], lane: Lane, subject: str, people: int | None) -> int:
    dispatch = Dispatch.objects.create(cause="bench", town_id=town_id)
    rows = 0
    for channel in channels:
        contents = {
            language: Content.objects.create(
                dispatch=dispatch, channel=channel, language=language, subject=subject, text=f"{words}\n\n" * 6,
                html=HTML if channel == Channel.EMAIL else "",
                headers={"From": "Foule <parvis@parvis.test>", "Auto-Submitted": "auto-generated"},
            )
            for language, words in WORDS.items()
        }  # fmt: skip
        leaves = Leaves(channel, lane, now(), now() + timedelta(days=1))
        found, after = reached(town_id, channel), 0
        if people is not None:
            found = found.filter(pk__in=found.order_by("pk").values("pk")[:people])
        while after is not None:
            with transaction.atomic():
                new, after = expand(dispatch, leaves, found, contents, after=after)  # type: ignore[assignment]
            rows += new
            nudge(channel)
    return rows


if __name__ == "__main__":
    what = sys.argv[2]
    channels = [Channel.EMAIL.value]
    lane, subject = (Lane.EMERGENCY, "URGENT") if what == "urgent" else (Lane.BULK, "Lettre")
    begun = time.monotonic()
    rows = write(int(sys.argv[1]), channels, lane, subject, int(sys.argv[3]) if len(sys.argv) > 3 else None)
    print(json.dumps({"rows": rows, "seconds": time.monotonic() - begun, "at": time.time()}))
