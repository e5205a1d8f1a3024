"""A small drawing of lines, as SVG, without anybody's library."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 440, 260  # of one panel, in px
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 44, 40
COLOURS = ("#000091", "#b34000", "#18753c")


@dataclass(frozen=True)
class Line:
    """A name, and its points from left to right."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """One drawing; the values of x stand at equal distances."""

    title: str
    lines: Sequence[Line]


def draw(panels: Sequence[Panel], columns: int = 2) -> str:
    """All panels in one picture."""
    rows = math.ceil(len(panels) / columns)
    width, height = WIDTH * columns, HEIGHT * rows
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, panel in enumerate(panels):
        x, y = number % columns * WIDTH, number // columns * HEIGHT
        parts.append(f'<g transform="translate({x} {y})">{"".join(_panel(panel))}</g>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> list[str]:
    highest = _ceiling(max(value for line in panel.lines for _, value in line.points))
    numbers = [x for x, _ in panel.lines[0].points]
    parts = [f'<text x="{LEFT}" y="18" font-weight="600" fill="#161616">{escape(panel.title)}</text>']
    for step in range(5):
        value = highest * step / 4
        y = _y(value, highest)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{_short(value)}</text>')
    for at, number in enumerate(numbers):
        x = _x(at, len(numbers))
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 18}" text-anchor="middle" fill="#555">{number:,.0f}</text>')
    for line, colour in zip(panel.lines, COLOURS, strict=False):
        parts += _line(line, colour, highest)
    return parts + _names(panel)


def _line(line: Line, colour: str, highest: float) -> list[str]:
    places = [(_x(at, len(line.points)), _y(value, highest)) for at, (_, value) in enumerate(line.points)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _names(panel: Panel) -> list[str]:
    parts, x = [], LEFT
    for line, colour in zip(panel.lines, COLOURS, strict=False):
        parts.append(f'<circle cx="{x + 4}" cy="30" r="3.5" fill="{colour}"/>')
        parts.append(f'<text x="{x + 13}" y="34" fill="#333">{escape(line.name)}</text>')
        x += 30 + 7 * len(line.name)
    return parts


def _x(at: int, of: int) -> float:
    return LEFT + 20 + at * (WIDTH - LEFT - RIGHT - 40) / max(1, of - 1)


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - value / highest * (HEIGHT - TOP - BOTTOM)


def _ceiling(value: float) -> float:
    """The next round number: 1, 2, 4 or 8 times a power of ten."""
    power = 10 ** math.floor(math.log10(value or 1))
    return float(next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value))


def _short(value: float) -> str:
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
