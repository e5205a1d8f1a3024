"""What the tests of notifications share: ways to tell, and what was told."""

from collections.abc import Sequence
from typing import Any

import pytest

from hub.core.jsons import decode
from hub.notifications import actions
from hub.notifications.models import Broadcast, Kind, Notification
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import unit
from hub.streams.models import Event
from hub.towns.models import Town


def tell(
    town: Town, *people: Person, actor: Person | None = None, kind: Kind = Kind.PRIVATE_MESSAGES,
    code: str = "private_message", subject: str = "", path: str = "/messages/42/", **what: str,
) -> None:  # fmt: skip
    """Tell these people of something, as an app would."""
    with unit() as work:
        actions.notify(
            work, town_id=town.pk, kind=kind, code=code, people=[person.pk for person in people], actor=actor,
            what=what, path=path, subject=subject,
        )  # fmt: skip


def tell_town(
    town: Town, actor: Person | None = None, title: str = "Le marché", path: str = "/groupes/5/"
) -> Broadcast:
    """Tell everybody who follows the town of a new group; nothing is written yet."""
    with unit() as work:
        return actions.broadcast(
            work, town=town, kind=Kind.NEW_GROUP, code="group_created", actor=actor, what={"title": title}, path=path
        )


def rows(person: Person) -> list[Notification]:
    """What the person was told, newest first."""
    return list(Notification.objects.filter(person=person).order_by("-at", "-id"))


def events(topic: str, name: str = "") -> list[dict[str, Any]]:
    """What was said on a topic, in order."""
    found = Event.objects.filter(topic=topic).order_by("seq")
    return [decode(event.payload) for event in found if name in {"", event.name}]


def inbox_counts(person: Person) -> list[int]:
    """Each count of unread ones that the person's pages were told, in order."""
    return [event["unread"] for event in events(topics.inbox(person.pk)) if "unread" in event and "towns" in event]


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody hears the bell: the broadcasts that were rung for."""
    rung: list[int] = []
    monkeypatch.setattr(actions, "nudge", rung.append)
    return rung


def ids(found: Sequence[Notification]) -> list[int]:
    return [one.pk for one in found]
