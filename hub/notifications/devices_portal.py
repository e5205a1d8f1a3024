"""The part « Notifications sur cet appareil » of « Mes notifications »: its buttons, also without JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.core.access import signed_in
from hub.notifications.devices import try_device
from hub.people.actions import retire_device
from hub.people.visitor import signed_in_person


@require_POST
@signed_in
def remove(request: HttpRequest, device_id: int) -> HttpResponse:
    """« Retirer »."""
    retire_device(actor=signed_in_person(request), device_id=device_id)
    messages.success(request, _("Cet appareil ne recevra plus rien."))
    return redirect("notification_preferences")


@require_POST
@signed_in
def send_test(request: HttpRequest, device_id: int) -> HttpResponse:
    """« M’envoyer un essai »."""
    device = try_device(actor=signed_in_person(request), device_id=device_id)
    messages.success(request, _("Un essai part vers « %(device)s ».") % {"device": device.name})
    return redirect("notification_preferences")
