"""What people are told, in the reader's language: a code and its named fields become a sentence, and what explains it.

    code               fields of `what`        told when
    private_message    excerpt                 somebody wrote to you alone
    alert              word, title, title_en   a town tells of a danger; `word`: emergency, alert, update or end
    group_created      title                   a group is open to all who follow the town
    group_message      title, excerpt, others  somebody wrote in a group; `others`: how many more people did
    mention, reply     title, excerpt          words in a group name you, or answer yours
    live_opened        title                   the mayor answers live
    group_closed       title                   nobody writes there any more
    message_removed    title, reason           a moderator took your words out
    message_hidden     title, reason           your words wait for a moderator's decision
    message_restored   title                   they are visible again
    muted              title, until, reason    you may not write there; no title: in no group; `until`: ISO 8601, or ""
    unmuted            title                   you may again
    reported           title, excerpt          to moderators: somebody reports words; several times, wherever it was
    report_handled     title, outcome          what came of your report: removed, hidden, kept, muted, closed, or ""
    ticket_follow_up   title, excerpt          the town answers what you asked for (as all of ticket_…: number too)
    ticket_started     title                   the town has begun to treat it
    ticket_closed      title                   it is treated
    ticket_refused     title, excerpt          it is refused; `excerpt`: why
    ticket_reopened    title                   the town takes it up again
    ticket_assigned    title                   to staff: it is yours to treat
    ticket_answered    title, excerpt          to staff: the requester wrote
    ticket_internal    title, excerpt          to staff: a colleague wrote an internal follow-up
    ticket_mail        title                   to staff: a mail about it waits, until somebody says what it is
    webhook_failing    title                   to who manages: a program is told nothing more, it failed for days
    alert_received     title, sender           to who decides of alerts: another authority's has come in, as a draft
    alert_to_approve   title                   to who decides of alerts: a colleague asks for their yes
    spending_halted    amount, currency        to who manages: the day's money is spent, SMS and calls wait

What is missing in `what` is left out of the sentence, never shown as a hole.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_currency
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hub.core import typography
from hub.core.clock import now
from hub.notifications.models import Broadcast, Gathered, Kind, Notification
from hub.notifications.rules import CHOSEN
from hub.towns.models import Grammar, Town


@dataclass(frozen=True)
class Said:
    """One notification in words. `detail`: what explains it, somebody's words or a reason; or ""."""

    sentence: str
    detail: str = ""


@dataclass(frozen=True)
class _Fields:
    """What a sentence is made of."""

    town: Town
    actor: str
    what: Mapping[str, str]
    count: int

    @property
    def named(self) -> Mapping[str, str | int]:
        return defaultdict(str, self.what) | {"actor": self.actor, "town": self.town.name, "count": self.count}


def of(told: Notification | Broadcast | Gathered) -> Said:
    """What a row says, in the language that is active."""
    actor = told.actor.name if told.actor else _("Quelqu’un")
    count = told.count if isinstance(told, Notification) else 1
    return said(told.code, town=told.town, actor=actor, what=told.what, count=count)


def said(code: str, *, town: Town, actor: str, what: Mapping[str, str], count: int = 1) -> Said:
    """The sentence of a code. `count`: how many times it happened since the reader last looked."""
    fields = _Fields(town, actor, what, count)
    write = _SENTENCES.get(code)
    return write(fields) if write else Said(_("Du nouveau à %(town)s") % fields.named)


def kinds() -> dict[Kind, str]:
    """The kinds that people can choose, as the page names them."""
    return {kind: str(kind.label) for kind in CHOSEN}


def hint(kind: Kind) -> str:
    """What is to be known to choose it; "" for most."""
    if kind != Kind.NEW_ALERT:
        return ""
    return _("Un avis pour chacune. Vos thématiques et leurs moyens se choisissent plus bas.")


def saved_at(at: datetime, town: Town | None) -> str:
    """« Enregistré à 14 h 40 », at the town's hour."""
    there = at.astimezone(ZoneInfo(town.time_zone)) if town else at
    return _("Enregistré à %(time)s") % {"time": typography.clock(there, _locale(town))}


def _private_message(fields: _Fields) -> Said:
    one = _("%(actor)s vous a écrit")
    many = ngettext(
        "%(actor)s vous a écrit : %(count)d message vous attend",
        "%(actor)s vous a écrit : %(count)d messages vous attendent",
        fields.count,
    )
    return Said((one if fields.count == 1 else many) % fields.named, _quoted(fields))


def _alert(fields: _Fields) -> Said:
    english = (get_language() or "fr").startswith("en") and fields.what.get("title_en")
    named = {**fields.named, "title": english or fields.what.get("title", "")}
    sentence = {
        "emergency": _("Mesures d’urgence à %(town)s : « %(title)s »"),
        "update": _("Alerte à %(town)s, du nouveau : « %(title)s »"),
        "end": _("Fin d’alerte à %(town)s : « %(title)s »"),
    }.get(fields.what.get("word", ""), _("Alerte à %(town)s : « %(title)s »"))
    return Said(sentence % named)


def _group_created(fields: _Fields) -> Said:
    return Said(_("%(actor)s a ouvert le groupe « %(title)s »") % fields.named)


def _group_message(fields: _Fields) -> Said:
    others = fields.what.get("others", "")
    more = int(others) if others.isdecimal() else 0
    if more:
        sentence = ngettext(
            "%(actor)s et %(more)d autre personne ont écrit dans « %(title)s »",
            "%(actor)s et %(more)d autres personnes ont écrit dans « %(title)s »",
            more,
        )
        return Said(sentence % {**fields.named, "more": more}, _quoted(fields))
    one = _("%(actor)s a écrit dans « %(title)s »")
    many = _("Nouveaux messages dans « %(title)s », le dernier de %(actor)s")
    return Said((one if fields.count == 1 else many) % fields.named, _quoted(fields))


def _mention(fields: _Fields) -> Said:
    return Said(_("%(actor)s parle de vous dans « %(title)s »") % fields.named, _quoted(fields))


def _reply(fields: _Fields) -> Said:
    return Said(_("%(actor)s vous a répondu dans « %(title)s »") % fields.named, _quoted(fields))


def _live_opened(fields: _Fields) -> Said:
    if fields.town.mayor_grammar == Grammar.FEMININE:
        sentence = _("La maire répond en direct dans « %(title)s »")
        return Said(sentence % fields.named if fields.what.get("title") else _("La maire répond en direct"))
    sentence = _("Le maire répond en direct dans « %(title)s »")
    return Said(sentence % fields.named if fields.what.get("title") else _("Le maire répond en direct"))


def _group_closed(fields: _Fields) -> Said:
    return Said(_("Le groupe « %(title)s » est fermé") % fields.named)


def _message_removed(fields: _Fields) -> Said:
    return Said(_("Votre message a été retiré de « %(title)s »") % fields.named, _reason(fields))


def _message_hidden(fields: _Fields) -> Said:
    sentence = _("Votre message dans « %(title)s » est masqué, le temps que la modération le relise")
    return Said(sentence % fields.named, _reason(fields))


def _message_restored(fields: _Fields) -> Said:
    return Said(_("Votre message dans « %(title)s » est de nouveau visible") % fields.named)


def _muted(fields: _Fields) -> Said:
    until = _until(fields)
    if fields.what.get("title"):
        known, open_end = (
            _("Vous ne pouvez plus écrire dans « %(title)s » jusqu’au %(until)s"),
            _("Vous ne pouvez plus écrire dans « %(title)s »"),
        )
    else:
        known, open_end = (
            _("Vous ne pouvez plus écrire dans les groupes de %(town)s jusqu’au %(until)s"),
            _("Vous ne pouvez plus écrire dans les groupes de %(town)s"),
        )
    sentence = known if until else open_end
    return Said(sentence % {**fields.named, "until": until}, _reason(fields))


def _unmuted(fields: _Fields) -> Said:
    if fields.what.get("title"):
        return Said(_("Vous pouvez de nouveau écrire dans « %(title)s »") % fields.named)
    return Said(_("Vous pouvez de nouveau écrire dans les groupes de %(town)s") % fields.named)


def _reported(fields: _Fields) -> Said:
    one = _("Un message est signalé dans « %(title)s »")
    many = ngettext("%(count)d signalement attend", "%(count)d signalements attendent", fields.count)
    return Said((one if fields.count == 1 else many) % fields.named, _quoted(fields))


def _report_handled(fields: _Fields) -> Said:
    outcome = {
        "removed": _("Le message a été retiré."),
        "hidden": _("Le message est masqué."),
        "kept": _("Le message reste visible : il respecte les règles du groupe."),
        "muted": _("La personne ne peut plus écrire dans le groupe."),
        "closed": _("Le groupe est fermé."),
    }.get(fields.what.get("outcome", ""), "")
    return Said(_("Votre signalement dans « %(title)s » est traité, merci") % fields.named, outcome)


def _alert_received(fields: _Fields) -> Said:
    sentence = _("Une alerte d’une autre autorité attend votre lecture : « %(title)s »")
    sender = fields.what.get("sender", "")
    return Said(sentence % fields.named, _("De : %(sender)s") % {"sender": sender} if sender else "")


def _alert_to_approve(fields: _Fields) -> Said:
    return Said(_("%(actor)s demande votre accord pour l’alerte « %(title)s »") % fields.named)


def _spending_halted(fields: _Fields) -> Said:
    money = format_currency(
        fields.what.get("amount", "0"), fields.what.get("currency", "EUR"), locale=_locale(fields.town)
    )
    sentence = _("SMS et appels attendent jusqu’à demain : la dépense d’une journée, %(money)s, est atteinte")
    return Said(sentence % {"money": money}, _("Les alertes d’urgence partent toujours."))


def _ticket(sentence: str | Promise) -> Callable[[_Fields], Said]:
    """Of a ticket: the sentence, and what was written."""
    return lambda fields: Said(str(sentence) % fields.named, _quoted(fields))


def _quoted(fields: _Fields) -> str:
    excerpt = fields.what.get("excerpt", "")
    return _("« %(words)s »") % {"words": excerpt} if excerpt else ""


def _reason(fields: _Fields) -> str:
    reason = fields.what.get("reason", "")
    return _("Motif : %(reason)s") % {"reason": reason} if reason else ""


def _until(fields: _Fields) -> str:
    """« samedi 21 novembre, 17 h 40 », in the town; "" when no end is known."""
    written = fields.what.get("until", "")
    if not written:
        return ""
    zone = ZoneInfo(fields.town.time_zone)
    at, locale = datetime.fromisoformat(written).astimezone(zone), _locale(fields.town)
    day = typography.plain_day(at.date(), locale, today=now().astimezone(zone).date())
    return _("%(day)s, %(time)s") % {"day": day, "time": typography.clock(at, locale)}


def _locale(town: Town | None) -> str:
    return typography.locale_name((get_language() or "fr")[:2], town.country if town else "FR")


_SENTENCES: dict[str, Callable[[_Fields], Said]] = {
    "private_message": _private_message,
    "alert": _alert,
    "group_created": _group_created,
    "group_message": _group_message,
    "mention": _mention,
    "reply": _reply,
    "live_opened": _live_opened,
    "group_closed": _group_closed,
    "message_removed": _message_removed,
    "message_hidden": _message_hidden,
    "message_restored": _message_restored,
    "muted": _muted,
    "unmuted": _unmuted,
    "reported": _reported,
    "report_handled": _report_handled,
    "ticket_follow_up": _ticket(lazy("La mairie vous répond : « %(title)s »")),
    "ticket_started": _ticket(lazy("Votre demande « %(title)s » est en traitement")),
    "ticket_closed": _ticket(lazy("Votre demande « %(title)s » est traitée")),
    "ticket_refused": _ticket(lazy("Votre demande « %(title)s » est refusée")),
    "ticket_reopened": _ticket(lazy("Votre demande « %(title)s » est rouverte")),
    "ticket_assigned": _ticket(lazy("%(actor)s vous confie la requête %(number)s, « %(title)s »")),
    "ticket_answered": _ticket(lazy("Réponse du demandeur à la requête %(number)s, « %(title)s »")),
    "ticket_internal": _ticket(lazy("%(actor)s a écrit un suivi interne : %(number)s, « %(title)s »")),
    "ticket_mail": _ticket(lazy("Un courriel attend votre décision : requête %(number)s, « %(title)s »")),
    "alert_received": _alert_received,
    "alert_to_approve": _alert_to_approve,
    "spending_halted": _spending_halted,
    "webhook_failing": _ticket(lazy("Un programme n’est plus prévenu des requêtes : %(title)s ne répond plus")),
}
