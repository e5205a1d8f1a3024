"""What groups say is told to their members by the clock: on the site, by mail to who asks, never twice."""

from datetime import timedelta

import pytest

from hub.conversations import actions
from hub.conversations.group_news import tell_group_news
from hub.conversations.models import Message, Participant
from hub.conversations.unread_mail import CAUSE, mail_unread
from hub.core.clock import now, standing_at
from hub.deliveries.models import Delivery
from hub.notifications import words
from hub.notifications.actions import set_preferences, set_rhythm
from hub.notifications.digest import send_due
from hub.notifications.models import Gathered, Kind, Notification, Preference
from hub.notifications.rules import Wish
from hub.people.actions import unfollow_town
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group, make_group

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def group(town: Town, mayor: Person) -> Group:
    return make_group(town, mayor)


def told(person: Person) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(person=person, code="group_message", read_at=None)
    return [(row.what["title"], row.what["excerpt"]) for row in rows]


def mails(person: Person) -> list[Delivery]:
    return list(Delivery.objects.filter(dispatch__cause=CAUSE, person=person).order_by("pk"))


def later(minutes: float) -> None:
    """All that was said was said that much earlier."""
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(at=message.at - timedelta(minutes=minutes))


def wants_mail(person: Person) -> None:
    Preference.objects.update_or_create(person=person, kind=Kind.GROUP_MESSAGES, defaults={"site": True, "email": True})


def test_members_are_told_once_until_they_have_read(group: Group) -> None:
    factories.say(group.zoe, group.conversation, "Qui vient jeudi ?")
    assert tell_group_news() == 1
    assert told(group.paul) == told(group.mayor) == [("Budget 2027", "Qui vient jeudi ?")]
    assert told(group.zoe) == []
    assert tell_group_news() == 0
    said = factories.say(group.zoe, group.conversation, "Moi !")
    tell_group_news()
    assert told(group.paul) == [("Budget 2027", "Moi !")]
    actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=said.seq)
    assert told(group.paul) == []


def test_who_has_read_has_muted_or_has_gone_is_not_told(group: Group, town: Town) -> None:
    left, away = (factories.make_person(town=town) for _ in range(2))
    for person in (left, away):
        actions.join(actor=person, conversation_id=group.pk)
    actions.mute(actor=group.paul, conversation_id=group.pk)
    actions.leave(actor=left, conversation_id=group.pk)
    unfollow_town(person=away, town=town)
    said = factories.say(group.zoe, group.conversation, "Bonjour")
    actions.mark_read(actor=group.mayor, conversation_id=group.pk, up_to=said.seq)
    tell_group_news()
    assert Notification.objects.filter(code="group_message").count() == 0


def test_who_does_not_want_it_on_the_site_is_not_told(group: Group) -> None:
    Preference.objects.create(person=group.paul, kind=Kind.GROUP_MESSAGES, site=False, email=False)
    factories.say(group.zoe, group.conversation, "Bonjour")
    tell_group_news()
    assert told(group.paul) == []
    assert told(group.mayor) != []


def test_a_big_group_is_told_some_at_a_time(group: Group, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.conversations.group_news.AT_ONCE", 2)
    people = [factories.make_person(town=town) for _ in range(5)]
    for person in people:
        actions.join(actor=person, conversation_id=group.pk)
    factories.say(group.zoe, group.conversation, "Bonjour")
    tell_group_news()
    assert all(told(person) for person in [*people, group.paul, group.mayor])


def test_a_withdrawn_message_is_not_told(group: Group) -> None:
    said = factories.say(group.zoe, group.conversation, "Trop vite")
    actions.withdraw_message(actor=group.zoe, conversation_id=group.pk, seq=said.seq)
    tell_group_news()
    assert told(group.paul) == []
    assert tell_group_news() == 0


def test_a_mail_tells_who_asks_for_it_once_until_they_have_read(group: Group) -> None:
    wants_mail(group.paul)
    factories.say(group.zoe, group.conversation, "Qui vient jeudi ?")
    mail_unread()
    assert mails(group.paul) == []
    later(11)
    mail_unread()
    [mail] = mails(group.paul)
    assert mail.subject == "1 message dans « Budget 2027 »"
    assert "Qui vient jeudi ?" in mail.text
    assert "Budget 2027" in mail.text
    assert f"/messages/{group.pk}/" in mail.text
    assert mails(group.mayor) == []
    said = factories.say(group.zoe, group.conversation, "Encore")
    later(11)
    mail_unread()
    assert len(mails(group.paul)) == 1
    actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=said.seq)
    factories.say(group.zoe, group.conversation, "Plus tard")
    later(11)
    mail_unread()
    assert len(mails(group.paul)) == 2


def test_who_wants_one_mail_a_day_is_told_of_the_group_in_the_evening_and_of_private_words_at_once(
    group: Group, town: Town
) -> None:
    wants_mail(group.paul)
    set_rhythm(actor=group.paul, daily=True)
    factories.say(group.zoe, group.conversation, "Qui vient jeudi ?")
    factories.say(group.mayor, group.conversation, "Moi.")
    later(11)
    for _ring in range(2):
        mail_unread()
    assert mails(group.paul) == []
    [kept] = Gathered.objects.all()
    assert (kept.person, kept.path) == (group.paul, f"/messages/{group.pk}/")
    sentence = words.of(kept).sentence
    assert sentence == f"{group.mayor.name} et 1 autre personne ont écrit dans « Budget 2027 »"
    private = factories.make_conversation(town, group.paul)
    factories.say(group.mayor, private, "Bonjour Paul")
    later(11)
    Participant.objects.filter(conversation=private).update(unread_since=now() - timedelta(minutes=11))
    mail_unread()
    [mail] = mails(group.paul)
    assert "Bonjour Paul" in mail.text
    assert "Budget 2027" not in mail.text
    with standing_at(now() + timedelta(days=1)):
        assert [send_due(), send_due()] == [1, 0]
    assert [one.dispatch.cause for one in Delivery.objects.filter(person=group.paul).order_by("pk")] == [
        CAUSE,
        "digest",
    ]


def test_who_has_read_the_group_before_the_evening_gets_no_mail_of_it(group: Group) -> None:
    """Also who is not told on the site: the group itself knows how far they have read."""
    for person, site in ((group.paul, False), (group.zoe, True)):
        set_preferences(actor=person, wishes={Kind.GROUP_MESSAGES: Wish(site=site, email=True)})
        set_rhythm(actor=person, daily=True)
    said = factories.say(group.mayor, group.conversation, "Qui vient jeudi ?")
    later(11)
    tell_group_news()
    mail_unread()
    assert {one.person for one in Gathered.objects.all()} == {group.paul, group.zoe}
    actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=said.seq)
    with standing_at(now() + timedelta(days=1)):
        assert send_due() == 1
    assert [one.person for one in Delivery.objects.filter(dispatch__cause="digest")] == [group.zoe]


def test_no_mail_of_private_messages_for_who_does_not_want_any(town: Town, mayor: Person, citizen: Person) -> None:
    Preference.objects.create(person=mayor, kind=Kind.PRIVATE_MESSAGES, site=True, email=False)
    talk = factories.make_conversation(town, citizen, "Bonjour")
    talk.participants.update(unread_since=now() - timedelta(minutes=11))
    later(11)
    mail_unread()
    assert mails(mayor) == []


def test_preferences_are_reached_by_their_action(group: Group) -> None:
    set_preferences(actor=group.paul, wishes={Kind.GROUP_MESSAGES: Wish(site=False, email=True)})
    factories.say(group.zoe, group.conversation, "Bonjour")
    tell_group_news()
    later(11)
    mail_unread()
    assert told(group.paul) == []
    assert len(mails(group.paul)) == 1
