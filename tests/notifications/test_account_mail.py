"""Mails of the account: each can be written, in both languages, as text and as HTML."""

import pytest
from django.conf import settings
from django.core import mail
from django.utils import translation

from hub.deliveries.models import Delivery
from hub.notifications.account_mail import AccountAdapter
from hub.notifications.account_words import LETTERS
from hub.people.models import Person
from hub.towns.models import Town


def context(town: Town, person: Person) -> dict[str, object]:
    return {
        "code": "1234-5678", "town": town, "actor": person, "person": person, "role": "Agent", "user": person,
        "from_email": "ancienne@citoyen.example", "to_email": "neuve@citoyen.example",
        "deleted_email": "ancienne@citoyen.example",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(LETTERS))
def test_every_letter_is_queued_in_the_readers_language(name: str, language: str, town: Town, citizen: Person) -> None:
    citizen.language = language
    citizen.save()
    with translation.override("fr" if language == "en" else "en"):
        AccountAdapter().send_mail(name, citizen.email, context(town, citizen))

    delivery = Delivery.objects.get()
    assert delivery.person == citizen
    assert delivery.subject
    assert f'<html lang="{language}">' in delivery.html
    assert "Alice" in delivery.text
    for part in (delivery.text, delivery.html):
        assert "%(" not in part
        assert settings.LINK_BASE in part
    assert mail.outbox == []


def test_a_name_cannot_bring_markup_into_a_mail(town: Town, citizen: Person) -> None:
    citizen.first_name = '<img src="x">'
    citizen.save()
    AccountAdapter().send_mail("account/email/login_code", citizen.email, context(town, citizen))
    delivery = Delivery.objects.get()
    assert "<img" not in delivery.html
    assert '<img src="x">' in delivery.text


def test_who_is_unknown_is_written_to_in_the_pages_language(db: None) -> None:
    with translation.override("en"):
        AccountAdapter().send_mail("account/email/unknown_account", "personne@ailleurs.example", {})
    delivery = Delivery.objects.get()
    assert delivery.person is None
    assert '<html lang="en">' in delivery.html
