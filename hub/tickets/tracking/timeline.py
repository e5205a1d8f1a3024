"""What happened to a ticket, as a citizen reads it: one line of steps, whatever each was written down as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from hub.tickets import naming, queries, rules
from hub.tickets.models import CLOSED, Change, Status, Ticket, TicketFile
from hub.tickets.queries import FollowUp
from hub.tickets.tracking import words
from hub.tickets.tracking.visit import Visit
from hub.tickets.tree import Tree


class Place(StrEnum):
    """Where a step stands in time."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class Step:
    """One step. `name` is its own among the steps of a ticket; `who`: whose words, or by which way."""

    name: str
    icon: str
    title: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    body: str = ""
    link: str = ""  # the number of a ticket that the reader may open
    files: Sequence[TicketFile] = field(default_factory=tuple)
    place: Place = Place.DONE
    own: bool = False  # the requester's words

    @property
    def said(self) -> bool:
        """Whether somebody's words are the step."""
        return self.name.startswith("m")


def steps_of(visit: Visit) -> list[Step]:
    """All steps, the first first: done, the present one, the one expected. Strangers read no word of the requester."""
    ticket = visit.ticket
    said = queries.follow_ups_of(visit.seen)
    done = [_received(visit), *_Told(visit, said).steps(), *(_words(visit, one) for one in said)]
    done.sort(key=lambda step: step.at or ticket.created_at)  # of the same moment: in the order given
    return [*done, *_ahead(ticket)]


def _received(visit: Visit) -> Step:
    ticket = visit.ticket
    way = words.by_which_way(ticket) if visit.mine else ""
    return Step("received", "check", _("Demande reçue"), ticket.created_at, who=way)


def _words(visit: Visit, one: FollowUp) -> Step:
    """What the town or, to themselves alone, the requester said."""
    message = one.message
    if one.by_requester:
        title = words.requesters_words(message, noted=bool(one.noted_by))
        return Step(f"m{message.pk}", "message", title, message.at, body=message.body, files=one.files, own=True)
    ticket = visit.ticket
    mailed = visit.mine and ticket.wants_follow_ups and bool(ticket.email)
    return Step(
        f"m{message.pk}", "check", _("La mairie vous répond") if visit.mine else _("La mairie répond"), message.at,
        who=naming.speaker_of(message, ticket.town), note=_("aussi par courriel") if mailed else "",
        body=message.body, files=one.files,
    )  # fmt: skip


# What was changed.


class _Told:
    """The changes of a ticket that citizens are told of."""

    def __init__(self, visit: Visit, said: Sequence[FollowUp]) -> None:
        self.visit, self.ticket, self.said = visit, visit.ticket, said
        fields = ("status", "service", "due_on", "public", "settled", "merged")
        self.changes = list(Change.objects.filter(ticket=self.ticket, field__in=fields).order_by("at", "pk"))

    def steps(self) -> Iterator[Step]:
        yield from self._entrusted()
        begun = [row for row in self.changes if row.field == "status" and row.after == Status.IN_PROGRESS]
        for row in self.changes:
            if row.field == "status":
                # The last « En traitement » is the present step, as long as it lasts.
                current = bool(begun) and row is begun[-1] and self.ticket.status == Status.IN_PROGRESS
                yield from self._status(row, current=current)
            elif row.field == "merged":
                yield self._merged(row)
            elif row.field == "due_on" and row.after:
                yield self._step(row, "clock", _("Nouvelle date prévue"), note=self._day(row.after))
            elif row.field in {"public", "settled"} and self.visit.mine:
                yield self._own(row)
        yield from self._closed_without_trace()

    def _step(self, row: Change, icon: str, title: str, *, note: str = "", body: str = "", link: str = "") -> Step:
        return Step(f"c{row.pk}", icon, title, row.at, note=note, body=body, link=link)

    def _entrusted(self) -> Iterator[Step]:
        """To whom it went, and to whom afterwards (S110)."""
        moves = [row for row in self.changes if row.field == "service"]
        at = self.ticket.transferred_at
        if at is None:
            return
        now_with = self.ticket.service.name if self.ticket.service else ""
        before = [row.after for row in moves if row.at <= at]
        later = [row for row in moves if row.at > at]
        first = before[-1] if before else later[0].before if later else now_with
        yield Step("entrusted", "check", words.entrusted_to(first), at)
        for row in later:
            if row.after:
                yield self._step(row, "check", words.entrusted_to(row.after))

    def _status(self, row: Change, *, current: bool) -> Iterator[Step]:
        if row.before in CLOSED and row.after == Status.IN_PROGRESS:
            own = self.visit.mine and row.actor_id == self.ticket.requester_id
            yield self._step(row, "refresh", _("Vous avez rouvert la demande") if own else _("Demande rouverte"))
        elif row.after == Status.IN_PROGRESS and not current:
            yield self._step(row, "check", _("Traitement commencé"))
        elif row.after == Status.CLOSED_REFUSED:
            yield self._step(row, "x", _("Demande refusée"), body=row.reason)
        elif row.after == Status.CLOSED_DONE and not self._merged_at(row.at):
            yield self._step(row, "check", _("Demande traitée"))

    def _merged_at(self, at: datetime) -> bool:
        """A duplicate is closed by being merged: that is told, and not that it is treated."""
        return any(row.field == "merged" and row.at == at for row in self.changes)

    def _merged(self, row: Change) -> Step:
        """Where it goes on; who asked for that one remains unknown."""
        number = row.after
        title = _("Réunie avec la demande %(number)s, qui parle de la même chose") % {"number": number}
        return self._step(row, "copy", title, link=number if may_open(self.visit, number) else "")

    def _own(self, row: Change) -> Step:
        if row.field == "public":
            public = row.after == "yes"
            title = _("La demande est devenue publique") if public else _("La demande n’est plus publique")
            return self._step(row, "globe" if public else "lock", title)
        settled = row.after == "yes"
        title = _("Vous avez répondu : c’est réglé") if settled else _("Vous avez répondu : ce n’est pas réglé")
        # Reopening says the same words as an answer.
        again = any(one.message.body == row.reason for one in self.said)
        return self._step(row, "message", title, body="" if again else row.reason)

    def _closed_without_trace(self) -> Iterator[Step]:
        """Tickets that came from elsewhere are closed without a line that says so."""
        ticket = self.ticket
        known = any(row.field == "status" and row.after in CLOSED for row in self.changes)
        if known or not ticket.closed or ticket.merged or ticket.closed_at is None:
            return
        refused = ticket.status == Status.CLOSED_REFUSED
        title = _("Demande refusée") if refused else _("Demande traitée")
        yield Step("closed", "x" if refused else "check", title, ticket.closed_at, body=ticket.refusal_reason)

    def _day(self, written: str) -> str:
        day = datetime.fromisoformat(written).date()
        return words.told_day(day, self.ticket.town)


def may_open(visit: Visit, number: str) -> bool:
    """Whether this reader may open another ticket: it is public, or theirs too."""
    other = Ticket.objects.filter(number=number, town=visit.ticket.town_id, internal=False).first()
    if other is None:
        return False
    mine = visit.reader is not None and other.requester_id == visit.reader.pk
    return mine or rules.is_open_to_all(other)


def last_to_reopen(ticket: Ticket, days: int) -> datetime | None:
    """Until when its requester may say whether it is settled, and have it reopened."""
    return ticket.closed_at + timedelta(days=days) if ticket.closed_at else None


# What is to come.


def _ahead(ticket: Ticket) -> list[Step]:
    if ticket.closed or ticket.merged:
        return []
    return [_present(ticket), _expected(ticket)]


def _present(ticket: Ticket) -> Step:
    if ticket.status == Status.NOT_TRANSFERRED:
        title = _("Au centre d’appels, qui la transmet à la mairie")
    elif ticket.status == Status.IN_PROGRESS:
        title = _("En traitement")
    else:
        title = _("Dans la file du service") if ticket.service_id else _("Dans la file de la mairie")
    return Step("now", "clock", title, note=_("Étape en cours"), place=Place.NOW)


def _expected(ticket: Ticket) -> Step:
    tree = Tree(ticket.town)
    category = tree.get(ticket.category_id)
    icon = tree.icon(category) if category else "check"
    note = ""
    if ticket.due_on is not None:
        named = {"day": words.told_day(ticket.due_on, ticket.town)}
        late = rules.is_late(ticket, queries.today_in(ticket.town))
        note = (_("Prévu pour le %(day)s, en retard") if late else _("Prévu d’ici %(day)s")) % named
    return Step("next", icon, _("Traitement terminé"), note=note, place=Place.NEXT)
