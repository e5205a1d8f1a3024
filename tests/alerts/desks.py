"""A town's desk of alerts, for tests: who writes, who approves, and what they see."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from hub.alerts import alerting
from hub.alerts.models import Alert
from hub.people.models import Person
from tests.alerts.alarms import draft
from tests.factories import make_agent, make_mayor, make_person, make_town

SQUARE = "48.0, 2.0\n48.0, 3.0\n49.0, 3.0\n49.0, 2.0"
LIVE = {"HTTP_X_REQUESTED_WITH": "fetch"}


class Desk:
    """A town with its mayor, an agent and a citizen, and browsers for the first two."""

    def __init__(self) -> None:
        self.town = make_town(phone="+14185550110")
        self.mayor = make_mayor(self.town, first_name="Hélène", last_name="Carpentier")
        self.agent = make_agent(self.town, first_name="Maude", last_name="Lavoie")
        self.citizen = make_person(town=self.town, first_name="Omar", last_name="Diallo")
        self.as_mayor, self.as_agent = self.sign_in(self.mayor), self.sign_in(self.agent)

    def sign_in(self, person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def url(self, *parts: object) -> str:
        return f"/mairie/{self.town.slug}/alertes/" + "".join(f"{part}/" for part in parts)

    def settings_url(self, *parts: object) -> str:
        return f"/mairie/{self.town.slug}/reglages/alertes/" + "".join(f"{part}/" for part in parts)

    def submitted(self, **fields: Any) -> Alert:
        alert = alerting.create_alert(actor=self.agent, slug=self.town.slug, draft=draft(**fields))
        return alerting.submit_alert(actor=self.agent, alert_id=alert.pk)

    def left(self, **fields: Any) -> Alert:
        alert = self.submitted(**fields)
        return alerting.approve_alert(actor=self.mayor, alert_id=alert.pk)


def html(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())
