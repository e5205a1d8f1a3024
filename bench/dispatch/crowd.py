"""A town of so many people, each with an address and a number: `python -m bench.dispatch.crowd PEOPLE` prints it."""

import sys

import django

django.setup()

from django.db import connection

from hub.people.models import Membership, Person, Phone, Role
from hub.towns.models import Town

AT_ONCE = 5_000


def make_crowd(size: int) -> int:
    """Its town's id."""
    town = Town.objects.create(slug="foule", name="Foule", languages=["fr"], country="CA")
    for first in range(0, size, AT_ONCE):
        people = Person.objects.bulk_create(
            Person(email=f"foule-{number}@parvis.test", password="!", language="fr" if number % 10 else "en")
            for number in range(first, min(first + AT_ONCE, size))
        )
        Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
        Phone.objects.bulk_create(Phone(person=person, number=f"+1418{2_000_000 + person.pk}") for person in people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return town.pk


if __name__ == "__main__":
    print(make_crowd(int(sys.argv[1])))
