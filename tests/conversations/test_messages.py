"""What becomes of a message in a group: answered, marked, changed, taken back, pinned; who is named in it."""

from datetime import timedelta

import pytest

from hub.audit.queries import entries_of
from hub.conversations import actions, queries, rules
from hub.conversations.actions import post_message
from hub.conversations.models import Conversation, Kind, Message, Reaction
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from hub.notifications.models import Notification
from hub.people.actions import unfollow_town
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group, make_group, old_account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def group(town: Town, mayor: Person) -> Group:
    return make_group(town, mayor)


def say(group: Group, person: Person, body: str, reply_to: int | None = None) -> int:
    key = f"{person.pk}-{Message.objects.count()}"
    posted = post_message(actor=person, conversation_id=group.pk, key=key, body=body, reply_to=reply_to)
    return posted.seq


class TestAnswers:
    def test_an_answer_quotes_what_it_answers_and_its_author_is_told(self, group: Group) -> None:
        asked = say(group, group.zoe, "Et la toiture de l’école ?")
        say(group, group.paul, "Elle est prévue.", reply_to=asked)
        [_, answer] = queries.page_of_messages(group.conversation, reader=group.zoe).messages
        assert answer.reply_to is not None
        assert (answer.reply_to.seq, answer.reply_to.author) == (asked, "Zoé Le Goff")
        assert answer.reply_to.excerpt == "Et la toiture de l’école ?"
        assert group.told(group.zoe) == [("reply", f"/messages/{group.pk}/")]
        assert group.told(group.paul) == []

    def test_who_answers_themselves_is_not_told(self, group: Group) -> None:
        first = say(group, group.zoe, "Une question")
        say(group, group.zoe, "Plus exactement", reply_to=first)
        assert group.told(group.zoe) == []

    def test_what_is_gone_or_elsewhere_can_not_be_answered(self, group: Group, citizen: Person) -> None:
        asked = say(group, group.zoe, "Une question")
        actions.withdraw_message(actor=group.zoe, conversation_id=group.pk, seq=asked)
        factories.make_conversation(group.town, citizen, "un", "deux", "trois", "quatre", "cinq", "six")
        for seq in (asked, 6, 999):
            with pytest.raises(Invalid) as refused:
                say(group, group.paul, "Réponse", reply_to=seq)
            assert refused.value.field == "reply_to"

    def test_a_quote_loses_its_words_with_the_message(self, group: Group) -> None:
        asked = say(group, group.zoe, "Des mots de trop")
        say(group, group.paul, "Je réponds", reply_to=asked)
        actions.remove_message(actor=group.mayor, conversation_id=group.pk, seq=asked, reason="Insulte")
        gone, answer = queries.page_of_messages(group.conversation, reader=group.paul).messages
        assert (gone.body, gone.removal) == ("", "moderation")
        assert answer.reply_to is not None
        assert answer.reply_to.excerpt == ""


def test_words_that_are_gone_are_nowhere_to_be_read_again(group: Group) -> None:
    asked = say(group, group.zoe, "Qui ?")
    seq = say(group, group.paul, "@Zoé Le Goff et l’adresse secrète", reply_to=asked)
    actions.edit_message(actor=group.paul, conversation_id=group.pk, seq=seq, body="@Zoé Le Goff, l’adresse secrète")
    told = Notification.objects.get(person=group.zoe, code="mention")
    actions.remove_message(actor=group.mayor, conversation_id=group.pk, seq=seq, reason="Vie privée")
    assert [text for text in group.events("message") if "secrète" in text] == []
    assert len(group.events("message.posted")) == 2
    told.refresh_from_db()
    assert told.what["excerpt"] == ""
    actions.restore_message(actor=group.mayor, conversation_id=group.pk, seq=seq)
    assert "secrète" in group.events("message.changed")[-1]


class TestMentions:
    @pytest.mark.parametrize(
        "body",
        [
            "@Zoé Le Goff, venez-vous ?",
            "Merci @zoé le goff !",
            "(@Zoé Le Goff)",
            "Voir avec @Paul Martin et @Zoé Le Goff.",
        ],
    )
    def test_who_is_named_is_told(self, group: Group, body: str) -> None:
        seq = say(group, group.mayor, body)
        assert group.zoe.pk in (group.message(seq).mentions or [])
        assert group.told(group.zoe) == [("mention", f"/messages/{group.pk}/")]

    @pytest.mark.parametrize("body", ["zoe@le-goff.example", "@Zoé", "@Zoé Le Goffic", "Zoé Le Goff", "@ Zoé Le Goff"])
    def test_nobody_else_is(self, group: Group, body: str) -> None:
        assert group.message(say(group, group.mayor, body)).mentions is None
        assert group.told(group.zoe) == []

    def test_only_who_takes_part_and_never_oneself(self, group: Group) -> None:
        outside = old_account(group.town, "Léa", "Dubois")
        say(group, group.paul, "@Léa Dubois et @Paul Martin")
        assert group.told(outside) == []
        assert group.told(group.paul) == []

    def test_named_and_answered_is_told_once(self, group: Group) -> None:
        asked = say(group, group.zoe, "Quand ?")
        say(group, group.mayor, "@Zoé Le Goff : lundi.", reply_to=asked)
        assert [code for code, _ in group.told(group.zoe)] == ["mention"]

    def test_a_muted_group_still_tells_who_is_named(self, group: Group) -> None:
        actions.mute(actor=group.zoe, conversation_id=group.pk)
        say(group, group.mayor, "@Zoé Le Goff ?")
        assert [code for code, _ in group.told(group.zoe)] == ["mention"]


class TestChanges:
    def test_ones_own_words_for_ten_minutes_and_what_they_were_is_kept(self, group: Group) -> None:
        seq = say(group, group.zoe, "Le 3 decembre")
        actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=seq, body="Le 3 décembre")
        message = group.message(seq)
        assert message.body == "Le 3 décembre"
        assert message.edited_at is not None
        assert [version.body for version in message.versions.all()] == ["Le 3 decembre"]
        [told] = group.events("message.changed")
        assert '"body":"Le 3 décembre"' in told
        group.conversation.refresh_from_db()
        assert group.conversation.last_excerpt == "Le 3 décembre"

    def test_the_same_words_change_nothing(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=seq, body=" Bonjour ")
        assert group.message(seq).edited_at is None
        assert group.events("message.changed") == []

    def test_too_late(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        with standing_at(now() + rules.EDIT_FOR + timedelta(seconds=1)), pytest.raises(Forbidden) as refused:
            actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=seq, body="Bonsoir")
        assert refused.value.code == "too_late"

    def test_nobody_elses(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        for actor in (group.paul, group.mayor):
            with pytest.raises(Forbidden):
                actions.edit_message(actor=actor, conversation_id=group.pk, seq=seq, body="Pris")
        assert group.message(seq).body == "Bonjour"

    def test_not_to_nothing_and_not_in_a_closed_group(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        with pytest.raises(Invalid):
            actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=seq, body=" ")
        actions.close(actor=group.mayor, conversation_id=group.pk)
        with pytest.raises(Forbidden):
            actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=seq, body="Bonsoir")

    def test_a_key_sent_again_after_a_change_is_the_same_message(self, group: Group) -> None:
        said = post_message(actor=group.zoe, conversation_id=group.pk, key="k", body="avant")
        actions.edit_message(actor=group.zoe, conversation_id=group.pk, seq=said.seq, body="après")
        assert post_message(actor=group.zoe, conversation_id=group.pk, key="k", body="avant") == said
        with pytest.raises(Conflict):
            post_message(actor=group.zoe, conversation_id=group.pk, key="k", body="autre")

    def test_in_private_too(self, town: Town, mayor: Person, citizen: Person) -> None:
        talk = factories.make_conversation(town, citizen, "Bonjuor")
        actions.edit_message(actor=citizen, conversation_id=talk.pk, seq=1, body="Bonjour")
        assert Message.objects.get().body == "Bonjour"


class TestTakingBack:
    def test_in_a_group_a_trace_stays(self, group: Group) -> None:
        seq = say(group, group.zoe, "Une bêtise")
        actions.withdraw_message(actor=group.zoe, conversation_id=group.pk, seq=seq)
        [shown] = queries.page_of_messages(group.conversation, reader=group.paul).messages
        assert (shown.removal, shown.body) == ("author", "")
        assert shown.author is not None
        assert group.message(seq).body == "Une bêtise"
        [told] = group.events("message.removed")
        assert f'"seq":{seq},"removal":"author"' in told
        with pytest.raises(NotFound):
            actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign="like")

    def test_nobody_elses(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        with pytest.raises(Forbidden):
            actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)

    def test_what_is_said_to_the_town_hall_stays_said(self, town: Town, mayor: Person, citizen: Person) -> None:
        talk = factories.make_conversation(town, citizen, "Bonjour")
        with pytest.raises(Forbidden):
            actions.withdraw_message(actor=citizen, conversation_id=talk.pk, seq=1)


class TestSigns:
    def test_on_and_off_each_once(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonne nouvelle")
        react = {"conversation_id": group.pk, "seq": seq, "sign": "like"}
        assert [actions.react(actor=group.paul, **react) for _ in range(2)] == [1, 1]
        assert actions.react(actor=group.mayor, **react) == 2
        [shown] = queries.page_of_messages(group.conversation, reader=group.paul).messages
        assert [(one.sign, one.count, one.mine) for one in shown.reactions] == [("like", 2, True)]
        assert [actions.react(actor=group.paul, **react, on=False) for _ in range(2)] == [1, 1]
        [shown] = queries.page_of_messages(group.conversation, reader=group.paul).messages
        assert [(one.count, one.mine) for one in shown.reactions] == [(1, False)]
        assert len(group.events("message.reacted")) == 3

    def test_signs_come_in_their_order(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonne nouvelle")
        for sign in ("sad", "bravo", "like"):
            actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign=sign)
        [shown] = queries.page_of_messages(group.conversation, reader=group.zoe).messages
        assert [one.sign for one in shown.reactions] == ["like", "bravo", "sad"]

    def test_no_other_sign_and_no_stranger(self, group: Group, citizen: Person) -> None:
        seq = say(group, group.zoe, "Bonjour")
        with pytest.raises(Invalid):
            actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign="poop")
        with pytest.raises(NotFound):
            actions.react(actor=citizen, conversation_id=group.pk, seq=seq, sign="like")
        assert Reaction.objects.count() == 0

    def test_sixty_a_minute(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        for turn in range(60):
            actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign="like", on=turn % 2 == 0)
        with pytest.raises(RateLimited):
            actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign="like")


class TestPinning:
    def test_who_moderates_pins_one_message(self, group: Group) -> None:
        first, second = say(group, group.zoe, "un"), say(group, group.zoe, "deux")
        for seq in (first, second):
            actions.pin_message(actor=group.mayor, conversation_id=group.pk, seq=seq)
        group.conversation.refresh_from_db()
        pinned = queries.pinned_of(group.conversation)
        assert pinned is not None
        assert pinned.excerpt == "deux"
        assert len(group.events("message.pinned")) == 2
        actions.pin_message(actor=group.mayor, conversation_id=group.pk, seq=None)
        group.conversation.refresh_from_db()
        assert queries.pinned_of(group.conversation) is None

    def test_citizens_do_not(self, group: Group) -> None:
        seq = say(group, group.zoe, "un")
        with pytest.raises(Forbidden):
            actions.pin_message(actor=group.zoe, conversation_id=group.pk, seq=seq)

    def test_what_is_removed_is_no_longer_pinned(self, group: Group) -> None:
        seq = say(group, group.zoe, "un")
        actions.pin_message(actor=group.mayor, conversation_id=group.pk, seq=seq)
        actions.remove_message(actor=group.mayor, conversation_id=group.pk, seq=seq, reason="Propos hors sujet")
        group.conversation.refresh_from_db()
        assert group.conversation.pinned_id is None


class TestPace:
    def test_the_slow_mode_holds_citizens_back(self, group: Group) -> None:
        actions.set_pace(actor=group.mayor, conversation_id=group.pk, slow_s=30)
        say(group, group.zoe, "un")
        with pytest.raises(RateLimited) as refused:
            say(group, group.zoe, "deux")
        assert 20 < refused.value.retry_after_s <= 30
        say(group, group.paul, "un autre")
        for _ in range(2):
            say(group, group.mayor, "la maire répond à tous")
        with standing_at(now() + timedelta(seconds=31)):
            say(group, group.zoe, "trois")
        assert [m.body for m in Message.objects.filter(author=group.zoe).order_by("seq")] == ["un", "trois"]

    def test_a_live_chat_takes_short_words(self, group: Group) -> None:
        chat = actions.open_live(actor=group.mayor, town=group.town, title="Crue")
        actions.join(actor=group.zoe, conversation_id=chat.pk)
        with pytest.raises(Invalid):
            post_message(actor=group.zoe, conversation_id=chat.pk, key="k", body="a" * (rules.MAX_LIVE_BODY + 1))
        assert post_message(actor=group.zoe, conversation_id=chat.pk, key="k", body="a" * rules.MAX_LIVE_BODY).id


def test_nothing_is_written_for_readers_when_somebody_writes(group: Group) -> None:
    before = group.part(group.paul)
    say(group, group.zoe, "Bonjour")
    after = group.part(group.paul)
    assert (after.unread, after.read_posts, after.news) == (0, before.read_posts, before.news + 1)
    assert group.part(group.zoe).news == 0


def test_reading_a_group_is_told_to_ones_own_pages_only(group: Group) -> None:
    seqs = [say(group, group.zoe, str(number)) for number in range(3)]
    events = len(group.events("message"))
    assert actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=seqs[1]) == seqs[1]
    assert group.part(group.paul).news == 1
    assert actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=seqs[0]) == seqs[1]
    assert actions.mark_read(actor=group.paul, conversation_id=group.pk, up_to=10_000) == seqs[2]
    assert group.part(group.paul).news == 0
    assert len(group.events("message")) == events


def test_who_leaves_the_town_is_out_of_its_groups(group: Group) -> None:
    say(group, group.zoe, "Bonjour")
    unfollow_town(person=group.paul, town=group.town)
    with pytest.raises(NotFound):
        queries.access_conversation(group.paul, group.pk)
    with pytest.raises(NotFound):
        say(group, group.paul, "Encore là")
    assert queries.gone([(group.paul.pk, group.pk), (group.zoe.pk, group.pk)]) == {(group.paul.pk, group.pk)}
    assert list(queries.participations(group.paul)) == []


def test_who_leaves_the_town_still_reads_what_they_wrote_to_its_mayor(
    town: Town, mayor: Person, citizen: Person
) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    unfollow_town(person=citizen, town=town)
    assert queries.access_conversation(citizen, talk.pk).conversation.kind == Kind.PRIVATE


def test_the_town_halls_people_are_that_in_a_group(group: Group) -> None:
    agent = factories.make_person(town=group.town, roles=[Role.AGENT])
    operator = factories.make_person(town=group.town, roles=[Role.OPERATOR])
    actions.join(actor=agent, conversation_id=group.pk)
    assert group.part(agent).part == "agent"
    with pytest.raises(NotFound):
        actions.join(actor=operator, conversation_id=group.pk)
    assert Conversation.objects.get(pk=group.pk).members == 4


def test_a_groups_new_title_reaches_open_pages_and_the_trail(group: Group) -> None:
    for _ in range(2):
        actions.change_group(actor=group.mayor, conversation_id=group.pk, title="Budget 2028", about="Questions")
    [told] = group.events("group.renamed")
    assert '"title":"Budget 2028","about":"Questions"' in told
    [entry] = entries_of(group.town)
    assert (entry.act, entry.what["title"], entry.what["now"]) == ("conversation.change", "Budget 2027", "Budget 2028")
    with pytest.raises(Forbidden):
        actions.change_group(actor=group.paul, conversation_id=group.pk, title="À moi", about="")
