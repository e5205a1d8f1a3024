"""The bench says what it claims to say: the load generator counts right, bare psycopg runs the hub's own statements,
and the line of JSON has the names that others rely on."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.fanout import __main__ as command
from bench.fanout.bare import CITIZEN, MAYOR, Drifted, take_down
from bench.fanout.figures import Rounds, figures
from bench.fanout.generator import Found
from bench.fanout.report import BARS
from hub.people.models import Person
from hub.towns.models import Town
from tests.engines import free_port, wait_until
from tests.factories import make_conversation, say

SOURCES = Path(command.__file__).parent


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C programs, without a single warning."""
    if not (compiler := shutil.which("gcc") or shutil.which("cc")):
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("programs")
    for name in ("loadgen", "limit"):
        source = SOURCES / f"{name}.c"
        subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", folder / name, source], check=True)
    return folder


@pytest.fixture
def limit_port(programs: Path) -> Iterator[int]:
    port = free_port()
    with subprocess.Popen([programs / "limit", str(port)]) as server:
        wait_until(lambda: Path(f"/proc/{server.pid}/net/tcp").read_text().find(f":{port:04X} ") > 0, "limit listens")
        yield port
        server.kill()


def run(programs: Path, port: int, *words: str) -> dict[str, float]:
    path = ("--subscribe-path", "/ws/t0", "--publish-path", "/pub/t0")
    line = subprocess.check_output([programs / "loadgen", "--ports", str(port), *path, *words], timeout=60)
    found: dict[str, float] = json.loads(line)
    return found


def test_every_message_to_every_socket_is_counted_once(programs: Path, limit_port: int) -> None:
    found = run(programs, limit_port, "--mode", "steady", "--sockets", "20", "--rate", "50", "--seconds", "1")
    assert found["opened"] == 21  # the speaker is one
    assert found["lost"] == found["dead"] == 0
    assert found["deliveries_per_s"] == pytest.approx(20 * found["messages_per_s"], rel=0.05)
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["longest_ms"] * 1.02


def test_a_flood_keeps_the_window_full_and_loses_nothing(programs: Path, limit_port: int) -> None:
    found = run(programs, limit_port, "--mode", "flood", "--sockets", "10", "--seconds", "0.5", "--warm", "0.2")
    assert found["lost"] == 0
    assert found["messages_per_s"] > 100


@pytest.mark.django_db(transaction=True)
def test_bare_psycopg_runs_the_statements_of_a_post(town: Town, mayor: Person, citizen: Person) -> None:
    talk = make_conversation(town, citizen, "Bonjour")  # the first words begin the streams, and are told of
    say(mayor, talk, "Bonjour")
    conversation = talk.pk
    script, payloads = take_down(citizen, conversation, CITIZEN)
    assert [sql.split()[0] for sql, *_ in script[1:3]] == ["INSERT", "INSERT"]
    assert len(payloads) == 3  # the message, and a row in either one's list
    answer, _ = take_down(mayor, conversation, MAYOR)
    assert len(answer) == len(script) + 1


@pytest.mark.django_db(transaction=True)
def test_it_says_so_when_a_post_runs_other_statements(town: Town, mayor: Person, citizen: Person) -> None:
    conversation = make_conversation(town, citizen, "Bonjour").pk  # the first words begin the streams
    with pytest.raises(Drifted, match="INSERT INTO streams_event"):
        take_down(citizen, conversation, MAYOR)


def found(**values: float) -> Found:
    return Found(**{**dict.fromkeys(Found.__struct_fields__, 0), **values})  # type: ignore[arg-type]


def test_the_line_has_medians_and_ratios_and_null_for_who_was_not_there() -> None:
    rounds = Rounds()
    for ours, naive in ((400_000, 3_000), (100_000, 2_000), (500_000, 9_000)):
        rounds.add("relay parvis", found(deliveries_per_s=ours))
        rounds.add("relay naive", found(deliveries_per_s=naive))
    rounds.add("posts flood", found(messages_per_s=450))
    rounds.add("posts bare", 1_000.0)
    line = json.loads(command._line(figures(rounds)))
    assert list(line) == [
        "relay_per_s", "vs_naive", "vs_socketio", "vs_nchan", "vs_limit", "p99_ratio", "kb_per_socket",
        "handshakes_vs_naive", "post_p99_ms", "post_vs_psycopg",
    ]  # fmt: skip
    assert line["relay_per_s"] == 400_000
    assert line["vs_naive"] == pytest.approx(55.56)  # of the rounds: 133, 50, 56
    assert line["vs_nchan"] is None
    assert line["post_vs_psycopg"] == pytest.approx(0.45)


def test_a_bar_knows_which_way_is_better() -> None:
    by_key = {bar.key: bar for bar in BARS}
    assert by_key["vs_naive"].reached(100)
    assert not by_key["vs_naive"].reached(99)
    assert by_key["kb_per_socket"].reached(25)
    assert not by_key["kb_per_socket"].reached(25.1)
