"""Runs loadgen, and reads what it found."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from bench.fanout import machine
from bench.fanout.ground import Ground, Missing

MESSAGE_BYTES = 200
# Messages under way at once when it goes as fast as it can; the same for every server.
WINDOW = 16


class Found(msgspec.Struct, frozen=True):
    """One line of loadgen. Times in ms; CPU in cores; memory per socket in KB (Pss of the server)."""

    opened: int
    opens_per_s: float
    kb_per_socket: float
    messages_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    lost: int
    refused: int
    dead: int
    gaps: int
    server_cpu: float
    generator_cpu: float


@dataclass(frozen=True)
class Route:
    """How loadgen reaches a running server. `people` is a file of cookies and topics (see seed.py), or none."""

    pids: list[int]
    ports: list[int]
    protocol: str = "raw"
    subscribe_path: str = "/ws/t0"
    publish_path: str = "/pub/t0"
    publish_port: int = 0
    people: str = ""


def load(
    ground: Ground, route: Route, mode: str, sockets: int, cores: list[int] = machine.GENERATOR, **more: object
) -> Found:
    """One run. `more` are options of loadgen: `seconds`, `warm`, `rate`, `window`, `settle`.

    Raises as `loads` does.
    """
    [found] = loads(ground, route, mode, sockets, cores, **more)
    return found


def loads(
    ground: Ground,
    route: Route,
    modes: str,
    sockets: int,
    cores: list[int] = machine.GENERATOR,
    *,
    after_first: Callable[[], None] = lambda: None,
    **more: object,
) -> list[Found]:
    """One run of several modes ("flood,steady") with the same sockets; what each found.

    `after_first` is called when the first mode has ended; the second begins a second later. Raises `Missing` when not
    every socket could be opened, and `RuntimeError` when the server refused or lost one.
    """
    words = _words(ground, route, {"mode": modes, "sockets": sockets, **more})
    found: list[Found] = []
    with machine.on(cores):
        run = subprocess.Popen([str(ground.programs / "loadgen"), *words], stdout=subprocess.PIPE)
    with run:
        for line in run.stdout or ():
            found.append(msgspec.json.decode(line, type=Found))
            if len(found) == 1:
                after_first()
    if run.returncode:
        raise Missing(f"The load generator gave up ({modes}, {sockets} sockets); what it said stands above.")
    return found


def _words(ground: Ground, route: Route, more: Mapping[str, object]) -> list[str]:
    """What loadgen is called with."""
    options = {
        "size": MESSAGE_BYTES,
        "window": WINDOW,
        "protocol": route.protocol,
        "ports": ",".join(map(str, route.ports)),
        "publish-port": route.publish_port or route.ports[0],
        "subscribe-path": route.subscribe_path,
        "publish-path": route.publish_path,
        "pids": ",".join(map(str, route.pids)),
        **({"people": ground.people / route.people} if route.people else {}),
        **more,
    }
    return [str(word) for name, value in options.items() for word in (f"--{name}", value)]
