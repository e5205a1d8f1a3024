"""How Parvis does beside others, in one run: `python -m bench.fanout --help`"""

import argparse
import json
import sys

from bench.fanout import contestants, growth, measures, report
from bench.fanout.figures import KEYS, Figures, Rounds, figures
from bench.fanout.ground import Ground, Missing, ground
from bench.fanout.measures import QUICK, TRIAL, Plan
from bench.fanout.posts import posts

DESCRIPTION = """Measures Parvis and references on this machine: server on one core, load generator on the other.

Three rounds, medians. socket.io runs when the folder BENCH_SOCKETIO has node_modules with socket.io,
@socket.io/redis-adapter and redis; nchan when nginx has its module."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.fanout", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="shorter rounds, under four minutes in all")
    parser.add_argument("--trial", action="store_true", help="a few seconds of everything; the figures say nothing")
    parser.add_argument("--json", action="store_true", help="print one line of JSON: medians and ratios")
    parser.add_argument(
        "--growth", action="store_true", help="instead: against 100 to 10,000 sockets and 1 to 4 processes"
    )
    parser.add_argument("--write", action="store_true", help="renew bench/RESULTS.md (with --growth: its picture)")
    return parser.parse_args()


def measure(place: Ground, plan: Plan) -> Rounds:
    """All rounds. Within a round everybody is measured one after the other, so that a slow minute is everybody's."""
    rounds = Rounds()
    lacking = contestants.missing()
    for number in range(plan.rounds):
        relayed = measures.ours_and_limit(place, plan)
        for name in contestants.ALL:
            if name not in lacking and name not in relayed:
                relayed[name] = measures.relay(place, plan, name)
        for name, found in relayed.items():
            rounds.add(f"relay {name}", found.flood)
            rounds.add(f"steady {name}", found.steady)
            rounds.add(f"handshakes {name}", found.handshakes)
        if not plan.naive_sockets:
            rounds.add("memory naive", relayed["naive"].flood)
        said, stored, bare = posts(place, plan)
        rounds.add("posts steady", said)
        rounds.add("posts flood", stored)
        rounds.add("posts bare", bare)
        if number < plan.memory_rounds:
            for name, held in measures.memory(place, plan).items():
                rounds.add(f"memory {name}", held)
        print(f"round {number + 1} of {plan.rounds} is done", file=sys.stderr)
    return rounds


def _say(rounds: Rounds, options: argparse.Namespace, how: str) -> None:
    found, detail = figures(rounds), rounds.detail()
    text = report.summary(found, detail, contestants.missing())
    if options.write:
        report.replace_section("figures", f"{report.circumstances(how)}\n\n{text}")
    print(_line(found) if options.json else text)


def _line(found: Figures) -> str:
    """Rounded to what can be told apart."""
    values = {key: found[key] for key in KEYS}
    return json.dumps({key: value if value is None else float(f"{value:.4g}") for key, value in values.items()})


def main() -> None:
    """Measure, and say what was found. Exits 1, with a sentence, when the machine lacks something."""
    options = _options()
    plan = TRIAL if options.trial else QUICK if options.quick else Plan()
    how = "".join(f" --{name}" for name in ("quick", "growth") if getattr(options, name))
    try:
        with ground() as place:
            if options.growth:
                growth.write(growth.measure(place, plan), how)
            else:
                _say(measure(place, plan), options, how)
    except Missing as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
