"""What was found, for people: tables, and bench/RESULTS.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.fanout import machine
from bench.fanout.figures import Figures
from bench.fanout.generator import MESSAGE_BYTES, WINDOW

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"
Detail = Mapping[str, Mapping[str, float]]
Row = Sequence[str]

NAMES = {
    "parvis": "**Parvis** (`hub web`, Redis, PostgreSQL)",
    "naive": "Channels as its tutorial says (Daphne, channels_redis.core)",
    "socketio": "socket.io + Redis (Node)",
    "nchan": "nchan (nginx)",
    "limit": "the C limit (framed once, written in batches)",
}


@dataclass(frozen=True)
class Bar:
    """What is to be reached. `most`: the figure must not be above `bar`, else not below it."""

    key: str
    says: str
    bar: float
    most: bool = False
    unit: str = ""

    def reached(self, value: float) -> bool:
        return value <= self.bar if self.most else value >= self.bar


BARS = (
    Bar("vs_naive", "relay to 1,000 sockets, saturated, against the tutorial's way", 100, unit="×"),
    Bar("vs_socketio", "… against socket.io + Redis", 5, unit="×"),
    Bar("vs_nchan", "… against nchan", 5, unit="×"),
    Bar("vs_limit", "… against the C limit", 0.6, unit="×"),
    Bar("p99_ratio", "p99 at 5 messages/s to 1,000 sockets, against the C limit's", 1.5, most=True, unit="×"),
    Bar("kb_per_socket", "memory per idle signed-in socket, at 5,000", 25, most=True, unit=" KB"),
    Bar("kb_vs_naive", "… against the tutorial's way", 0.7, most=True, unit="×"),
    Bar("handshakes_vs_naive", "signed-in handshakes/s against the tutorial's way, same session check", 1.5, unit="×"),
    Bar(
        "post_p99_ms",
        "`message.post` → committed → on the other's socket, 100/s in 50 conversations: p99",
        50,
        True,
        " ms",
    ),
    Bar("post_vs_psycopg", "saturated `message.post`/s against bare psycopg with the same statements", 0.4, unit="×"),
)


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{unit}"


def table(head: Row, rows: Sequence[Row]) -> str:
    """A Markdown table that reads well as plain text, too."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def bars(figures: Figures, detail: Detail) -> str:
    """Each bar, what was found, and whether it is reached."""
    ours, naive = (detail.get(f"memory {name}", {}).get("kb_per_socket") for name in ("parvis", "naive"))
    known = {**figures, "kb_vs_naive": ours / naive if ours and naive else None}
    return table(["what", "bar", "found", ""], [_bar_row(bar, known[bar.key]) for bar in BARS])


def _bar_row(bar: Bar, value: float | None) -> Row:
    verdict = "not measured" if value is None else "reached" if bar.reached(value) else "missed"
    return [bar.says, f"{'≤' if bar.most else '≥'} {_number(bar.bar, bar.unit)}", _number(value, bar.unit), verdict]


def contestants(detail: Detail) -> str:
    """One row per server."""
    head = ["server", "deliveries/s", "of a core", "p99 at 5/s", "handshakes/s", "KB per idle socket"]
    return table(head, [_contestant_row(name, detail) for name in NAMES if f"relay {name}" in detail])


def _contestant_row(name: str, detail: Detail) -> Row:
    def value(measure: str, field: str) -> float | None:
        return detail.get(f"{measure} {name}", {}).get(field)

    return [
        NAMES[name],
        _number(value("relay", "deliveries_per_s")),
        _number(value("relay", "server_cpu")),
        _number(value("steady", "p99_ms"), " ms"),
        _number(value("handshakes", "opens_per_s")),
        _number(value("memory", "kb_per_socket")),
    ]


def posts(detail: Detail) -> str:
    """What it takes to say something and have it stored."""
    steady, flood, bare = (detail.get(f"posts {name}", {}) for name in ("steady", "flood", "bare"))
    rows = [
        ["100 messages/s: median until the other's socket has it", _number(steady.get("p50_ms"), " ms")],
        ["… p99", _number(steady.get("p99_ms"), " ms")],
        ["saturated, messages/s of one process", _number(flood.get("messages_per_s"))],
        ["bare psycopg, the same statements, messages/s", _number(bare.get("per_s"))],
        ["sockets ready a second (session checked, three subscriptions answered)",
         _number(detail.get("memory parvis", {}).get("opens_per_s"))],
    ]  # fmt: skip
    return table(["what", "found"], rows)


def summary(figures: Figures, detail: Detail, lacking: Mapping[str, str]) -> str:
    """Everything, for a terminal or for RESULTS.md."""
    absent = [f"Not run: {NAMES[name]}, which {why}." for name, why in lacking.items()]
    return "\n\n".join([bars(figures, detail), contestants(detail), posts(detail), *absent])


def circumstances(how: str) -> str:
    """When, where and how: a sentence each."""
    return (
        f"{date.today():%d %B %Y}, {machine.description()}. `python -m bench.fanout{how}`: "
        f"{MESSAGE_BYTES}-byte messages, {WINDOW} under way when saturated, the same for every server."
    )


def replace_section(name: str, text: str) -> None:
    """Renew what stands between `<!-- NAME -->` and `<!-- /NAME -->` in RESULTS.md; the rest is written by hand."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before = RESULTS.read_text()
    after, times = re.subn(
        re.escape(begin) + r".*?" + re.escape(end), lambda _: f"{begin}\n{text}\n{end}", before, flags=re.DOTALL
    )
    assert times == 1, f"{RESULTS} has no section {name}"
    RESULTS.write_text(after)
