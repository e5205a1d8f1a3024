"""What may be done with an alert, by whom, and when. Pure.

draft ──submit──▶ pending ──approve──▶ scheduled ─▶ sending ─▶ done
                     └── back to draft             └──stop──▶ stopped
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from channels_adapters.base import Cause
from hub.alerts.models import Alert, Purpose, Status
from hub.deliveries.gsm import measure
from hub.deliveries.models import Channel
from hub.people.models import Role

# Who decides of alerts. The call centre answers for several towns, and decides of none.
DECIDE = frozenset({Role.MAYOR, Role.MANAGER, Role.AGENT})

TITLE_MAX, BODY_MAX, SMS_MAX = 120, 4_000, 600
# What leaves first: what costs nothing and is there at once. Calls come last, to whom nothing else has reached.
ORDER = (Channel.PUSH, Channel.EMAIL, Channel.SMS, Channel.VOICE)
WORTH = timedelta(hours=12)
WORTH_OF_A_CALL = timedelta(hours=3)
# Who does not answer a call is called once more: in the shower, on the other line.
NOT_ANSWERED = (Cause.NO_ANSWER, Cause.BUSY)
CALL_AGAIN_AFTER = timedelta(minutes=3)
# A call that has not ended by then rings no more: its provider does not say how calls end. Some make one a second.
CALLS_END_WITHIN = timedelta(hours=1)


def may_alert(roles: Collection[str]) -> bool:
    """Whether somebody with these roles writes alerts, and approves those of others."""
    return not DECIDE.isdisjoint(roles)


def may_be_changed(status: str) -> bool:
    """Until it was submitted."""
    return status == Status.DRAFT


def may_approve(author_id: int | None, approver_id: int, *, alone: bool) -> bool:
    """Nothing leaves without a second person; a lone mayor confirms by a second factor, where the town allows it."""
    return approver_id != author_id or alone


def may_be_stopped(status: str) -> bool:
    """While something of it may still leave."""
    return status in (Status.PENDING, Status.SCHEDULED, Status.SENDING)


def spoken(title: str, body: str) -> str:
    """What is read out where no words for the telephone were written."""
    return f"{title.rstrip('. ')}. {body}".strip()


def short(town: str, title: str, body: str) -> str:
    """The SMS where none was written: town, title and text, as long as some SMS are."""
    whole = " ".join(f"{town} : {title.rstrip('. ')}. {body}".split())
    return whole if len(whole) <= SMS_MAX else f"{whole[: SMS_MAX - 3]}..."


def room_for(text: str, more: str) -> bool:
    """Whether an SMS with a line more weighs no more than without it: it costs what was shown before it left."""
    return measure(f"{text}\n{more}").segments <= measure(text).segments


# The keys of a call: it was heard, and is confirmed; somebody is to call back.
HEARD, CALL_BACK = "1", "2"
CHECK_IN_KEYS = HEARD + CALL_BACK


def checks_in(alert: Alert) -> bool:
    """Whether its calls ask people of the register how they are."""
    return alert.purpose == Purpose.ALERT and bool(alert.audience.get("register"))


def calls_are_due(started_at: datetime, at: datetime, after_min: int, *, others_ended: bool, others: bool) -> bool:
    """Whether those not reached are called now: some minutes later, or as soon as nothing else is on its way."""
    return not others or others_ended or at >= started_at + timedelta(minutes=after_min)


SHOWN = ("queued", "sent", "delivered", "failed", "suppressed")


def counted(rows: Collection[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """{channel: {queued, sent, delivered, failed, suppressed}} of (channel, state, how many)."""
    found: dict[str, dict[str, int]] = {}
    for channel, state, number in rows:
        of_channel = found.setdefault(channel, dict.fromkeys(SHOWN, 0))
        of_channel[_SHOWN[state]] += number
    return found


_SHOWN: Mapping[str, str] = {
    "queued": "queued", "sending": "queued", "unknown": "sent", "sent": "sent", "delivered": "delivered",
    "failed": "failed", "undeliverable": "failed", "expired": "failed", "suppressed": "suppressed",
}  # fmt: skip


def number_of(year: int, count: int) -> str:
    """A-26-017."""
    return f"A-{year % 100:02}-{count:03}"


def count_in(number: str, year: int) -> int:
    """17 of A-26-017 in 2026; 0 of another year's."""
    begins, _, count = number.rpartition("-")
    return int(count) if begins == f"A-{year % 100:02}" else 0


def plain_words(said: Any) -> dict[str, str]:
    """{"fr": …, "en": …} without what is empty."""
    return {language: words.strip() for language, words in dict(said or {}).items() if words and words.strip()}
