"""What the moderation desk says: ready-made reasons, lines of the trail, in the reader's language."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hub.audit.models import Entry
from hub.conversations import people_words, words
from hub.conversations.models import Removal
from hub.core import typography
from hub.core.clock import now
from hub.towns.models import Town


def reasons() -> list[str]:
    """Reasons that come back often, ready to be chosen; the author of a message reads the one that was."""
    return [
        _("Ces mots blessent ou menacent quelqu’un."),
        _("Ces propos sont haineux ou discriminatoires."),
        _("Ce message contient des renseignements personnels."),
        _("Cette information est fausse et peut nuire."),
        _("C’est de la publicité, ou un message répété."),
        _("Ce message est hors du sujet de la discussion."),
    ]


def state(removal: str) -> str:
    """How a message stands now, in two or three words."""
    return {
        Removal.HIDDEN.value: _("Masqué"),
        Removal.MODERATION.value: _("Retiré"),
        Removal.AUTHOR.value: _("Retiré par son auteur"),
    }.get(removal, _("Visible"))


def done(action: str, name: str) -> str:
    """What is said once a form was followed. `name`: the author of the message."""
    return {
        "keep": _("Le message est gardé. Les personnes qui l’ont signalé le sauront."),
        "hide": _("Le message est masqué. %(name)s sait pourquoi."),
        "remove": _("Le message est retiré. %(name)s sait pourquoi."),
        "restore": _("Le message est de nouveau visible."),
        "dismiss": _("Le signalement est classé."),
        "silence": _("%(name)s ne peut plus écrire pendant ce temps, et sait pourquoi."),
        "close": _("La discussion est fermée : on peut la lire, mais plus y écrire."),
    }[action] % {"name": name}


def withdrawn() -> str:
    """The reason that the trail keeps when a report is closed of what its author had taken back."""
    return _("Son auteur l’avait déjà retiré.")


# The trail.


@dataclass(frozen=True)
class TrailLine:
    """One act in words. `reason`: the one that was given, or ""."""

    sentence: str
    reason: str = ""


def trail_line(entry: Entry, town: Town) -> TrailLine:
    """« Maude Lavoie a retiré un message de Paul Gagnon dans « Le marché ». »"""
    what = entry.what if isinstance(entry.what, Mapping) else {}
    # Who is named by number alone is a citizen: the trail stays, and does not say who asked the town for what.
    actor = entry.actor_name or (_("Un habitant") if entry.actor_id else _("Le système"))
    by = "name" if entry.actor_name else "number" if entry.actor_id else "nobody"
    fields = defaultdict(str, {**what, "actor": actor, "by": by, "act": entry.act, "subject": entry.subject})
    if until := fields["until"]:
        fields["until"] = plain_moment(datetime.fromisoformat(until), town)
    write = _ACTS.get(entry.act)
    sentence = write(fields) if write else _("%(actor)s : %(act)s, %(subject)s.") % fields
    return TrailLine(sentence, str(what.get("reason", "")))


def plain_moment(at: datetime, town: Town) -> str:
    """« samedi 21 novembre, 17 h 40 », at the town's hour, to stand within a sentence."""
    zone = ZoneInfo(town.time_zone)
    there, today = at.astimezone(zone), now().astimezone(zone).date()
    locale = typography.locale_name((get_language() or "fr")[:2], town.country)
    return f"{typography.plain_day(there.date(), locale, today=today)}, {typography.clock(there, locale)}"


Fields = Mapping[str, str]


def _pace(fields: Fields) -> str:
    label = dict(words.paces()).get(int(fields["slow_s"] or 0), "")
    paced = defaultdict(str, {**fields, "pace": label.lower()})
    return _("%(actor)s a changé le rythme de « %(title)s » : %(pace)s.") % paced


def _change(fields: Fields) -> str:
    if fields["now"] == fields["title"]:
        return _("%(actor)s a changé la description de « %(title)s ».") % fields
    return _("%(actor)s a renommé « %(title)s » en « %(now)s ».") % fields


def _silence(fields: Fields) -> str:
    if fields["title"]:
        sentence = _("%(actor)s a mis %(person)s en sourdine dans « %(title)s » jusqu’au %(until)s.")
    else:
        sentence = _("%(actor)s a mis %(person)s en sourdine dans toutes les discussions jusqu’au %(until)s.")
    return sentence % fields


def _unsilence(fields: Fields) -> str:
    if fields["title"]:
        return _("%(actor)s a levé la sourdine de %(person)s dans « %(title)s ».") % fields
    return _("%(actor)s a levé la sourdine de %(person)s dans toutes les discussions.") % fields


def _export(fields: Fields) -> str:
    sentence = ngettext(
        "%(actor)s a exporté la fiche d’un citoyen.",
        "%(actor)s a exporté les fiches de %(count)s citoyens.",
        int(fields["count"] or 0),
    )
    return sentence % fields


Sentence = Callable[[Fields], str]


def is_said(act: str) -> bool:
    """Whether there is a sentence for this act."""
    return act in _ACTS


def learn(acts: Mapping[str, Sentence]) -> None:
    """Sentences for acts that this room knows nothing of: rooms above bring theirs when they are set up."""
    _ACTS.update(acts)


_ACTS: dict[str, Sentence] = {
    "message.hide": lambda said: _("%(actor)s a masqué un message de %(author)s dans « %(title)s ».") % said,
    "message.remove": lambda said: _("%(actor)s a retiré un message de %(author)s dans « %(title)s ».") % said,
    "message.restore": lambda said: _("%(actor)s a rétabli un message de %(author)s dans « %(title)s ».") % said,
    "message.keep": lambda said: _("%(actor)s a gardé un message signalé de %(author)s dans « %(title)s ».") % said,
    "conversation.change": _change,
    "conversation.close": lambda said: _("%(actor)s a fermé « %(title)s ».") % said,
    "conversation.reopen": lambda said: _("%(actor)s a rouvert « %(title)s ».") % said,
    "conversation.pace": _pace,
    "live.open": lambda said: _("%(actor)s a ouvert la discussion en direct « %(title)s ».") % said,
    "service.add": lambda said: _("%(actor)s a créé le service « %(title)s ».") % said,
    "service.change": lambda said: _("%(actor)s a changé les coordonnées du service « %(title)s ».") % said,
    "service.members": lambda said: _("%(actor)s a changé les membres de « %(title)s » : %(members)s.") % said,
    "citizens.export": _export,
    "citizens.import": lambda said: (
        _(
            "%(actor)s a importé un fichier de citoyens : fiches créées %(new)s, fiches complétées %(update)s, "
            "lignes refusées %(refused)s."
        )
        % said
    ),
    "service.remove": lambda said: _("%(actor)s a retiré le service « %(title)s ».") % said,
    "person.silence": _silence,
    "person.unsilence": _unsilence,
    **people_words.ACTS,
}
