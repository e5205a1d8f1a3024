"""Where a person's live counts stand when a page is made: read first, so that what comes later is told live."""

from collections.abc import Iterable

from django.http import HttpRequest

from hub.notifications import queries
from hub.notifications.statements import Standing
from hub.people.models import Person
from hub.streams import topics
from hub.streams.queries import Head, head
from hub.streams.queries import standing as heads_of

# One page follows so many towns live; who works for more sees the others' news on their next page.
MOST_TOWNS = 20


def inbox_standing(request: HttpRequest, person: Person) -> Head:
    """Where the person's inbox stood before this page read anything that it tells of."""
    standing: Head | None = getattr(request, "inbox_standing", None)
    if standing is None:
        standing = head(topics.inbox(person.pk))
        request.inbox_standing = standing  # type: ignore[attr-defined]
    return standing


def standing_of(request: HttpRequest, person: Person) -> Standing:
    """How many notifications the person has not read, and how far their towns had spoken; read once for a page."""
    standing: Standing | None = getattr(request, "notifications_standing", None)
    if standing is None:
        inbox_standing(request, person)
        standing = queries.standing(person.pk)
        request.notifications_standing = standing  # type: ignore[attr-defined]
    return standing


def towns_to_follow(standing: Standing) -> dict[str, dict[str, int | str]]:
    """What a page follows live, and from where: number and epoch of each town's topic, by its short name."""
    some = list(standing.towns)[:MOST_TOWNS]
    begun = _epochs(slug for slug in some if not standing.towns[slug][1])
    return {slug: {"seq": standing.towns[slug][0], "epoch": standing.towns[slug][1] or begun[slug]} for slug in some}


def _epochs(slugs: Iterable[str]) -> dict[str, str]:
    """Of towns that have not said anything yet, and now may."""
    wanted = list(slugs)
    return {slug: stood.epoch for slug, stood in zip(wanted, heads_of([*map(topics.town, wanted)]), strict=True)}
