"""What everybody may see of a town's tickets (S89, S101): a list, and the same on a map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import NotFound
from hub.core.folding import folded, words_of
from hub.tickets import naming, queries
from hub.tickets.models import CLOSED, OPEN, Category, Ticket
from hub.tickets.places import points_of, town_map
from hub.tickets.tracking.rows import PAGE, page_number, rows_of
from hub.tickets.tree import Tree
from hub.towns.models import Town
from hub.towns.queries import town_by_slug

ON_MAP = 200
READ = 2_000  # of what may answer a search, the latest
STATES = {"en-cours": OPEN, "fermees": CLOSED}


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed by. `state`: en-cours, fermees, or "" for both."""

    words: str
    category: int | None
    state: str

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.category or self.state)


@public
@require_safe
def public_tickets(request: HttpRequest, slug: str) -> HttpResponse:
    """The town's public tickets; 404 where the town shows none. Never who asked, nor in which words (S100).

    One address of the net may look for many, and not for all of them word by word.
    """
    town = town_by_slug(slug)
    if not queries.desk_settings(town).public_list:
        raise NotFound
    request.town = town  # type: ignore[attr-defined]
    tree = Tree(town)
    asked = _asked(request, tree)
    limits.hit(limits.PUBLIC_SEARCHES if asked.words else limits.PUBLIC_LISTS, client_address(request))
    found, number = _found(town, tree, asked), page_number(request)
    total, points = found.count(), points_of(found.filter(lat__isnull=False)[:ON_MAP])
    context = {
        "town": town,
        "asked": asked,
        "rows": rows_of(found[(number - 1) * PAGE : number * PAGE], own=False),
        "total": total,
        "number": number,
        "more": total > number * PAGE,
        "categories": _categories(town, tree),
        "map": town_map(town, points=points),
        "points": points,
        "query": _query(request),
    }
    return render(request, "tickets/tracking/public.html", context)


def _asked(request: HttpRequest, tree: Tree) -> Asked:
    category = request.GET.get("categorie", "")
    known = tree.get(int(category)) if category.isascii() and category.isdigit() and len(category) < 10 else None
    state = request.GET.get("etat", "")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    return Asked(words, known.pk if known else None, state if state in STATES else "")


def _found(town: Town, tree: Tree, asked: Asked) -> QuerySet[Ticket]:
    """All that answers, the latest first."""
    found = queries.public_tickets(town)
    if asked.state:
        found = found.filter(status__in=STATES[asked.state])
    category = tree.get(asked.category or 0)
    if category is not None:
        found = found.filter(category__in=tree.below(category))
    return _with_words(found, tree, words_of(asked.words)) if asked.words else found


def _with_words(found: QuerySet[Ticket], tree: Tree, wanted: list[str]) -> QuerySet[Ticket]:
    """Those whose public words hold all of these.

    The board's own words hold the requester's as well: they narrow, and what they found is looked at again, since a
    list that answers to words which it does not show tells what they are.
    """
    maybe = found
    for word in wanted:
        named = [one.pk for one in _every(tree) if word in folded(f"{one.name} {one.name_en}")]
        maybe = maybe.filter(Q(words__contains=word) | Q(category__in=named))
    some = list(maybe[:READ])
    titles = naming.public_titles(some)
    return found.filter(pk__in=[one.pk for one in some if _holds(one, titles[one.pk], tree, wanted)])


def _holds(ticket: Ticket, title: str, tree: Tree, wanted: Iterable[str]) -> bool:
    category = tree.get(ticket.category_id)
    names = [f"{one.name} {one.name_en}" for one in tree.path(category)] if category else []
    public = folded(" ".join([ticket.number, ticket.number.replace("-", " "), title, ticket.address, *names]))
    return all(word in public for word in wanted)


@dataclass(frozen=True)
class Choice:
    """One category that has public tickets, or whose own have."""

    pk: int
    name: str


def _categories(town: Town, tree: Tree) -> list[Choice]:
    used = set(queries.public_tickets(town).order_by().values_list("category", flat=True).distinct())
    ways = [tree.path(category) for category in _every(tree) if category.pk in used]
    shown = {one.pk for way in ways for one in way}
    return [Choice(one.pk, tree.path_name(one)) for one in _every(tree) if one.pk in shown]


def _every(tree: Tree, above: Category | None = None) -> Iterator[Category]:
    """All categories, in use or not, each after the one that it stands below."""
    for category in tree.children(above, every=True):
        yield category
        yield from _every(tree, category)


def _query(request: HttpRequest) -> str:
    """What is asked for, without the page: for links to other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
