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

    def relayed(name: str) -> float | None:
        return rounds.median(f"relay {name}", lambda found: found.deliveries_per_s)

    def p99(name: str) -> float | None:
        return rounds.median(name, lambda found: found.p99_ms)

    def opened(name: str) -> float | None:
        return rounds.median(f"handshakes {name}", lambda found: found.opens_per_s)

    ours = relayed("parvis")
    found: Figures = {"relay_per_s": ours}
    for other in ("naive", "socketio", "nchan", "limit"):
        found[f"vs_{other}"] = _ratio(ours, relayed(other))
    found["p99_ratio"] = _ratio(p99("steady parvis"), p99("steady limit"))
    found["kb_per_socket"] = rounds.median("memory parvis", lambda found: found.kb_per_socket)
    found["handshakes_vs_naive"] = _ratio(opened("parvis"), opened("naive"))
    found["post_p99_ms"] = p99("posts steady")
    stored = rounds.median("posts flood", lambda found: found.messages_per_s)
    found["post_vs_psycopg"] = _ratio(stored, rounds.median("posts bare"))
    return found
