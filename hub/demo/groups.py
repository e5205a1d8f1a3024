"""The demo's groups: everybody enters, speaks at their time, marks what others say; moderation does its part."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hub.conversations import actions
from hub.conversations.models import Conversation
from hub.core.clock import now, standing_at
from hub.demo.discussions import DISCUSSIONS, Discussion, Line
from hub.notifications.actions import catch_up, mark_read
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.towns.models import Town

# By their place: a mayor, who works for them, the printed accounts of residents; the others by their own key.
OFFICES = {
    "saint-aurele": {"maire": "maire@saint-aurele.example", "agente": "agente@saint-aurele.example"},
    "valbourg": {"maire": "maire@valbourg.example", "agent": "agent@valbourg.example"},
}
CITIZENS = {"saint-aurele": ("alice", "bruno"), "valbourg": ("alice", "chloe")}


def hold(people: dict[str, Person], residents: dict[str, Person], towns: dict[str, Town]) -> None:
    """Let them talk. `people`: the printed accounts by address; `residents`: the others by key."""
    for discussion in DISCUSSIONS:
        accounts = {key: people[f"{key}@citoyen.example"] for key in CITIZENS[discussion.town]}
        staff = {key: people[email] for key, email in OFFICES[discussion.town].items()}
        spoke = {line.who for line in discussion.lines}
        others = {key: person for key, person in residents.items() if key in spoke}
        with transaction.atomic():  # one commit: a demo starts in seconds
            _hold(discussion, towns[discussion.town], {**staff, **accounts, **others})
    with transaction.atomic():
        for person in people.values():
            _look(person)


def _look(person: Person) -> None:
    """They have seen what they were told of, but in the last two days."""
    catch_up(person)
    old = Notification.objects.filter(person=person, at__lt=now() - timedelta(days=2))
    mark_read(actor=person, notification_ids=list(old.values_list("pk", flat=True)))


def _hold(discussion: Discussion, town: Town, people: dict[str, Person]) -> None:
    present = now().astimezone(ZoneInfo(town.time_zone))
    group = _open(discussion, town, people, present)
    said = [_say(group, line, people, present, number) for number, line in enumerate(discussion.lines)]
    numbers = [seq for seq, _moment in said]
    for line, (seq, moment) in zip(discussion.lines, said, strict=True):
        with standing_at(moment + timedelta(minutes=2)):
            for sign, who in line.signs:
                actions.react(actor=people[who], conversation_id=group.pk, seq=seq, sign=sign)
    _moderate(discussion, group, people, said)
    _read(discussion, group, people, numbers)
    if discussion.live:
        with standing_at(said[-1][1] + timedelta(minutes=8)):
            actions.close(actor=people["maire"], conversation_id=group.pk)


def _open(discussion: Discussion, town: Town, people: dict[str, Person], present: datetime) -> Conversation:
    mayor = people["maire"]
    with standing_at(discussion.opened(present)):
        if discussion.live:
            group = actions.open_live(actor=mayor, town=town, title=discussion.title)
        else:
            group = actions.create_group(actor=mayor, town=town, title=discussion.title, about=discussion.about)
        for person in people.values():
            actions.join(actor=person, conversation_id=group.pk)
    return group


def _say(
    group: Conversation, line: Line, people: dict[str, Person], present: datetime, number: int
) -> tuple[int, datetime]:
    """Say it, and correct it; its number and when it was."""
    moment, author = line.when(present), people[line.who]
    answered = f"demo-{line.answers}" if line.answers is not None else ""
    quoted = group.messages.filter(key=answered).values_list("seq", flat=True).first() if answered else None
    with standing_at(moment):
        said = actions.post_message(
            actor=author, conversation_id=group.pk, key=f"demo-{number}", body=line.first or line.words,
            reply_to=quoted,
        )  # fmt: skip
    if line.first:
        with standing_at(moment + timedelta(minutes=3)):
            actions.edit_message(actor=author, conversation_id=group.pk, seq=said.seq, body=line.words)
    return said.seq, moment


def _moderate(
    discussion: Discussion, group: Conversation, people: dict[str, Person], said: list[tuple[int, datetime]]
) -> None:
    mayor = people["maire"]
    if discussion.pinned is not None:
        seq, moment = said[discussion.pinned]
        with standing_at(moment + timedelta(minutes=5)):
            actions.pin_message(actor=mayor, conversation_id=group.pk, seq=seq)
    if discussion.removed:
        number, reason = discussion.removed
        seq, moment = said[number]
        with standing_at(moment + timedelta(minutes=50)):
            actions.remove_message(actor=mayor, conversation_id=group.pk, seq=seq, reason=reason)
    if discussion.reported:
        number, who, reason, words = discussion.reported
        seq, moment = said[number]
        with standing_at(moment + timedelta(minutes=30)):
            actions.report_message(
                actor=people[who], conversation_id=group.pk, seq=seq, reason=reason, words=words
            )  # fmt: skip


def _read(discussion: Discussion, group: Conversation, people: dict[str, Person], numbers: list[int]) -> None:
    """All have read all, but the printed citizens: some of the last lines wait for them."""
    for key, person in people.items():
        waiting = discussion.unread if key in CITIZENS[discussion.town] else 0
        up_to = numbers[len(numbers) - 1 - waiting]
        actions.mark_read(actor=person, conversation_id=group.pk, up_to=up_to)
