"""What the page of figures shows: the town at a glance, then by month, service, category and source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from hub.tickets import charts, figures, figures_words, queries
from hub.tickets.charts import Chart, Series
from hub.tickets.figures import Figures, Line
from hub.tickets.figures_words import Column, Writer, duration
from hub.tickets.models import Source
from hub.tickets.periods import Period, before, months_drawn
from hub.tickets.taxonomy import walk
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

MOST_DRAWN = 12


@dataclass(frozen=True)
class Tile:
    """One number of the town. `total`: of how many; `former`: the period's before, `change` since then."""

    name: str
    number: str
    aside: str = ""
    former: str = ""
    change: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table. `depth`: of a category in its tree."""

    name: str
    line: Line
    cells: list[str]
    depth: int = 0

    @property
    def look(self) -> str:
        return ("depth-0", "depth-1", "depth-2")[self.depth]


@dataclass(frozen=True)
class Table:
    """`code`: its name in addresses."""

    code: str
    title: str
    head: str
    columns: list[Column]
    rows: list[Row]


@dataclass(frozen=True)
class Section:
    """Some drawings, and a table with the same numbers. `wide`, `narrow`: the same drawing for windows and phones."""

    table: Table
    pairs: list[tuple[Chart, Chart]]
    charts: list[Chart]


class Page:
    """The figures of a town and period. The caller has asked who may see them."""

    def __init__(self, town: Town, period: Period) -> None:
        self.town = town
        self.period = period
        self.former_period = before(period)
        self.today = queries.today_in(town)
        self.write = Writer(town, self.today)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.town)

    @cached_property
    def told(self) -> Figures:
        return figures.figures_of(self.town, self.period, self.tree, today=self.today)

    @cached_property
    def former(self) -> Line:
        return figures.totals_of(self.town, self.former_period)

    @cached_property
    def months(self) -> dict[date, Line]:
        return figures.months_of(self.town, months_drawn(self.period), until=self.period.last)

    @property
    def words(self) -> str:
        return self.write.period(self.period)

    @property
    def former_words(self) -> str:
        return self.write.period(self.former_period)

    # At a glance.

    @property
    def tiles(self) -> list[Tile]:
        return [*self._counts(), *self._times()]

    def _counts(self) -> Iterator[Tile]:
        now, former, write = self.told.town, self.former, self.write
        for name, count, was in (
            (_("Reçues"), now.received, former.received),
            (_("Fermées"), now.closing.closed, former.closing.closed),
        ):
            yield Tile(name, write.count(count), "", write.count(was), figures_words.change(count, was))
        yield Tile(_("En cours maintenant"), write.count(now.waiting), _("quelle que soit la période"))
        late = _("sur %(all)s en cours") % {"all": write.count(now.waiting)}
        yield Tile(_("En retard maintenant"), write.count(now.late), late)

    def _times(self) -> Iterator[Tile]:
        now, former, write = self.told.town, self.former, self.write
        for name, seconds, was in (
            (_("Première réponse"), now.closing.to_answer_s, former.closing.to_answer_s),
            (_("Fermeture"), now.closing.to_close_s, former.closing.to_close_s),
        ):
            change = figures_words.delay_change(seconds, was)
            yield Tile(name, duration(seconds), _("délai médian"), duration(was), change)
        shares: list[tuple[str, Callable[[Line], tuple[int, int]]]] = [
            (_("Fermées dans les délais"), lambda line: (line.closing.kept, line.closing.dated)),
            (_("« C’est réglé »"), lambda line: (line.settled, line.answers)),
        ]
        for name, of in shares:
            pair, was_pair = of(now), of(former)
            change = figures_words.share_change(*pair, *was_pair)
            yield Tile(name, write.share(*pair), write.percent(*pair), write.share(*was_pair), change)

    # In tables.

    def table(self, code: str) -> Table | None:
        """One of the five by its name; None for any other."""
        made = {
            "ensemble": self._overall, "mois": self._by_month, "services": self._by_service,
            "categories": self._by_category, "sources": self._by_source,
        }.get(code)  # fmt: skip
        return made() if made else None

    def _table(
        self, code: str, title: str, head: str, rows: Sequence[tuple[str, Line, int]], *, timeless: bool = True
    ) -> Table:
        columns = figures_words.columns(self.write, timeless=timeless)
        told = [Row(name, line, [column.cell(line) for column in columns], depth) for name, line, depth in rows]
        return Table(code, title, head, columns, told)

    def _overall(self) -> Table:
        rows = [(self.words, self.told.town, 0), (self.former_words, self.former, 0)]
        return self._table("ensemble", _("Ensemble"), _("Période"), rows, timeless=False)

    def _by_month(self) -> Table:
        rows = [(self.write.month(month), line, 0) for month, line in self.months.items()]
        return self._table("mois", _("Par mois"), _("Mois"), rows, timeless=False)

    def _by_service(self) -> Table:
        services = Service.objects.filter(town=self.town).order_by("name", "pk")
        rows = [(service.name, self.told.services.get(service.pk, Line()), 0) for service in services]
        if nobodys := self.told.services.get(None):
            rows.append((_("Sans service"), nobodys, 0))
        return self._table("services", _("Par service"), _("Service"), rows)

    def _by_category(self) -> Table:
        found = ((category, self.told.categories.get(category.pk)) for category in walk(self.tree))
        rows = [
            (category.label, line, len(self.tree.path(category)) - 1) for category, line in found if line is not None
        ]
        return self._table("categories", _("Par catégorie"), _("Catégorie"), rows)

    def _by_source(self) -> Table:
        rows = [(str(source.label), self.told.sources[source], 0) for source in Source if source in self.told.sources]
        return self._table("sources", _("Par source"), _("Source"), rows)

    # Drawn.

    @property
    def sections(self) -> Iterator[Section]:
        yield self._months_drawn()
        for table in (self._by_service(), self._by_category()):
            drawn = [row for row in table.rows if row.depth == 0]
            yield Section(table, [], [self._counted(table, drawn), self._timed(table, drawn)])
        by_source = self._by_source()
        yield Section(by_source, [], [self._counted(by_source, by_source.rows)])

    def _months_drawn(self) -> Section:
        table, lines = self._by_month(), list(self.months.values())
        long = [row.name for row in table.rows]
        short = [self.write.short_month(month, first=not place) for place, month in enumerate(self.months)]
        about = _("De %(first)s à %(last)s.") % {"first": long[0], "last": long[-1]}
        counts = self._series(lines)
        delays = Series(_("Fermeture"), *_delays(lines))
        title, delay_title = _("Reçues et fermées"), _("Délai médian de fermeture")
        unit = figures_words.DAY_S if max((value or 0 for value in delays.values), default=0) > 48 * 3600 else 3600
        pairs = [
            (
                charts.columns("months", title, about, short, counts, lambda value: self.write.count(round(value))),
                charts.rows("months-n", title, about, long, counts),
            ),
            (
                charts.line("delays", delay_title, about, short, delays, unit, duration_tick),
                charts.rows("delays-n", delay_title, about, long, [delays]),
            ),
        ]
        return Section(table, pairs, [])

    def _series(self, lines: Sequence[Line]) -> list[Series]:
        wanted: list[tuple[str, Callable[[Line], int]]] = [
            (_("Reçues"), lambda line: line.received),
            (_("Fermées"), lambda line: line.closing.closed),
        ]
        return [
            Series(name, [of(line) for line in lines], [self.write.count(of(line)) for line in lines])
            for name, of in wanted
        ]

    def _counted(self, table: Table, rows: Sequence[Row]) -> Chart:
        drawn = [row for row in rows if row.line.received or row.line.closing.closed]
        drawn = sorted(drawn, key=lambda row: -row.line.received)[:MOST_DRAWN]
        series = self._series([row.line for row in drawn])
        return charts.rows(
            f"{table.code}-counts", _("Reçues et fermées"), self._most(drawn), [row.name for row in drawn], series
        )

    def _timed(self, table: Table, rows: Sequence[Row]) -> Chart:
        drawn = [row for row in rows if row.line.closing.to_close_s is not None]
        drawn = sorted(drawn, key=lambda row: -(row.line.closing.to_close_s or 0))[:MOST_DRAWN]
        delays = Series(_("Fermeture"), *_delays([row.line for row in drawn]))
        return charts.rows(
            f"{table.code}-delays", _("Délai médian de fermeture"), self._most(drawn), [row.name for row in drawn],
            [delays],
        )  # fmt: skip

    def _most(self, rows: Sequence[Row]) -> str:
        if not rows:
            return _("Rien dans cette période.")
        return _("D’abord « %(name)s ». Le tableau donne les mêmes nombres.") % {"name": rows[0].name}


def _delays(lines: Sequence[Line]) -> tuple[list[float | None], list[str]]:
    values = [line.closing.to_close_s for line in lines]
    return values, [duration(value) for value in values]


def duration_tick(seconds: float) -> str:
    """« 0 » where a delay would be « moins d’une heure »."""
    return duration(seconds) if seconds else "0"
