"""What machines of ours write back to somebody's mail: seldom, and never to a machine.

At most once for each person, about the same thing, on a day; as `Auto-Submitted: auto-replied`, which also sends it off
with an empty return path (RFC 3834): two machines never answer each other.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.deliveries.actions import queue_email, sender_named
from hub.notifications.letter import Fact, Letter
from hub.notifications.mail import laid_out
from hub.people.models import Language, Person
from hub.tickets.queries import today_in
from hub.towns.models import Town
from inbound_email.addresses import normal_email, same_email
from inbound_email.models import AutomaticAnswer
from inbound_email.opened import Opened
from inbound_email.subjects import plain_subject

CAUSE = "mail_answer"
WORTH = timedelta(days=2)
KEEP = timedelta(days=7)


def answer_once(mail: Opened, letter: Letter, *, about: str, town: Town, person: Person | None = None) -> bool:
    """Write back to the author. False: it was a machine, or they were answered about it today already.

    `about`: the conversation's topic, or the town's name. Called inside `written_to`, for an author who is verified: an
    address that somebody else has put there is told nothing.
    """
    address = normal_email(mail.from_address)
    if not mail.answerable or is_ours(address):
        return False
    with transaction.atomic():
        _row, new = AutomaticAnswer.objects.get_or_create(address=address, about=about[:80], day=today_in(town))
        if not new:
            return False
        sent = laid_out(letter, town)
        named = {"In-Reply-To": mail.mail_id, "References": mail.mail_id} if mail.mail_id else {}
        queue_email(
            cause=CAUSE, to=address, subject=sent.subject, text=sent.text, html=sent.html, person=person,
            headers={"From": sender_named(town.name), "Auto-Submitted": "auto-replied", **named}, expires_in=WORTH,
        )  # fmt: skip
    return True


def is_ours(address: str) -> bool:
    """Whether it is one of the hub's own: what comes from there has gone round in a circle."""
    domain = normal_email(address).rpartition("@")[2]
    ours = bool(settings.INBOUND_DOMAIN) and domain == settings.INBOUND_DOMAIN.lower()
    return ours or same_email(address, parseaddr(settings.EMAIL_FROM)[1])


@contextmanager
def written_to(person: Person | None, town: Town) -> Iterator[None]:
    """In here, sentences come in the reader's language and times in the town's zone."""
    first = town.languages[0] if town.languages else Language.FRENCH
    language = person.language if person is not None and person.email else first
    with translation.override(language), timezone.override(town.time_zone):
        yield


def prune() -> int:
    """Forget whom machines answered long ago. Returns how many."""
    return AutomaticAnswer.objects.filter(day__lt=(now() - KEEP).date()).delete()[0]


# What they say.


def not_taken(mail: Opened, why: str) -> Letter:
    """The author may no longer write there, and why."""
    return Letter(
        subject=_regarding(mail),
        greeting=_("Bonjour,"),
        before=[_("Votre courriel n’a pas été publié :"), why],
        reason=_("Cette réponse est automatique : elle vous est envoyée une fois par jour au plus."),
    )


def files_left_out(mail: Opened, refused: Sequence[tuple[str, str]]) -> Letter:
    """The words arrived, and these files did not. `refused`: (name, why)."""
    return Letter(
        subject=_regarding(mail),
        greeting=_("Bonjour,"),
        before=[_("Votre message est bien arrivé, mais sans ces fichiers :")],
        facts=[Fact(name, why) for name, why in refused],
        after=[_("Vous pouvez les envoyer de nouveau, en image, en PDF ou en document, de 10 Mo au plus chacun.")],
        reason=_("Cette réponse est automatique : elle vous est envoyée une fois par jour au plus."),
    )


def kept_inside(mail: Opened, number: str, why: str) -> Letter:
    """To staff: what was meant for the requester is kept for colleagues, and why."""
    return Letter(
        subject=_regarding(mail),
        greeting=_("Bonjour,"),
        before=[
            _("Votre réponse à la requête %(number)s est gardée comme suivi interne : elle n’a pas été publiée.")
            % {"number": number},
            why,
        ],
        after=[_("Ouvrez la requête pour écrire au demandeur.")],
        reason=_("Cette réponse est automatique : elle vous est envoyée une fois par jour au plus."),
    )


def _regarding(mail: Opened) -> str:
    subject = plain_subject(mail.subject)
    return _("À propos de votre courriel « %(subject)s »") % {"subject": subject} if subject else _("Votre courriel")
