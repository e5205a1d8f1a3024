"""`hub demo`: quick to come back, clean to leave, and never on a home in real use."""

import re
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.demo.colleagues import COLLEAGUES
from hub.demo.residents import RESIDENTS
from hub.demo.seed import ACCOUNTS
from hub.demo.tickets import COUNT
from tests.inbound_email.smtp_client import Client
from tests.processes import Fleet, HubProcess, copy_home

PEOPLE = len(ACCOUNTS) + len(RESIDENTS) + len(COLLEAGUES)
KNOWN = "people_person WHERE email <> ''"  # the others are known by one ticket alone
ALONE = {"DATABASE_URL": "", "REDIS_URL": ""}


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return copy_home(demo_home, tmp_path / "home")


@pytest.fixture
def fleet(home: Path) -> Iterator[Fleet]:
    fleet = Fleet(home, ALONE)
    yield fleet
    fleet.end()


def _count(home: Path, table: str) -> int:
    with closing(sqlite3.connect(home / "parvis.sqlite3")) as session:
        return int(session.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_second_start_is_quick_and_changes_nothing_and_ctrl_c_stops_it_cleanly(fleet: Fleet, home: Path) -> None:
    before = {
        table: _count(home, table) for table in (KNOWN, "tickets_ticket", "conversations_message", "streams_event")
    }
    demo = fleet.demo()
    assert demo.cpu_s < 6  # of the processor, not of the wall: a busy machine counts more
    urllib.request.urlopen(demo.url).close()
    assert demo.interrupt(timeout_s=10) == 0
    assert "Traceback" not in demo.text()
    assert '"level": "error"' not in demo.text()
    assert {table: _count(home, table) for table in before} == before
    assert before[KNOWN] == PEOPLE
    assert before["tickets_ticket"] == 2 * COUNT
    assert _count(home, "deliveries_delivery") == 0


def test_it_tells_the_address_the_accounts_and_the_ports(demo: HubProcess) -> None:
    said = demo.text()
    assert demo.url in said
    assert [account.email for account in ACCOUNTS if account.email not in said] == []
    assert "parvis-demo" in said
    assert f"{demo.url.rpartition(':')[2]} (HTTP and WebSocket)" in said
    smtp = re.search(r"(\d+) \(SMTP\)", said)
    assert smtp is not None
    with Client(int(smtp[1])) as client:
        said_to = client.envelope("saint-aurele@parvis.test", "saint-autre@parvis.test")
    assert [one[:3] for one in said_to] == ["250", "250", "550", "354"]


def test_nobody_signs_in_as_those_who_are_not_printed(demo: HubProcess, demo_home: Path) -> None:
    assert len(ACCOUNTS) == 9
    said = demo.text()
    others = [*RESIDENTS, *COLLEAGUES]
    assert [one.email for one in others if one.email in said] == []
    with closing(sqlite3.connect(demo_home / "parvis.sqlite3")) as session:
        rows = session.execute("SELECT email, password FROM people_person").fetchall()
    assert {one.email for one in others} < {email for email, _password in rows}
    signing_in = {email for email, password in rows if not password.startswith("!")}
    assert signing_in == {account.email for account in ACCOUNTS}


def test_groups_have_talked_for_weeks_and_shown_all_that_one_may_do(home: Path) -> None:
    def of(table: str, where: str) -> int:
        return _count(home, f"conversations_{table} WHERE {where}")

    assert of("conversation", "kind = 'group' AND posts > 10 AND members > 5 AND closed_at IS NULL") == 3
    assert of("conversation", "kind = 'live' AND closed_at IS NOT NULL") == 1
    assert of("conversation", "kind = 'group' AND created_at < datetime('now', '-8 days')") == 3
    assert of("message", "at > datetime('now')") == 0
    assert of("message", "reply_to_id IS NOT NULL") > 5
    assert of("message", "mentions IS NOT NULL") > 2
    assert of("message", "edited_at IS NOT NULL") == of("version", "true") == 2
    assert of("message", "removal = 'moderation' AND removal_reason <> ''") == 1
    assert of("reaction", "true") > 20
    assert of("conversation", "pinned_id IS NOT NULL") == 2
    assert of("report", "handled_at IS NULL") == 1


def test_fresh_begins_again(demo_home: Path) -> None:
    """The home of all these tests was begun so, where another demo had left its own."""
    assert not (demo_home / "outbox" / "old").exists()
    assert _count(demo_home, KNOWN) == PEOPLE


def test_a_home_in_real_use_is_left_alone(fleet: Fleet, home: Path) -> None:
    (home / "demo").unlink()
    told = fleet.run("demo", "--fresh")
    assert told.returncode != 0
    assert "is in real use" in told.stderr
    assert not (home / "demo").exists()
    assert _count(home, KNOWN) == PEOPLE
