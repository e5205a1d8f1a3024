"""The servers that are measured: each starts on the server's core, and says how it is reached."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bench.fanout import machine
from bench.fanout.generator import Route
from bench.fanout.ground import HERE, Ground
from tests.engines import free_port

Serve = Callable[[Ground], AbstractContextManager[Route]]


@contextlib.contextmanager
def parvis(
    ground: Ground, *, processes: int = 1, people: str = "square", cores: list[int] = machine.SERVER
) -> Iterator[Route]:
    """`hub web` as in production, real sessions, three topics per socket.

    What goes to all is said by one more process of the hub, on the generator's core: bell, Redis, relay, sockets.
    """
    first = (ground.people / people).read_text().partition("\n")[0]
    topic = first.partition("\t")[2].partition(",")[0]
    with contextlib.ExitStack() as stack:
        ports = [free_port() for _ in range(processes)]
        pids = []
        for port in ports:
            command = [sys.executable, "-m", "hub", "web", "--port", str(port)]
            pids.append(stack.enter_context(ground.running(command, port, cores)))
        publish_port = 0
        if topic:
            publish_port = free_port()
            command = [sys.executable, "-m", "bench.fanout.publisher", str(publish_port), topic]
            stack.enter_context(ground.running(command, publish_port, machine.GENERATOR))
        yield Route(pids, ports, "parvis", "/ws/", "/", publish_port, people)


@contextlib.contextmanager
def naive(ground: Ground) -> Iterator[Route]:
    """The tutorial's way: Daphne, channels_redis.core, a JSON consumer (naive_app.py)."""
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "bench.fanout.naive_app:application"]
    with ground.running(command, port, machine.SERVER) as pid:
        yield Route([pid], [port], people="signed-in")


@contextlib.contextmanager
def limit(ground: Ground) -> Iterator[Route]:
    """The C limit (limit.c)."""
    port = free_port()
    with ground.running([str(ground.programs / "limit"), str(port)], port, machine.SERVER) as pid:
        yield Route([pid], [port])


@contextlib.contextmanager
def socketio(ground: Ground) -> Iterator[Route]:
    """socket.io in Node with its Redis adapter (socketio_server.js)."""
    port = free_port()
    node = shutil.which("node") or "node"
    command = [node, str(HERE / "socketio_server.js"), str(_socketio_modules()), str(port), ground.redis.url]
    with ground.running(command, port, machine.SERVER, {"NODE_ENV": "production"}) as pid:
        path = "/socket.io/?EIO=4&transport=websocket&topic=t0"
        yield Route([pid], [port], "socketio", path, f"{path}&speaks=1")


def _socketio_modules() -> Path | None:
    """The folder with the node_modules that the server needs: BENCH_SOCKETIO, this one, or TMPDIR/socketio."""
    given = os.environ.get("BENCH_SOCKETIO")
    for folder in [Path(given)] if given else [HERE, Path(tempfile.gettempdir()) / "socketio"]:
        if all(
            (folder / "node_modules" / name).is_dir() for name in ("socket.io", "@socket.io/redis-adapter", "redis")
        ):
            return folder
    return None


NGINX = """
{load}
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/nginx-error.log;
events {{ worker_connections 16000; }}
http {{
  access_log off;
  client_body_temp_path {home}/nginx; proxy_temp_path {home}/nginx; fastcgi_temp_path {home}/nginx;
  uwsgi_temp_path {home}/nginx; scgi_temp_path {home}/nginx;
  nchan_message_buffer_length 1000;
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/ws/(.+)$ {{ nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }}
    location ~ ^/pub/(.+)$ {{ nchan_publisher websocket; nchan_channel_id $1; }}
  }}
}}
"""


@contextlib.contextmanager
def nchan(ground: Ground) -> Iterator[Route]:
    """nginx with the nchan module, in memory."""
    port = free_port()
    configuration = ground.home / "nginx.conf"
    configuration.write_text(NGINX.format(load=_nchan_module(), home=ground.home, port=port))
    command = [_nginx(), "-p", str(ground.home), "-e", "stderr", "-c", str(configuration)]
    with ground.running(command, port, machine.SERVER) as pid:
        yield Route([pid, *machine.children(pid)], [port])


def _nginx() -> str:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def _nchan_module() -> str | None:
    """The line that loads the module; empty where it is built in; None where there is none."""
    if not (nginx := _nginx()):
        return None
    built = subprocess.run([nginx, "-V"], capture_output=True, text=True, check=False).stderr
    if re.search(r"--add-module=\S*nchan", built):
        return ""
    folder = re.search(r"--modules-path=(\S+)", built)
    file = Path(folder[1] if folder else "/usr/lib/nginx/modules") / "ngx_nchan_module.so"
    return f"load_module {file};" if file.is_file() else None


def missing() -> dict[str, str]:
    """Which references can't run here, and what they lack."""
    found = {}
    if not shutil.which("node") or _socketio_modules() is None:
        found["socketio"] = "needs node, and socket.io, @socket.io/redis-adapter and redis in the folder BENCH_SOCKETIO"
    if _nchan_module() is None:
        found["nchan"] = "needs nginx with the nchan module"
    return found


# In the order in which they run: the closer the race, the sooner after Parvis.
ALL: dict[str, Serve] = {"parvis": parvis, "limit": limit, "nchan": nchan, "socketio": socketio, "naive": naive}
