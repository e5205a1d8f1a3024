"""What the tests of moderation share: saying, reporting, deciding, and what came of it."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

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


# At the desk.


def address(town: Town, page: str = "") -> str:
    """Of a page of the moderation desk."""
    return f"/mairie/{town.slug}/moderation/{page}"


def words(answer: HttpResponse) -> str:
    """What somebody reads there: no markup, single spaces."""
    body = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", answer.content.decode())
    return " ".join(body.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'").split())


def page(desk: Client, group: Group, name: str = "") -> str:
    """One page of the moderation desk, as it is read."""
    answer = desk.get(address(group.town, name))
    assert answer.status_code == 200
    return words(answer)
