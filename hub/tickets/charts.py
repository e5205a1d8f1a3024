"""Figures as drawings: where bars, lines and words of an SVG stand. Pure: names and numbers in, lengths out.

Across, lengths are shares of the width; down, they are in rem: a drawing fits a phone and a wall without its words
growing or shrinking, and follows who reads larger ones. Series differ by their look, not by their colour alone, and
every value stands there as words. How a look looks is said in `figures.css`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, log10

LOOKS = ("bar-solid", "bar-hatched")  # of the first series and of the second

_ROW_LABEL_REM = 1.5
_ROW_BAR_REM = 0.875
_ROW_STEP_REM = 1.2
_ROW_GAP_REM = 0.75
_ROW_SPAN = 74.0  # of the width; words stand beyond
_LABEL_MOST = 40

_PLOT_TOP_REM = 1.75
_PLOT_REM = 11.0
_PLOT_LEFT = 7.0
_NICE = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Series:
    """What is drawn alike: a value for each label (None: there is none), and its words."""

    name: str
    values: Sequence[float | None]
    words: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """`look`: one of `LOOKS`."""

    x: str
    y: str
    width: str
    height: str
    look: str


@dataclass(frozen=True)
class Words:
    """`look`: words-label, words-value, words-tick. `anchor`: start, middle, end."""

    x: str
    y: str
    words: str
    look: str
    anchor: str = "start"
    aside: bool = False  # a little to the right of `x`


@dataclass(frozen=True)
class Stroke:
    """`look`: stroke-axis, stroke-grid, stroke-line."""

    x1: str
    y1: str
    x2: str
    y2: str
    look: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str


@dataclass
class Chart:
    """One drawing. `code`: of its ids in the page; `about`: what a reader is told who doesn't see it."""

    code: str
    title: str
    about: str
    height: str = "0"
    bars: list[Bar] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)  # names with their looks


def rows(code: str, title: str, about: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """Bars that lie, each label over its own: for names, and for phones."""
    chart = Chart(code, title, about, legend=_legend(series))
    most = _most(series)
    top = 0.0
    for place, label in enumerate(labels):
        chart.words.append(Words("0", _rem(top + 1), _short(label), "words-label"))
        for look, one in enumerate(series):
            y = top + _ROW_LABEL_REM + look * _ROW_STEP_REM
            width = (one.values[place] or 0) / most * _ROW_SPAN
            if width:
                chart.bars.append(Bar("0", _rem(y), _share(width), _rem(_ROW_BAR_REM), LOOKS[look]))
            chart.words.append(Words(_share(width), _rem(y + 0.75), one.words[place], "words-value", aside=True))
        top += _ROW_LABEL_REM + len(series) * _ROW_STEP_REM + _ROW_GAP_REM
    chart.height = _rem(max(0.0, top - _ROW_GAP_REM))
    return chart


def columns(
    code: str, title: str, about: str, labels: Sequence[str], series: Sequence[Series], tick: Callable[[float], str]
) -> Chart:
    """Bars that stand, side by side for each label: for what follows in time, where there is room."""
    chart, most = _plot(code, title, about, labels, series, 1, tick)
    step = _step(labels)
    width = step * 0.7 / len(series)
    for place in range(len(labels)):
        for look, one in enumerate(series):
            value = one.values[place] or 0
            x = _PLOT_LEFT + step * (place + 0.15) + look * width
            height = value / most * _PLOT_REM
            y = _PLOT_TOP_REM + _PLOT_REM - height
            if value:
                chart.bars.append(Bar(_share(x), _rem(y), _share(width * 0.92), _rem(height), LOOKS[look]))
            chart.words.append(
                Words(_share(x + width * 0.46), _rem(y - 0.3), one.words[place], "words-value", "middle")
            )
    return chart


def line(
    code: str, title: str, about: str, labels: Sequence[str], one: Series, unit: float, tick: Callable[[float], str]
) -> Chart:
    """A line through a dot for each label; it breaks where there is no value. `unit`: ticks are multiples of it."""
    chart, most = _plot(code, title, about, labels, [one], unit, tick)
    step = _step(labels)
    points = [
        None if value is None else (_PLOT_LEFT + step * (place + 0.5), _PLOT_TOP_REM + _PLOT_REM * (1 - value / most))
        for place, value in enumerate(one.values)
    ]
    for former, point in pairwise(points):
        if former and point:
            chart.strokes.append(
                Stroke(_share(former[0]), _rem(former[1]), _share(point[0]), _rem(point[1]), "stroke-line")
            )
    for place, point in enumerate(points):
        if point:
            chart.dots.append(Dot(_share(point[0]), _rem(point[1])))
            chart.words.append(Words(_share(point[0]), _rem(point[1] - 0.6), one.words[place], "words-value", "middle"))
    return chart


def _plot(
    code: str, title: str, about: str, labels: Sequence[str], series: Sequence[Series], unit: float,
    tick: Callable[[float], str],
) -> tuple[Chart, float]:  # fmt: skip
    """The ground of a drawing in time: three heights with their words, the labels under it; what the top stands for."""
    chart = Chart(code, title, about, legend=_legend(series))
    most = _round(_most(series), unit)
    bottom = _PLOT_TOP_REM + _PLOT_REM
    for share in (0.0, 0.5, 1.0):
        y = bottom - _PLOT_REM * share
        look = "stroke-grid" if share else "stroke-axis"
        chart.strokes.append(Stroke(_share(_PLOT_LEFT), _rem(y), "100%", _rem(y), look))
        chart.words.append(Words(_share(_PLOT_LEFT - 0.8), _rem(y + 0.3), tick(most * share), "words-tick", "end"))
    chart.words += _under(labels, bottom)
    chart.height = _rem(bottom + 1.75)
    return chart, most


def _under(labels: Sequence[str], bottom: float) -> Iterator[Words]:
    step = _step(labels)
    for place, label in enumerate(labels):
        yield Words(_share(_PLOT_LEFT + step * (place + 0.5)), _rem(bottom + 1.25), label, "words-tick", "middle")


def _step(labels: Sequence[str]) -> float:
    return (100 - _PLOT_LEFT) / max(1, len(labels))


def _legend(series: Sequence[Series]) -> list[tuple[str, str]]:
    return [(one.name, look) for one, look in zip(series, LOOKS, strict=False)] if len(series) > 1 else []


def _most(series: Sequence[Series]) -> float:
    """The largest value; 1 when there is none, so that shares of it are nothing."""
    return max((value for one in series for value in one.values if value), default=0) or 1


def _round(most: float, unit: float) -> float:
    """The next number of units that people count to: 2, 4, 6, 8, 10, 20, 40 …, and half of it."""
    units = max(2, ceil(most / unit))
    size: int = 10 ** int(log10(units))
    return next(nice * size for nice in _NICE if nice * size >= units and nice * size % 2 == 0) * unit


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_MOST else f"{label[: _LABEL_MOST - 1].rstrip()}…"


def _share(value: float) -> str:
    return f"{value:.2f}%"


def _rem(value: float) -> str:
    return f"{value:.3f}rem"
