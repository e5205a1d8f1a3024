"""Groups, live chats and moderation, as programs see and change them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.audit.queries import entries_of
from hub.conversations.actions import edit_message, post_message, remove_message
from hub.conversations.models import Conversation, Message
from hub.core.clock import now, standing_at
from hub.core.jsons import decode
from hub.people.models import Person
from hub.streams.models import Event
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_token, problem, refused, told

pytestmark = pytest.mark.django_db

Call = Callable[[Person], Caller]


class TestMessages:
    def test_one_says_what_it_answers_and_whom_it_names(
        self, call: Call, group: Conversation, citizen: Person, zoe: Person
    ) -> None:
        first = factories.say(zoe, group, "Qui vient samedi ?")
        path = f"conversations/{group.pk}/messages"
        sent = told(call(citizen).post(path, {"body": "Moi, @Zoé Le Goff !", "reply_to": first.seq, "key": "k"}), 201)
        assert (
            told(call(citizen).post(path, {"body": "Moi, @Zoé Le Goff !", "reply_to": first.seq, "key": "k"}), 201)
            == sent
        )
        answer, question = told(call(zoe).get(path))
        assert answer["reply_to"] == {"seq": first.seq, "author": "Zoé Le Goff", "excerpt": "Qui vient samedi ?"}
        assert answer["mentions"] == [zoe.pk]
        assert (question["reply_to"], question["mentions"], question["edited_at"]) == (None, [], None)
        assert (question["automatic"], question["removal"], question["reactions"]) == (False, "", [])

    def test_it_reads_as_on_the_socket_with_all_that_became_of_it(
        self, call: Call, group: Conversation, citizen: Person, zoe: Person
    ) -> None:
        seq = factories.say(citizen, group, "Bonjour").seq
        by_token(zoe).send("put", f"conversations/{group.pk}/messages/{seq}/reactions/like")
        changed = told(call(citizen).patch(f"conversations/{group.pk}/messages/{seq}", {"body": "Bonsoir"}))
        event = Event.objects.get(topic=group.topic, name="message.changed")
        assert changed == decode(event.payload)
        assert (changed["body"], changed["edited_at"] is None) == ("Bonsoir", False)
        assert told(call(zoe).get(f"conversations/{group.pk}/messages"))[0]["reactions"] == [
            {"sign": "like", "count": 1, "mine": True}
        ]

    def test_only_ones_own_words_for_ten_minutes(
        self, call: Call, group: Conversation, citizen: Person, zoe: Person
    ) -> None:
        seq = factories.say(citizen, group, "Bonjour").seq
        path = f"conversations/{group.pk}/messages/{seq}"
        assert refused(call(zoe).patch(path, {"body": "Non"})) == (403, "forbidden")
        assert refused(call(zoe).send("delete", path)) == (403, "forbidden")
        assert problem(call(citizen).patch(path, {"body": " "}))["field"] == "body"
        with standing_at(now() + timedelta(minutes=11)):
            assert refused(call(citizen).patch(path, {"body": "Trop tard"})) == (403, "too_late")
        assert Message.objects.get(seq=seq).body == "Bonjour"

    def test_what_is_taken_back_leaves_a_trace(
        self, call: Call, group: Conversation, citizen: Person, zoe: Person
    ) -> None:
        seq = factories.say(citizen, group, "Bonjour").seq
        path = f"conversations/{group.pk}/messages"
        gone = told(call(citizen).send("delete", f"{path}/{seq}"))
        assert (gone["body"], gone["removal"], gone["seq"]) == ("", "author", seq)
        assert told(call(zoe).get(path))[0] == gone
        assert call(citizen).send("delete", f"{path}/{seq}").status_code == 404

    def test_to_the_town_hall_what_is_said_is_said(
        self, call: Call, town: Town, mayor: Person, citizen: Person
    ) -> None:
        talk = factories.make_conversation(town, citizen, "Bonjour")
        path = f"conversations/{talk.pk}/messages/1"
        assert refused(call(citizen).send("delete", path)) == (403, "forbidden")
        assert told(call(citizen).patch(path, {"body": "Bonsoir"}))["body"] == "Bonsoir"

    def test_signs_are_counted_and_taken_off(
        self, call: Call, group: Conversation, citizen: Person, zoe: Person
    ) -> None:
        seq = factories.say(citizen, group, "Bonjour").seq
        path = f"conversations/{group.pk}/messages/{seq}/reactions"
        for person, count in ((zoe, 1), (citizen, 2), (citizen, 2)):
            assert told(call(person).send("put", f"{path}/heart")) == {"sign": "heart", "count": count, "mine": True}
        assert told(call(zoe).send("delete", f"{path}/heart")) == {"sign": "heart", "count": 1, "mine": False}
        assert problem(call(zoe).send("put", f"{path}/thumb"))["field"] == "sign"

    @pytest.mark.parametrize("seq", ["0", "-1", "x", "9" * 30, "987654"])
    def test_a_number_that_can_not_be_is_missing(
        self, call: Call, group: Conversation, citizen: Person, seq: str
    ) -> None:
        path = f"conversations/{group.pk}/messages/{seq}"
        for answer in (
            call(citizen).patch(path, {"body": "a"}),
            call(citizen).send("delete", path),
            call(citizen).send("put", f"{path}/reactions/like"),
            call(citizen).post(f"{path}/report", {"reason": "spam"}),
        ):
            assert refused(answer) == (404, "not_found")


class TestGroups:
    def test_the_mayor_makes_one_and_it_is_listed(self, call: Call, town: Town, mayor: Person, citizen: Person) -> None:
        path = f"towns/{town.slug}/groups"
        made = told(call(mayor).post(path, {"title": "Le marché", "about": "Jours et places"}), 201)
        group = Conversation.objects.get()
        assert made == {
            "id": group.pk, "topic": group.topic, "town": "saint-test", "kind": "group", "title": "Le marché",
            "about": "Jours et places", "members": 1, "posts": 0, "closed": False, "slow_s": 0, "pinned": None,
            "last_excerpt": "", "last_at": made["last_at"], "part": "mayor", "unread": 0, "muted": False,
        }  # fmt: skip
        assert told(call(citizen).get(path)) == [{**made, "part": None}]

    def test_citizens_make_none(self, call: Call, town: Town, citizen: Person, mayor: Person) -> None:
        assert refused(call(citizen).post(f"towns/{town.slug}/groups", {"title": "a"})) == (403, "forbidden")
        assert problem(call(mayor).post(f"towns/{town.slug}/groups", {"title": " "}))["field"] == "title"
        assert problem(call(mayor).post(f"towns/{town.slug}/groups", {}))["field"] == "title"
        assert not Conversation.objects.exists()

    def test_coming_reading_and_going(self, call: Call, town: Town, group: Conversation, zoe: Person) -> None:
        newcomer = factories.make_person(town=town)
        path = f"conversations/{group.pk}"
        assert call(newcomer).get(f"{path}/messages").status_code == 404
        inside = told(call(newcomer).post(f"{path}/join", {}))
        assert (inside["part"], inside["members"]) == ("citizen", 4)
        factories.say(zoe, group, "Bienvenue")
        [mine] = told(call(newcomer).get("conversations"))
        assert (mine["title"], mine["kind"], mine["unread"], mine["members"], mine["posts"]) == (
            "Marché du samedi", "group", 1, 4, 1,
        )  # fmt: skip
        assert (mine["closed"], mine["muted"], mine["citizen"]) == (False, False, None)
        assert {"topic": group.topic, "title": "Marché du samedi"} in told(call(newcomer).get("topics"))
        assert told(call(newcomer).send("put", f"{path}/mute", {"on": True}))["muted"] is True
        assert told(call(newcomer).get("conversations"))[0]["muted"] is True
        outside = told(call(newcomer).post(f"{path}/leave", {}))
        assert (outside["part"], outside["members"], outside["unread"]) == (None, 3, 0)
        assert call(newcomer).send("put", f"{path}/mute", {"on": True}).status_code == 404
        assert told(call(newcomer).get("conversations")) == []

    def test_the_town_hall_sees_a_groups_own_title_too(self, call: Call, group: Conversation, mayor: Person) -> None:
        factories.say(mayor, group, "Bonjour")
        assert [one["title"] for one in told(call(mayor).get("conversations"))] == ["Marché du samedi"]

    def test_what_is_left_out_stays(self, call: Call, group: Conversation, mayor: Person) -> None:
        path, seq = f"conversations/{group.pk}", factories.say(mayor, group, "Samedi, 8 h.").seq
        assert told(call(mayor).patch(path, {"title": "Le marché"}))["about"] == "Jours, places et horaires."
        changed = told(call(mayor).patch(path, {"slow_s": 30, "pinned": seq, "closed": True}))
        assert (changed["title"], changed["slow_s"], changed["closed"]) == ("Le marché", 30, True)
        assert changed["pinned"] == {"seq": seq, "author": "Hélène Carpentier", "excerpt": "Samedi, 8 h."}
        again = told(call(mayor).patch(path, {"pinned": None, "closed": False, "about": ""}))
        assert (again["pinned"], again["closed"], again["about"], again["slow_s"]) == (None, False, "", 30)
        assert told(call(mayor).patch(path, {})) == again

    def test_all_of_it_or_nothing(self, call: Call, group: Conversation, mayor: Person) -> None:
        answer = call(mayor).patch(f"conversations/{group.pk}", {"title": "Autre", "closed": True, "slow_s": 7})
        assert problem(answer)["field"] == "slow_s"
        group.refresh_from_db()
        assert (group.subject, group.closed_at) == ("Marché du samedi", None)
        assert not entries_of(group.town).exists()

    @pytest.mark.parametrize("change", [{"title": "a"}, {"closed": True}, {"slow_s": 30}, {"pinned": 1}])
    def test_citizens_change_nothing(
        self, call: Call, group: Conversation, citizen: Person, change: dict[str, Any]
    ) -> None:
        factories.say(citizen, group, "Bonjour")
        assert refused(call(citizen).patch(f"conversations/{group.pk}", change)) == (403, "forbidden")

    def test_moderators_close_and_do_not_rename(self, call: Call, group: Conversation, moderator: Person) -> None:
        path = f"conversations/{group.pk}"
        assert refused(call(moderator).patch(path, {"title": "a"})) == (403, "forbidden")
        assert told(call(moderator).patch(path, {"closed": True}))["closed"] is True

    @pytest.mark.parametrize("payload", [{"title": None}, {"slow_s": "x"}, {"closed": 3}, {"pinned": 0}, {"colour": 1}])
    def test_a_field_that_is_not_valid_is_named(
        self, call: Call, group: Conversation, mayor: Person, payload: dict[str, Any]
    ) -> None:
        assert problem(call(mayor).patch(f"conversations/{group.pk}", payload))["field"] == next(iter(payload))

    def test_nobody_writes_where_it_is_closed(
        self, call: Call, group: Conversation, mayor: Person, zoe: Person
    ) -> None:
        by_token(mayor).patch(f"conversations/{group.pk}", {"closed": True})
        answer = call(zoe).post(f"conversations/{group.pk}/messages", {"body": "Bonjour"})
        assert refused(answer) == (403, "closed")


class TestLive:
    def test_one_is_open_at_a_time(self, call: Call, town: Town, mayor: Person, citizen: Person) -> None:
        path = f"towns/{town.slug}/live"
        assert refused(call(citizen).get(path)) == (404, "not_found")
        opened = told(call(mayor).post(path, {"title": "Le budget", "slow_s": 30}), 201)
        assert (opened["kind"], opened["title"], opened["slow_s"], opened["part"]) == ("live", "Le budget", 30, "mayor")
        assert refused(call(mayor).post(path, {"title": "Encore"})) == (409, "conflict")
        assert told(call(citizen).get(path)) == {**opened, "part": None}
        told(call(citizen).post(f"conversations/{opened['id']}/join", {}))
        told(call(citizen).post(f"conversations/{opened['id']}/messages", {"body": "Bonjour"}), 201)
        told(call(mayor).patch(f"conversations/{opened['id']}", {"closed": True}))
        assert call(citizen).get(path).status_code == 404
        assert refused(call(mayor).patch(f"conversations/{opened['id']}", {"closed": False})) == (403, "forbidden")

    def test_citizens_open_none(self, call: Call, town: Town, citizen: Person) -> None:
        assert refused(call(citizen).post(f"towns/{town.slug}/live", {"title": "a"})) == (403, "forbidden")


class TestSearching:
    def test_accents_and_case_apart_in_ones_own_alone(
        self, call: Call, town: Town, group: Conversation, mayor: Person, citizen: Person, zoe: Person
    ) -> None:
        first = factories.say(zoe, group, "L’éclairage du marché")
        talk = factories.make_conversation(town, citizen, "Le marché, encore")
        found = told(call(citizen).get("search", q="MARCHE"))
        assert [(one["conversation"], one["title"]) for one in found] == [
            (talk.pk, "Hélène Carpentier, maire"),
            (group.pk, "Marché du samedi"),
        ]
        message = Message.objects.get(pk=first.id)
        assert found[1] == {
            "conversation": group.pk, "topic": group.topic, "title": "Marché du samedi", "town": "saint-test",
            "seq": first.seq, "author": {"id": zoe.pk, "name": "Zoé Le Goff", "part": "citizen"},
            "body": "L’éclairage du marché", "at": found[1]["at"],
        }  # fmt: skip
        assert found[1]["at"].startswith(message.at.strftime("%Y-%m-%dT%H:%M"))
        assert [one["conversation"] for one in told(call(zoe).get("search", q="marche eclairage"))] == [group.pk]
        assert [one["conversation"] for one in told(call(mayor).get("search", q="marche"))] == [talk.pk, group.pk]

    def test_only_what_is_shown_in_one_town_so_many(
        self, call: Call, town: Town, group: Conversation, mayor: Person, zoe: Person
    ) -> None:
        gone, kept, last = (factories.say(zoe, group, f"marché {number}").seq for number in range(3))
        remove_message(actor=mayor, conversation_id=group.pk, seq=gone, reason="Hors sujet")
        assert [one["seq"] for one in told(call(zoe).get("search", q="marché"))] == [last, kept]
        assert [one["seq"] for one in told(call(zoe).get("search", q="marché", town=town.slug, limit=1))] == [last]
        other = factories.make_town()
        factories.follow_town(person=zoe, town=other)
        assert told(call(zoe).get("search", q="marché", town=other.slug)) == []

    @pytest.mark.parametrize("q", ["", "   ", "!!", "%", "a" * 200, "l’été & | ( ' :*"])
    def test_any_words_are_safe(self, call: Call, group: Conversation, zoe: Person, q: str) -> None:
        factories.say(zoe, group, "marché")
        assert told(call(zoe).get("search", q=q)) == []

    def test_words_are_needed_and_not_too_many(self, call: Call, zoe: Person) -> None:
        assert problem(call(zoe).get("search"))["field"] == "q"
        assert problem(call(zoe).get("search", q="a" * 201))["field"] == "q"
        assert problem(call(zoe).get("search", q="a", limit=101))["field"] == "limit"


def test_many_groups_cost_no_more_queries(
    group: Conversation, mayor: Person, zoe: Person, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(6):
        other = factories.make_group(mayor, group.town, zoe, title=f"Groupe {number}")
        seq = post_message(actor=mayor, conversation_id=other.pk, key="k", body="Bonjour").seq
        by_token(mayor).patch(f"conversations/{other.pk}", {"pinned": seq})
        edit_message(actor=mayor, conversation_id=other.pk, seq=seq, body="Bonsoir")
    caller = by_token(zoe)
    caller.get("me")
    with django_assert_max_num_queries(8):
        assert len(told(caller.get(f"towns/{group.town.slug}/groups"))) == 7
    with django_assert_max_num_queries(8):
        assert len(told(caller.get("search", q="bonsoir"))) == 6
