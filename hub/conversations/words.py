"""What conversations say, in the reader's language: on the server's pages and, as JSON, to live ones.

Live pages get whole sentences whose named fields stand in braces: « {name} écrit… ».
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hub.core import typography
from hub.people.models import Person
from hub.towns.models import Grammar, Town


def system_line(what: Mapping[str, Any]) -> str:
    """What the hub itself says in a thread: `what` is a message's `system`."""
    sentence = _system_sentences().get(str(what.get("code")), "")
    return sentence % {"name": what.get("name", "")} if sentence else ""


def _system_sentences() -> dict[str, str]:
    return {
        "joined": _("%(name)s a rejoint la conversation."),
        "handed_over": _("%(name)s répond désormais dans cette conversation."),
        "taken_back": _("%(name)s répond de nouveau dans cette conversation."),
        "left": _("%(name)s a quitté la conversation."),
    }


def for_thread(locale: str) -> dict[str, Any]:
    """The sentences of a live thread."""
    return {
        **for_times(locale),
        "read_at": _("Lu à %(time)s") % {"time": "{time}"},
        "typing": _("%(name)s écrit…") % {"name": "{name}"},
        "draft_kept": _("Brouillon gardé à %(time)s") % {"time": "{time}"},
        "system": {code: sentence % {"name": "{name}"} for code, sentence in _system_sentences().items()},
    }


def for_inbox(locale: str) -> dict[str, Any]:
    """The sentences of a live list."""
    return {**for_times(locale), "mine": _("Vous : %(text)s") % {"text": "{text}"}}


def for_times(locale: str) -> dict[str, Any]:
    """The words of times and sizes."""
    return {
        "today": _("Aujourd’hui, %(day)s") % {"day": "{day}"},
        "yesterday": _("Hier, %(day)s") % {"day": "{day}"},
        "yesterday_alone": _("Hier"),
        "units": list(typography.size_units(locale)),
    }


def habit(name: str) -> str:
    """« répond le plus souvent dans la journée »; nothing when too little is known (`rules.habit`)."""
    return {
        "hour": _("répond le plus souvent dans l’heure"),
        "day": _("répond le plus souvent dans la journée"),
        "three_days": _("répond le plus souvent en moins de trois jours"),
        "week": _("répond le plus souvent dans la semaine"),
    }.get(name, "")


def mayor_and_office(mayor: Person) -> str:
    """« Hélène Carpentier, maire »."""
    return _("%(name)s, maire") % {"name": mayor.name}


def inbox_title() -> str:
    """What a person's own topic is called."""
    return _("Mes notifications")


def privacy(town: Town, *, citizen: Person | None, with_agents: bool) -> str:
    """Who reads along. `citizen`: the reader is of the town hall; `with_agents`: the mayor is not alone there."""
    if citizen is not None:
        return _("Conversation privée, entre la mairie et %(name)s.") % {"name": citizen.name}
    if with_agents:
        return _("Conversation privée, entre vous et la mairie.")
    if town.mayor_grammar == Grammar.FEMININE:
        return _("Conversation privée, entre vous et la maire.")
    return _("Conversation privée, entre vous et le maire.")


def where_to_meet(town: Town) -> str:
    """The title over the meeting hours."""
    return _("La rencontrer") if town.mayor_grammar == Grammar.FEMININE else _("Le rencontrer")
