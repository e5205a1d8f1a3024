"""What was done with tickets, in the trail's sentences (S95, S110).

Moderators read the trail: who asked stays « un habitant » there, and none of their words, places or details are told.
`fields["by"]` says how the trail names who did it: name, number (a citizen), nobody (no account, or the hub itself).
"""

from collections.abc import Callable, Mapping
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Side, Visibility
from hub.tickets.models import Priority, Status

Fields = Mapping[str, str]
_YES = "yes"


def _told(fields: Fields) -> dict[str, str]:
    """Who, which ticket, from what to what."""
    number = fields["subject"].removeprefix("ticket.")
    return {"actor": fields["actor"], "number": number, "before": fields["before"], "after": fields["after"]}


def _created(fields: Fields) -> str:
    if fields["by"] == "name":
        return _("%(actor)s a saisi la requête %(number)s.") % _told(fields)
    if fields["by"] == "number":
        return _("%(actor)s a déposé la requête %(number)s.") % _told(fields)
    return _("La requête %(number)s est arrivée, d’une personne sans compte.") % _told(fields)


def _status(fields: Fields) -> str:
    told = {**_told(fields), "before": _status_name(fields["before"]), "after": _status_name(fields["after"])}
    if fields["by"] == "nobody":
        return _("La requête %(number)s est passée de « %(before)s » à « %(after)s ».") % told
    return _("%(actor)s a passé la requête %(number)s de « %(before)s » à « %(after)s ».") % told


def _status_name(code: str) -> str:
    return str(Status(code).label) if code in Status.values else code or "—"


def _priority(fields: Fields) -> str:
    told = {**_told(fields), "before": _priority_name(fields["before"]), "after": _priority_name(fields["after"])}
    return _("%(actor)s a passé la priorité de la requête %(number)s de « %(before)s » à « %(after)s ».") % told


def _priority_name(code: str) -> str:
    return str(Priority[code.upper()].label) if code.upper() in Priority.__members__ else code or "—"


def _service(fields: Fields) -> str:
    if not fields["before"]:
        sentence = _("%(actor)s a confié la requête %(number)s au service « %(after)s ».")
    elif not fields["after"]:
        sentence = _("%(actor)s a retiré la requête %(number)s au service « %(before)s ».")
    else:
        sentence = _("%(actor)s a passé la requête %(number)s du service « %(before)s » au service « %(after)s ».")
    return sentence % _told(fields)


def _assignee(fields: Fields) -> str:
    if not fields["before"]:
        sentence = _("%(actor)s a confié la requête %(number)s à %(after)s.")
    elif not fields["after"]:
        sentence = _("%(actor)s a retiré la requête %(number)s à %(before)s.")
    else:
        sentence = _("%(actor)s a passé la requête %(number)s de %(before)s à %(after)s.")
    return sentence % _told(fields)


def _due_on(fields: Fields) -> str:
    told = {**_told(fields), "before": _day(fields["before"]), "after": _day(fields["after"])}
    if not fields["before"]:
        return _("%(actor)s a fixé l’échéance de la requête %(number)s au %(after)s.") % told
    return _("%(actor)s a changé l’échéance de la requête %(number)s : %(before)s → %(after)s.") % told


def _day(written: str) -> str:
    try:
        return format_date(date.fromisoformat(written), "long", locale=get_language() or "fr")
    except ValueError:
        return written or "—"


def _category(fields: Fields) -> str:
    return _("%(actor)s a passé la requête %(number)s de la catégorie « %(before)s » à « %(after)s ».") % _told(fields)


def _public(fields: Fields) -> str:
    if fields["after"] == _YES:
        return _("%(actor)s a rendu publique la requête %(number)s.") % _told(fields)
    return _("%(actor)s a rendu privée la requête %(number)s.") % _told(fields)


def _contact(fields: Fields) -> str:
    """Which details, and never what they are."""
    named = {
        "first_name": _("prénom"), "last_name": _("nom"), "email": _("courriel"), "phone": _("téléphone"),
        "phone2": _("deuxième téléphone"),
    }  # fmt: skip
    changed = ", ".join(named[name] for name in fields["after"].split(", ") if name in named)
    told = {**_told(fields), "changed": changed or "—"}
    return _("%(actor)s a corrigé les coordonnées du demandeur de la requête %(number)s : %(changed)s.") % told


def _group(fields: Fields) -> str:
    if fields["after"]:
        return _("%(actor)s a réuni la requête %(number)s sous la requête %(after)s.") % _told(fields)
    return _("%(actor)s a séparé la requête %(number)s de la requête %(before)s.") % _told(fields)


def _split(fields: Fields) -> str:
    return _("%(actor)s a scindé la requête %(before)s : la requête %(after)s en est issue.") % _told(fields)


def _sequel(fields: Fields) -> str:
    return _(
        "Le demandeur de la requête %(before)s, fermée, a écrit de nouveau : la requête %(after)s en est la suite."
    ) % _told(fields)


def _settled(fields: Fields) -> str:
    if fields["after"] == _YES:
        return _("Le demandeur de la requête %(number)s dit que c’est réglé.") % _told(fields)
    return _("Le demandeur de la requête %(number)s dit que ce n’est pas réglé.") % _told(fields)


def _said(fields: Fields) -> str:
    if fields["visibility"] == Visibility.INTERNAL:
        return _("%(actor)s a écrit un suivi interne sur la requête %(number)s.") % _told(fields)
    if fields["side"] == Side.TOWN:
        return _("%(actor)s a écrit un suivi externe sur la requête %(number)s.") % _told(fields)
    if fields["by"] == "name":
        return _("%(actor)s a noté une réponse du demandeur de la requête %(number)s.") % _told(fields)
    return _("Le demandeur de la requête %(number)s a répondu.") % _told(fields)


def _erased(fields: Fields) -> str:
    if fields["by"] == "name":
        return _("%(actor)s a effacé l’identité du demandeur de %(number)s.") % _told(fields)
    return _("Le demandeur de %(number)s a fermé son compte : son identité est effacée.") % _told(fields)


ACTS: dict[str, Callable[[Fields], str]] = {
    "ticket.created": _created,
    "ticket.status": _status,
    "ticket.priority": _priority,
    "ticket.service": _service,
    "ticket.assignee": _assignee,
    "ticket.due_on": _due_on,
    "ticket.category": _category,
    "ticket.title": lambda said: _("%(actor)s a changé le titre de la requête %(number)s.") % _told(said),
    "ticket.public": _public,
    "ticket.place": lambda said: _("%(actor)s a précisé le lieu de la requête %(number)s.") % _told(said),
    "ticket.contact": _contact,
    "ticket.group": _group,
    "ticket.merged": lambda said: (
        _("%(actor)s a fondu la requête %(number)s dans la requête %(after)s : c’est la même.") % _told(said)
    ),
    "ticket.grouped": lambda said: (
        _("%(actor)s a réuni la requête %(after)s sous la requête %(number)s.") % _told(said)
    ),
    "ticket.split": _split,
    "ticket.sequel": _sequel,
    "ticket.settled": _settled,
    "ticket.erased": _erased,
    "ticket.said": _said,
    "ticket.seen": lambda said: _("%(actor)s a consulté la requête %(number)s.") % _told(said),
}
