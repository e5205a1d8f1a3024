"""An event takes its number at the end of its transaction, and is rung after the commit."""

import threading
from contextlib import suppress
from typing import ClassVar

import pytest
from django.db import connection, transaction

from hub.streams import actions, queries
from hub.streams.bell import Ring, bell
from hub.streams.events import TypedEvent
from hub.streams.models import Event, Stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


class Said(TypedEvent, frozen=True):
    event_name: ClassVar[str] = "said"
    words: str


def say(words: str, topic: str = "conversation.1") -> int:
    with actions.unit() as work:
        said = work.publish(topic, lambda seq: Said(words=words))
    return said.seq


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[Ring]:
    heard: list[Ring] = []

    def hear(ring: Ring) -> bool:
        heard.append(ring)
        return True

    monkeypatch.setattr(bell, "lets_through", hear)
    return heard


def test_numbers_begin_at_one_and_follow_each_other() -> None:
    assert [say("a"), say("b"), say("c")] == [1, 2, 3]
    assert [event.text for event in queries.after("conversation.1", 1, limit=10)] == [
        '{"topic":"conversation.1","event":"said","seq":2,"payload":{"words":"b"}}',
        '{"topic":"conversation.1","event":"said","seq":3,"payload":{"words":"c"}}',
    ]


def test_each_topic_counts_alone() -> None:
    assert (say("a"), say("b", "conversation.2"), say("c")) == (1, 1, 2)


def test_a_transaction_that_fails_takes_no_number_and_rings_nothing(rings: list[Ring]) -> None:
    say("a")
    rings.clear()
    with pytest.raises(ZeroDivisionError), actions.unit() as work:
        work.publish("conversation.1", lambda seq: Said(words=str(1 // 0)))
    assert rings == []
    assert say("b") == 2


def test_a_part_that_fails_alone_publishes_nothing() -> None:
    with actions.unit() as work:
        work.publish("conversation.1", lambda seq: Said(words="before"))
        with suppress(ZeroDivisionError), actions.unit() as part:
            part.publish("conversation.1", lambda seq: Said(words="never was"))
            raise ZeroDivisionError
        work.publish("conversation.1", lambda seq: Said(words="after"))
    assert [event.payload for event in Event.objects.order_by("seq")] == ['{"words":"before"}', '{"words":"after"}']


def test_an_event_that_has_nothing_to_say_leaves_no_gap(rings: list[Ring]) -> None:
    with actions.unit() as work:
        work.publish("conversation.1", lambda seq: None)
    assert rings == []
    assert say("a") == 1


def test_what_fails_while_it_is_numbered_takes_all_back() -> None:
    def publish_two() -> None:
        with actions.unit() as work:
            work.publish("conversation.1", lambda seq: Said(words="first"))
            work.publish("conversation.2", lambda seq: Said(words=str(1 // 0)))

    with pytest.raises(ZeroDivisionError):
        publish_two()
    assert Event.objects.count() == 0
    assert say("a") == 1


def test_it_rings_after_the_commit_and_not_before(rings: list[Ring]) -> None:
    with transaction.atomic():
        say("a")
        assert rings == []
    assert [(topic, seq) for topic, seq, _ in rings] == [("conversation.1", 1)]


def test_a_unit_inside_another_joins_it(rings: list[Ring]) -> None:
    with actions.unit() as outer:
        outer.publish("inbox.1", lambda seq: Said(words="outer"))
        assert say("inner") == 0  # no number yet: the outer unit gives it
        assert Event.objects.count() == 0
    assert [(topic, seq) for topic, seq, _ in rings] == [("conversation.1", 1), ("inbox.1", 1)]


def test_numbers_are_taken_in_order_of_names() -> None:
    taken: list[str] = []

    def build(topic: str) -> actions.Build:
        def built(seq: int) -> Said:
            taken.append(topic)
            return Said(words=topic)

        return built

    with actions.unit() as work:
        for topic in ("inbox.2", "conversation.9", "inbox.1", "desk.a"):
            work.publish(topic, build(topic))
    assert taken == ["conversation.9", "desk.a", "inbox.1", "inbox.2"]


def test_publishing_backwards_while_numbers_are_held_is_refused() -> None:
    with pytest.raises(ValueError, match="comes before"), actions.unit() as work:
        work.publish(
            "inbox.1", lambda seq: work.publish("conversation.1", lambda _: Said(words="late")) and Said(words="early")
        )


@pytest.mark.parametrize("name", ["", "conversation", "Conversation.1", "a.b.c.d", "conversation.é", "x." + "y" * 99])
def test_a_name_that_is_no_topic_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a topic"):
        say("a", name)


def test_a_persons_inbox_has_its_wire_name() -> None:
    say("a", "inbox.7")
    assert queries.after("inbox.7", 0, limit=1)[0].text.startswith('{"topic":"inbox.me",')


def test_a_stream_that_nothing_happened_on_stands_at_zero() -> None:
    head = queries.head("conversation.5")
    assert (head.seq, len(head.epoch)) == (0, 8)
    assert queries.head("conversation.5").epoch == head.epoch


def test_heads_of_many_streams_come_together() -> None:
    say("a")
    say("b", "conversation.2")
    heads = queries.heads(["conversation.1", "conversation.2", "conversation.3"])
    assert {topic: head.seq for topic, head in heads.items()} == {"conversation.1": 1, "conversation.2": 1}


def test_after_a_restore_every_stream_has_a_new_epoch() -> None:
    say("a")
    before = queries.head("conversation.1")
    assert actions.renew_epochs() == 1
    after = queries.head("conversation.1")
    assert (after.seq, after.epoch != before.epoch) == (1, True)


def test_pruning_keeps_the_young_and_the_last_and_says_from_where() -> None:
    for number in range(10):
        say(str(number))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE streams_event SET at = %s WHERE seq <= 8", ["2020-01-01 00:00:00+00:00"])
    assert actions.prune(keep_days=7, keep_events=4) == 6
    assert queries.head("conversation.1").kept_from == 7
    assert [event.seq for event in queries.after("conversation.1", 6, limit=10)] == [7, 8, 9, 10]
    assert actions.prune(keep_days=7, keep_events=4) == 0


def test_two_writers_of_several_topics_never_wait_for_each_other_forever() -> None:
    """Both take the same two topics, named in opposite order: they must not deadlock."""
    together = threading.Barrier(2)
    failures: list[BaseException] = []

    def write(topics: list[str]) -> None:
        try:
            for _ in range(30):
                together.wait(20)
                with actions.unit() as work:
                    for topic in topics:
                        work.publish(topic, lambda seq: Said(words="x"))
        except BaseException as error:
            failures.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=[names]) for names in (["inbox.1", "inbox.2"], ["inbox.2", "inbox.1"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert set(Stream.objects.values_list("topic", "seq")) == {("inbox.1", 60), ("inbox.2", 60)}
