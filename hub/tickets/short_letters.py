"""What is written to requesters by SMS, in their language: who gave a phone and no email. Called inside `mail.written`.

In the network's own alphabet, without the accents that cost, so that it is one SMS or two: words of the town are cut
at a word, and the rest stands on the page that it points to. `letters` says why the receipt holds no word of theirs.
"""

from bisect import bisect_left
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.conversations.models import Message
from hub.core import typography
from hub.deliveries import gsm
from hub.tickets import attached, letters, links, queries
from hub.tickets.models import DeskSettings, Ticket
from hub.towns.models import Town

MOST_SMS = 2
_ENOUGH = 2_000  # letters of what may be said: what fits is among them, however many spaces they have
_BEFORE_A_CUT = " .,;:!?-("


def receipt(ticket: Ticket) -> str:
    """It has arrived, in one SMS (S132): what does not fit is on the page that it points to."""
    named = {"town": ticket.town.name, "number": ticket.number, "code": ticket.secret, "link": links.tracking(ticket)}
    said = gsm.plain(_("%(town)s : demande %(number)s notée, code %(code)s. Suivi : %(link)s") % named, strip=True)
    for more in (_danger(ticket.town), _promised(ticket)):
        longer = f"{said} {gsm.plain(more, strip=True)}"
        if more and gsm.length(longer) <= gsm.ONE_SMS:
            said = longer
    return said


# To who asked for follow-ups. `waiting`: how many messages of the town no SMS has told of (`reaching.take_turn`).


def follow_up(ticket: Ticket, message: Message, waiting: int) -> str:
    """The first words of an external follow-up, and where to read on and answer (S114)."""
    head = _("%(town)s répond à la demande %(number)s :") % _named(ticket)
    more = [_files(message), _waiting(waiting)]
    return _composed(head, message.body, more, _("Lire et répondre : %(link)s") % {"link": links.answering(ticket)})


def started(ticket: Ticket, waiting: int) -> str:
    """Its treatment begins (S112)."""
    head = _("%(town)s : demande %(number)s en traitement.") % _named(ticket)
    return _composed(head, "", [_promised(ticket), _waiting(waiting)], _track(ticket))


def reopened(ticket: Ticket, waiting: int) -> str:
    """The town takes it up again."""
    head = _("%(town)s : demande %(number)s rouverte.") % _named(ticket)
    return _composed(head, "", [_promised(ticket), _waiting(waiting)], _track(ticket))


def closed(ticket: Ticket, settings: DeskSettings, waiting: int) -> str:
    """It is treated, with what was said as it was closed; « C’est réglé ? »."""
    last = letters.last_words(ticket)
    with_it = last if last and letters.said_as_it_ended(ticket, last) else None
    head = _("%(town)s : demande %(number)s traitée.") % _named(ticket)
    asked = {"day": letters.settled_until(ticket, settings), "link": links.tracking(ticket, part="regle")}
    more = [_files(with_it), _waiting(waiting)]
    said = with_it.body if with_it else ""
    return _composed(head, said, more, _("C’est réglé ? Dites-le avant le %(day)s : %(link)s") % asked)


def refused(ticket: Ticket, waiting: int) -> str:
    """It is not the town's, or the town declines: the first words of why (S107)."""
    head = _("%(town)s : demande %(number)s refusée.") % _named(ticket)
    tail = _("Lire et répondre : %(link)s") % {"link": links.answering(ticket)}
    return _composed(head, ticket.refusal_reason, [_waiting(waiting)], tail)


# Parts that several have.


def _named(ticket: Ticket) -> dict[str, str]:
    return {"town": ticket.town.name, "number": ticket.number}


def _danger(town: Town) -> str:
    return _("Danger immédiat : %(number)s.") % {"number": town.emergency_number}


def _promised(ticket: Ticket) -> str:
    today = queries.today_in(ticket.town)
    if ticket.due_on is None or ticket.due_on < today:
        return ""
    return _("Traitée d’ici le %(day)s.") % {
        "day": typography.date_alone(ticket.due_on, letters.locale_of(ticket.town), today=today)
    }


def _track(ticket: Ticket) -> str:
    return _("Suivi : %(link)s") % {"link": links.tracking(ticket)}


def _files(message: Message | None) -> str:
    count = len(attached.sent_with(message)) if message else 0
    if not count:
        return ""
    return ngettext("%(count)d fichier sur la page.", "%(count)d fichiers sur la page.", count) % {"count": count}


def _waiting(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)d autre message vous attend sur la page.",
        "%(count)d autres messages vous attendent sur la page.",
        count,
    ) % {"count": count}


# Finding room.


def _composed(head: str, words: str, more: Sequence[str], tail: str) -> str:
    """A line each: the beginning, as many of the words as there is room for, what else there is, and the link."""
    start, *end = (gsm.plain(one, strip=True) for one in (head, *filter(None, more), tail))
    said = gsm.plain(words[:_ENOUGH], strip=not _would_lose(words[:_ENOUGH])).split()
    whole = "\n".join(filter(None, [start, " ".join(said), *end]))
    if _fits(whole) and len(words) <= _ENOUGH:
        return whole

    def cut(count: int) -> str:
        return "\n".join(filter(None, [start, _cut(said[:count]), *end]))

    too_many = bisect_left(range(max(1, len(said))), True, key=lambda count: not _fits(cut(count)))
    return cut(max(too_many - 1, 0))


def _cut(words: Sequence[str]) -> str:
    return " ".join(words).rstrip(_BEFORE_A_CUT) + "..." if words else ""


def _fits(text: str) -> bool:
    return gsm.measure(text).segments <= MOST_SMS


def _would_lose(words: str) -> bool:
    """Whether letters have nothing that stands for them there: of « Здравствуйте » nothing would be left."""
    return any(letter.isalpha() and not gsm.plain(letter, strip=True) for letter in set(words))
