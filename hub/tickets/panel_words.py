"""What the panel says: what happened to a ticket, by which ways a follow-up leaves, the fields of canned replies."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hub.core import typography
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.tickets import naming, queries
from hub.tickets.models import Change, Priority, Source, Status, Ticket
from hub.tickets.reaching import Means, Reach

ICONS = {
    "created": "flag", "status": "check", "priority": "warning", "service": "service", "assignee": "user",
    "due_on": "clock", "public": "globe", "place": "report", "contact": "user", "category": "list",
    "title": "pencil", "settled": "check-double", "group": "users", "grouped": "users", "merged": "users",
    "split": "list", "sequel": "list", "erased": "user",
}  # fmt: skip
ABBREVIATED = 30


def tabs() -> dict[str, str]:
    """The names of the four tabs (S122)."""
    return {
        "informations": _("Informations"),
        "suivis": _("Suivis"),
        "photos": _("Photos"),
        "fichiers": _("Fichiers"),
    }


def happened(change: Change, ticket: Ticket) -> str:
    """« Sophie Bélanger : priorité Important → Urgent »; empty when there is nothing to say."""
    write = {
        "created": _created,
        "status": _status,
        "priority": _priority,
        "public": _public,
        "due_on": _due_on,
        "settled": _settled,
        "erased": _erased,
    }.get(change.field)
    if write is not None:
        return write(change, ticket)
    sentence = _plain(change.field)
    if not sentence:
        return ""
    return sentence % {"actor": _who(change, ticket), "before": change.before or "—", "after": change.after or "—"}


def _plain(field: str) -> str:
    return {
        "service": _("%(actor)s a changé le service : %(before)s → %(after)s"),
        "assignee": _("%(actor)s a confié la requête : %(before)s → %(after)s"),
        "category": _("%(actor)s a changé la catégorie : %(before)s → %(after)s"),
        "title": _("%(actor)s a changé le titre"),
        "place": _("%(actor)s a précisé le lieu : %(after)s"),
        "contact": _("%(actor)s a corrigé les coordonnées du demandeur"),
        "group": _("%(actor)s a réuni cette requête : %(before)s → %(after)s"),
        "merged": _("%(actor)s a fondu cette requête dans %(after)s : c’est la même"),
        "grouped": _("%(actor)s a réuni %(after)s sous cette requête"),
        "split": _("%(actor)s a scindé %(before)s : %(after)s"),
        "sequel": _("%(actor)s a écrit après la fermeture de %(before)s : sa suite est %(after)s"),
    }.get(field, "")


def _who(change: Change, ticket: Ticket) -> str:
    if change.actor_id == ticket.requester_id and not ticket.internal:
        return _("Le demandeur")
    # Who has closed their account has no name left.
    return change.actor.name if change.actor and change.actor.first_name + change.actor.last_name else _("La mairie")


def _created(change: Change, ticket: Ticket) -> str:
    names = {"actor": _who(change, ticket), "source": Source(ticket.source).label}
    if change.actor is None or change.actor_id == ticket.requester_id:
        return _("Demande reçue (%(source)s)") % names
    return _("Demande saisie par %(actor)s (%(source)s)") % names


def _status(change: Change, ticket: Ticket) -> str:
    labels = {"actor": _who(change, ticket), "after": _label(change.after)}
    if change.reason:
        return _("%(actor)s : %(after)s. Motif : %(reason)s") % {**labels, "reason": change.reason}
    return _("%(actor)s : %(after)s") % labels


def _label(status: str) -> str:
    return str(Status(status).label) if status in Status.values else status


def _priority(change: Change, ticket: Ticket) -> str:
    def named(name: str) -> str:
        return str(Priority[name.upper()].label) if name.upper() in Priority.__members__ else name

    return _("%(actor)s a changé la priorité : %(before)s → %(after)s") % {
        "actor": _who(change, ticket), "before": named(change.before), "after": named(change.after),
    }  # fmt: skip


def _public(change: Change, ticket: Ticket) -> str:
    sentence = (
        _("%(actor)s a rendu la requête publique")
        if change.after == "yes"
        else _("%(actor)s a rendu la requête privée")
    )
    return sentence % {"actor": _who(change, ticket)}


def _due_on(change: Change, ticket: Ticket) -> str:
    locale = typography.locale_name((get_language() or "fr")[:2], ticket.town.country)
    today = queries.today_in(ticket.town)

    def day(written: str) -> str:
        return typography.date_alone(date.fromisoformat(written), locale, today=today) if written else "—"

    return _("%(actor)s a changé l’échéance : %(before)s → %(after)s") % {
        "actor": _who(change, ticket), "before": day(change.before), "after": day(change.after),
    }  # fmt: skip


def _settled(change: Change, ticket: Ticket) -> str:
    sentence = (
        _("Le demandeur dit que c’est réglé") if change.after == "yes" else _("Le demandeur dit que ce n’est pas réglé")
    )
    return f"{sentence} : « {change.reason} »" if change.reason else sentence


def _erased(change: Change, ticket: Ticket) -> str:
    if change.actor is None or change.actor_id == ticket.requester_id:
        return _("Le demandeur a fermé son compte : son identité est effacée")
    return _("%(actor)s a effacé l’identité du demandeur") % {"actor": _who(change, ticket)}


def fields(ticket: Ticket, *, shared: bool) -> dict[str, str]:
    """What canned replies are filled in with (`hub.tickets.canned.FIELDS`).

    `shared`: others than the requester read it, neighbours or everybody: neither name nor words of theirs (S100).
    """
    locale = typography.locale_name(ticket.language, ticket.town.country)
    today = queries.today_in(ticket.town)
    return {
        "prenom": "" if shared else ticket.first_name,
        "nom": "" if shared else ticket.last_name,
        "numero": ticket.number,
        "titre": naming.public_title(ticket) if shared else ticket.title,
        "adresse": ticket.address,
        "service": ticket.service.name if ticket.service else "",
        "echeance": typography.plain_day(ticket.due_on, locale, today=today) if ticket.due_on else "",
    }


def ways(ticket: Ticket, reach: Reach, neighbours: Sequence[Reach], *, used_up: bool) -> list[tuple[str, str]]:
    """By which ways what is told to requesters reaches people, and whom it does not reach: (icon, words).

    `reach`: of the ticket's own requester; `neighbours`: of those who asked for what stands under it; `used_up`: an SMS
    more would wait for another day.
    """
    found = [_way(ticket, reach)]
    if used_up:
        found.append(("clock", _("Assez de SMS pour aujourd’hui : ces mots attendront sur la page de suivi")))
    if ticket.public and ticket.follower_count and not ticket.anonymous:
        words = ngettext("%(count)d abonné", "%(count)d abonnés", ticket.follower_count)
        found.append(("users", words % {"count": ticket.follower_count}))
    return [*found, ("list", _neighbours(neighbours))] if neighbours else found


def _way(ticket: Ticket, reach: Reach) -> tuple[str, str]:
    named = {"name": ticket.requester_name or ticket.email, "last": reach.address[-2:]}
    if ticket.anonymous:
        return "eye-off", _("Rien au demandeur anonyme")
    if reach.means is Means.MAIL:
        return "mail", _("Courriel à %(name)s") % named
    if reach.means is Means.SMS:
        return "sms", _("SMS au … %(last)s : les premiers mots, et le lien") % named
    if ticket.requester.email:
        return "bell", _("Sur le site, pour %(name)s") % named
    if reach.means is Means.STOPPED:
        return "eye-off", _("Pas prévenu : a répondu STOP aux SMS, du … %(last)s") % named
    if reach.means is Means.UNREACHED:
        return "eye-off", _unreached()
    return "web", _("Sur la page de suivi seulement : n’a pas demandé les suivis")


def _unreached() -> str:
    if channel_is_open(Channel.SMS):
        return _("Pas prévenu : n’a laissé ni courriel ni mobile")
    return _("Pas prévenu : n’a pas laissé de courriel")


def _neighbours(reached: Sequence[Reach]) -> str:
    """« 12 requêtes réunies : 9 par courriel, 2 par SMS, 1 sur la page de suivi seulement »."""
    words = ngettext("%(count)d requête réunie", "%(count)d requêtes réunies", len(reached)) % {"count": len(reached)}
    mails = sum(one.means is Means.MAIL for one in reached)
    texts = sum(one.means is Means.SMS for one in reached)
    counted = [
        (mails, _("%(count)d par courriel")), (texts, _("%(count)d par SMS")),
        (len(reached) - mails - texts, _("%(count)d sur la page de suivi seulement")),
    ]  # fmt: skip
    how = ", ".join(sentence % {"count": count} for count, sentence in counted if count)
    return _("%(requests)s : %(how)s") % {"requests": words, "how": how}


def wishes(ticket: Ticket, reach: Reach) -> str:
    """Whether and how the requester asked to be told, among their details."""
    if not ticket.wants_follow_ups:
        return _("Non demandés")
    return {
        Means.SMS: _("Souhaités, par SMS"),
        Means.STOPPED: _("Souhaités, mais la personne a répondu STOP aux SMS"),
        Means.UNREACHED: _("Souhaités, mais rien où les envoyer"),
    }.get(reach.means, _("Souhaités par courriel"))


def state_banner(ticket: Ticket) -> str:
    """What stands above a ticket that nothing more happens on; empty for others."""
    if ticket.merged and ticket.parent:
        return _("Cette requête est un doublon : elle continue dans %(number)s.") % {"number": ticket.parent.number}
    return ""
