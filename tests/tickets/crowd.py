"""As many tickets as a town has after years: written by PostgreSQL itself, out of one made by hand."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from hub.conversations.models import Conversation
from hub.people.models import Person
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests.tickets.making import make_category, make_service, make_ticket

SERVICES = ("Travaux publics", "Voirie", "Eau", "Espaces verts", "Propreté", "Greffe", "Loisirs", "Urbanisme")
CATEGORIES = 40
YEARS = 10
RARE = "zygomorphe"  # a word of one ticket in 5,000
OFTEN = "trottoir"  # a word of one in four

# Real words are many, and few of them often: `w7`, as often as the seventh word of a language.
_WORDS = """
(SELECT string_agg('w' || floor(power(random(), 4) * 20000)::int, ' ') FROM generate_series(1, 14 + 0 * n))
|| ' ' || floor(random() * 400)::int || ' rue s' || floor(power(random(), 2) * 300)::int
|| ' n' || floor(power(random(), 2) * 5000)::int
|| CASE WHEN n %% 5000 = 7 THEN ' {rare}' ELSE '' END || CASE WHEN random() < 0.25 THEN ' {often}' ELSE '' END
"""
# Of a hundred of the latest tickets most are open; of the old ones hardly any. n counts from the oldest on.
_STATUS = """
CASE WHEN n > {many} - 20 THEN 'not_transferred'
     WHEN random() < CASE WHEN n > {many} * 0.99 THEN 0.9 WHEN n > {many} * 0.97 THEN 0.3 ELSE 0.004 END
     THEN CASE WHEN random() < 0.3 THEN 'transferred' ELSE 'in_progress' END
     WHEN random() < 0.1 THEN 'closed_refused' ELSE 'closed_done' END
"""


def fill(town: Town, many: int, staff: Person) -> None:
    """`many` tickets of the last ten years; a few are `staff`'s. PostgreSQL only, outside a transaction."""
    services = [make_service(town, name).pk for name in SERVICES]
    categories = [make_category(town, f"Catégorie {n}").pk for n in range(CATEGORIES)]
    first = make_ticket(town)
    conversations = 1 + (Conversation.objects.aggregate(last=Max("pk"))["last"] or 0)
    with transaction.atomic(), connection.cursor() as cursor:
        # What is written down at once can be vacuumed at once.
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute("SELECT setseed(0.5)")
        _copy(Conversation, first.conversation_id, many, {"id": f"{conversations} + n"})
        _copy(Ticket, first.pk, many, _columns(many, conversations, services, categories, staff))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tickets_ticket")


def _columns(
    many: int, conversations: int, services: list[int], categories: list[int], staff: Person
) -> dict[str, str]:
    """What is another in each ticket."""
    created = f"now() - interval '{YEARS} years' * (1 - n::float / {many})"
    return {
        "number": "'TE16-' || lpad(n::text, greatest(5, length(n::text)), '0')", "key": "md5(n::text)",
        "conversation_id": f"{conversations} + n", "created_at": created, "changed_at": created,
        "status": _STATUS.format(many=many), "words": _WORDS.format(rare=RARE, often=OFTEN),
        "service_id": _among(services), "category_id": _among(categories),
        "assignee_id": f"CASE WHEN random() < 0.01 THEN {staff.pk} END",
        "priority": "(ARRAY[1, 2, 2, 2, 2, 2, 3, 3, 4])[1 + floor(random() * 9)::int]",
        "source": "(ARRAY['web', 'web', 'phone', 'email', 'counter', 'letter'])[1 + floor(random() ^ 2 * 6)::int]",
        "kind": "CASE WHEN random() < 0.001 THEN 'permit' ELSE 'request' END",
        "internal": "random() < 0.05", "public": "random() < 0.2", "due_on": f"({created})::date + 14",
        "answered_at": f"CASE WHEN n > {many} * 0.97 AND random() < 0.2 THEN {created} END",
        "title": "'Requête ' || n", "description": "repeat('Quelques mots de plus. ', 12)",
    }  # fmt: skip


def _among(ids: list[int]) -> str:
    """One of them, the first ones more often."""
    return f"(ARRAY{ids})[1 + floor(random() ^ 2 * {len(ids)})::int]"


def _copy(model: Any, pk: int, many: int, other: Mapping[str, str]) -> None:
    """`many` rows like row `pk`, with `other` expressions in some columns."""
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id" or "id" in other]
    values = ", ".join(other.get(column, f'model."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} model, generate_series(1, %s) n"
            " WHERE model.id = %s",
            [many, pk],
        )
        if "id" in other:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
