"""One town of the demo as tickets need it: its ground and stock of subjects, its staff, its categories and days."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from hub.core.clock import now
from hub.demo.tickets.places import Land
from hub.demo.tickets.stock import Stock
from hub.people.models import Person, Phone
from hub.tickets import queries
from hub.tickets.calendar import WorkCalendar
from hub.tickets.models import Category, DeskSettings, Question
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

_OPENS, _CLOSES = time(8, 10), time(16, 40)


@dataclass(frozen=True)
class Staff:
    """`chief`: who manages, or the mayor; `of`: who works in a service, by its id."""

    mayor: Person
    chief: Person
    operator: Person
    of: dict[int, list[Person]]

    def agents(self, service: Service | None) -> list[Person]:
        """Who may treat what is this service's."""
        return self.of.get(service.pk if service else 0) or [self.chief]


@dataclass
class World:
    """`accounts`: those who live there and have one, by key; `present`: by the town's clocks."""

    town: Town
    land: Land
    stock: Stock
    settings: DeskSettings
    staff: Staff
    accounts: dict[str, Person]
    present: datetime = field(init=False)
    tree: Tree = field(init=False)
    calendar: WorkCalendar = field(init=False)

    def __post_init__(self) -> None:
        self.present = now().astimezone(ZoneInfo(self.town.time_zone))
        self.tree = Tree(self.town)
        self.calendar = queries.calendar_of(self.settings, self.town)
        self._questions: dict[int, list[Question]] = {}
        self._working: dict[date, bool] = {}

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Those that tickets are made on, by name."""
        return {category.name: category for category in self.tree.leaves()}

    @cached_property
    def services(self) -> dict[str, Service]:
        return {service.name: service for service in Service.objects.filter(town=self.town)}

    @cached_property
    def phones(self) -> dict[int, str]:
        """The first number of those who have an account, by their id."""
        held = Phone.objects.filter(person__in=list(self.accounts.values())).order_by("-position")
        return {phone.person_id: phone.number for phone in held}

    def path(self, category: Category) -> list[str]:
        return [one.name for one in self.tree.path(category)]

    def questions(self, category: Category) -> list[Question]:
        if category.pk not in self._questions:
            self._questions[category.pk] = self.tree.questions(category)
        return self._questions[category.pk]

    def rng(self, *what: object) -> Random:
        """Chance that is the same in every demo. `what`: for what."""
        return Random(f"{self.town.slug} {what}")  # noqa: S311 (nothing here is a secret)

    def works(self, day: date) -> bool:
        if day not in self._working:
            self._working[day] = self.calendar.is_working(day)
        return self._working[day]

    def working(self, day: date, days: int) -> date:
        """The working day so many after that one."""
        while days:
            day += timedelta(days=1)
            days -= self.works(day)
        return day

    def at_work(self, moment: datetime, rng: Random) -> datetime:
        """That moment, or the next at which the town hall works; itself when that would be still to come."""
        day = moment.date()
        if moment.time() > _CLOSES or not self.works(day):
            day = self.working(day, 1)
        elif moment.time() >= _OPENS:
            return moment
        opened = datetime.combine(day, _OPENS, moment.tzinfo) + timedelta(minutes=rng.randint(0, 200))
        return opened if opened < self.present else moment
