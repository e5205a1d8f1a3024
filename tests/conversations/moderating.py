"""What the tests of moderation share: saying, reporting, deciding, and what came of it."""

from collections.abc import Callable
from typing import Any

from hub.audit.queries import entries_of, first_broken
from hub.conversations import actions
from hub.conversations.models import Report
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group

Decide = Callable[..., None]
WITH_REASON: list[Decide] = [actions.hide_message, actions.remove_message]
WITHOUT: list[Decide] = [actions.restore_message, actions.keep_message]
WHY = "Ces mots blessent quelqu’un."


def say(group: Group, author: Person, body: str = "Espèces de nuls.") -> int:
    return factories.say(author, group.conversation, body).seq


def report(group: Group, who: Person, seq: int, reason: str = "insult", words: str = "") -> Report:
    return actions.report_message(actor=who, conversation_id=group.pk, seq=seq, reason=reason, words=words)


def notified(person: Person, code: str) -> list[dict[str, Any]]:
    """The fields of what the person was told under this code, oldest first."""
    return list(Notification.objects.filter(person=person, code=code).order_by("pk").values_list("what", flat=True))


def trail(town: Town, acts: str = "") -> list[tuple[str, str, dict[str, Any]]]:
    """Act, who, fields; oldest first. The chain holds."""
    assert first_broken(town) is None
    return [(entry.act, entry.actor_name, entry.what) for entry in reversed(entries_of(town, acts=acts))]


def act(decide: Decide, actor: Person, group: Group, seq: int) -> None:
    reason = {"reason": WHY} if decide in WITH_REASON else {}
    decide(actor=actor, conversation_id=group.pk, seq=seq, **reason)
