"""How somebody finds the category of their problem: what the town is asked most, then the tree, or a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count

from hub.core.clock import now
from hub.core.folding import words_of
from hub.tickets.icons import DEFAULT, ICONS
from hub.tickets.models import Category, Ticket
from hub.tickets.tree import SEPARATOR, Tree
from hub.towns.models import Town

MOST_USED = 6
_LOOKED_BACK = timedelta(days=365)
_KEPT_S = 600


@dataclass(frozen=True)
class Pick:
    """A category that one can choose. `above`: the names between its branch and it; `words`: what a search reads."""

    category: Category
    icon: str
    above: str
    words: str

    def answers(self, search: Sequence[str]) -> bool:
        """Whether it has all these words, or words that begin so."""
        return all(f" {word}" in self.words for word in search)


@dataclass(frozen=True)
class Branch:
    """The categories under one root; `root` None: roots that are chosen themselves."""

    root: Category | None
    icon: str
    picks: Sequence[Pick]


@dataclass(frozen=True)
class Choice:
    """All that can be chosen, or what a search left of it."""

    search: str
    most_used: Sequence[Pick]
    branches: Sequence[Branch]
    any: bool  # whether the town has categories at all


def choice_of(town: Town, search: str = "") -> Choice:
    """What citizens may choose in that town."""
    tree = Tree(town)
    picks = [_pick(tree, category) for category in tree.leaves(by_citizens=True)]
    asked = words_of(search)
    left = [pick for pick in picks if pick.answers(asked)]
    most = [] if asked else _most_used(town, picks)
    return Choice(search.strip()[:80], most, _branches(tree, left), bool(picks))


def _pick(tree: Tree, category: Category) -> Pick:
    way = tree.path(category)
    names = " ".join(f"{one.name} {one.name_en}" for one in way)
    return Pick(
        category, icon_of(tree, category), SEPARATOR.join(one.label for one in way[1:-1]),
        f" {' '.join(words_of(f'{names} {tree.hints(category)}', most=200))} ",
    )  # fmt: skip


def icon_of(tree: Tree, category: Category) -> str:
    """Its picture, drawn by the design system."""
    icon = tree.icon(category)
    return icon if icon in ICONS else DEFAULT


def _branches(tree: Tree, picks: Sequence[Pick]) -> list[Branch]:
    """By root, in the tree's order; roots that are chosen themselves come last, together."""
    by_root: dict[int, list[Pick]] = {}
    alone: list[Pick] = []
    for pick in picks:
        way = tree.path(pick.category)
        (by_root.setdefault(way[0].pk, []) if len(way) > 1 else alone).append(pick)
    roots = [root for root in tree.children(None) if root.pk in by_root]
    found = [Branch(root, icon_of(tree, root), by_root[root.pk]) for root in roots]
    return [*found, Branch(None, DEFAULT, alone)] if alone else found


def _most_used(town: Town, picks: Sequence[Pick]) -> list[Pick]:
    """What was asked most in a year, the most asked first. Counted anew every ten minutes."""
    key = f"tickets.most_used.{town.pk}"
    order = cache.get(key)
    if order is None:
        made = Ticket.objects.filter(town=town, internal=False, created_at__gt=now() - _LOOKED_BACK).order_by()
        counted = made.values("category").annotate(times=Count("pk")).order_by("-times", "category")
        order = list(counted.values_list("category", flat=True)[: 3 * MOST_USED])
        cache.set(key, order, _KEPT_S)
    by_id = {pick.category.pk: pick for pick in picks}
    return [by_id[category] for category in order if category in by_id][:MOST_USED]
