"""What all `python -m bench.NAME` have in common: their words, how much is measured, and where it is written down."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from bench.fanout import machine, report
from bench.fanout.ground import Missing

F = TypeVar("F")


class Plans(NamedTuple):
    """How much: in all, with `--quick`, and only to show that everything works."""

    whole: Any
    quick: Any
    trial: Any


def run(
    name: str, description: str, plans: Plans, measure: Callable[[Any], F], *, told: Callable[[F, Any], str],
    figures: Callable[[F], Mapping[str, float]],
) -> None:  # fmt: skip
    """Measure, and say what was found: `told` for people, `figures` as JSON. Exits 1, with a sentence, when the machine
    lacks something."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=description)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--trial", action="store_true", help="as little as can be; the figures say nothing")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--write", action="store_true", help="renew its section of bench/RESULTS.md")
    options, _others = parser.parse_known_args()  # `python -m bench` gives all of them the same words
    plan = plans.trial if options.trial else plans.quick if options.quick else plans.whole
    try:
        found = measure(plan)
    except Missing as error:
        sys.exit(f"bench: {error}")
    if options.write:
        how = " --quick" if options.quick else ""
        when = f"{date.today():%d %B %Y}, {machine.description()}. `python -m bench.{name}{how}`."
        report.replace_section(name, f"{when}\n\n{told(found, plan)}")
    print(json.dumps(figures(found)) if options.json else told(found, plan))
