"""Where providers call: what became of something, and what people answered. Nothing unsigned is believed."""

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_adapters.base import Call, ConfigurationError, Listens, SignatureError
from channels_adapters.registry import build
from hub.core.access import public
from hub.deliveries import incoming, links, receipts

log = structlog.get_logger(__name__)

_BODY_MAX = 256_000


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, provider: str, token: str = "") -> HttpResponse:
    """One call of a provider's. 404 for one that is not in use here, 403 unsigned, 413 too long.

    What it says is stored when the answer is 200; otherwise the provider calls again.
    """
    listener = _listener(provider)
    if listener is None:
        raise Http404
    if int(request.headers.get("content-length") or 0) > _BODY_MAX:
        return HttpResponse(status=413)
    call = Call(
        method=request.method or "POST",
        # As the provider was told it, whatever stands in front of us has made of it.
        url=f"{settings.LINK_BASE}{request.get_full_path()}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    try:
        heard = listener.hear(call)
    except SignatureError as error:
        log.warning("deliveries.hook_refused", provider=provider, error=str(error))
        return HttpResponse(status=403)
    receipts.take(provider, heard.receipts, delivery_id=links.read_token(token, "receipt") if token else None)
    for words in heard.incoming:
        incoming.take(provider, words)
    return HttpResponse(heard.body, content_type=heard.content_type)


def _listener(provider: str) -> Listens | None:
    """The adapter of that name, when a channel uses it and its provider calls back."""
    channel = next((channel for channel, names in settings.ADAPTERS.items() if provider in names), None)
    if channel is None:
        return None
    try:
        ((_name, adapter),) = build(channel, [provider], settings.ADAPTER_OPTIONS)
    except ConfigurationError:
        log.exception("deliveries.hook_unconfigured", provider=provider)
        return None
    return adapter if isinstance(adapter, Listens) else None
