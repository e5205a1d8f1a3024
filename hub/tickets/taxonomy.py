"""Categories and questions as their settings show them: what each says, and what comes to it from above (S92, S109)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from hub.core.errors import Invalid, NotFound
from hub.core.folding import folded
from hub.tickets.icons import DEFAULT, ICONS
from hub.tickets.models import Category, DeskSettings, Question, Ticket
from hub.tickets.rules import DEPTH, longest_delay
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

MAX_CHOICES = 30
MAX_CHOICE = 80
_BETWEEN = "|"


@dataclass(frozen=True)
class Place:
    """One category where it stands. `service_from`, `delay_from`: the category that says so; None: none does.

    `tickets`: made in it, `questions`: of its own and in use, `choosable`: tickets can be made in it.
    """

    category: Category
    depth: int
    path: str
    icon: str
    service: Service | None
    service_from: Category | None
    delay_days: int
    delay_from: Category | None
    in_use: bool
    for_citizens: bool
    choosable: bool
    tickets: int
    questions: int
    first: bool
    last: bool

    @property
    def may_hold_more(self) -> bool:
        """Whether another may stand below it."""
        return self.depth + 1 < DEPTH

    @property
    def service_inherited(self) -> bool:
        return self.service_from is not None and self.service_from.pk != self.category.pk

    @property
    def delay_inherited(self) -> bool:
        return self.delay_from is not None and self.delay_from.pk != self.category.pk


def places_of(town: Town, settings: DeskSettings) -> list[Place]:
    """The whole tree, each category before what stands below it, those out of use as well."""
    tree = Tree(town)
    made = Ticket.objects.filter(town=town).order_by().values_list("category")
    asked = Question.objects.filter(category__town=town, active=True).order_by().values_list("category")
    tickets, questions = dict(made.annotate(Count("pk"))), dict(asked.annotate(Count("pk")))
    return [
        _place(tree, category, settings, tickets.get(category.pk, 0), questions.get(category.pk, 0))
        for category in walk(tree)
    ]


def place_of(town: Town, category: Category, settings: DeskSettings) -> Place:
    """One of them. `category`: as it is kept."""
    tickets = Ticket.objects.filter(category=category).count()
    return _place(Tree(town), category, settings, tickets, category.questions.filter(active=True).count())


def _place(tree: Tree, category: Category, settings: DeskSettings, tickets: int, questions: int) -> Place:
    way = tree.path(category)
    siblings = tree.children(way[-2] if len(way) > 1 else None, every=True)
    delay = longest_delay((one.delay_days for one in way), settings.default_delay_days)
    serving = next((one for one in reversed(way) if one.service_id), None)
    picture = next((one.icon for one in reversed(way) if one.icon), DEFAULT)
    return Place(
        category=category, depth=len(way) - 1, path=tree.path_name(category),
        icon=picture if picture in ICONS else DEFAULT,
        service=serving.service if serving else None, service_from=serving,
        delay_days=delay, delay_from=next((one for one in way if one.delay_days == delay), None),
        in_use=all(one.active for one in way), for_citizens=all(one.for_citizens for one in way),
        choosable=tree.usable(category, by_citizens=False), tickets=tickets, questions=questions,
        first=category.pk == siblings[0].pk, last=category.pk == siblings[-1].pk,
    )  # fmt: skip


def walk(tree: Tree, category: Category | None = None) -> Iterator[Category]:
    """All that stands below, those out of use as well, each before its own."""
    for child in tree.children(category, every=True):
        yield child
        yield from walk(tree, child)


def height(tree: Tree, category: Category) -> int:
    """How many levels stand below it."""
    return max((1 + height(tree, child) for child in tree.children(category, every=True)), default=0)


def possible_parents(tree: Tree, category: Category | None) -> list[Category]:
    """Under what it may stand, with all that is below it: never its own, three levels in all. None: a new one."""
    own = set(tree.below(category)) if category else set()
    levels = height(tree, category) if category else 0
    return [one for one in walk(tree) if one.pk not in own and len(tree.path(one)) + 1 + levels <= DEPTH]


def check_place(tree: Tree, category: Category | None, parent: Category | None, name: str) -> None:
    """Raises `Invalid`: too deep or below itself (`parent`), or beside another of that name (`name`).

    `category`: None for a new one.
    """
    if parent is not None and parent not in possible_parents(tree, category):
        raise Invalid(
            _("Elle ne peut pas aller là : il y a trois niveaux au plus, et jamais sous elle-même."), field="parent"
        )
    others = (one for one in tree.children(parent, every=True) if category is None or one.pk != category.pk)
    if any(folded(one.name) == folded(name) for one in others):
        raise Invalid(_("Une catégorie porte déjà ce nom à cet endroit."), field="name")


def access_category(town: Town, category_id: int) -> Category:
    """One of the town's categories. Raises `NotFound` for any other."""
    found = Category.objects.filter(town=town, pk=category_id).select_related("service", "parent").first()
    if found is None:
        raise NotFound
    return found


def access_question(town: Town, category_id: int, question_id: int) -> Question:
    """One of a category's own questions. Raises `NotFound` for any other."""
    found = Question.objects.filter(category__town=town, category=category_id, pk=question_id)
    question = found.select_related("category").first()
    if question is None:
        raise NotFound
    return question


def may_be_removed(category: Category) -> bool:
    """Whether nothing hangs on it: no category below, no ticket, ever."""
    return not category.children.exists() and not category.tickets.exists()


def was_asked(question: Question) -> bool:
    """Whether somebody may have answered it: there is a ticket in its category, or below."""
    below = Tree(question.category.town).below(question.category)
    return Ticket.objects.filter(category__in=below).exists()


# The choices of a question, as people write them: one a line, « français | english ».


def read_choices(text: str, *, field: str = "choices") -> list[dict[str, str]]:
    """What is kept of them. Raises `Invalid`: fewer than two, too many, too long, or twice the same."""
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        french, _bar, english = (" ".join(part.split()) for part in line.partition(_BETWEEN))
        if not french and not english:
            continue
        if not french:
            raise Invalid(_("Donnez aussi le mot français de « %(word)s ».") % {"word": english}, field=field)
        if max(len(french), len(english)) > MAX_CHOICE:
            raise Invalid(_("Un choix tient en %(max)d caractères au plus.") % {"max": MAX_CHOICE}, field=field)
        found.append({"fr": french, "en": english})
    if not 2 <= len(found) <= MAX_CHOICES:
        raise Invalid(_("Donnez de deux à %(max)d choix, un par ligne.") % {"max": MAX_CHOICES}, field=field)
    if len({folded(choice["fr"]) for choice in found}) < len(found):
        raise Invalid(_("Deux choix sont les mêmes."), field=field)
    return found


def write_choices(choices: Sequence[dict[str, str]]) -> str:
    """The text that `read_choices` reads back."""
    lines = (f"{one['fr']} {_BETWEEN} {one['en']}" if one.get("en") else one["fr"] for one in choices)
    return "\n".join(lines)
