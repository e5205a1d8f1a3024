"""Where providers call with a mail. 200 is said once it is kept and committed; anything else has them call again."""

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.core.access import public
from inbound_email.models import Door
from inbound_email.providers import PROVIDERS, Call, Forged, Parcel
from inbound_email.recipients import found_in, kind_of, sender_in
from inbound_email.taking import take
from inbound_email.tasks import nudge

log = structlog.get_logger(__name__)

# A mail of 25 MB, and the same once more in base64 beside it.
BODY_BYTES = 64 * 1024 * 1024


@public
@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """404 for a provider that is not in use here, 403 for a call that isn't its, 413 too large; 503 when it can't be
    kept now, or is not understood."""
    secret = settings.INBOUND_HOOKS.get(provider)
    if not secret:
        raise Http404
    if request.method == "HEAD":  # some look whether somebody is there
        return HttpResponse()
    if int(request.headers.get("content-length") or 0) > BODY_BYTES:
        return HttpResponse(status=413)
    try:
        parcels = PROVIDERS[provider](Call(request, request.read(BODY_BYTES)), secret)
    except Forged as error:
        log.warning("inbound_email.hook_refused", provider=provider, error=str(error))
        return HttpResponse(status=403)
    except Exception:  # a form of theirs that is new, or an attachment that can't be fetched now
        log.exception("inbound_email.hook_not_understood", provider=provider)
        return HttpResponse(status=503)
    try:
        new = sum(_take(parcel) for parcel in parcels)
    except ValueError as error:
        log.error("inbound_email.hook_too_large", provider=provider, error=str(error))
        return HttpResponse(status=413)
    except Exception as error:  # away, or full
        log.error("inbound_email.not_kept", provider=provider, error=repr(error))
        return HttpResponse(status=503)
    nudge()
    log.info("inbound_email.kept", door=Door.WEBHOOK.value, provider=provider, new=new)
    return HttpResponse()


def _take(parcel: Parcel) -> int:
    """For those of us whom it was sent to. Nobody can give it back any more: what is for nobody is kept as that."""
    known = [one for one in parcel.recipients if kind_of(one, delivered=True) is not None]
    if not known and (found := found_in(parcel.raw)):
        known = [found]
    unknown = [one for one in parcel.recipients if one not in known] if not known else []
    return take(
        parcel.raw, known, unknown=unknown or ([] if known else ["?"]), door=Door.WEBHOOK,
        envelope_from=parcel.envelope_from or sender_in(parcel.raw),
    )  # fmt: skip
