"""`message.post`: how soon the other one sees it, and how many a second one process stores. All cores are shared."""

from bench.fanout import contestants, machine
from bench.fanout.generator import Found, load
from bench.fanout.ground import Ground
from bench.fanout.measures import Plan

CONVERSATIONS = 50
POSTS_PER_S = 100


def posts(ground: Ground, plan: Plan) -> tuple[Found, Found, float]:
    """At 100 a second in 50 conversations; as many as go; how many a second bare psycopg stores."""
    ground.place_stores(machine.ALL)
    try:
        with contestants.parvis(ground, people="pairs", cores=machine.ALL) as route:
            steady, flood = (
                load(
                    ground, route, mode, 2 * CONVERSATIONS, machine.ALL,
                    rate=POSTS_PER_S, warm=plan.warm_s, seconds=plan.post_s,
                )
                for mode in ("pairs-steady", "pairs-flood")
            )  # fmt: skip
        bare = float(ground.output("bench.fanout.bare", str(ground.people / "pairs"), str(plan.post_s)))
    finally:
        ground.place_stores(machine.GENERATOR)
    return steady, flood, bare
