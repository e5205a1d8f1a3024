"""Which addresses exist here, what each is for, and to which of them a mail was sent."""

import pytest
from pytest_django import Settings

from hub.conversations.actions.reply_addresses import give_reply_addresses
from hub.conversations.models import Conversation
from hub.deliveries.bounce_addresses import address_for
from hub.towns.mail_addresses import general_address, scanner_address
from hub.towns.models import Town
from inbound_email.recipients import Kind, found_in, kind_of, sender_in
from tests.factories import make_town
from tests.inbound_email.smtp_client import mail

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_each_kind_of_address_is_told_from_the_others(town: Town, settings: Settings) -> None:
    settings.EMAIL_FROM = "Mairie <parvis@ville.example>"
    town.email = "Mairie@ville.example"
    town.save()
    conversation = Conversation.objects.create(town=town)
    (reply,) = give_reply_addresses(conversation.pk, [("alice@citoyen.example", None)]).values()
    assert {address: kind_of(address) for address in (reply, address_for(1), scanner_address(town))} == {
        reply: Kind.REPLY, address_for(1): Kind.BOUNCE, scanner_address(town): Kind.SCANNER,
    }  # fmt: skip
    # Only who has taken the mail for us already knows that it is for us.
    for address, kind in (("mairie@ville.example", Kind.TOWN), ("parvis@ville.example", Kind.SENDER)):
        assert (kind_of(address), kind_of(address, delivered=True)) == (None, kind)
    settings.INBOUND_DOMAIN = "ville.example"
    assert kind_of("parvis@ville.example") is Kind.SENDER
    settings.INBOUND_DOMAIN = ""
    assert kind_of(f"{town.slug}@") is None


def test_an_address_that_two_towns_print_is_neithers(town: Town) -> None:
    for one in (town, make_town("saint-autre")):
        one.email = "accueil@agglo.example"
        one.save()
    assert kind_of("accueil@agglo.example", delivered=True) is None


def test_who_delivered_a_mail_knows_best_whom_it_was_for(town: Town) -> None:
    ours, other = general_address(town), scanner_address(town)
    named = [f"To: Ville <{other}>", "Cc: someone@else.example"]
    assert found_in(mail(headers=named)) == other
    assert found_in(mail(headers=[*named, "Received: x", f"X-Original-To: {ours.upper()}"])) == ours
    assert found_in(mail(headers=["To: someone@else.example, =?utf-8?q?Mairie?=", f" <{ours}>"])) == ours
    assert found_in(mail(headers=["To: undisclosed-recipients:;"])) == ""
    assert found_in(f"To: {ours}\r\n".encode() + b"X: y\r\n" * 2_000 + b"\r\n") == ""  # a mail made to hurt
    assert found_in(b"") == ""


def test_a_mail_goes_back_to_whom_its_last_server_says() -> None:
    assert sender_in(mail()) == "alice@citoyen.example"
    assert sender_in(mail(headers=["Return-Path: <bounces@list.example>"])) == "bounces@list.example"
    assert sender_in(mail(headers=["Return-Path: <>"])) == ""
    assert sender_in(b"") == ""
