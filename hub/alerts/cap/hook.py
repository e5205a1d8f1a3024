"""/hooks/cap/TOWN/: where other authorities' programs post their alerts, with the secret that the town gave them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.alerts.cap.taking import take_cap, town_of
from hub.alerts.cap.vocabulary import SIZE_MAX
from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import Invalid, NotFound, RateLimited


@public
@csrf_exempt  # a program: its secret says who it is
@require_POST
def cap_hook(request: HttpRequest, slug: str) -> HttpResponse:
    """201 for a new draft, 200 for one that is known; 401, 413, 400 with what is wrong, 429."""
    kind, _space, secret = request.headers.get("authorization", "").partition(" ")
    try:
        limits.hit(limits.CAP_HOOK, client_address(request))
        town = town_of(slug, secret.strip() if kind.lower() == "bearer" else "")
    except NotFound:
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    except RateLimited as refusal:
        return HttpResponse(status=429, headers={"Retry-After": str(refusal.retry_after_s)})
    if int(request.headers.get("content-length") or 0) > SIZE_MAX:
        return HttpResponse(status=413)
    try:
        alert, new = take_cap(actor=None, town=town, document=request.body)
    except Invalid as refusal:
        return JsonResponse({"error": {"code": refusal.code, "message": str(refusal)}}, status=400)
    return JsonResponse({"number": alert.number, "status": alert.status}, status=201 if new else 200)
