"""The marks of tickets: priority in stone courses, icons of states and ways."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Via
from hub.core import typography
from hub.core.clock import now
from hub.tickets import links
from hub.tickets.icons import SOURCE_ICONS
from hub.tickets.models import Priority, Source, Status, Ticket
from hub.towns.models import Town

register = template.Library()

_STATUS_ICONS = {
    Status.NOT_TRANSFERRED: "phone",
    Status.TRANSFERRED: "clock",
    Status.IN_PROGRESS: "service",
    Status.CLOSED_DONE: "check",
    Status.CLOSED_REFUSED: "x",
}
_VIA_ICONS = {
    Via.WEB: "web", Via.API: "copy", Via.EMAIL: "mail", Via.SMS: "sms", Via.PHONE: "phone", Via.LETTER: "letter",
    Via.DESK: "town",
}  # fmt: skip


@register.simple_tag
def priority_mark(priority: int) -> SafeString:
    """« Très important », with its courses of stone."""
    markup = '<span class="priority priority--{}"><i aria-hidden="true"></i>{}</span>'
    return format_html(markup, priority, Priority(priority).label)


@register.simple_tag
def ticket_code(ticket: Ticket) -> SafeString:
    """A QR code of its page, for paper: the number, and never the secret. A scan of it finds the ticket again."""
    code = segno.make(links.public_page(ticket), error="m", micro=False)
    said = _("Code de la demande %(number)s") % {"number": ticket.number}
    drawn = code.svg_inline(scale=3, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    # Ours from the first letter to the last: the address of the hub, and a number.
    return format_html('<span class="ticket-code" role="img" aria-label="{}">{}</span>', said, mark_safe(drawn))  # noqa: S308


@register.filter
def source_icon(source: str) -> str:
    """The icon of the way by which a ticket came."""
    return SOURCE_ICONS[Source(source)]


@register.filter
def status_icon(status: str) -> str:
    """The icon of a state."""
    return _STATUS_ICONS[Status(status)]


@register.filter
def via_icon(via: str) -> str:
    """The icon of the way by which words came."""
    return _VIA_ICONS[Via(via)]


@register.filter
def plain_date(day: date, town: Town) -> str:
    """« vendredi 27 novembre »."""
    locale = typography.locale_name((get_language() or "fr")[:2], town.country)
    return typography.plain_day(day, locale, today=now().astimezone(ZoneInfo(town.time_zone)).date())


@register.filter
def when(at: datetime, town: Town) -> str:
    """« 18 h 35 » of today, else « 24 nov., 18 h 35 »."""
    zone = ZoneInfo(town.time_zone)
    there, today = at.astimezone(zone), now().astimezone(zone).date()
    locale = typography.locale_name((get_language() or "fr")[:2], town.country)
    clock = typography.clock(there, locale)
    return clock if there.date() == today else f"{typography.short_day(there.date(), locale, today=today)}, {clock}"


@register.filter
def coordinate(degrees: float) -> str:
    """« 46.81312 »: to a metre."""
    return f"{degrees:.5f}"
