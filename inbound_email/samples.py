"""What machines of ours write back to mails, made from sample values."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hub.deliveries.previews import Preview, Sample, Subject
from hub.notifications.letter import Letter
from hub.notifications.samples import mail_of
from hub.towns.models import Town
from inbound_email import answers
from inbound_email.opened import Opened


def build() -> Sequence[Preview]:
    """Words that were not taken, files that were not, words that stayed inside."""
    whom = lazy("À la personne qui a écrit par courriel")
    return [
        Preview("mail-not-taken", answers.CAUSE, Subject.MESSAGES, whom, _not_taken),
        Preview("mail-files", answers.CAUSE, Subject.TICKETS, whom, _files),
        Preview(
            "mail-kept-inside", answers.CAUSE, Subject.TICKETS, lazy("À l’agent qui a répondu par courriel"), _inside
        ),
    ]


def _mail() -> Opened:
    return Opened(
        kind="human", answerable=True, subject="Re: Le banc de la place", mail_id="", references=[], from_address="",
        from_name="", one_author=True, words="",
    )  # fmt: skip


def _shown(letter: Letter, town: Town) -> Sample:
    return mail_of(letter, town)


def _not_taken(town: Town) -> Sample:
    why = _("Cette discussion est fermée : on peut la lire, mais plus y écrire.")
    return _shown(answers.not_taken(_mail(), why), town)


def _files(town: Town) -> Sample:
    why = _("Ce type de fichier n’est pas accepté. Envoyez une image, un PDF, un document ou un tableur.")
    return _shown(answers.files_left_out(_mail(), [("plan.dwg", why)]), town)


def _inside(town: Town) -> Sample:
    why = _("Personne ne lirait un suivi externe : cette requête est anonyme ou interne.")
    return _shown(answers.kept_inside(_mail(), "SA26-00042", why), town)
