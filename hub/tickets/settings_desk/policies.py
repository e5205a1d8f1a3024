"""The town's rules (S87, S99, S139), its services as tickets see them, and its words in mails to citizens."""

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.access import staff
from hub.core.errors import Invalid, NotFound
from hub.people.desk.entry import enter_management
from hub.people.queries import mayor_of
from hub.people.visitor import posted
from hub.tickets.actions import settings as actions
from hub.tickets.mail_texts import BY_CODE, LETTERS
from hub.tickets.models import OPEN, Category, Ticket
from hub.tickets.queries import desk_settings
from hub.tickets.settings_forms import MailTextForm, PoliciesForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def policies(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Anonymous demands, call centre first, public list, who answers for it, letters of numbers."""
    person, town = enter_management(request, town_slug)
    mayor = mayor_of(town)
    form = PoliciesForm(
        posted(request), instance=desk_settings(town), mayor_name=mayor.name if mayor else "",
        code_kept=Ticket.objects.filter(town=town).exists(),
    )  # fmt: skip
    if form.is_valid():
        try:
            actions.set_policies(actor=person, town=town, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Les règles sont à jour."))
            return redirect("desk_ticket_rules", town.slug)
    shown = {"town": town, "page": "rules", "form": form, "has_operator": actions.has_operator(town)}
    return render(request, "tickets/settings/rules.html", shown)


@require_safe
@staff
def services(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Who gets what: each service with its address, its members, its categories and its open tickets."""
    _person, town = enter_management(request, town_slug)
    led = Category.objects.filter(town=town, active=True).order_by().values_list("service")
    open_ones = Ticket.objects.filter(town=town, status__in=OPEN).order_by().values_list("service")
    leading, waiting = dict(led.annotate(Count("pk"))), dict(open_ones.annotate(Count("pk")))
    rows = [
        {
            "service": service,
            "members": list(dict.fromkeys(held.person for held in service.members.all() if held.person.is_active)),
            "categories": leading.get(service.pk, 0),
            "tickets": waiting.get(service.pk, 0),
        }
        for service in town.services.prefetch_related("members__person")
    ]
    shown = {"town": town, "page": "services", "rows": rows, "nobodys": waiting.get(None, 0)}
    return render(request, "tickets/settings/services.html", shown)


@require_safe
@staff
def mails(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The mails that the town may add to, and where it did."""
    _person, town = enter_management(request, town_slug)
    kept = desk_settings(town).mail_texts
    letters = [(letter, kept.get(letter.code, {})) for letter in LETTERS]
    return render(request, "tickets/settings/mails.html", {"town": town, "page": "mails", "letters": letters})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def mail(request: HttpRequest, town_slug: str, mail_code: str) -> HttpResponse:
    """The town's words in one of them. `preview` shows it, and keeps nothing."""
    person, town = enter_management(request, town_slug)
    letter = BY_CODE.get(mail_code)
    if letter is None:
        raise NotFound
    asked = "preview" in request.POST
    form = MailTextForm(posted(request), town=town, texts=desk_settings(town).mail_texts.get(mail_code, {}))
    if form.is_valid() and not asked:
        actions.set_mail_text(actor=person, town=town, code=mail_code, texts=form.texts)
        messages.success(request, _("Votre texte est gardé."))
        return redirect("desk_ticket_mails", town.slug)
    shown = {"town": town, "page": "mails", "letter": letter, "form": form, "unsaved": asked and form.is_valid()}
    return render(request, "tickets/settings/mail.html", {**shown, "samples": _samples(form.texts)})


def _samples(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """The beginning of the mail in each language of the town, to an invented citizen."""
    names = {"fr": _("En français"), "en": _("En anglais")}
    samples = []
    for language, text in texts.items():
        with override(language):
            greeting = _("Bonjour %(name)s,") % {"name": "Alice"}
        samples.append({"language": language, "name": names[language], "greeting": greeting, "text": text})
    return samples
