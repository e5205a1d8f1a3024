"""Putting into the outbox what must leave."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from hub.core.clock import now, shared_now
from hub.core.ids import new_key
from hub.deliveries import allowance, links
from hub.deliveries.devices import address_of
from hub.deliveries.models import Channel, Content, Delivery, Did, Dispatch, InboundSms, Lane, State
from hub.deliveries.tasks import nudge
from hub.deliveries.writing import LINK, mail_domain
from hub.people.models import Device, Person
from hub.towns.models import Town

SUBJECT_MAX = 200
KEEP_DAYS = 30
KEEP_ANSWERS_DAYS = 365  # words by SMS that were for nobody yet
_PRUNED_AT_ONCE = 1_000


def queue_email(
    *,
    cause: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    person: Person | None = None,
    headers: Mapping[str, str] | None = None,
    expires_in: timedelta = timedelta(days=2),
    lane: Lane = Lane.TRANSACTIONAL,
) -> Delivery:
    """Write one mail into the outbox, in the caller's transaction; it is sent soon after the commit.

    `cause`: what it is for (`login_code`, `unread_messages` …). `headers` add to, or replace, those that every
    mail has. After `expires_in` it is no longer worth sending. With the broker away nothing is lost: the sweep
    finds the row.
    """
    with transaction.atomic():
        at = shared_now()
        delivery = Delivery.objects.create(
            dispatch=Dispatch.objects.create(cause=cause),
            person=person,
            channel=Channel.EMAIL,
            lane=lane,
            address=to,
            subject=_one_line(subject),
            text=text,
            html=html,
            headers={**_own_headers(), **(headers or {})},
            next_at=at,
            expires_at=at + expires_in,
        )
        transaction.on_commit(lambda: nudge(delivery.channel), robust=True)
    return delivery


@dataclass(frozen=True)
class Letter:
    """A mail without its recipient. `headers`: its own, beside those of all that leave with it."""

    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def queue_emails(
    *,
    cause: str,
    to: Sequence[tuple[Person | str, Letter]],
    headers: Mapping[str, str],
    expires_in: timedelta,
    lane: Lane = Lane.NOTIFICATION,
    leave: tuple[Town, Mapping[str, Any]] | None = None,
) -> None:
    """Write one mail for each of these into the outbox, in the caller's transaction: a thousand in 0.1 s.

    `to`: people, or addresses of no account; no address twice. As `queue_email`, but workers are called once for all.
    `leave`: of what town, and about what (`Dispatch.about`), for what people may leave by one press (RFC 8058); their
    letters may then hold `{leave}`, each recipient's own link.
    """
    if not to:
        return
    at = shared_now()
    town, about = leave or (None, {})
    headers = {**headers, **(links.LEAVING if leave else {})}
    with transaction.atomic():
        dispatch = Dispatch.objects.create(cause=cause, town=town, about=dict(about))
        contents = _shared(dispatch, to, headers, at_least=1 if leave else 2)
        Delivery.objects.bulk_create(
            Delivery(
                dispatch=dispatch, channel=Channel.EMAIL, lane=lane, next_at=at, expires_at=at + expires_in,
                person=whom if isinstance(whom, Person) else None,
                address=whom.email if isinstance(whom, Person) else whom,
                **({"content": shared} if (shared := contents.get(id(letter))) else _own(letter, headers)),
            )
            for whom, letter in to
        )  # fmt: skip
        transaction.on_commit(lambda: nudge(Channel.EMAIL, len(to)), robust=True)


def _shared(
    dispatch: Dispatch, to: Sequence[tuple[Person | str, Letter]], headers: Mapping[str, str], *, at_least: int
) -> dict[int, Content]:
    """What so many of them are told alike is kept once. By the letter's identity."""
    counted = Counter(id(letter) for _whom, letter in to)
    letters = {id(letter): (whom, letter) for whom, letter in to if counted[id(letter)] >= at_least}
    made = {
        key: Content(
            dispatch=dispatch, channel=Channel.EMAIL, language=whom.language if isinstance(whom, Person) else "fr",
            subject=_one_line(letter.subject), text=letter.text, html=letter.html,
            headers={**_hub_headers(), **headers, **letter.headers},
        )
        for key, (whom, letter) in letters.items()
    }  # fmt: skip
    Content.objects.bulk_create(made.values())
    return made


def _own(letter: Letter, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "subject": _one_line(letter.subject), "text": letter.text, "html": letter.html,
        "headers": {**_own_headers(), **headers, **letter.headers},
    }  # fmt: skip


def queue_sms(
    *, cause: str, to: str, text: str, person: Person | None = None, town: Town | None = None,
    about: Mapping[str, Any] | None = None, expires_in: timedelta = timedelta(days=1),
) -> Delivery:  # fmt: skip
    """Write one SMS into the outbox, in the caller's transaction. `to`: a phone number in E.164. `town`: whose it is,
    where it is one's: its limits count it (`allowance`), its zone says when a day ends. `about`: what an answer to it
    is about (`Dispatch.about`, `queries.last_told_by_sms`).

    The text leaves as it is (`gsm.plain` makes it cheap). Where no way out is set (`queries.channel_is_open`) it
    would wait in vain until it expires: ask before.
    """
    dispatch = Dispatch(cause=cause, town=town, about=dict(about or {}))
    return _queue_one(Channel.SMS, dispatch, to, text, person, expires_in)


def queue_call(
    *, cause: str, to: str, text: str, person: Person | None = None, town: Town | None = None,
    expires_in: timedelta = timedelta(hours=1),
) -> Delivery:  # fmt: skip
    """Write one call into the outbox, in the caller's transaction: `text` is read to who answers. As `queue_sms`."""
    return _queue_one(Channel.VOICE, Dispatch(cause=cause, town=town), to, text, person, expires_in)


def _queue_one(
    channel: Channel, dispatch: Dispatch, to: str, text: str, person: Person | None, expires_in: timedelta
) -> Delivery:
    with transaction.atomic():
        at = shared_now()
        dispatch.save()
        delivery = Delivery.objects.create(
            dispatch=dispatch,
            person=person,
            channel=channel,
            address=to,
            text=text,
            next_at=at,
            expires_at=at + expires_in,
        )
        transaction.on_commit(lambda: nudge(delivery.channel), robust=True)
    return delivery


def queue_push(
    *, cause: str, device: Device, title: str, text: str, link: str = "/", lane: Lane = Lane.NOTIFICATION,
    expires_in: timedelta = timedelta(days=2),
) -> Delivery:  # fmt: skip
    """Write one notification for a device into the outbox, in the caller's transaction. `link`: the page of this site
    that it opens, as a path.

    Where the device is reached is read when it leaves: one that is retired meanwhile shows nothing.
    """
    with transaction.atomic():
        at = shared_now()
        delivery = Delivery.objects.create(
            dispatch=Dispatch.objects.create(cause=cause),
            person=device.person,
            channel=Channel.PUSH,
            lane=lane,
            address=address_of(device),
            subject=_one_line(title),
            text=text,
            headers={LINK: link},
            next_at=at,
            expires_at=at + expires_in,
        )
        transaction.on_commit(lambda: nudge(delivery.channel), robust=True)
    return delivery


@dataclass(frozen=True)
class Note:
    """What one device is to show."""

    device: Device
    title: str
    text: str


def queue_notes(
    *, cause: str, notes: Sequence[Note], link: str, town: Town, key: str = "", expires_in: timedelta,
) -> bool:  # fmt: skip
    """Write one notification for each of these devices into the outbox, in the caller's transaction: news, which wait
    at night. As `queue_push`. The same `key` again writes nothing. Whether it was new."""
    if not notes:
        return False
    at = shared_now()
    with transaction.atomic():
        if key:
            dispatch, new = Dispatch.objects.get_or_create(key=key, defaults={"cause": cause, "town": town})
            if not new:
                return False
        else:
            dispatch = Dispatch.objects.create(cause=cause, town=town)
        Delivery.objects.bulk_create(
            Delivery(
                dispatch=dispatch, person_id=note.device.person_id, channel=Channel.PUSH, lane=Lane.NOTIFICATION,
                address=address_of(note.device), subject=_one_line(note.title), text=note.text, headers={LINK: link},
                next_at=at, expires_at=at + expires_in,
            )
            for note in notes
        )  # fmt: skip
        transaction.on_commit(lambda: nudge(Channel.PUSH, len(notes)), robust=True)
    return True


def sender_named(name: str) -> str:
    """A `From` that shows `name` over the hub's own address: it is a town that writes to people."""
    return str(Address(display_name=_one_line(name), addr_spec=parseaddr(settings.EMAIL_FROM)[1]))


def _own_headers() -> dict[str, str]:
    """Made once, with the row: a second attempt is the same mail, known as such by its `Message-ID`."""
    return {**_hub_headers(), "Date": format_datetime(now()), "Message-ID": f"<{new_key()}@{mail_domain()}>"}


def _hub_headers() -> dict[str, str]:
    # RFC 3834: no out-of-office answer to a machine.
    return {"From": settings.EMAIL_FROM, "Auto-Submitted": "auto-generated"}


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_MAX else f"{line[: SUBJECT_MAX - 1]}…"


def forget_thread(*, references: Collection[str], addresses: Collection[str]) -> int:
    """Forget what left about something, to whomever, as `References` name it; and what was written to `addresses` of it
    and still waits, or has no such headers (SMS). Returns how many. What is just leaving goes with the nightly job.
    """
    names = list(references)
    about = Delivery.objects.filter(Q(headers__References__in=names) | Q(content__headers__References__in=names))
    theirs = Q(address__in=addresses)
    ended = about.exclude(state__in=(State.QUEUED, State.SENDING))
    waiting = about.filter(theirs, state=State.QUEUED)
    told = Delivery.objects.filter(theirs, channel=Channel.SMS).exclude(state=State.SENDING)
    return sum(found.delete()[0] for found in (ended, waiting, told))


def prune() -> int:
    """Forget what ended more than 30 days ago: words and addresses are kept no longer than needed. Returns how many.

    Goes by the thousand: it may be stopped at any time, and goes on the next night.
    """
    old = Delivery.objects.filter(created_at__lt=now() - timedelta(days=KEEP_DAYS))
    ended = old.exclude(state__in=[State.QUEUED, State.SENDING])
    forgotten = 0
    while ids := list(ended.values_list("pk", flat=True)[:_PRUNED_AT_ONCE]):
        forgotten += Delivery.objects.filter(pk__in=ids).delete()[0]
    long_ago = Dispatch.objects.filter(created_at__lt=now() - timedelta(days=KEEP_DAYS))
    long_ago.exclude(Exists(Delivery.objects.filter(dispatch=OuterRef("pk")))).delete()
    InboundSms.objects.filter(at__lt=now() - timedelta(days=KEEP_DAYS)).exclude(did=Did.KEPT).delete()
    InboundSms.objects.filter(at__lt=now() - timedelta(days=KEEP_ANSWERS_DAYS)).delete()
    allowance.forget()
    return forgotten
