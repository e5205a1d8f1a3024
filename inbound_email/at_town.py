"""A mail to the town itself, which belongs to nothing that is known here, opens a ticket (S77)."""

from dataclasses import replace

from django.utils.translation import gettext as _

from hub.core import limits
from hub.people.models import Language, Person
from hub.tickets import rules
from hub.tickets.actions import create_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Source, Ticket
from hub.tickets.tree import Tree
from hub.towns.models import Town
from inbound_email.addresses import normal_email
from inbound_email.answers import answer_once, files_left_out, written_to
from inbound_email.attaching import Sorted, sort_files
from inbound_email.models import Reason, Status
from inbound_email.opened import Opened
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.placing import body_of, title_of
from inbound_email.speakers import person_at
from inbound_email.suggesting import suggest


def open_ticket(arrived: Arrived, town: Town) -> Outcome:
    """By who is really the author; they get the receipt that everybody gets. Raises as `create_ticket`."""
    person = person_at(arrived.mail.from_address)
    draft = drafted(arrived.mail, town, key=arrived.key)
    if draft is None:
        return Outcome(Status.QUARANTINED, Reason.FAILED, _("Cette commune n’a pas encore de catégories."), town)
    with written_to(person, town):
        files = sort_files(arrived.mail.files, rules.ANSWER_FILES)
        if person is None:
            limits.hit(limits.STRANGERS_TICKETS, normal_email(arrived.mail.from_address))
        ticket = _made(arrived, town, person, replace(draft, files=files.kept))
        _tell_of_files(arrived, files, ticket)
    return Outcome(Status.PLACED, town=town, conversation=ticket.conversation, person=ticket.requester)


def _made(arrived: Arrived, town: Town, person: Person | None, draft: Draft) -> Ticket:
    contact = contact_of(arrived.mail)
    if person is not None:  # their names are the account's
        contact = Contact(person.first_name, person.last_name, contact.email)
    return create_ticket(actor=person, town=town, draft=replace(draft, contact=contact), came_by=Source.EMAIL)


def drafted(mail: Opened, town: Town, *, key: str) -> Draft | None:
    """What a ticket made of it would say, without its files; None where tickets can't be made."""
    words = _words(mail)
    category = suggest(Tree(town), subject=mail.subject, words=words)
    if category is None:
        return None
    return Draft(
        category_id=category.pk, description=words, title=title_of(mail.subject), key=key,
        language=language_of(words, town), wants_follow_ups=True, contact=contact_of(mail),
    )  # fmt: skip


def _words(mail: Opened) -> str:
    """What they wrote; with what they handed on, which is what they write about."""
    parts = [mail.words, mail.quote if mail.forwarded or not mail.words else ""]
    words = "\n\n".join(part for part in parts if part.strip())
    return body_of(words or title_of(mail.subject))


def contact_of(mail: Opened) -> Contact:
    """How the author calls themselves, and their address; without a name, what stands before the @."""
    address = normal_email(mail.from_address)
    given = mail.from_name.strip() or address.partition("@")[0]
    if given.count(",") == 1:  # « Moreau, Alice »
        last, first = (part.strip() for part in given.split(","))
    else:
        first, _space, last = given.rpartition(" ")
    return Contact(first[:80], last[:80], address)


# Words that the other language has not.
_FRENCH_WORDS = "le la les un une des du est et ou vous nous je il elle que qui dans pour avec sur bonjour merci"
_ENGLISH_WORDS = "the a an is are and or you we i it he she that which in for with on hello dear please thanks"
_FRENCH, _ENGLISH = frozenset(_FRENCH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())


def language_of(words: str, town: Town) -> str:
    """The language that it is written in, as far as common words tell and the town speaks it; "": not told."""
    said = words.lower().split()[:400]
    french, english = (sum(word.strip(".,;:!?") in known for word in said) for known in (_FRENCH, _ENGLISH))
    if english > 2 * french and Language.ENGLISH in town.languages:
        return Language.ENGLISH
    return Language.FRENCH if french else ""


def _tell_of_files(arrived: Arrived, files: Sorted, ticket: Ticket) -> None:
    if files.refused:
        letter = files_left_out(arrived.mail, files.refused)
        answer_once(arrived.mail, letter, about=ticket.topic, town=ticket.town, person=ticket.requester)
