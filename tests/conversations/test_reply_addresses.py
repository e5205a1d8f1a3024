"""Each reader of a conversation has an address of their own to answer to."""

from datetime import timedelta

import pytest

from hub.conversations.actions.reply_addresses import forget_reply_addresses, give_reply_addresses, revoke_reply_address
from hub.conversations.models import ReplyAddress
from hub.conversations.reply_addresses import given_as
from hub.core.clock import now, standing_at
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_a_reader_keeps_the_same_address_and_others_have_theirs(town: Town, citizen: Person, mayor: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    (first,) = give_reply_addresses(talk.pk, [("Alice@Citoyen.example", citizen)]).values()
    both = give_reply_addresses(talk.pk, [(citizen.email, citizen), (mayor.email, mayor)])
    assert both[citizen.email] == first
    assert both[mayor.email] != first
    assert first.endswith("@parvis.test")
    row = given_as(first.upper())
    assert row is not None
    assert (row.conversation_id, row.person, row.address) == (talk.pk, citizen, citizen.email)


def test_other_addresses_are_nobodys(town: Town, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    (given,) = give_reply_addresses(talk.pk, [(citizen.email, citizen)]).values()
    for other in (
        given.replace("parvis.test", "elsewhere.example"),
        given.replace("reply+", ""),
        given.replace("reply+", "reply+a"),
        f"reply+{'a' * 26}@parvis.test",
        "reply+@parvis.test",
        "",
        "@",
    ):
        assert given_as(other) is None, other


def test_it_ends_a_year_after_the_last_mail(town: Town, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    with standing_at(now() - timedelta(days=366)):
        (given,) = give_reply_addresses(talk.pk, [(citizen.email, citizen)]).values()
        assert given_as(given)
    assert given_as(given) is None
    assert give_reply_addresses(talk.pk, [(citizen.email, citizen)]) == {citizen.email: given}
    assert given_as(given)


def test_taken_back_it_takes_nothing_and_another_is_given(town: Town, citizen: Person, mayor: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    given = give_reply_addresses(talk.pk, [(citizen.email, citizen), (mayor.email, mayor)])
    assert revoke_reply_address(talk.pk, citizen.email.upper())
    assert not revoke_reply_address(talk.pk, citizen.email)
    assert given_as(given[citizen.email]) is None
    assert given_as(given[mayor.email])
    assert give_reply_addresses(talk.pk, [(citizen.email, citizen)])[citizen.email] != given[citizen.email]


def test_of_who_is_forgotten_nothing_stays(town: Town, citizen: Person, mayor: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    give_reply_addresses(talk.pk, [(citizen.email, citizen), (mayor.email, mayor)])
    assert forget_reply_addresses([talk.pk], [citizen.email.upper()]) == 1
    assert [row.address for row in ReplyAddress.objects.all()] == [mayor.email]


def test_without_a_domain_of_ours_nobody_is_given_one(town: Town, citizen: Person, settings: object) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    settings.INBOUND_DOMAIN = ""  # type: ignore[attr-defined]
    assert give_reply_addresses(talk.pk, [(citizen.email, citizen)]) == {}
    assert given_as("reply+@") is None
