"""What stays unread is shown on devices, to who wants that: once, and not to who reads just now."""

from datetime import timedelta

import pytest

from hub.conversations import actions
from hub.conversations.models import Conversation, Message, Participant
from hub.conversations.unread_push import CAUSE, push_unread
from hub.core.clock import now
from hub.deliveries.models import Delivery, State
from hub.deliveries.writing import items_of
from hub.notifications.actions import set_preferences
from hub.notifications.models import Kind
from hub.notifications.rules import Wish
from hub.people.models import Device, Person
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def talk(town: Town, mayor: Person, citizen: Person) -> Conversation:
    """The citizen's, with a device of theirs: private messages are shown there unless they say otherwise."""
    device(citizen)
    return factories.make_conversation(town, citizen, "Bonjour")


def device(person: Person, number: int = 1) -> Device:
    return Device.objects.create(person=person, kind="web", target="{}", digest=f"{person.pk}.{number}", name="Firefox")


def wants(person: Person, kind: Kind, *, push: bool) -> None:
    set_preferences(actor=person, wishes={kind: Wish(site=True, email=False, push=push)})


def later(seconds: int = 30) -> None:
    """All that was said was said that much earlier."""
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(at=message.at - timedelta(seconds=seconds))
    for part in Participant.objects.exclude(unread_since=None):
        assert part.unread_since
        Participant.objects.filter(pk=part.pk).update(unread_since=part.unread_since - timedelta(seconds=seconds))


def shown(person: Person) -> list[Delivery]:
    rows = Delivery.objects.filter(dispatch__cause=CAUSE, person=person).select_related("dispatch__town", "person")
    return list(rows.order_by("pk"))


def test_a_private_message_is_shown_once_until_it_was_read(talk: Conversation, mayor: Person, citizen: Person) -> None:
    device(citizen, 2)
    said = factories.say(mayor, talk, "Le banc est réparé.")
    assert push_unread() == 0  # they may be reading it
    later()
    assert [push_unread(), push_unread()] == [1, 0]
    rows = shown(citizen)
    assert len(rows) == 2
    item = items_of(rows)[rows[0].pk].item
    assert (item.subject, item.text) == (
        talk.town.name, "Hélène Carpentier vous a écrit «\u00a0Le banc est réparé.\u00a0»",
    )  # fmt: skip
    assert item.link.endswith(f"/messages/{talk.pk}/")
    factories.say(mayor, talk, "Autre chose.")
    later()
    assert push_unread() == 0  # they have been told that something waits
    actions.mark_read(actor=citizen, conversation_id=talk.pk, up_to=said.seq + 1)
    factories.say(mayor, talk, "Bonsoir.")
    later()
    assert push_unread() == 1
    assert "Bonsoir." in shown(citizen)[-1].text


def test_who_has_read_has_no_device_or_does_not_want_it_is_shown_nothing(
    talk: Conversation, mayor: Person, citizen: Person
) -> None:
    said = factories.say(mayor, talk, "Le banc est réparé.")
    later()
    wants(citizen, Kind.PRIVATE_MESSAGES, push=False)
    assert push_unread() == 0
    wants(citizen, Kind.PRIVATE_MESSAGES, push=True)
    Device.objects.update(retired_at=now())
    assert push_unread() == 0
    Device.objects.update(retired_at=None)
    actions.mark_read(actor=citizen, conversation_id=talk.pk, up_to=said.seq)
    assert push_unread() == 0


def test_what_waits_for_the_morning_goes_when_it_was_read_at_night(
    talk: Conversation, mayor: Person, citizen: Person
) -> None:
    said = factories.say(mayor, talk, "Le banc est réparé.")
    later()
    push_unread()
    (row,) = shown(citizen)
    push_unread()
    row.refresh_from_db()
    assert row.state == State.QUEUED
    actions.mark_read(actor=citizen, conversation_id=talk.pk, up_to=said.seq)
    push_unread()
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.SUPPRESSED, "read")


def test_the_town_hall_is_shown_what_a_citizen_wrote_and_a_group_whoever_asked_for_it(
    town: Town, talk: Conversation, mayor: Person
) -> None:
    device(mayor)
    later()
    assert push_unread() == 1
    assert f"/mairie/{town.slug}/messages/{talk.pk}/" in items_of(shown(mayor))[shown(mayor)[0].pk].item.link
    group = make_group(town, mayor)
    for person in (group.paul, group.zoe):
        device(person)
    wants(group.paul, Kind.GROUP_MESSAGES, push=True)
    factories.say(group.zoe, group.conversation, "Qui vient jeudi ?")
    later()
    assert [push_unread(), push_unread()] == [1, 0]
    (row,) = shown(group.paul)
    assert "Budget 2027" in row.text
    assert "Qui vient jeudi ?" in row.text
    assert shown(group.zoe) == []


def test_one_that_can_not_be_shown_keeps_no_other_back(
    town: Town, talk: Conversation, mayor: Person, citizen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.make_person(town=town)
    device(other)
    second = factories.make_conversation(town, other, "Bonsoir")
    for one in (talk, second):
        factories.say(mayor, one, "Bonjour.")
    later()
    with monkeypatch.context() as patch:
        patch.setattr("hub.conversations.unread_push.devices_of", lambda person: 1 / 0 if person == citizen else [])
        assert push_unread() == 0
    assert push_unread() == 2


def test_what_is_old_is_no_news(talk: Conversation, mayor: Person) -> None:
    factories.say(mayor, talk, "Le banc est réparé.")
    later(13 * 3600)
    assert push_unread() == 0
