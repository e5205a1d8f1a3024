"""What is written to requesters, followers and services about tickets. Called in the transaction of the cause.

Nobody is told by mail of what they did themselves: `by` is who did it. Mails of one ticket stand together in mail
programs, and its number stands at the end of each subject.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone, translation

from hub.conversations.actions.reply_addresses import give_reply_addresses
from hub.conversations.models import Message, Side, Visibility
from hub.deliveries.actions import SUBJECT_MAX, queue_email, queue_emails, queue_sms, sender_named
from hub.deliveries.actions import Letter as Written
from hub.deliveries.models import Channel
from hub.deliveries.writing import mail_domain
from hub.notifications.letter import Button, Letter
from hub.notifications.mail import laid_out
from hub.people.models import Language, Person
from hub.people.queries import may_be_mailed
from hub.tickets import (
    follower_letters,
    letters,
    program_letters,
    queries,
    reaching,
    rules,
    service_letters,
    short_letters,
)
from hub.tickets.models import DeskSettings, Follower, Status, Ticket, Webhook
from hub.tickets.reaching import Means
from hub.towns.models import Service, Town

# What people may answer by mail; the others have a page for that, or want no words.
_ANSWERED = {
    "receipt", "started", "follow_up", "closed", "refused", "reopened", "assigned", "internal", "answered",
}  # fmt: skip
ABOUT = "ticket"  # in `Dispatch.about` of an SMS: the number of the ticket that an answer to it is for
WORTH = timedelta(days=4)  # a relay may be away over a weekend


@dataclass(frozen=True)
class To:
    """Somebody's address, and the language in which they are written to."""

    address: str
    language: str
    person: Person | None = None


# To the requester.


def send_receipt(ticket: Ticket) -> None:
    """To the requester: reference, link, who is accountable, the date promised (S88, S132, S139)."""
    way = way_of_receipt(ticket)
    if way == Channel.SMS:
        to = reaching.mobile_of(ticket, ticket.town.country)
        _queue_sms(ticket, "receipt", to, lambda: short_letters.receipt(ticket))
    elif way == Channel.EMAIL:
        _queue(ticket, "receipt", _requester(ticket), lambda: letters.receipt(ticket, _settings(ticket)))


def way_of_receipt(ticket: Ticket) -> Channel | None:
    """By what means the receipt leaves; None: it is shown on the page, and nowhere else."""
    if not rules.may_write_to_requester(ticket):
        return None
    if ticket.email:
        return Channel.EMAIL
    return Channel.SMS if reaching.mobile_of(ticket, ticket.town.country) else None


# To the requester who asked for follow-ups (S73): by mail, or by SMS to who gave no mail. `told`: the numbers that the
# same event has been told to, where it is one of several tickets: nobody gets it twice.


def send_started(ticket: Ticket, *, by: Person | None = None) -> None:
    """To the requester: treatment has begun (S112)."""
    _queue_requester(
        ticket, "started", by, lambda: letters.started(ticket), lambda waiting: short_letters.started(ticket, waiting)
    )


def send_follow_up(
    ticket: Ticket, message: Message, *, told: set[str] | None = None, ends_it: bool = False
) -> None:  # fmt: skip
    """To the requester (S114), and to followers when it is public: an external follow-up.

    `ends_it`: the same act closes the ticket; one mail or SMS then leaves for both, by `send_closed`.
    """
    if message.visibility != Visibility.EXTERNAL or message.side != Side.TOWN or ends_it:
        return
    _queue_requester(
        ticket, "follow_up", message.author, lambda: letters.follow_up(ticket, message),
        lambda waiting: short_letters.follow_up(ticket, message, waiting), told=told,
    )  # fmt: skip
    _queue_followers(ticket, "follow_up", message.author, lambda: follower_letters.news(ticket, message))


def send_closed(ticket: Ticket, *, by: Person | None = None, told: set[str] | None = None) -> None:
    """To the requester (and followers): it is treated, or refused and why (S107); « C'est réglé ? »."""
    desk, most = _settings(ticket), reaching.WITH_ITS_END
    if ticket.status == Status.CLOSED_REFUSED:
        cause = "refused"
        _queue_requester(
            ticket, cause, by, lambda: letters.refused(ticket, desk),
            lambda waiting: short_letters.refused(ticket, waiting), told=told, most=most,
        )  # fmt: skip
    else:
        cause = "closed"
        _queue_requester(
            ticket, cause, by, lambda: letters.closed(ticket, desk),
            lambda waiting: short_letters.closed(ticket, desk, waiting), told=told, most=most,
        )  # fmt: skip
    _queue_followers(ticket, cause, by, lambda: follower_letters.ended(ticket))


def send_reopened(ticket: Ticket, *, by: Person | None = None) -> None:
    """To the requester: it is open again, by the town."""
    _queue_requester(
        ticket, "reopened", by, lambda: letters.reopened(ticket),
        lambda waiting: short_letters.reopened(ticket, waiting),
    )  # fmt: skip


def _queue_requester(
    ticket: Ticket, cause: str, by: Person | None, letter: Callable[[], Letter], sms: Callable[[int], str] | None, *,
    told: set[str] | None = None, most: int = reaching.SMS_A_DAY,
) -> None:  # fmt: skip
    """Unless it is their own doing. `sms`: its words, given how many messages have waited; None: no SMS is due.
    `most`: how many there may be about the ticket today, this one among them."""
    if by is not None and by.pk == ticket.requester_id:
        return
    reach = reaching.reach_of(ticket)
    if reach.means is Means.MAIL:
        _queue(ticket, cause, _requester(ticket), letter)
    elif reach.means is Means.SMS and sms is not None and reach.address not in (told or ()):
        if told is not None:
            told.add(reach.address)
        if (waiting := reaching.take_turn(ticket, most=most)) is not None:
            _queue_sms(ticket, cause, reach.address, lambda: sms(waiting))


def _requester(ticket: Ticket) -> To:
    return To(ticket.email, ticket.language, ticket.requester)


# To the service, and to those of the town hall who look after it.


def send_assigned(ticket: Ticket, *, by: Person | None = None) -> None:
    """To the service, on assignment (S110)."""
    if ticket.service is not None:
        _queue_all(
            ticket, "assigned", _of_service(ticket.service, ticket.town, by), lambda: service_letters.assigned(ticket)
        )


def send_internal(ticket: Ticket, message: Message, *, but: str = "") -> None:
    """To the service, to whom it is assigned and to watchers: an internal follow-up (S113). `but`: not to the address
    that it came from."""
    if message.visibility == Visibility.INTERNAL:
        to = [one for one in _of_staff(ticket, message.author) if one.address.lower() != but.lower()]
        _queue_all(ticket, "internal", to, lambda: service_letters.internal(ticket, message))


def send_answered(ticket: Ticket, message: Message, *, duplicate: Ticket | None = None) -> None:
    """To the service, to whom it is assigned and to watchers: the requester's words (S116).
    `duplicate`: the one on which they were written, of a ticket that several asked for."""
    if message.side == Side.REQUESTER and not ticket.internal:
        to = _of_staff(ticket, message.author)
        _queue_all(ticket, "answered", to, lambda: service_letters.answered(ticket, message, duplicate=duplicate))


def send_due_soon(service: Service, tickets: Sequence[Ticket]) -> bool:
    """To the service, some days before the due dates of these tickets (S109): one mail. Whether it has an address."""
    to = _of_service(service, service.town, None)
    only = tickets[0] if len(tickets) == 1 else None
    for one in to:
        with written(one.language, service.town):
            letter = service_letters.due_soon(service, tickets)
            _queue_one(service.town, only, "due_soon", one, letter)
    return bool(to)


def _of_service(service: Service, town: Town, by: Person | None) -> list[To]:
    """The service's own address; its members', when it has none; the town hall's, when it has no members."""
    if service.email:
        return _but([To(service.email, _first_language(town))], by)
    members = Person.objects.filter(may_be_mailed(), memberships__services=service, memberships__town=town).distinct()
    to = [To(one.email, one.language, one) for one in members.order_by("pk")]
    if not to and town.email:
        to = [To(town.email, _first_language(town))]
    return _but(to, by)


def _but(to: Iterable[To], by: Person | None) -> list[To]:
    return [one for one in to if by is None or one.address.lower() != by.email.lower()]


def _of_staff(ticket: Ticket, by: Person | None) -> list[To]:
    """The service once the ticket is the town's to treat; whom it is assigned to, and watchers who may still see it."""
    to: list[To] = []
    if ticket.service is not None and ticket.status != Status.NOT_TRANSFERRED:
        to += _of_service(ticket.service, ticket.town, by)
    personal = set(ticket.watchers.values_list("person_id", flat=True)) | ({ticket.assignee_id or 0} - {0})
    personal.discard(by.pk if by else 0)
    for person in Person.objects.filter(may_be_mailed(), pk__in=personal).order_by("pk"):
        if rules.works_on(rules.stance(ticket, queries.reader_of(person, ticket.town))):
            to.append(To(person.email, person.language, person))
    once: dict[str, To] = {}
    for one in to:
        once.setdefault(one.address.lower(), one)
    return list(once.values())


def _first_language(town: Town) -> str:
    return town.languages[0] if town.languages else Language.FRENCH


# To who manages the town.


def send_failing(webhook: Webhook, people: Iterable[Person]) -> None:
    """To who manages: a webhook is out of service, since nothing arrived for days."""
    reachable = Person.objects.filter(may_be_mailed(), pk__in=[person.pk for person in people]).order_by("pk")
    for person in reachable:
        with written(person.language, webhook.town):
            to = To(person.email, person.language, person)
            _queue_one(webhook.town, None, "webhook_failing", to, program_letters.failing(webhook))


# To those who follow a public ticket.


def send_confirmation(follower: Follower) -> None:
    """To who wants to follow a public ticket by an address: the link that confirms it."""
    to = To(follower.email, follower.language)
    _queue(follower.ticket, "confirmation", to, lambda: follower_letters.confirmation(follower))


def _queue_followers(ticket: Ticket, cause: str, by: Person | None, letter: Callable[[], Letter]) -> None:
    """One mail for each who follows it, while anybody may read it; each with a link of its own to stop."""
    if not rules.is_open_to_all(ticket):
        return
    letters_by_language: dict[str, Letter] = {}
    mails: dict[str, tuple[Person | str, Written]] = {}
    for follower, to in _followers(ticket, by):
        with written(to.language, ticket.town):
            if to.language not in letters_by_language:
                letters_by_language[to.language] = letter()
            own = replace(letters_by_language[to.language], leave=follower_letters.way_out(follower))
            mails.setdefault(to.address.lower(), (to.person or to.address, _laid_out(ticket.town, ticket, own)))
    queue_emails(
        cause=f"ticket_{cause}", to=list(mails.values()), headers=_headers(ticket.town, ticket), expires_in=WORTH
    )


def _followers(ticket: Ticket, by: Person | None) -> Iterator[tuple[Follower, To]]:
    """Whose address is confirmed; not the requester, who is written to as such."""
    people = Person.objects.filter(may_be_mailed()).values("pk")
    found = ticket.followers.filter(confirmed_at__isnull=False).exclude(person=ticket.requester_id)
    found = found.filter(person__in=people) | found.filter(person=None)
    for follower in found.select_related("person").order_by("pk"):
        person = follower.person
        to = To(person.email, person.language, person) if person else To(follower.email, follower.language)
        if to.address.lower() not in {ticket.email.lower(), by.email.lower() if by else ""}:
            yield follower, to


# How a mail is made.


@contextmanager
def written(language: str, town: Town) -> Iterator[None]:
    """In here, sentences come in that language and times in the town's zone."""
    with translation.override(language), timezone.override(town.time_zone):
        yield


def _settings(ticket: Ticket) -> DeskSettings:
    return queries.desk_settings(ticket.town)


def _queue(ticket: Ticket, cause: str, to: To, letter: Callable[[], Letter]) -> None:
    _queue_all(ticket, cause, [to], letter)


def _queue_all(ticket: Ticket, cause: str, to: Iterable[To], letter: Callable[[], Letter]) -> None:
    """The letter is made for each, in their language."""
    for one in to:
        with written(one.language, ticket.town):
            _queue_one(ticket.town, ticket, cause, one, letter())


def _queue_one(town: Town, ticket: Ticket | None, cause: str, to: To, letter: Letter) -> None:
    answers = _answers_to(ticket, to) if ticket is not None and cause in _ANSWERED else {}
    mail = _laid_out(town, ticket, replace(letter, answerable=bool(answers)))
    queue_email(
        cause=f"ticket_{cause}", to=to.address, subject=mail.subject, text=mail.text, html=mail.html,
        person=to.person, headers={**_headers(town, ticket), **answers, **mail.headers}, expires_in=WORTH,
    )  # fmt: skip


def _answers_to(ticket: Ticket, to: To) -> Mapping[str, str]:
    """Where this reader's answer goes; nothing where mails can't be answered."""
    given = give_reply_addresses(ticket.conversation_id, [(to.address, to.person)])
    return {"Reply-To": given[to.address.lower()]} if given else {}


def _queue_sms(ticket: Ticket, cause: str, to: str, words: Callable[[], str]) -> None:
    with written(ticket.language, ticket.town):
        text = words()
    queue_sms(
        cause=f"ticket_{cause}", to=to, text=text, person=ticket.requester, town=ticket.town,
        about={ABOUT: ticket.number}, expires_in=WORTH,
    )  # fmt: skip


def _laid_out(town: Town, ticket: Ticket | None, letter: Letter) -> Written:
    """As text and as HTML, after the town's own words for this mail."""
    opening = opening_of(queries.desk_settings(town), letter.own) if letter.own else []
    mail = laid_out(replace(letter, opening=opening), town)
    subject = with_number(letter.subject, ticket.number) if ticket else letter.subject
    return replace(mail, subject=subject, headers=_ways_out(letter.leave))


def _ways_out(leave: Button | None) -> Mapping[str, str]:
    """Where one stops getting a mail (RFC 2369), for the mail program's own button: by one press (RFC 8058), which
    asks for https."""
    if leave is None:
        return {}
    one_press = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if leave.url.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{leave.url}>", **one_press}


def with_number(subject: str, number: str) -> str:
    """« Votre demande est bien reçue [#SA26-00042] »: the number is there however long the subject."""
    room = SUBJECT_MAX - len(number) - 4
    short = subject if len(subject) <= room else f"{subject[: room - 1]}…"
    return f"{short} [#{number}]"


def opening_of(desk: DeskSettings, own: str) -> list[str]:
    """What the town says by itself in this mail and language: paragraphs."""
    texts = desk.mail_texts.get(own, {}) if own else {}
    text = str(texts.get((translation.get_language() or "fr")[:2], ""))
    return [line.strip() for line in text.splitlines() if line.strip()]


def _headers(town: Town, ticket: Ticket | None) -> Mapping[str, str]:
    """From the town; a ticket's mails all answer one that never left, so that programs show them together."""
    if ticket is None:
        return {"From": sender_named(town.name)}
    root = thread_of(ticket)
    return {"From": sender_named(town.name), "In-Reply-To": root, "References": root}


def thread_of(ticket: Ticket) -> str:
    """What all its mails answer."""
    return f"<ticket.{ticket.number}@{mail_domain()}>"
