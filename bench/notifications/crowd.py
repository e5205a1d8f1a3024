"""A town that many people follow. `python -m bench.notifications.crowd PEOPLE` prints its id."""

import sys

import django

django.setup()

from django.contrib.auth.hashers import make_password
from django.db import connection

from hub.people.models import Membership, Person, Role
from hub.towns.models import Town


def make_crowd(size: int) -> int:
    """A town with so many followers; its id."""
    town = Town.objects.create(slug="foule", name="Foule", languages=["fr"])
    password = make_password(None)
    people = Person.objects.bulk_create(
        Person(
            email=f"foule-{number}@parvis.test", first_name="Camille", last_name=f"Foule {number}", password=password
        )
        for number in range(size)
    )
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return town.pk


if __name__ == "__main__":
    print(make_crowd(int(sys.argv[1])))
