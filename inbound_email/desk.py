"""« Courriels reçus », at the desk: what waits for a decision, what machines wrote, what can't be read; and each mail
as it came."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from hub.audit.actions import note
from hub.core.access import staff
from hub.core.errors import NotFound, ParvisError
from hub.core.unkept import unkept
from hub.deliveries.previews import LETTER_POLICY
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.streams import topics
from hub.streams.queries import from_here
from hub.tickets import panel_desk, queries
from hub.tickets.models import Ticket
from hub.towns.mail_addresses import general_address, scanner_address
from hub.towns.models import Town
from inbound_email import sandbox, waiting
from inbound_email.looking import Tab, access_mail, listed
from inbound_email.models import InboundEmail
from inbound_email.opened import Asked, Shown

MAILS = 20
SEEN_AGAIN_S = 3_600
_SOURCE_SHOWN = 20_000  # bytes of one that can't be read


@require_safe
@staff
def mails(request: HttpRequest, town_slug: str) -> HttpResponse:
    """One of the three lists: `onglet`."""
    person, town, _roles = enter(request, town_slug)
    asked = request.GET.get("onglet", "")
    tab = next((one for one in Tab if one == asked), Tab.WAITING)
    return _mails(request, person, town, tab)


def _mails(
    request: HttpRequest, person: Person, town: Town, tab: Tab, error: ParvisError | None = None
) -> HttpResponse:  # fmt: skip
    live = from_here(topics.desk(town.slug))  # before the lists are read
    names = {
        Tab.WAITING: _("À décider"), Tab.AUTOMATIC: _("Automatiques"), Tab.ASIDE: _("En quarantaine"),
    }  # fmt: skip
    tabs = [(one, names[one], listed(person, town, one).order_by().count()) for one in Tab]
    page = Paginator(listed(person, town, tab), MAILS).get_page(request.GET.get("page"))
    shown = {
        "town": town, "tab": tab, "tabs": tabs, "page": page, "error": error,
        "general": general_address(town), "scanner": scanner_address(town),
        "live": live,
    }  # fmt: skip
    return render(request, "inbound_email/mails.html", shown, status=error.status if error else 200)


@csp_update({"frame-src": [SELF]})  # type: ignore[untyped-decorator]
@require_safe
@staff
@unkept
def mail(request: HttpRequest, town_slug: str, mail_id: int) -> HttpResponse:
    """One as it came: headers, words, files by name. Noted in the trail."""
    person, town, row = _enter(request, town_slug, mail_id)
    _note_seen(row, person)
    return _mail(request, town, row)


def _mail(request: HttpRequest, town: Town, row: InboundEmail, error: ParvisError | None = None) -> HttpResponse:
    opened = sandbox.ask(Asked("show"), row.raw.data)
    shown: dict[str, Any] = {"town": town, "mail": row, "error": error}
    if isinstance(opened, Shown):
        shown |= {"shown": opened, "told": _told(opened)}
    else:
        shown["source"] = row.raw.data[:_SOURCE_SHOWN].decode("utf-8", "replace").replace("\x00", "")
    return render(request, "inbound_email/mail.html", shown, status=error.status if error else 200)


def _told(shown: Shown) -> list[tuple[str, str]]:
    """The headers that people look for, under names that they know."""
    names = {"from": _("De"), "to": _("À"), "cc": _("Copie à"), "date": _("Date"), "subject": _("Sujet")}
    first: dict[str, str] = {}
    for name, value in shown.headers:
        first.setdefault(name, value)
    return [(label, first[name]) for name, label in names.items() if first.get(name)]


@xframe_options_sameorigin
@require_safe
@staff
@unkept
def laid_out(request: HttpRequest, town_slug: str, mail_id: int) -> HttpResponse:
    """Its HTML, for the frame of `mail`: nothing runs in it, nothing is fetched. Raises `NotFound` without any."""
    _person, _town, row = _enter(request, town_slug, mail_id)
    opened = sandbox.ask(Asked("show"), row.raw.data)
    if not isinstance(opened, Shown) or not opened.html:
        raise NotFound
    return HttpResponse(opened.html, headers={"Content-Security-Policy": LETTER_POLICY})


@require_safe
@staff
@unkept
def source(request: HttpRequest, town_slug: str, mail_id: int) -> HttpResponse:
    """Its bytes, to be opened in a mail program."""
    person, _town, row = _enter(request, town_slug, mail_id)
    _note_seen(row, person)
    return HttpResponse(
        row.raw.data, content_type="message/rfc822",
        headers={
            "Content-Disposition": f'attachment; filename="courriel-{row.pk}.eml"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )  # fmt: skip


@require_POST
@staff
def decide(request: HttpRequest, town_slug: str, mail_id: int) -> HttpResponse:
    """`decision`: accept, new or dismiss. What is refused is said above the mail, which waits still."""
    person, town, row = _enter(request, town_slug, mail_id)
    asked = request.POST.get("decision", "")
    if asked not in _DECISIONS:
        raise NotFound
    try:
        return _DECISIONS[asked](request, person, town, row)
    except NotFound:
        raise
    except ParvisError as error:
        if (ticket := _panel_of(request, row)) is not None:
            seen = queries.access_work(person, ticket.number)
            return panel_desk.show(request, person, seen, {"error": error}, status=error.status)
        return _mail(request, town, access_mail(person, town, row.pk), error)


def _accept(request: HttpRequest, person: Person, town: Town, row: InboundEmail) -> HttpResponse:
    waiting.accept(actor=person, town=town, mail_id=row.pk)
    messages.success(request, _("Le courriel est accepté : ses mots sont dans la conversation."))
    return _back(request, town, row)


def _new(request: HttpRequest, person: Person, town: Town, row: InboundEmail) -> HttpResponse:
    made = waiting.open_new(actor=person, town=town, mail_id=row.pk)
    messages.success(request, _("La requête %(number)s est ouverte.") % {"number": made.number})
    return redirect("desk_ticket", town.slug, made.number)


def _dismiss(request: HttpRequest, person: Person, town: Town, row: InboundEmail) -> HttpResponse:
    waiting.dismiss(actor=person, town=town, mail_id=row.pk)
    messages.success(request, _("Le courriel est écarté. L’expéditeur n’en sait rien."))
    return _back(request, town, row)


_DECISIONS = {"accept": _accept, "new": _new, "dismiss": _dismiss}


@require_POST
@staff
def retry(request: HttpRequest, town_slug: str, mail_id: int) -> HttpResponse:
    """Read it once more, from the beginning."""
    person, town, row = _enter(request, town_slug, mail_id)
    try:
        waiting.retry(actor=person, town=town, mail_id=mail_id)
    except NotFound:
        raise
    except ParvisError as error:
        return _mails(request, person, town, Tab.ASIDE, error)
    messages.success(request, _("Le courriel va être relu."))
    return _back(request, town, row, tab=Tab.ASIDE)


def _enter(request: HttpRequest, town_slug: str, mail_id: int) -> tuple[Person, Town, InboundEmail]:
    person, town, _roles = enter(request, town_slug)
    request.navigation = reverse("desk_mails", args=[town.slug])  # type: ignore[attr-defined]
    return person, town, access_mail(person, town, mail_id)


def _panel_of(request: HttpRequest, row: InboundEmail) -> Ticket | None:
    """The ticket in whose panel it was decided; None: on a page of its own."""
    number = request.POST.get("requete", "")
    if not number or row.conversation_id is None:
        return None
    return Ticket.objects.filter(conversation=row.conversation_id, number=number).first()


def _back(request: HttpRequest, town: Town, row: InboundEmail, tab: Tab = Tab.WAITING) -> HttpResponse:
    """To where it was decided: the ticket's panel, or the list."""
    if (ticket := _panel_of(request, row)) is not None:
        fragment = "&fragment=1" if "fragment" in request.GET else ""
        return redirect(f"{reverse('desk_ticket', args=[town.slug, ticket.number])}?onglet=suivis{fragment}")
    return redirect(f"{reverse('desk_mails', args=[town.slug])}?onglet={tab}")


def _note_seen(row: InboundEmail, person: Person) -> None:
    """Told once an hour for each person and mail."""
    if row.town_id is not None and cache.add(f"mail-seen-{row.pk}-{person.pk}", True, SEEN_AGAIN_S):
        note(town_id=row.town_id, actor=person, act="mail.seen", subject=waiting.subject_of(row), what={})
