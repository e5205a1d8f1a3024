"""A town of so many people, each with all addresses: `python -m bench.dispatch.crowd PEOPLE PUSH_SERVICE` prints it."""

import json
import sys

import django

django.setup()

from django.db import connection

from hub.people.models import Device, Membership, Person, Phone, Role
from hub.towns.models import Town
from tests.people.browsers import Browser

AT_ONCE = 5_000


def make_crowd(size: int, service: str) -> int:
    """Its town's id. `service`: where the notifications of their browsers are left."""
    keys = json.loads(Browser().subscription)["keys"]
    town = Town.objects.create(slug="foule", name="Foule", languages=["fr"], country="CA")
    for first in range(0, size, AT_ONCE):
        people = Person.objects.bulk_create(
            Person(email=f"foule-{number}@parvis.test", password="!", language="fr" if number % 10 else "en")
            for number in range(first, min(first + AT_ONCE, size))
        )
        Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
        Phone.objects.bulk_create(
            # Every tenth is a landline in France, where one can tell: they are called.
            Phone(
                person=person,
                number=f"+331{39_000_000 + person.pk}" if number % 10 == 0 else f"+1418{2_000_000 + person.pk}",
                by_staff=True,
            )
            for number, person in enumerate(people)
        )
        Device.objects.bulk_create(
            Device(
                person=person,
                kind="web",
                digest=f"{person.pk:064}",
                name="Firefox",
                target=json.dumps({"endpoint": f"{service}/push/{person.pk}", "keys": keys}),
            )
            for person in people
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return town.pk


if __name__ == "__main__":
    print(make_crowd(int(sys.argv[1]), sys.argv[2]))
