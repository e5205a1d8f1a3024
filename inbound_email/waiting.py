"""What somebody of the town hall decides of a mail that nobody vouches for, or that can't be read.

Each act holds the mail's row: of two who decide at once, the second learns that it is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hub.audit.actions import note
from hub.conversations.models import Kind, Via, Visibility
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.models import Person, Role
from hub.people.queries import roles_in
from hub.streams.actions import unit
from hub.tickets import queries, rules
from hub.tickets.actions import add_follow_up, create_ticket, note_words
from hub.tickets.drafts import Contact
from hub.tickets.models import Source, Ticket
from hub.towns.models import Town
from inbound_email import ledger, placing, sandbox
from inbound_email.at_town import contact_of, drafted
from inbound_email.attaching import sort_files
from inbound_email.looking import access_mail
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.opened import Asked, Opened
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.reading import arrived
from inbound_email.speakers import As, speaker_of
from inbound_email.tasks import nudge
from inbound_email.telling import tell
from inbound_email.threads import Thread

_DONE = lazy("Un collègue vient de décider de ce courriel.")


def accept(*, actor: Person, town: Town, mail_id: int) -> InboundEmail:
    """Its words enter the conversation that it answers: the requester's, noted by who accepts them; of what is
    theirs beyond doubt, under their own name.

    Raises `NotFound`, `Conflict` (a colleague was quicker), `Invalid` (there are no words; it answers nothing), and as
    the actions do.
    """
    row = access_mail(actor, town, mail_id)
    if row.conversation is None or row.reason == Reason.EMPTY:
        raise Invalid(_("Ce courriel ne répond à rien : ouvrez une nouvelle requête."))
    opened = replace(_opened(row), quiet=row.reason == Reason.UNVERIFIED)
    if row.conversation.kind != Kind.TICKET:
        _accept_for(actor, opened)
        return row
    with unit(), _held(row) as held:
        outcome = _on_ticket(actor, replace(opened, row=held))
        _decided(held, actor, outcome, "mail.accept")
    return row


def _accept_for(actor: Person, opened: Arrived) -> None:
    """Under the name of whom we had written to: somebody who takes part in it, or looks after it, says that it is
    theirs. Words get their number at the end of a transaction of their own; two who accept say them once."""
    row = opened.row
    if row.person is None or row.conversation is None:
        raise Forbidden
    if row.status != Status.WAITING:
        raise Conflict(_DONE)
    outcome = _taken(placing.by_participant(opened, Thread(row.conversation), row.person))
    with transaction.atomic(), _held(row) as held:
        _decided(held, actor, outcome, "mail.accept")


def open_new(*, actor: Person, town: Town, mail_id: int) -> Ticket:
    """It is a demand of its own: a ticket is made of it, for who wrote it. Raises as `accept` and `create_ticket`."""
    row = access_mail(actor, town, mail_id)
    opened = _opened(row)
    ticket = Ticket.objects.filter(conversation=row.conversation).first() if row.conversation_id else None
    draft = drafted(opened.mail, town, key=opened.key)
    if draft is None:
        raise Invalid(_("Cette commune n’a pas encore de catégories."))
    if not draft.description and row.reason != Reason.SCANNED:
        raise Invalid(_("Ce courriel ne contient aucun mot."))
    files = sort_files(opened.mail.files, rules.ANSWER_FILES).kept
    hold = roles_in(actor, town) == {Role.OPERATOR} and queries.desk_settings(town).operator_first
    asked = replace(draft, contact=_contact(opened.mail, row, ticket), files=files, hold=hold)
    came_by = Source.EMAIL
    if row.reason == Reason.SCANNED:  # whose letter it is stands on it, for who reads it
        came_by, said = Source.LETTER, _("Lettre numérisée")
        asked = replace(asked, contact=Contact(), wants_follow_ups=False, description=said, title=said)
    with unit(), _held(row) as held:
        made = create_ticket(actor=actor, town=town, draft=asked, came_by=came_by)
        outcome = Outcome(Status.PLACED, town=town, conversation=made.conversation, person=made.requester)
        _decided(held, actor, outcome, "mail.open", made.number)
    return made


def _contact(mail: Opened, row: InboundEmail, ticket: Ticket | None) -> Contact:
    """Of who is verified as the requester, what the town knows of them; else what the mail says."""
    if ticket is None or row.reason != Reason.NEW_SUBJECT:
        return contact_of(mail)
    return Contact(ticket.first_name, ticket.last_name, ticket.email, ticket.phone, ticket.phone2)


def dismiss(*, actor: Person, town: Town, mail_id: int) -> None:
    """Nothing is done with it. Raises `NotFound`, `Conflict`."""
    row = access_mail(actor, town, mail_id)
    with transaction.atomic(), _held(row) as held:
        outcome = Outcome(Status.REFUSED, Reason.DISMISSED, "", town, held.conversation, held.person)
        _decided(held, actor, outcome, "mail.dismiss")


def retry(*, actor: Person, town: Town, mail_id: int) -> None:
    """Read it again from the beginning. Raises `NotFound`, `Conflict`."""
    row = access_mail(actor, town, mail_id)
    with transaction.atomic():
        if not ledger.read_anew(InboundEmail.objects.filter(pk=row.pk, status=Status.QUARANTINED)):
            raise Conflict(_("Ce courriel n’est plus en quarantaine."))
        _noted(row, actor, "mail.retry")
        tell(Outcome(Status.RECEIVED, town=row.town, conversation=row.conversation))
        transaction.on_commit(nudge, robust=True)


@contextmanager
def _held(row: InboundEmail) -> Iterator[InboundEmail]:
    """The row, which waits still, until the transaction ends. Raises `Conflict`."""
    held = InboundEmail.objects.select_for_update(of=("self",)).select_related("town", "conversation__town", "person")
    fresh = held.get(pk=row.pk)
    if fresh.status != Status.WAITING:
        raise Conflict(_DONE)
    yield fresh


def _opened(row: InboundEmail) -> Arrived:
    """What is in it, files too."""
    raw = row.raw.data
    answer = sandbox.ask(Asked("read"), raw)
    if not isinstance(answer, Opened):
        raise Invalid(_("Ce courriel ne peut plus être lu."))
    return arrived(row, raw, answer)


def _on_ticket(actor: Person, opened: Arrived) -> Outcome:
    row = opened.row
    assert row.conversation is not None
    ticket = Ticket.objects.select_related(*queries.WITH).get(conversation=row.conversation)
    if row.reason == Reason.NEW_SUBJECT:
        return _taken(placing.by_requester(opened, ticket))
    part = speaker_of(Thread(row.conversation, ticket), opened.mail.from_address).part
    letter = row.reason == Reason.SCANNED
    theirs = (letter or part in {As.REQUESTER, As.STRANGER}) and not ticket.anonymous and not ticket.internal
    extensions = rules.ANSWER_FILES if theirs else rules.STAFF_FILES
    files, words = sort_files(opened.mail.files, extensions).kept, placing.body_of(opened.mail.words)
    if theirs:
        via, body = (Via.LETTER, "") if letter else (Via.EMAIL, words)  # what the mail says is the scanner's
        message = note_words(actor=actor, number=ticket.number, body=body, via=via, files=files, key=opened.key)
    else:
        named = _("Courriel de %(who)s :") % {"who": opened.mail.from_name or opened.mail.from_address}
        message = add_follow_up(
            actor=actor, number=placing.goes_on_in(ticket).number, visibility=Visibility.INTERNAL,
            body=f"{named}\n\n{words}", files=files, via=Via.EMAIL, key=opened.key,
        )  # fmt: skip
    said_in = message.conversation
    return Outcome(Status.PLACED, town=ticket.town, conversation=said_in, person=row.person, message=message)


def _taken(outcome: Outcome) -> Outcome:
    """Raises `Invalid`, with why, when the words were not taken: it waits still."""
    if outcome.status is not Status.PLACED:
        raise Invalid(outcome.detail)
    return outcome


def _decided(held: InboundEmail, actor: Person, outcome: Outcome, act: str, number: str = "") -> None:
    decided = {**ledger.stands(outcome), "handled_by": actor, "handled_at": now()}
    InboundEmail.objects.filter(pk=held.pk).update(**decided)
    _noted(held, actor, act, number)
    tell(replace(outcome, conversation=held.conversation))  # it waited there


def _noted(row: InboundEmail, actor: Person, act: str, number: str = "") -> None:
    """In the trail, under the ticket that it is about; who wrote is not named there."""
    assert row.town_id is not None
    what = {"number": number} if number else {}
    note(town_id=row.town_id, actor=actor, act=act, subject=subject_of(row), what=what)


def subject_of(row: InboundEmail) -> str:
    """What the trail calls it by."""
    ticket = getattr(row.conversation, "ticket", None) if row.conversation is not None else None
    return f"ticket.{ticket.number}" if ticket is not None else f"mail.{row.pk}"
