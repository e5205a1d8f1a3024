"""One dispatch to many."""

from datetime import timedelta

import pytest
from django.db.models import F, QuerySet

from hub.core.clock import now
from hub.deliveries import sender
from hub.deliveries.expanding import Leaves, expand
from hub.deliveries.models import Channel, Content, Delivery, Dispatch, Lane
from hub.people.models import Person, Phone
from tests.deliveries.conftest import Left
from tests.factories import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def dispatch() -> Dispatch:
    return Dispatch.objects.create(cause="test")


@pytest.fixture
def contents(dispatch: Dispatch) -> dict[str, Content]:
    words = {"fr": "Bouillez l’eau.", "en": "Boil the water."}
    return {
        language: Content.objects.create(
            dispatch=dispatch, channel="email", language=language, subject="Eau", text=text,
            headers={"From": "Ville <parvis@localhost>"},
        )
        for language, text in words.items()
    }  # fmt: skip


def leaves(channel: str = Channel.EMAIL) -> Leaves:
    return Leaves(channel, Lane.EMERGENCY, now(), now() + timedelta(hours=6))


def by_mail() -> "QuerySet[Person]":
    return Person.objects.annotate(reaches=F("email"))


def test_everybody_gets_it_in_their_language(dispatch: Dispatch, contents: dict[str, Content], left: Left) -> None:
    french, english, other = make_person(), make_person(language="en"), make_person(language="de")
    Person.objects.create(email="", first_name="Sans", last_name="Adresse")
    assert expand(dispatch, leaves(), by_mail(), contents) == (3, None)
    assert sender.send_due("email", for_s=5) == 3
    assert {item.to: item.text for item in left()} == {
        french.email: "Bouillez l’eau.", english.email: "Boil the water.", other.email: "Bouillez l’eau.",
    }  # fmt: skip
    assert set(Delivery.objects.values_list("person", "lane")) == {
        (person.pk, Lane.EMERGENCY) for person in (french, english, other)
    }


def test_it_goes_on_where_it_stood_and_twice_is_once(dispatch: Dispatch, contents: dict[str, Content]) -> None:
    people = [make_person() for _ in range(7)]
    assert expand(dispatch, leaves(), by_mail(), contents, size=3) == (3, people[2].pk)
    assert expand(dispatch, leaves(), by_mail(), contents, size=3) == (0, people[2].pk)
    assert expand(dispatch, leaves(), by_mail(), contents, after=people[2].pk, size=3) == (3, people[5].pk)
    assert expand(dispatch, leaves(), by_mail(), contents, after=people[5].pk, size=3) == (1, None)
    assert Delivery.objects.count() == 7


def test_who_shares_a_number_is_called_once(dispatch: Dispatch, contents: dict[str, Content]) -> None:
    for person in (make_person(), make_person()):
        Phone.objects.create(person=person, number="+14185550142")
    numbers = Person.objects.filter(phones__position=0).annotate(reaches=F("phones__number"))
    assert expand(dispatch, leaves(Channel.VOICE), numbers, contents) == (1, None)


def test_nobody_is_no_fault(dispatch: Dispatch, contents: dict[str, Content]) -> None:
    assert expand(dispatch, leaves(), by_mail().none(), contents) == (0, None)
