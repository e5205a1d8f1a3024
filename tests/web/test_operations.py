"""What machines ask: alive, ready, figures."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from hub.core.draining import draining
from hub.web import operations


def test_alive_asks_nothing_of_anyone(client: Client) -> None:
    # No `db` here: any query would fail.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_ready_when_database_migrations_and_broker_are_there(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"staying": "ok", "database": "ok", "migrations": "ok", "broker": "ok"},
    }


def test_not_ready_while_the_process_stops(client: Client, db: None) -> None:
    draining.set()
    try:
        answer = client.get("/readyz")
    finally:
        draining.clear()
    assert answer.status_code == 503
    assert answer.json()["checks"]["staying"] == "failed"


def test_not_ready_while_a_migration_is_missing(client: Client, db: None) -> None:
    operations._migrations.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="towns").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "failed"


def test_not_ready_without_the_database(client: Client) -> None:
    operations._migrations.cache_clear()
    # No `db` here: pytest-django stands for a database that is away.
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"


def test_figures_are_for_this_machine(client: Client, db: None) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"python_info" in answer.content


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_figures_are_not_there_for_others(client: Client, db: None, meta: dict[str, str]) -> None:
    assert client.get("/metrics", **meta).status_code == 404


def test_figures_are_there_for_who_has_the_token(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "jeton"
    for token, status in (("jeton", 200), ("autre", 404)):
        meta = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {token}"}
        assert client.get("/metrics", **meta).status_code == status
