"""While the mayor has not joined, residents who sign up are told of to the town hall, in numbers (S17)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from hub.core.clock import now, standing_at
from hub.deliveries.models import Delivery
from hub.people.actions import complete_sign_up, open_account
from hub.people.models import Person
from hub.towns.models import Grammar, Town
from tests import factories

pytestmark = pytest.mark.django_db


def prove(address: EmailAddress) -> None:
    """As django-allauth says it, of a browser that begins."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    email_confirmed.send(EmailAddress, request=request, email_address=address)


def sign_up(town: Town, name: str) -> Person:
    """Somebody signs up, and proves the address."""
    person = open_account(email=f"{name}@citoyen.example", first_name=name, last_name="Secret")
    complete_sign_up(person=person, town=town, fields={})
    assert not Delivery.objects.filter(person=person).exists()
    address = EmailAddress.objects.get(user=person)
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    prove(address)
    return person


def test_once_a_day_with_the_number_and_nobodys_name() -> None:
    town = factories.make_town(name="Valbourg", email="mairie@valbourg.example", mayor_grammar=Grammar.FEMININE)
    at = now()
    for name in ("paul", "zoe"):
        sign_up(town, name)
    mail = Delivery.objects.get()
    assert (mail.address, mail.dispatch.town, mail.dispatch.cause) == ("mairie@valbourg.example", town, "no_mayor")
    assert mail.subject == "Des habitants de Valbourg cherchent leur maire"
    assert "1 habitant de Valbourg s’est inscrit" in mail.text
    assert "La maire n’a pas encore rejoint" in mail.text
    for told in (mail.text, mail.html):
        assert "paul" not in told.lower()
        assert "secret" not in told.lower()
    with standing_at(at + timedelta(days=1, minutes=1)):
        sign_up(town, "luc")
    assert "3 habitants de Valbourg se sont inscrits" in Delivery.objects.latest("pk").text
    assert Delivery.objects.count() == 2


def test_with_a_mayor_or_without_an_address_nobody_is_told() -> None:
    led, silent = factories.make_town(email="mairie@a.example"), factories.make_town()
    factories.make_mayor(led)
    sign_up(led, "paul")
    sign_up(silent, "zoe")
    assert not Delivery.objects.exists()


def test_who_was_registered_at_the_desk_is_no_sign_up() -> None:
    town = factories.make_town(email="mairie@a.example")
    person = factories.make_person(town=town)
    address = EmailAddress.objects.get(user=person)
    prove(address)
    assert not Delivery.objects.exists()
