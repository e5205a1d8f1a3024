"""Who may write in a group or a live chat, and how fast."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hub.conversations import rules, statements
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, RateLimited
from hub.core.typography import locale_name, moment
from hub.people.models import Person
from hub.towns.models import Town

if TYPE_CHECKING:
    from hub.conversations.actions.posting import New


def check_may_write(new: "New") -> None:
    """Raises `Forbidden` (closed; silent for a while), `Invalid` and `RateLimited` (what a new account may not yet)."""
    if new.place.closed:
        raise Forbidden(_("Cette discussion est fermée : on peut la lire, mais plus y écrire."), code="closed")
    check_not_silent(new.author, conversation_id=new.conversation_id, town_id=new.place.town_id, at=new.at)
    if rules.is_new(created_at=new.author.created_at, moment=new.at) and not rules.answers_for_town(new.place.part):
        _check_newcomer(new)


def check_not_silent(person: Person, *, conversation_id: int, town_id: int, at: datetime) -> None:
    """Raises `Forbidden` while moderators keep the person from writing there."""
    until = statements.silent_until(conversation_id=conversation_id, town_id=town_id, person_id=person.pk, at=at)
    if until is not None:
        raise Forbidden(silent_sentence(town_id, until, person.language), code="silenced")


def silent_sentence(town_id: int, until: datetime, language: str) -> str:
    """Until when, at the town's hour, in the reader's language."""
    town = Town.objects.get(pk=town_id)
    zone = ZoneInfo(town.time_zone)
    told = moment(until.astimezone(zone), locale_name(language, town.country), today=now().astimezone(zone).date())
    return _("La modération vous demande de ne plus écrire dans les discussions pendant un temps. Fin : %(until)s.") % {
        "until": told
    }


def _check_newcomer(new: "New") -> None:
    if rules.has_address(new.body):
        sentence = _("Votre compte est tout nouveau : vous pourrez écrire des adresses de sites dès demain.")
        raise Invalid(sentence, field="body", code="new_account")
    limits.hit(limits.NEWCOMER_MESSAGES, new.author.pk)


def check_pace(new: "New") -> None:
    """The slow mode of a group or live chat. Raises `RateLimited`. Called with the conversation's number taken."""
    if rules.answers_for_town(new.place.part):
        return
    last = statements.last_of(conversation_id=new.conversation_id, author_id=new.author.pk)
    waited_s = (new.at - last).total_seconds() if last else new.place.slow_s
    if waited_s < new.place.slow_s:
        raise RateLimited(retry_after_s=round(new.place.slow_s - waited_s, 1))
