"""The service worker: its script must stand at the root, under a name that stays."""

from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hub.core.access import public

_PARTS = ("sw.js", "sw_pages.js")


@require_safe
@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Of the whole site. The browser asks for it again at each visit, and each day."""
    return HttpResponse(_script(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _script() -> bytes:
    """With the version of all static files: when one of them changes, so does the worker, and what it keeps."""
    folder = Path(__file__).parent / "static" / "js"
    storage: Any = storages["staticfiles"]
    version = f'self.version = "{storage.manifest_hash}";\n'
    return version.encode() + b"".join((folder / name).read_bytes() for name in _PARTS)
