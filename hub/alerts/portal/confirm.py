"""/a/TOKEN/: where a message's recipient says that an alert has reached them, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.alerts.confirming import alert_of, confirm
from hub.core.access import public
from hub.core.unkept import unkept
from hub.deliveries import links
from hub.deliveries.models import Delivery


@public
@csrf_exempt  # pressed from a telephone that may keep no cookie; the token says whose it is, and it opens nothing
@unkept
@require_http_methods(["GET", "HEAD", "POST"])
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """One press. Opening the address changes nothing: telephones and mail programs look at links by themselves."""
    request.town = None  # type: ignore[attr-defined]
    delivery_id = links.read_token(token, "confirm")
    delivery = Delivery.objects.select_related("content", "person").filter(pk=delivery_id or 0).first()
    alert = alert_of(delivery) if delivery else None
    if delivery is None or alert is None:
        return render(request, "alerts/link_gone.html", status=410)
    if request.method == "POST":
        confirm(delivery)
    request.town = alert.town  # type: ignore[attr-defined]
    language = delivery.content.language if delivery.content else "fr"
    with translation.override(language), timezone.override(alert.town.time_zone):
        said = {"title": alert.said("title", language), "text": alert.said("body", language)}
        shown = {"alert": alert, "town": alert.town, "token": token, "done": request.method == "POST", **said}
        response = render(request, "alerts/confirm.html", shown)
    response["Content-Language"] = language
    return response
