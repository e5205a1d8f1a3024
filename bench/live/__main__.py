"""2,000 people in one live chat, 20 messages a second: `python -m bench.live [--json]`

Both cores are everybody's: one `hub web`, PostgreSQL, Redis, the load generator. Every client reads every message;
what it hears must be numbered without a gap.
"""

import argparse
import json
import sys

from bench.fanout import contestants, machine
from bench.fanout.generator import load
from bench.fanout.ground import Missing, ground

PEOPLE = 2_000
MESSAGES_PER_S = 20
BAR_MS = 1_000


def measure(people: int, seconds: float) -> dict[str, float]:
    """One run."""
    with ground() as place:
        place.output("bench.live.seed", str(place.people), str(people))
        place.place_stores(machine.ALL)
        with contestants.parvis(place, people="chat", cores=machine.ALL) as route:
            found = load(
                place, route, "chat", people, machine.ALL, rate=MESSAGES_PER_S, seconds=seconds, warm=2, settle=1
            )
    return {
        "people": people,
        "messages_per_s": round(found.messages_per_s, 1),
        "deliveries_per_s": round(found.deliveries_per_s),
        "p50_ms": found.p50_ms,
        "p99_ms": found.p99_ms,
        "gaps": found.gaps,
        "lost": found.lost,
        "refused": found.refused,
        "server_cpu": found.server_cpu,
    }


def main() -> None:
    """Measure, and say what was found. Exits 1 when somebody missed something, or when the machine lacks something."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options, _others = parser.parse_known_args()  # `python -m bench` gives all of them the same words
    try:
        found = measure(options.people, options.seconds)
    except Missing as error:
        sys.exit(f"bench: {error}")
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:<18}{value:>12,}")
        print(f"{'bar':<18}{f'p99 < {BAR_MS} ms, no gap, none lost':>12}")
    if found["gaps"] or found["lost"] or found["refused"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
