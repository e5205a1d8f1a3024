"""The tab « Abonnements » of a citizen's record (S24): themes and means, as the citizen asks for them."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from hub.alerts import wishes
from hub.alerts.actions import set_subscription
from hub.alerts.rules import NOTHING
from hub.people.desk.parts import Part
from hub.people.models import Person
from hub.towns.models import Town


def part(town: Town, citizen: Person | None, data: QueryDict | None) -> Part:
    """How it stands, or as it was typed. A form without this tab (`subscription`) changes nothing."""
    typed = wishes.said(data) if data is not None and "subscription" in data else None

    def save(actor: Person, person: Person) -> None:
        # Of somebody new nothing ticked is nothing said: no refusal.
        if typed is not None and (citizen is not None or typed != NOTHING):
            set_subscription(actor=actor, person=person, town=town, wanted=typed)

    shown = wishes.shown(citizen, town, whose="desk", typed=typed)
    return Part("subscription", _("Abonnements"), "alerts/desk/part.html", shown, save)
