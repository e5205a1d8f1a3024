"""The demo's outbox: what would have left the town, shown instead of sent. It exists in a demo only."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from channels_adapters.capture import Captured, captured
from hub.core.access import public
from hub.deliveries.previews import LETTER_POLICY

SHOWN = 100
ParamsT = ParamSpec("ParamsT")
View = Callable[Concatenate[HttpRequest, ParamsT], HttpResponse]


def demo_only(view: View[ParamsT]) -> View[ParamsT]:
    """Outside a demo the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: ParamsT.args, **kwargs: ParamsT.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@demo_only
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The latest of what was kept, newest first; `?channel=` and `?to=` narrow."""
    channel, to = request.GET.get("channel", ""), request.GET.get("to", "").strip()
    items = captured(settings.CAPTURE_DIR, channel or None, to or None, SHOWN)
    return render(request, "front/outbox.html", {"items": items, "channel": channel, "to": to})


@public
@demo_only
@csp_update({"frame-src": [SELF]})  # type: ignore[untyped-decorator]
@never_cache
@require_safe
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """One of them: its head, its text, and its HTML in a frame that runs nothing."""
    return render(request, "front/outbox_item.html", {"item": _find(item_id)})


@public
@demo_only
@xframe_options_sameorigin
@never_cache
@require_safe
def html(request: HttpRequest, item_id: str) -> HttpResponse:
    """A mail's HTML as it would have left, for the frame of `item`."""
    return HttpResponse(_find(item_id).html, headers={"Content-Security-Policy": LETTER_POLICY})


def _find(item_id: str) -> Captured:
    found = next((item for item in captured(settings.CAPTURE_DIR) if item.id == item_id), None)
    if found is None:
        raise Http404
    return found
