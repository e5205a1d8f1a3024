"""Webhooks: add one, mend it, try it, read what became of its calls."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid, NotFound, RateLimited
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.visitor import posted
from hub.tickets.actions import programs as actions
from hub.tickets.models import Webhook
from hub.tickets.programs_desk import words
from hub.tickets.programs_desk.forms import WebhookForm
from hub.tickets.webhooks import EVENTS
from hub.towns.models import Town

LOGGED = 25


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@never_cache
def webhook_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A new one; then its page, with its secret this once."""
    person, town = enter_management(request, town_slug)
    form = WebhookForm(posted(request), initial={"events": list(EVENTS)})
    if form.is_valid():
        try:
            webhook = actions.add_webhook(actor=person, town=town, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            return _page(request, webhook, _form(webhook), secret=webhook.secret)
    return render(request, "tickets/programs/webhook_new.html", {"town": town, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@never_cache
def webhook(request: HttpRequest, town_slug: str, webhook_id: int) -> HttpResponse:
    """One, with its log."""
    person, town = enter_management(request, town_slug)
    known = _access(town, webhook_id)
    form = WebhookForm(request.POST) if posted(request) is not None else _form(known)
    if form.is_valid():
        try:
            actions.change_webhook(actor=person, webhook=known, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Le webhook est à jour."))
            return redirect("desk_webhook", town.slug, known.pk)
    return _page(request, known, form)


def _form(webhook: Webhook) -> WebhookForm:
    return WebhookForm(initial={"url": webhook.url, "events": webhook.events})


def _page(request: HttpRequest, webhook: Webhook, form: WebhookForm, *, secret: str = "") -> HttpResponse:
    page = Paginator(webhook.calls.order_by("-pk"), LOGGED).get_page(request.GET.get("page"))
    shown = {
        "town": webhook.town,
        "webhook": webhook,
        "form": form,
        "secret": secret,
        "page": page,
        "lines": [words.line_of(call, webhook.town) for call in page.object_list],
        "standing": words.standing_of(webhook),
    }
    return render(request, "tickets/programs/webhook.html", shown)


@require_POST
@staff
@never_cache
def webhook_secret(request: HttpRequest, town_slug: str, webhook_id: int) -> HttpResponse:
    """A new secret, shown this once."""
    person, town = enter_management(request, town_slug)
    known = actions.rotate_secret(actor=person, webhook=_access(town, webhook_id))
    return _page(request, known, _form(known), secret=known.secret)


@require_POST
@staff
def webhook_switch(request: HttpRequest, town_slug: str, webhook_id: int) -> HttpResponse:
    """Off, or on again: `on` is 1 or 0."""
    person, town = enter_management(request, town_slug)
    known, on = _access(town, webhook_id), request.POST.get("on") == "1"
    actions.switch_webhook(actor=person, webhook=known, on=on)
    messages.success(request, _("Le webhook est en service.") if on else _("Le webhook est hors service."))
    return redirect("desk_webhook", town.slug, known.pk)


@require_POST
@staff
def webhook_remove(request: HttpRequest, town_slug: str, webhook_id: int) -> HttpResponse:
    """Take it away, with its log."""
    person, town = enter_management(request, town_slug)
    actions.remove_webhook(actor=person, webhook=_access(town, webhook_id))
    messages.success(request, _("Le webhook est supprimé."))
    return redirect("desk_programs", town.slug)


@require_POST
@staff
def webhook_try(request: HttpRequest, town_slug: str, webhook_id: int) -> HttpResponse:
    """Send it a call that tells nothing."""
    person, town = enter_management(request, town_slug)
    known = _access(town, webhook_id)
    try:
        actions.try_webhook(actor=person, webhook=known)
    except (Conflict, RateLimited) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L’essai part. Dans quelques secondes, le journal dira s’il est arrivé."))
    return _to_log(known)


@require_POST
@staff
def webhook_retry(request: HttpRequest, town_slug: str, webhook_id: int, call_id: int) -> HttpResponse:
    """Make one of its calls again, now."""
    person, town = enter_management(request, town_slug)
    _retry(request, person, _access(town, webhook_id), call_id)
    return _to_log(_access(town, webhook_id))


def _retry(request: HttpRequest, person: Person, known: Webhook, call_id: int) -> None:
    call = known.calls.filter(pk=call_id).select_related("webhook__town").first()
    if call is None:
        raise NotFound
    try:
        actions.retry_call(actor=person, call=call)
    except (Conflict, RateLimited) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("L’appel part de nouveau. Dans quelques secondes, le journal dira s’il est arrivé.")
        )


def _to_log(known: Webhook) -> HttpResponse:
    response = redirect("desk_webhook", known.town.slug, known.pk)
    response["Location"] += "#journal"
    return response


def _access(town: Town, webhook_id: int) -> Webhook:
    found = town.webhooks.filter(pk=webhook_id).select_related("town").first()
    if found is None:
        raise NotFound
    return found
