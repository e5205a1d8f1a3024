"""From rounds to figures: medians, and how they stand to each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from statistics import median

from bench.fanout.generator import Found

Figures = dict[str, float | None]

# The one line of `--json`, in this order.
KEYS = (
    "relay_per_s",
    "vs_naive",
    "vs_socketio",
    "vs_nchan",
    "vs_limit",
    "p99_ratio",
    "kb_per_socket",
    "handshakes_vs_naive",
    "post_p99_ms",
    "post_vs_psycopg",
)


class Rounds:
    """All that was found, by what was measured and on whom: `relay parvis`, `memory naive` …"""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[Found]] = defaultdict(list)
        self._numbers: defaultdict[str, list[float]] = defaultdict(list)

    def add(self, name: str, found: Found | float | None) -> None:
        """One round's."""
        if isinstance(found, Found):
            self._found[name].append(found)
        elif found is not None:
            self._numbers[name].append(found)

    def median(self, name: str, of: Callable[[Found], float] | None = None) -> float | None:
        """The median of one value; None when it was not measured."""
        values: Iterable[float] = self._numbers[name] if of is None else map(of, self._found[name])
        kept = list(values)
        return median(kept) if kept else None

    def ratio(self, above: str, below: str, of: Callable[[Found], float]) -> float | None:
        """The median of how two stood to each other in the same round; None when one was not measured.

        What the machine does to a whole round it does to both.
        """
        pairs = zip(map(of, self._found[above]), map(of, self._found[below]), strict=False)
        kept = [one / other for one, other in pairs if other]
        return median(kept) if kept else None

    def detail(self) -> dict[str, dict[str, float]]:
        """The median of everything, for tables."""
        named = {name: {"per_s": median(numbers)} for name, numbers in self._numbers.items() if numbers}
        for name, rounds in self._found.items():
            if rounds:
                fields = rounds[0].__struct_fields__
                named[name] = {field: median(getattr(found, field) for found in rounds) for field in fields}
        return named


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def figures(rounds: Rounds) -> Figures:
    """What the bench is about, under the names of `KEYS`."""
    found: Figures = {"relay_per_s": rounds.median("relay parvis", _deliveries)}
    for other in ("naive", "socketio", "nchan", "limit"):
        found[f"vs_{other}"] = rounds.ratio("relay parvis", f"relay {other}", _deliveries)
    found["p99_ratio"] = rounds.ratio("steady parvis", "steady limit", _p99)
    found["kb_per_socket"] = rounds.median("memory parvis", lambda found: found.kb_per_socket)
    found["handshakes_vs_naive"] = rounds.ratio(
        "handshakes parvis", "handshakes naive", lambda found: found.opens_per_s
    )
    found["post_p99_ms"] = rounds.median("posts steady", _p99)
    stored = rounds.median("posts flood", lambda found: found.messages_per_s)
    found["post_vs_psycopg"] = _ratio(stored, rounds.median("posts bare"))
    return found


def _deliveries(found: Found) -> float:
    return found.deliveries_per_s


def _p99(found: Found) -> float:
    return found.p99_ms
