"""A town's categories as a tree, read by one query: they are some dozens."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from hub.core.errors import Invalid
from hub.core.folding import words_of
from hub.tickets.icons import DEFAULT, ICONS
from hub.tickets.models import Category, Question
from hub.tickets.spoken import said_for
from hub.towns.models import Service, Town

SEPARATOR = " > "


class Tree:
    """All categories of a town, in the order in which people see them."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._rows = list(Category.objects.filter(town=town).select_related("service"))
        self._by_id = {category.pk: category for category in self._rows}

    @cached_property
    def _children(self) -> dict[int | None, list[Category]]:
        found: dict[int | None, list[Category]] = {}
        for category in self._rows:
            found.setdefault(category.parent_id, []).append(category)
        return found

    def children(self, category: Category | None, *, every: bool = False) -> list[Category]:
        """What stands right below it, in use; the roots for None. `every`: what is out of use as well."""
        found = self._children.get(category.pk if category else None, [])
        return [one for one in found if every or one.active]

    def get(self, category_id: int) -> Category | None:
        """One of the town's; None for another's."""
        return self._by_id.get(category_id)

    def path(self, category: Category) -> list[Category]:
        """The way to it, from the root (S92)."""
        way = [category]
        while (parent := self._by_id.get(way[0].parent_id or 0)) is not None:
            way.insert(0, parent)
        return way

    def path_name(self, category: Category, *, label: bool = True) -> str:
        """« Travaux publics > Déneigement », in the reader's language or (`label` False) in French."""
        return _joined(self.path(category), label=label)

    def usable(self, category: Category, *, by_citizens: bool) -> bool:
        """Whether tickets can be made in it: all of its way is in use, and nothing in use stands below."""
        way = self.path(category)
        open_way = all(one.active and (one.for_citizens or not by_citizens) for one in way)
        return open_way and not self.children(category)

    def leaves(self, *, by_citizens: bool = False) -> Iterator[Category]:
        """Those that tickets are made in, in order."""
        return (category for category in self._walk(None) if self.usable(category, by_citizens=by_citizens))

    def _walk(self, category: Category | None) -> Iterator[Category]:
        for child in self.children(category):
            yield child
            yield from self._walk(child)

    def below(self, category: Category) -> list[int]:
        """Its own id and those of all that stands below it, in use or not: what a filter on it holds."""
        found = [category.pk]
        for child in self.children(category, every=True):
            found += self.below(child)
        return found

    def ways(self) -> dict[int, list[int]]:
        """For each category, those on its way, itself among them: what is counted there counts in all of these."""
        return {category.pk: [one.pk for one in self.path(category)] for category in self._rows}

    def service(self, category: Category) -> Service | None:
        """Who treats it: the nearest that says so on its way (S110)."""
        return next((one.service for one in reversed(self.path(category)) if one.service_id), None)

    def delays(self, category: Category) -> list[int | None]:
        """The delays on its way, in working days (S109)."""
        return [one.delay_days for one in self.path(category)]

    def icon(self, category: Category) -> str:
        """The nearest image on its way."""
        return next((one.icon for one in reversed(self.path(category)) if one.icon), DEFAULT)

    def questions(self, category: Category) -> list[Question]:
        """What is asked there: of its whole way, from the root."""
        way = [one.pk for one in self.path(category)]
        asked = Question.objects.filter(category__in=way, active=True)
        return sorted(asked, key=lambda one: (way.index(one.category_id), one.position, one.pk))

    def hints(self, category: Category) -> str:
        """Other words that lead to it: what its picture shows, what is asked there, with the answers offered, and what
        people say for it, or for the nearest above of which they say something. « Lampadaire » is in no category's
        name, and means « Éclairage »."""
        way = self.path(category)
        asked = [self._asked[one.pk] for one in way if one.pk in self._asked]
        spoken = (said_for(words_of(f"{one.name} {one.name_en}", most=20), english=True) for one in reversed(way))
        return " ".join([str(ICONS.get(self.icon(category), "")), *asked, *next(filter(None, spoken), [])])

    @cached_property
    def _asked(self) -> dict[int, str]:
        """The words of each category's questions, in both languages."""
        found: dict[int, str] = {}
        for one in Question.objects.filter(category__town=self._town, active=True):
            choices = [word for choice in one.choices for word in choice.values()]
            said = " ".join([one.text, one.text_en, *choices])
            found[one.category_id] = f"{found.get(one.category_id, '')} {said}"
        return found

    def chosen(self, category_id: int, *, by_citizens: bool) -> Category:
        """The category that a ticket is to be made in. Raises `Invalid` for any other."""
        category = self.get(category_id)
        if category is None or not self.usable(category, by_citizens=by_citizens):
            raise Invalid(field="category")
        return category


def path_name(category: Category, *, label: bool = True) -> str:
    """As `Tree.path_name`, of one: only those on its way are read."""
    way = [category]
    while (parent := way[0].parent) is not None:
        way.insert(0, parent)
    return _joined(way, label=label)


def _joined(way: Iterable[Category], *, label: bool) -> str:
    return SEPARATOR.join(one.label if label else one.name for one in way)
