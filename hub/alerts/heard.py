"""What is heard of people: who signs up is told of alerts, who gives a mobile allows SMS (S15), who turns a device on
is told there too; a town without a mayor hears that somebody is there (S17)."""

from typing import Any

from allauth.account.signals import email_confirmed

from hub.alerts import no_mayor
from hub.alerts.actions import subscribe_newcomer, take_device_for_push, take_number_for_sms
from hub.people.models import Person
from hub.people.signals import device_given, phone_given, signed_up
from hub.towns.models import Town


def _signed_up(person: Person, town: Town, **_signal: Any) -> None:
    subscribe_newcomer(person=person, town=town)


def _phone_given(person: Person, number: str, **_signal: Any) -> None:
    take_number_for_sms(person=person, number=number)


def _device_given(person: Person, **_signal: Any) -> None:
    take_device_for_push(person=person)


def listen() -> None:
    """Once, when the room is set up."""
    signed_up.connect(_signed_up, dispatch_uid="alerts.signed_up")
    phone_given.connect(_phone_given, dispatch_uid="alerts.phone_given")
    device_given.connect(_device_given, dispatch_uid="alerts.device_given")
    email_confirmed.connect(no_mayor.on_proof, dispatch_uid="alerts.no_mayor")
