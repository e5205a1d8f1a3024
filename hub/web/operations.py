"""What machines ask: alive, ready, figures."""

import ipaddress
import secrets
from collections.abc import Callable
from functools import cache

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from hub.celery import app
from hub.core.access import public
from hub.core.draining import draining

log = structlog.get_logger(__name__)

BROKER_TIMEOUT_S = 2


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Reads nothing."""
    return HttpResponse("ok", content_type="text/plain")


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready for readers: `{"ready": bool, "checks": {name: "ok" | "failed"}}`; 503 when anything failed.

    What exactly failed goes to the log: this address is public.
    """
    checks = {name: _outcome(name, check) for name, check in _CHECKS.items()}
    ready = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # whatever it is, the probe gets an answer
        log.warning("readyz.failed", check=name, error=f"{type(error).__name__}: {error}")
        return "failed"
    return "ok"


class NotReady(Exception):
    """A check looked, and it is not so."""


def _staying() -> None:
    if draining.is_set():
        raise NotReady("this process is stopping")


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache  # once they are applied they stay so; a failure is asked again
def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing")


def _broker() -> None:
    with app.connection_for_read(connect_timeout=BROKER_TIMEOUT_S) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_TIMEOUT_S)


_CHECKS: dict[str, Callable[[], None]] = {
    "staying": _staying,
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
}


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text. For this machine itself, or for who has `PARVIS_METRICS_TOKEN`; for others it is not there."""
    if not (_is_local(request) or _has_token(request)):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    """Loopback, and not through a proxy of this machine: that one names whom it speaks for."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    expected: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(expected) and secrets.compare_digest(given.encode(), expected.encode())
