"""Words of a mail go where they belong, by the same actions as a click.

Whoever calls has found out that the author is who the mail says. All of it is safe to call again: words have the mail's
own key.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from hub.conversations.actions import post_message
from hub.conversations.models import Conversation, Message, Via, Visibility
from hub.conversations.rules import MAX_BODY
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, ParvisError
from hub.files.actions import store_file
from hub.files.rules import USUAL
from hub.notifications.letter import Letter
from hub.people.models import Person
from hub.tickets import rules
from hub.tickets.actions import add_answer, add_follow_up, add_follow_up_of_box, ask_again, reopen_with
from hub.tickets.drafts import Draft
from hub.tickets.models import Source, Ticket
from hub.tickets.panel_words import state_banner
from hub.tickets.tree import Tree
from hub.towns.models import Town
from inbound_email.addresses import normal_email
from inbound_email.answers import answer_once, files_left_out, kept_inside, not_taken, written_to
from inbound_email.attaching import Sorted, sort_files
from inbound_email.models import Reason, Status
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.subjects import plain_subject
from inbound_email.suggesting import suggest
from inbound_email.threads import Thread
from inbound_email.voices import voice_of

_PUBLIC = re.compile(r"\s*#\s*public\s*(?:\n|\Z)", re.IGNORECASE)
_REFUSALS = (Forbidden, NotFound, Invalid, Conflict)


def by_requester(arrived: Arrived, ticket: Ticket) -> Outcome:
    """The requester answers (S116, S118); on a closed ticket, that takes it up again, or opens its sequel.

    Raises `RateLimited`.
    """
    person = ticket.requester
    with written_to(person, ticket.town):
        files = sort_files(arrived.mail.files, rules.ANSWER_FILES)
        try:
            message, conversation = _answer(arrived, ticket, files)
        except _REFUSALS as refusal:
            return refused(arrived, Thread(ticket.conversation, ticket), person, refusal)
        _tell_of_files(arrived, files, ticket, person)
    return Outcome(
        Status.PLACED, town=ticket.town, conversation=conversation, person=person, message=message
    )  # fmt: skip


def _answer(arrived: Arrived, ticket: Ticket, files: Sorted) -> tuple[Message | None, Conversation]:
    person, number, words = ticket.requester, ticket.number, body_of(arrived.mail.words)
    add = reopen_with if ticket.closed else add_answer
    say = partial(add, actor=person, number=number, via=Via.EMAIL, known=ticket)
    try:
        return say(body=words, files=files.kept, key=arrived.key), ticket.conversation
    except Forbidden as refusal:
        if refusal.code != "too_late":
            raise
    draft = Draft(category_id=_category(arrived, ticket), description=words, key=arrived.key, files=files.kept)
    return None, ask_again(actor=person, number=number, draft=draft, came_by=Source.EMAIL).conversation


def _category(arrived: Arrived, ticket: Ticket) -> int:
    """The former one, while it is in use; else what the words say."""
    tree = Tree(ticket.town)
    known = tree.get(ticket.category_id)
    if known is not None and tree.usable(known, by_citizens=True):
        return known.pk
    found = suggest(tree, subject=arrived.mail.subject, words=arrived.mail.words)
    return found.pk if found is not None else ticket.category_id


def by_staff(arrived: Arrived, ticket: Ticket, person: Person) -> Outcome:
    """A colleague answers: as `_by_hall`."""
    return _by_hall(arrived, ticket, person, partial(add_follow_up, actor=person))


def by_box(arrived: Arrived, ticket: Ticket) -> Outcome:
    """A service answers from the address at which it was told of the ticket (S116): as `_by_hall`, in its name."""
    box = normal_email(arrived.mail.from_address)
    voice = voice_of(ticket, box)
    return _by_hall(arrived, ticket, voice, partial(add_follow_up_of_box, actor=voice, box=box))


def _by_hall(arrived: Arrived, ticket: Ticket, person: Person, add: Callable[..., Message]) -> Outcome:
    """The town hall answers: for colleagues, unless the first line says `#public` and nothing else.

    What can't be said outside (nobody would read it, it names the requester to everybody, or it would be said to more
    than they wrote to) is kept inside, and they are told so. On a duplicate, it is said where that goes on.
    """
    outside = _PUBLIC.match(arrived.mail.words)
    words = body_of(arrived.mail.words[outside.end() :] if outside else arrived.mail.words)
    thread = Thread(ticket.conversation, ticket)
    with written_to(person, ticket.town):
        files = sort_files(arrived.mail.files, rules.STAFF_FILES)
        try:
            say = partial(add, body=words, files=files.kept, via=Via.EMAIL, key=arrived.key)
            message = _follow_up(arrived, ticket, person, say, outside=outside is not None)
        except _REFUSALS as refusal:
            return refused(arrived, thread, person, refusal)
        _tell_of_files(arrived, files, ticket, person)
    return Outcome(
        Status.PLACED, town=ticket.town, conversation=message.conversation, person=person, message=message
    )  # fmt: skip


def _follow_up(
    arrived: Arrived, ticket: Ticket, person: Person, say: Callable[..., Message], *, outside: bool
) -> Message:  # fmt: skip
    into, why = goes_on_in(ticket), state_banner(ticket)
    if outside and into is ticket:
        try:
            return say(number=into.number, visibility=Visibility.EXTERNAL)
        except (Invalid, Conflict) as refusal:  # `NamesRequester` is one
            why = str(refusal)
    message = say(number=into.number, visibility=Visibility.INTERNAL)
    if outside:
        _write_back(arrived, kept_inside(arrived.mail, into.number, why), into.topic, into.town, person)
    return message


def goes_on_in(ticket: Ticket) -> Ticket:
    """Where the town hall speaks of it: of a duplicate, the one that it is of."""
    return ticket.parent if ticket.merged and ticket.parent else ticket


def by_participant(arrived: Arrived, thread: Thread, person: Person) -> Outcome:
    """Somebody answers in a conversation or a group (S39, S48). Raises `RateLimited`."""
    conversation = thread.conversation
    with written_to(person, conversation.town):
        files = sort_files(arrived.mail.files, USUAL)
        try:
            posted = post_message(
                actor=person, conversation_id=conversation.pk, key=arrived.key, body=body_of(arrived.mail.words),
                file_ids=_stored(arrived, conversation, person, files), via=Via.EMAIL,
            )  # fmt: skip
        except _REFUSALS as refusal:
            return refused(arrived, thread, person, refusal)
        if files.refused:
            letter = files_left_out(arrived.mail, files.refused)
            _write_back(arrived, letter, conversation.topic, conversation.town, person)
    message = Message.objects.get(pk=posted.id)
    return Outcome(Status.PLACED, town=conversation.town, conversation=conversation, person=person, message=message)


def _stored(arrived: Arrived, conversation: Conversation, person: Person, files: Sorted) -> Sequence[str]:
    """The files as the conversation keeps them; those of a former attempt, when its words are there already."""
    known = Message.objects.filter(conversation=conversation, author=person, key=arrived.key).first()
    if known is not None:
        return [str(file_id) for file_id in known.attachments.values_list("file_id", flat=True)]
    return [str(store_file(owner=person, name=name, content=data).pk) for name, data in files.kept]


def refused(arrived: Arrived, thread: Thread, person: Person | None, refusal: ParvisError) -> Outcome:
    """They may not write there, or no longer: it is said to them, once."""
    town = thread.conversation.town
    about = thread.ticket.topic if thread.ticket is not None else thread.conversation.topic
    _write_back(arrived, not_taken(arrived.mail, str(refusal)), about, town, person)
    return Outcome(Status.REFUSED, Reason.NOT_ALLOWED, str(refusal), town, thread.conversation, person)


def _tell_of_files(arrived: Arrived, files: Sorted, ticket: Ticket, person: Person) -> None:
    if files.refused:
        _write_back(arrived, files_left_out(arrived.mail, files.refused), ticket.topic, ticket.town, person)


def _write_back(arrived: Arrived, letter: Letter, about: str, town: Town, person: Person | None) -> None:
    if not arrived.quiet:
        answer_once(arrived.mail, letter, about=about, town=town, person=person)


def body_of(words: str) -> str:
    """As long as words may be; the whole stays in the mail itself."""
    return words if len(words) <= MAX_BODY else f"{words[: MAX_BODY - 10].rstrip()}\n[…]"


def title_of(subject: str) -> str:
    """A mail's subject as a ticket's title; "" when it says nothing."""
    title = plain_subject(subject)
    return title if len(title) <= rules.MAX_TITLE else f"{title[: rules.MAX_TITLE - 1].rsplit(' ', 1)[0]}…"
