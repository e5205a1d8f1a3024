"""« Vérifier ce numéro »: a code goes there, and is typed here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.alerts.actions import confirm_number, send_code
from hub.alerts.actions.numbers import open_ways
from hub.alerts.forms import CodeForm
from hub.alerts.models import NumberCode
from hub.alerts.queries import own_phone
from hub.core.access import signed_in
from hub.core.client_address import client_address
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid, ParvisError, RateLimited, Unavailable
from hub.people.models import Person, Phone
from hub.people.visitor import signed_in_person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def phone_verify(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Ask for the code (`send`), then type it (`code`)."""
    person = signed_in_person(request)
    phone = own_phone(person, phone_id)
    if phone.verified_at is not None:
        return redirect("account_contact")
    if request.method == "POST" and "send" in request.POST:
        return _send(request, person, phone)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _confirmed(form, person, phone):
        messages.success(request, _("Ce numéro est vérifié : les alertes peuvent y arriver."))
        return redirect("account_contact")
    return _page(request, person, phone, form)


def _send(request: HttpRequest, person: Person, phone: Phone) -> HttpResponse:
    try:
        send_code(actor=person, phone_id=phone.pk, address=client_address(request), by=request.POST["send"])
    except (Invalid, Conflict, Unavailable) as refusal:
        return _page(request, person, phone, CodeForm(), refusal)
    except RateLimited as refusal:
        return _page(request, person, phone, CodeForm(), refusal, status=refusal.status)
    return redirect("phone_verify", phone.pk)


def _confirmed(form: CodeForm, person: Person, phone: Phone) -> bool:
    try:
        confirm_number(actor=person, phone_id=phone.pk, code=form.cleaned_data["code"])
    except Invalid as refusal:
        form.add_error("code", str(refusal))
        return False
    return True


def _page(
    request: HttpRequest, person: Person, phone: Phone, form: CodeForm, refusal: ParvisError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    sent = NumberCode.objects.filter(person=person, number=phone.number, expires_at__gt=now()).first()
    ways, impossible = _ways(phone)
    context = {
        "phone": phone, "form": form, "sent": sent, "refusal": refusal, "ways": ways, "impossible": impossible,
    }  # fmt: skip
    return render(request, "alerts/verify.html", context, status=status)


def _ways(phone: Phone) -> tuple[list[str], str]:
    """By which means a code can leave for it, or why none can, in a sentence."""
    try:
        return open_ways(phone.number), ""
    except (Invalid, Unavailable) as refusal:
        return [], str(refusal)
