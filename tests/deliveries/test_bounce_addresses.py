"""Each mail comes back to an address of its own, which nobody else can make."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from hub.deliveries import sender
from hub.deliveries.bounce_addresses import address_for, delivery_of
from tests.channels_adapters.relay import Relay
from tests.deliveries.conftest import queue


def test_an_address_names_its_delivery_whatever_the_capitals() -> None:
    address = address_for(1207)
    assert len(address.partition("@")[0]) <= 64  # RFC 5321, 4.5.3.1.1
    assert [delivery_of(said) for said in (address, address.upper(), f" {address} ")] == [1207] * 3


def test_an_address_that_was_not_made_here_names_none(settings: Settings) -> None:
    address = address_for(1207)
    signature = address.partition("-")[2].partition("@")[0]
    others = (
        address.replace("1207", "1208"), address.replace("parvis.test", "else.test"), address.replace("-", ""),
        f"bounce+1207-{'a' * 13}@parvis.test", f"bounce+01207-{signature}@parvis.test", "bounce@parvis.test", "",
        f"bounce+{'9' * 30}-{signature}@parvis.test",
    )  # fmt: skip
    assert [delivery_of(other) for other in others] == [None] * len(others)
    settings.INBOUND_DOMAIN = ""
    assert delivery_of(f"bounce+1207-{signature}@") is None


@pytest.mark.django_db(transaction=True)
def test_mails_leave_with_it_and_answers_of_machines_with_none(
    by_smtp: Callable[..., Relay], settings: Settings
) -> None:
    relay = by_smtp(timeout_s=10)
    mail, answer = queue(1), queue(2)
    answer.headers["Auto-Submitted"] = "auto-replied (vacation)"
    answer.save()
    assert sender.send_due("email", for_s=5) == 2
    settings.BOUNCE_ADDRESSES = False
    plain = queue(3)
    assert sender.send_due("email", for_s=5) == 1
    senders = {taken.recipients[0]: taken.sender for taken in relay.taken}
    assert senders == {mail.address: address_for(mail.pk), answer.address: "<>", plain.address: "parvis@localhost"}
