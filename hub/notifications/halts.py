"""The day's money for SMS and calls is spent: whoever manages the towns is told once, on the site and by mail."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import gettext as _

from hub.core.typography import clock
from hub.deliveries import halts
from hub.deliveries.models import Halt
from hub.notifications.actions import notify
from hub.notifications.letter import Button, Letter
from hub.notifications.mail import Reader, queue_letter, written_for
from hub.notifications.models import Kind
from hub.people.models import Person
from hub.people.queries import managers_of
from hub.streams.actions import unit
from hub.towns.models import Town

CODE = "spending_halted"
WORTH = timedelta(days=2)


def tell(halt: Halt) -> None:
    """One notification and one mail to each, about the first of their towns. Calling it again tells nobody."""
    with unit() as work:
        if not halts.take(halt):
            return
        told: set[int] = set()
        for town in _towns(halt):
            people = [person for person in managers_of(town) if person.pk not in told]
            told |= {person.pk for person in people}
            notify(
                work, town_id=town.pk, kind=Kind.MODERATION, code=CODE, people={person.pk for person in people},
                actor=None, what={"amount": str(halt.limit), "currency": halt.currency}, path=f"/mairie/{town.slug}/",
                subject=f"halt.{halt.pk}",
            )  # fmt: skip
            for person in people:
                _write(halt, person, town)


def _towns(halt: Halt) -> list[Town]:
    """Those whose day it is; all of them when it is the hub's own, of what is sent for no town."""
    towns = Town.objects.order_by("pk")
    return list(towns.filter(time_zone=halt.zone) or towns)


def _write(halt: Halt, person: Person, town: Town) -> None:
    if not person.email:
        return
    reader = Reader(person, town)
    with written_for(reader):
        queue_letter(cause=CODE, reader=reader, letter=letter(halt, reader), expires_in=WORTH)


def letter(halt: Halt, reader: Reader) -> Letter:
    """What they are told by mail, in the language that is active."""
    town = reader.town
    said = {
        "money": format_currency(halt.limit, halt.currency, locale=reader.locale),
        "at": clock(halt.at.astimezone(ZoneInfo(town.time_zone)), reader.locale),
    }
    reason = _(
        "Vous recevez ce courriel parce que vous réglez Parvis pour %(town)s. Une réponse à ce courriel "
        "n’arriverait à personne."
    )
    return Letter(
        subject=_("SMS et appels attendent jusqu’à demain"),
        before=[
            _(
                "À %(at)s, les SMS et les appels de ce site ont atteint la dépense d’une journée : %(money)s. Ceux "
                "qui restent partiront demain à partir de 8 h."
            )
            % said,
            _("Les alertes d’urgence partent toujours, sans attendre."),
            _(
                "Si cet envoi est voulu, demandez à la personne qui tient le serveur de relever "
                "PARVIS_DAILY_SPENDING. Sinon, regardez ce qui est parti aujourd’hui : quelqu’un envoie peut-être "
                "des SMS à votre place."
            ),
        ],
        buttons=[Button(_("Ouvrir le bureau"), f"{settings.LINK_BASE}/mairie/{town.slug}/")],
        reason=reason % {"town": town.name},
    )
