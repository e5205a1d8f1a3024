"""What is said of groups and live chats besides their threads: facts on cards, who makes them, what is expected."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.conversations.models import Conversation, Kind
from hub.conversations.thread import locale_of
from hub.conversations.words import for_times, mayor_and_office, paces
from hub.core import typography
from hub.core.clock import now
from hub.people.queries import mayor_of
from hub.towns.models import Grammar, Town


def created(conversation: Conversation) -> str:
    """« Créé le 9 novembre »; of a live chat « Ouverte à 19 h », « Ouverte le 9 novembre »."""
    at, today = _there(conversation.created_at, conversation.town), _there(now(), conversation.town).date()
    locale = locale_of(conversation.town)
    day = typography.date_alone(at.date(), locale, today=today)
    if conversation.kind != Kind.LIVE:
        return _("Créé le %(day)s") % {"day": day}
    if at.date() == today:
        return _("Ouverte à %(time)s") % {"time": typography.clock(at, locale)}
    return _("Ouverte le %(day)s") % {"day": day}


def last_message(conversation: Conversation) -> str:
    """« Dernier message à 11 h 20 », « … hier », « … vendredi », « … le 9 novembre »."""
    if not conversation.posts:
        return _("Aucun message pour l’instant")
    at, today = _there(conversation.last_at, conversation.town), _there(now(), conversation.town).date()
    locale = locale_of(conversation.town)
    age_days = (today - at.date()).days
    if age_days <= 0:
        return _("Dernier message à %(time)s") % {"time": typography.clock(at, locale)}
    if age_days == 1:
        return _("Dernier message hier")
    if age_days < 7:
        return _("Dernier message %(weekday)s") % {"weekday": format_date(at, "EEEE", locale=locale)}
    return _("Dernier message le %(day)s") % {"day": typography.date_alone(at.date(), locale, today=today)}


def posts(conversation: Conversation) -> str:
    """« 64 messages »; "" while there is none, which `last_message` says."""
    count = conversation.posts
    if not count:
        return ""
    told = {"count": typography.count(count, locale_of(conversation.town))}
    return ngettext("%(count)s message", "%(count)s messages", count) % told


def members(conversation: Conversation) -> str:
    """« 31 participants »."""
    count = conversation.members
    told = {"count": typography.count(count, locale_of(conversation.town))}
    return ngettext("%(count)s participant", "%(count)s participants", count) % told


def for_cards(town: Town | None) -> dict[str, Any]:
    """The sentences of live cards."""
    return {
        **for_times(locale_of(town)),
        "last": _("Dernier message à %(time)s") % {"time": "{time}"},
        "one": ngettext("%(count)s message", "%(count)s messages", 1) % {"count": "{count}"},
        "many": ngettext("%(count)s message", "%(count)s messages", 2) % {"count": "{count}"},
    }


# At the door.


def made_by(conversation: Conversation) -> str:
    """« Ouvert par Hélène Carpentier, maire »."""
    maker, town = conversation.created_by, conversation.town
    if maker is None:
        return _("Ouvert par la mairie de %(town)s") % {"town": town.name}
    name = mayor_and_office(maker) if maker == mayor_of(town) else _("%(name)s, de la mairie") % {"name": maker.name}
    return _("Ouvert par %(name)s") % {"name": name}


def expected(conversation: Conversation) -> list[tuple[str, str]]:
    """What to know before one enters: an icon and a sentence each."""
    town = conversation.town.name
    told = [
        ("eye", _("Vos messages portent votre nom. Tous ceux qui suivent %(town)s peuvent les lire.") % {"town": town}),
        ("users", _("Restez courtois : on peut être en désaccord sans blesser personne.")),
        ("shield", _("La mairie peut retirer un message qui n’a pas sa place ici. Elle dit toujours pourquoi.")),
    ]
    if conversation.kind == Kind.LIVE:
        told.append(("live", _("Tout le monde écrit en même temps : 500 caractères au plus par message.")))
    if conversation.slow_s:
        pace = dict(paces())[conversation.slow_s]
        told.append(("clock", _("Rythme ralenti : %(pace)s.") % {"pace": pace[0].lower() + pace[1:]}))
    return told


def no_group(town: Town, *, has_mayor: bool) -> str:
    """Why there is nothing to join yet, and what to do."""
    if not has_mayor:
        return _("La mairie n’a pas encore ouvert de discussion.")
    if town.mayor_grammar == Grammar.FEMININE:
        return _("La maire n’a pas ouvert de discussion. Vous pouvez lui proposer un sujet.")
    return _("Le maire n’a pas ouvert de discussion. Vous pouvez lui proposer un sujet.")


def _there(at: datetime, town: Town) -> datetime:
    return at.astimezone(ZoneInfo(town.time_zone))
