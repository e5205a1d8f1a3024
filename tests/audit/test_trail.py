"""The trail of a town: each entry holds the former one fast, and the database refuses to change any."""

import importlib
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from hub.audit.actions import note
from hub.audit.models import Entry
from hub.audit.queries import entries_of, first_broken
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories

only_added_to = importlib.import_module("hub.audit.migrations.0002_only_added_to")

pytestmark = pytest.mark.both_stores


def three(town: Town, actor: Person) -> list[Entry]:
    return [
        note(town_id=town.pk, actor=actor, act="message.remove", subject=f"message.{n}", what={"reason": "publicité"})
        for n in range(3)
    ]


@pytest.mark.django_db
def test_entries_are_numbered_and_chained(town: Town, mayor: Person) -> None:
    first, second, third = three(town, mayor)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert (second.former, third.former) == (first.digest, second.digest)
    assert [entry.number for entry in entries_of(town)] == [3, 2, 1]
    assert first_broken(town) is None


@pytest.mark.django_db
def test_towns_have_trails_of_their_own(town: Town, mayor: Person) -> None:
    three(town, mayor)
    other = factories.make_town()
    assert note(town_id=other.pk, actor=None, act="x", subject="y", what={}).number == 1
    assert len(entries_of(other)) == 1


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_an_entry(town: Town, mayor: Person) -> None:
    three(town, mayor)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(only_added_to.SQLITE["delete"])  # tests/conftest.py took it away
    for change in (
        lambda: Entry.objects.filter(number=2).update(actor_name="quelqu’un d’autre"),
        lambda: Entry.objects.filter(number=2).delete(),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            change()
    assert first_broken(town) is None


def _without_triggers(statement: str) -> None:
    """As somebody would who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = origin")
        else:
            cursor.execute("DROP TRIGGER audit_entry_not_update")
            cursor.execute("DROP TRIGGER IF EXISTS audit_entry_not_delete")
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_entry SET actor_name = 'personne' WHERE number = 2", 2),
        ("UPDATE audit_entry SET act = 'message.keep' WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 3", 3),
    ],
)
def test_what_was_changed_all_the_same_shows(town: Town, mayor: Person, statement: str, broken: int) -> None:
    three(town, mayor)
    _without_triggers(statement)
    assert first_broken(town) == broken


@pytest.mark.django_db(transaction=True)
def test_those_who_write_at_once_make_one_chain(town: Town, mayor: Person) -> None:
    def write() -> None:
        try:
            three(town, mayor)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Entry.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert first_broken(town) is None
