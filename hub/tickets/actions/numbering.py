"""Giving out numbers: without a gap, in the order of creation, whoever writes at the same time."""

import secrets
from datetime import datetime

from hub.core.tables import rows_of
from hub.tickets import queries, rules
from hub.towns.models import Town

_NEXT = """
INSERT INTO tickets_counter (town_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (town_id, year) DO UPDATE SET last = tickets_counter.last + 1 RETURNING last
"""


def next_number(town: Town, code: str, at: datetime) -> str:
    """The town's next number of that year (S94). Others of the same town wait until the caller's transaction ends."""
    year = queries.today_in(town, at).year
    return rules.number_of(code, year, int(rows_of(_NEXT, [town.pk, year])[0][0]))


def new_secret() -> str:
    """What opens a ticket with its number: 10 letters of 31, 49 bits."""
    return "".join(secrets.choice(rules.SECRET_LETTERS) for _ in range(rules.SECRET_LENGTH))
