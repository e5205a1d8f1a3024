"""The mails to citizens that a town may add words of its own to: after the greeting, before what all towns write.

Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.core.errors import Invalid

MAX_TEXT = 1_500


@dataclass(frozen=True)
class Letter:
    """One mail: its name, when it leaves, and what it says by itself after the town's words."""

    code: str
    name: "str | Promise"
    when: "str | Promise"
    common: "str | Promise"


LETTERS = (
    Letter(
        "receipt",
        gettext_lazy("Accusé de réception"),
        gettext_lazy("Dès que la demande est faite."),
        gettext_lazy("Le numéro, le lien de suivi, le service et la personne responsable, la date promise."),
    ),
    Letter(
        "started",
        gettext_lazy("Prise en charge"),
        gettext_lazy("Quand le traitement commence."),
        gettext_lazy("Le service qui s’en occupe, la date promise, le lien de suivi."),
    ),
    Letter(
        "follow_up",
        gettext_lazy("Suivi"),
        gettext_lazy("À chaque suivi externe."),
        gettext_lazy("Le texte du suivi, ses fichiers, et comment y répondre."),
    ),
    Letter(
        "closed",
        gettext_lazy("Demande traitée"),
        gettext_lazy("Quand la requête est fermée."),
        gettext_lazy("Ce qui a été fait, la question « C’est réglé ? », comment rouvrir."),
    ),
    Letter(
        "refused",
        gettext_lazy("Demande refusée"),
        gettext_lazy("Quand la requête est refusée."),
        gettext_lazy("La raison du refus, comment répondre."),
    ),
    Letter(
        "reopened",
        gettext_lazy("Demande rouverte"),
        gettext_lazy("Quand la commune rouvre une requête fermée."),
        gettext_lazy("Le service qui la reprend, la nouvelle date promise, le lien de suivi."),
    ),
)
BY_CODE = {letter.code: letter for letter in LETTERS}


def clean(text: str, *, field: str) -> str:
    """The words as they are kept. Raises `Invalid` when they are too long."""
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(cleaned) > MAX_TEXT:
        raise Invalid(_("C’est trop long : %(max)d caractères au plus.") % {"max": MAX_TEXT}, field=field)
    return cleaned
