"""The service worker: its script must stand at the root, under a name that stays."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hub.core.access import public


@require_safe
@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Of the whole site. The browser asks for it again at each visit, and each day."""
    return HttpResponse(_script(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _script() -> bytes:
    return (Path(__file__).parent / "static" / "js" / "sw.js").read_bytes()
