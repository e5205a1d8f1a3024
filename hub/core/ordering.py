"""Lists of a town that people put in order by hand: rows with a `position`, where one goes a place up or down."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet


def shift(beside: QuerySet[Any], pk: int, by: int) -> None:
    """Move one a place up (-1) or down (1) among those `beside` it, itself with them, which stand in their order.

    At its end it stays, and what is not among them moves nothing. All are numbered anew: places that were the same come
    apart. The caller holds the list: two that move at once would number it from what neither sees of the other.
    """
    order = list(beside)
    at = next((at for at, one in enumerate(order) if one.pk == pk), None)
    if at is None:
        return
    order.insert(max(0, at + (1 if by > 0 else -1)), order.pop(at))
    moved = [one for place, one in enumerate(order) if one.position != place]
    for place, one in enumerate(order):
        one.position = place
    beside.bulk_update(moved, ["position"])


def last_place(beside: Iterable[Any]) -> int:
    """The position of one that comes to stand last among these."""
    return max((one.position for one in beside), default=-1) + 1
