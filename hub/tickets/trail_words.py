"""What was done with the settings of tickets, in the trail's sentences."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.tickets.mail_texts import BY_CODE
from hub.tickets.models import Category, DeskSettings, Question, Webhook

Fields = Mapping[str, str]


def _changes(fields: Fields, model: type[models.Model]) -> str:
    """« délai en jours ouvrables 5 → 10, service — → Voirie »: what a change's entry holds, by the columns' names."""
    named = {field.name: str(getattr(field, "verbose_name", "")) for field in model._meta.get_fields()}
    return ", ".join(f"{named[name]} {told}" for name, told in fields.items() if name in named and "→" in told)


def _category(fields: Fields) -> str:
    changes = _changes(fields, Category)
    return _("%(actor)s a changé la catégorie « %(title)s » : %(changes)s.") % {**_plain(fields), "changes": changes}


def _question(fields: Fields) -> str:
    changes = _changes(fields, Question)
    return _("%(actor)s a changé la question « %(title)s » : %(changes)s.") % {**_plain(fields), "changes": changes}


def _calendar(fields: Fields) -> str:
    changes = _changes(fields, DeskSettings)
    return _("%(actor)s a changé le calendrier des requêtes : %(changes)s.") % {**_plain(fields), "changes": changes}


def _closing(fields: Fields) -> str:
    return _("%(actor)s a ajouté des jours de fermeture, du %(first)s au %(last)s.") % _span(fields)


def _opening(fields: Fields) -> str:
    return _("%(actor)s a retiré des jours de fermeture, du %(first)s au %(last)s.") % _span(fields)


def _span(fields: Fields) -> dict[str, str]:
    """The first and the last day as the reader writes them."""
    locale = get_language() or "fr"
    days = {name: format_date(date.fromisoformat(fields[name]), "long", locale=locale) for name in ("first", "last")}
    return {"actor": fields["actor"], **days}


def _rules(fields: Fields) -> str:
    changes = _changes(fields, DeskSettings)
    return _("%(actor)s a changé les règles des requêtes : %(changes)s.") % {**_plain(fields), "changes": changes}


def _mail(fields: Fields) -> str:
    letter = BY_CODE.get(fields["title"])
    name = str(letter.name) if letter else fields["title"]
    return _("%(actor)s a changé le texte de la commune dans le courriel « %(name)s ».") % {
        **_plain(fields),
        "name": name,
    }


def _webhook(fields: Fields) -> str:
    changes = _changes(fields, Webhook)
    return _("%(actor)s a changé le webhook « %(title)s » : %(changes)s.") % {**_plain(fields), "changes": changes}


def _plain(fields: Fields) -> dict[str, str]:
    return {name: fields[name] for name in ("actor", "title")}


ACTS = {
    "category.start": lambda said: _("%(actor)s a créé les catégories courantes des requêtes.") % said,
    "category.add": lambda said: _("%(actor)s a ajouté la catégorie « %(title)s ».") % said,
    "category.change": _category,
    "category.remove": lambda said: _("%(actor)s a supprimé la catégorie « %(title)s ».") % said,
    "question.add": lambda said: _("%(actor)s a ajouté la question « %(title)s » à « %(category)s ».") % said,
    "question.change": _question,
    "question.remove": lambda said: _("%(actor)s a supprimé la question « %(title)s » de « %(category)s ».") % said,
    "tickets.calendar": _calendar,
    "tickets.close_days": _closing,
    "tickets.open_days": _opening,
    "tickets.rules": _rules,
    "tickets.mail": _mail,
    "reply.add": lambda said: _("%(actor)s a ajouté la réponse type « %(title)s ».") % said,
    "reply.change": lambda said: _("%(actor)s a changé la réponse type « %(title)s ».") % said,
    "reply.remove": lambda said: _("%(actor)s a supprimé la réponse type « %(title)s ».") % said,
    "open311.key_add": lambda said: _("%(actor)s a créé la clé Open311 « %(title)s ».") % said,
    "open311.key_remove": lambda said: _("%(actor)s a supprimé la clé Open311 « %(title)s ».") % said,
    "webhook.add": lambda said: _("%(actor)s a ajouté le webhook « %(title)s ».") % said,
    "webhook.change": _webhook,
    "webhook.rotate": lambda said: _("%(actor)s a changé le secret du webhook « %(title)s ».") % said,
    "webhook.on": lambda said: _("%(actor)s a remis en service le webhook « %(title)s ».") % said,
    "webhook.off": lambda said: _("%(actor)s a mis hors service le webhook « %(title)s ».") % said,
    "webhook.remove": lambda said: _("%(actor)s a supprimé le webhook « %(title)s ».") % said,
    "webhook.failing": lambda said: (
        _("Le webhook « %(title)s » est hors service : depuis trois jours, aucun appel n’y arrivait.") % said
    ),
    "webhook.gone": lambda said: (
        _("Le webhook « %(title)s » est hors service : son programme n’existe plus (410).") % said
    ),
}
