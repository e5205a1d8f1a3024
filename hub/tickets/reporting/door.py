"""By which way somebody came to report: the town's own pages, or a frame on another site.

In a frame nobody is signed in, whoever the browser knows: another site surrounds the page, and could make people press
what they don't see. Cookies don't reach a frame anyway (SameSite): the form carries a token of its own.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from hub.core.client_address import client_address
from hub.people.models import Person
from hub.tickets.models import Category, Ticket
from hub.towns.models import Town

TOKEN_LIFE_S = 12 * 3600
RECEIPT_LIFE_S = 3600
_FORM, _RECEIPT = "tickets.report.form", "tickets.report.receipt"


@dataclass(frozen=True)
class Door:
    """The way in, and the addresses on that way."""

    town: Town
    person: Person | None = None
    framed: bool = False

    @property
    def choose_url(self) -> str:
        return reverse("report_framed" if self.framed else "report", args=[self.town.slug])

    def form_url(self, category: Category) -> str:
        return reverse("report_form_framed" if self.framed else "report_form", args=[self.town.slug, category.pk])

    def near_url(self, category: Category) -> str:
        """What is there already: the same for both, read without knowing who asks when it is framed."""
        url = reverse("report_near", args=[self.town.slug, category.pk])
        return f"{url}?cadre=1" if self.framed else url

    def done_url(self, ticket: Ticket) -> str:
        """The page after it is sent. Where no session says whose it is, the address does, for an hour."""
        receipt = signing.dumps(ticket.number, salt=_RECEIPT)
        if self.framed:
            return reverse("report_done_framed", args=[self.town.slug, receipt])
        url = reverse("report_done", args=[self.town.slug, ticket.number])
        return url if self.is_kept(ticket) else f"{url}?recu={receipt}"

    def is_kept(self, ticket: Ticket) -> bool:
        """Whether the session may say whose it is: never whose account has sent what is anonymous (S99)."""
        return not self.framed and not (self.person and ticket.anonymous)


def number_of_receipt(receipt: str) -> str:
    """The ticket's number; "" for what was made up, or is old."""
    try:
        return str(signing.loads(receipt, salt=_RECEIPT, max_age=RECEIPT_LIFE_S))
    except signing.BadSignature:
        return ""


def new_token(request: HttpRequest, town: Town) -> str:
    """For one framed form: of this town, for who asks from this address of the net, for some hours."""
    return signing.dumps([town.pk, client_address(request)], salt=_FORM)


def is_token(request: HttpRequest, town: Town, token: str) -> bool:
    """Whether the form's token is one of `new_token`."""
    try:
        said = signing.loads(token, salt=_FORM, max_age=TOKEN_LIFE_S)
    except signing.BadSignature:
        return False
    return bool(said == [town.pk, client_address(request)])
