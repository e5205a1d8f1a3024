"""What conversations say, in the reader's language: on the server's pages and, as JSON, to live ones.

Live pages get whole sentences whose named fields stand in braces: « {name} écrit… ».
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hub.conversations.models import Conversation, Kind, Part, Participant
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
        "ticket": _("Une demande est née de cette conversation : %(name)s."),
        "left": _("%(name)s a quitté la conversation."),
        "closed": _("%(name)s a fermé la discussion."),
        "reopened": _("%(name)s a rouvert la discussion."),
    }


def gone_line(removal: str) -> str:
    """What stands in the place of a message that is not shown any more: `removal` as in events."""
    return _gone_sentences().get(removal, "")


def _gone_sentences() -> dict[str, str]:
    return {
        "hidden": _("Message masqué, en attente d’une décision de la modération."),
        "moderation": _("Message retiré par la modération."),
        "author": _("Message retiré par son auteur."),
    }


def reactions() -> dict[str, str]:
    """What each sign means, for those who don't see it."""
    return {
        "like": _("J’aime"),
        "heart": _("Merci"),
        "bravo": _("Bravo"),
        "smile": _("Cela me fait sourire"),
        "surprise": _("Cela m’étonne"),
        "sad": _("Cela m’attriste"),
    }


def silences() -> list[tuple[str, str]]:
    """For how long somebody may not write (`rules.SILENCES`)."""
    return [("hour", _("Une heure")), ("day", _("Un jour")), ("week", _("Une semaine")), ("month", _("Un mois"))]


def for_thread(locale: str) -> dict[str, Any]:
    """The sentences of a live thread."""
    return {
        **for_times(locale),
        "read_at": _("Lu à %(time)s") % {"time": "{time}"},
        "typing": _("%(name)s écrit…") % {"name": "{name}"},
        "draft_kept": _("Brouillon gardé à %(time)s") % {"time": "{time}"},
        "gone": _gone_sentences(),
        "reactions": reactions(),
        "me": _("Vous"),
        "mayor": _("%(name)s, maire") % {"name": "{name}"},
        "answering": _("Réponse à %(name)s") % {"name": "{name}"},
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


def signed(name: str, part: str) -> str:
    """A name as it stands over words in a group: the mayor's with their office."""
    return _("%(name)s, maire") % {"name": name} if part == Part.MAYOR else name


def paces() -> list[tuple[int, str]]:
    """The slow modes (`rules.SLOW_MODES_S`)."""
    labels = {
        0: _("Sans limite"),
        10: _("Un message toutes les 10 secondes"),
        30: _("Un message toutes les 30 secondes"),
        60: _("Un message par minute"),
        300: _("Un message toutes les 5 minutes"),
    }
    return list(labels.items())


def inbox_title() -> str:
    """What a person's own topic is called."""
    return _("Mes notifications")


def privacy_of(conversation: Conversation, part: Participant, *, with_agents: bool) -> str:
    """Who reads along, for the reader who has this part."""
    town = conversation.town
    if conversation.kind == Kind.GROUP:
        return _("Discussion entre la mairie et les habitants qui suivent %(town)s.") % {"town": town.name}
    if conversation.kind == Kind.LIVE:
        return _("Discussion en direct, ouverte à qui suit %(town)s.") % {"town": town.name}
    return privacy(town, citizen=conversation.citizen if part.part != Part.CITIZEN else None, with_agents=with_agents)


def privacy(town: Town, *, citizen: Person | None, with_agents: bool) -> str:
    """Who reads along. `citizen`: the reader is of the town hall; `with_agents`: the mayor is not alone there."""
    if citizen is not None:
        return _("Conversation privée, entre la mairie et %(name)s.") % {"name": citizen.name}
    if with_agents:
        return _("Conversation privée, entre vous et la mairie.")
    if town.mayor_grammar == Grammar.FEMININE:
        return _("Conversation privée, entre vous et la maire.")
    return _("Conversation privée, entre vous et le maire.")


def when_read(town: Town) -> str:
    """The title over the hours in which the mayor reads."""
    return _("Quand elle vous lit") if town.mayor_grammar == Grammar.FEMININE else _("Quand il vous lit")


def where_to_meet(town: Town) -> str:
    """The title over the meeting hours."""
    return _("La rencontrer") if town.mayor_grammar == Grammar.FEMININE else _("Le rencontrer")
