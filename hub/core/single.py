"""The row of a query that can have one at most."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def single(found: QuerySet[M]) -> M | None:
    """It, or None. Unlike `first`, nothing is sorted: for that, Django looks at each column of all joined tables, which
    takes it longer than the database needs for the whole query."""
    return next(iter(found[:1]), None)
