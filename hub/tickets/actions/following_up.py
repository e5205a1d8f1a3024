"""What is said on a ticket: follow-ups of the town, words of the requester, whoever brings them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from hub.conversations import statements
from hub.conversations.models import Message, Side, Via, Visibility
from hub.conversations.rules import clean_body, clean_key, excerpt
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.core.ids import new_key
from hub.core.single import single
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.streams.actions import Unit, unit
from hub.tickets import attached, mail, queries, rules
from hub.tickets.actions.locking import locked
from hub.tickets.actions.making import store_files
from hub.tickets.actions.publishing import check_unnamed
from hub.tickets.actions.starting import start
from hub.tickets.actions.telling import ring_requester, ring_staff, tell_changed, tell_follow_up
from hub.tickets.actions.trail import last_change, note_changes, note_said
from hub.tickets.models import Ticket, TicketFile
from hub.tickets.rules import Stance


@dataclass
class _Words:
    """Words on their way in."""

    author: Person
    side: Side
    visibility: Visibility
    body: str
    via: Via
    key: str
    body_en: str = ""
    files: list[StoredFile] = field(default_factory=list)
    ends_it: bool = False  # the same act closes the ticket
    told: set[str] = field(default_factory=set)  # the numbers that have an SMS of it
    origin: int = 0  # the message under which the files are kept, once it is there
    past: bool = False  # kept where they were written, for colleagues: they went to the neighbours
    box: str = ""  # the address that they came from, where several read: it is not told of its own words

    @property
    def to_requesters(self) -> bool:
        """Whether the town answers those who asked."""
        return self.side == Side.TOWN and self.visibility == Visibility.EXTERNAL

    def on(self, ticket: Ticket) -> "_Words":
        """As they stand on this ticket: who is anonymous is told nothing (S99)."""
        past = self.to_requesters and ticket.anonymous
        return replace(self, visibility=Visibility.INTERNAL, past=True) if past else self

    def system(self, ticket: Ticket) -> dict[str, Any] | None:
        """What is kept beside them: for which service they speak, that they went past it, or were its last; and whose
        files come with them."""
        if self.side != Side.TOWN:
            return None
        kept: dict[str, Any] = {"service": ticket.service.name if ticket.service else ""}
        if self.past:
            kept["to"] = queries.TO_NEIGHBOURS
        elif self.ends_it and not ticket.closed:
            kept["with"] = queries.THE_END
        if self.origin and self.files:
            kept[attached.OF] = self.origin
        return kept

    def for_language(self, language: str) -> str:
        """What a reader of that language gets."""
        return self.body_en if language == "en" and self.body_en else self.body


def add_follow_up(
    *, actor: Person, number: str, visibility: Visibility, body: str, body_en: str = "",
    files: Iterable[tuple[str, Any]] = (), via: Via = Via.DESK, key: str = "", sure: bool = False,
    ends_it: bool = False,
) -> Message:  # fmt: skip
    """Staff write: internal for colleagues (S113), external for the requester (S114).

    On a ticket that others are grouped under, an external one is written on each of them too, in English (`body_en`)
    where the requester reads English. Who is anonymous is told nothing: on their ticket it is kept as internal, and
    only its neighbours get it, without files. Safe to call again with the same key. `sure`: even though everybody will
    read in it who asked. `ends_it`: the caller closes the ticket in the same transaction, and who is told by SMS is
    told once of both. Raises `NotFound`, `Forbidden`, `Invalid` (nothing written; nobody to write to), `Conflict`,
    `NamesRequester` (not `sure`).
    """
    seen = queries.access_work(actor, number)
    if not rules.may_follow_up(seen.ticket, seen.stance):
        raise Forbidden
    if visibility == Visibility.EXTERNAL and not rules.may_write_to_requester(seen.ticket):
        files = list(files)
        _check_readers(seen.ticket, neighbours=queries.neighbours_of(seen.ticket).exists(), files=files)
    words = _words(actor, Side.TOWN, visibility, body, files, via, key, rules.STAFF_FILES, body_en=body_en)
    words.ends_it = ends_it
    return _say(seen.ticket, words, seen.stance, sure=sure)


def add_follow_up_of_box(
    *, actor: Person, box: str, number: str, visibility: Visibility, body: str, files: Iterable[tuple[str, Any]] = (),
    via: Via = Via.EMAIL, key: str = "",
) -> Message:  # fmt: skip
    """A service answers from an address that several read (S116): no agent's name stands behind it, `actor` bears the
    service's. The caller has made sure that the words are from `box`.

    Raises as `add_follow_up`; `NotFound` when that address is not told of this ticket.
    """
    ticket = single(Ticket.objects.select_related(*queries.WITH).filter(number=number))
    if ticket is None or box.lower() not in {one.lower() for one in rules.boxes_of(ticket)}:
        raise NotFound
    if not rules.may_follow_up(ticket, Stance.STAFF):
        raise Forbidden
    words = _words(actor, Side.TOWN, visibility, body, files, via, key, rules.STAFF_FILES)
    words.box = box
    return _say(ticket, words, Stance.STAFF)


def _check_readers(ticket: Ticket, *, neighbours: bool, files: Sequence[object]) -> None:
    """Raises `Invalid` when nobody would get an external follow-up, or not its files."""
    if not rules.may_write_outside(ticket, neighbours=neighbours):
        raise Invalid(
            _("Personne ne lirait un suivi externe : cette requête est anonyme ou interne."), field="visibility"
        )
    if files and ticket.anonymous:
        raise Invalid(_("Les requêtes réunies reçoivent votre texte, mais pas de fichiers."), field="files")


def note_words(
    *, actor: Person, number: str, body: str, via: Via, files: Iterable[tuple[str, Any]] = (), key: str = ""
) -> Message:
    """Staff write down what the requester said by phone, at the counter or by letter. Raises as `add_follow_up`."""
    seen = queries.access_work(actor, number)
    if not rules.may_note_words(seen.ticket, seen.stance):
        raise Forbidden
    words = _words(actor, Side.REQUESTER, Visibility.EXTERNAL, body, files, via, key, rules.STAFF_FILES)
    return _say(seen.ticket, words, Stance.REQUESTER)


def add_answer(
    *, actor: Person, number: str, body: str, via: Via = Via.WEB, files: Iterable[tuple[str, Any]] = (), key: str = "",
    known: Ticket | None = None,
) -> Message:  # fmt: skip
    """The requester's own words (S116, S118). On a duplicate, those who treat the one that it goes on in are told.
    `known`: as `queries.access_ticket` takes it.

    Raises `NotFound`, `Forbidden` (it is anonymous, or a duplicate of one that is closed), `RateLimited`.
    """
    seen = queries.access_ticket(actor, number, known=known)
    if seen.ticket.requester_id != actor.pk:
        raise Forbidden
    if not rules.may_answer(seen.ticket, Stance.REQUESTER):
        raise Forbidden(_("Cette demande ne prend plus de réponse."))
    limits.hit(limits.TICKET_ACTS, actor.pk)
    words = _words(actor, Side.REQUESTER, Visibility.EXTERNAL, body, files, via, key, rules.ANSWER_FILES)
    return _say(seen.ticket, words, Stance.REQUESTER)


def _words(
    author: Person, side: Side, visibility: Visibility, body: str, files: Iterable[tuple[str, Any]], via: Via,
    key: str, extensions: Sequence[str], *, body_en: str = "",
) -> _Words:  # fmt: skip
    given = list(files)
    text = clean_body(body, has_files=bool(given))
    english = clean_body(body_en, has_files=True)
    key = clean_key(key or new_key())
    if given and Message.objects.filter(author=author, key=key).exists():
        given = []  # sent again: what came along is there already
    return _Words(author, side, visibility, text, via, key, english, store_files(author, given, extensions))


class _Regrouped(Exception):
    """It has become a duplicate of another between its reading and its holding."""


def _say(ticket: Ticket, words: _Words, stance: Stance, *, sure: bool = False) -> Message:
    """Write it down here, and on what is grouped under it."""
    while True:
        try:
            return _say_on(ticket, words, stance, sure=sure)
        except _Regrouped:  # nothing is held any more: all that is touched is held in order
            ticket = Ticket.objects.select_related(*queries.WITH).get(pk=ticket.pk)


def _say_on(ticket: Ticket, words: _Words, stance: Stance, *, sure: bool) -> Message:
    if known := _known(ticket, words):
        return known
    try:
        with unit() as work:
            rows = _locked(ticket, words)
            changes = words.side == Side.TOWN  # which begins its treatment; the requester's words change nothing else
            since = last_change() if changes else 0
            _check_again(rows, ticket, words, sure=sure)
            (own,) = (one for one in rows if one.pk == ticket.pk)
            said = _write(work, own, words.on(own), stance)
            words.origin = said.pk
            for one in rows if words.to_requesters else ():
                if one is not own:
                    _write(work, one, words.on(one), stance)
            for one in rows if changes else ():
                note_changes(one, since)
            note_said(ticket, words.author, words.visibility, words.side)
    except IntegrityError:
        if known := _known(ticket, words):
            return known
        raise
    return said


def _known(ticket: Ticket, words: _Words) -> Message | None:
    """What the same key wrote before. Raises `Conflict` when it was something else."""
    known = single(Message.objects.filter(conversation=ticket.conversation_id, author=words.author, key=words.key))
    if known is not None and known.body not in {words.body, words.body_en}:
        raise Conflict(_("Cette clé désigne déjà un autre message."))
    return known


def _locked(ticket: Ticket, words: _Words) -> list[Ticket]:
    """The ticket, and those to which an external follow-up of the town goes too, or of which a requester's words are
    told; locked in the order of their ids. Raises `_Regrouped`."""
    found = Ticket.objects.filter(pk=ticket.pk)
    if words.to_requesters:
        found = found | queries.neighbours_of(ticket)
    elif words.side == Side.REQUESTER and ticket.merged:
        found = found | Ticket.objects.filter(pk=ticket.parent_id or 0)
    rows = locked(found, ticket.town, known=ticket)
    (own,) = (one for one in rows if one.pk == ticket.pk)
    goes_on_in = own.parent_id if own.merged and words.side == Side.REQUESTER else None
    if goes_on_in and goes_on_in not in {one.pk for one in rows}:
        raise _Regrouped
    return rows


def _check_again(rows: Sequence[Ticket], ticket: Ticket, words: _Words, *, sure: bool) -> None:
    """Others may have changed them meanwhile; and is it well that everybody reads this?"""
    others = [one for one in rows if one.pk != ticket.pk]
    (row,) = (one for one in rows if one.pk == ticket.pk)
    if words.side == Side.REQUESTER:
        if not rules.takes_words(row):
            raise Forbidden
        return
    if row.merged:
        raise Forbidden
    if not words.to_requesters:
        return
    _check_readers(row, neighbours=bool(others), files=words.files)
    if not sure:
        check_unnamed(words.author, row, [words.body, words.body_en, *(file.name for file in words.files)], others)


def _write(work: Unit, ticket: Ticket, words: _Words, stance: Stance) -> Message:
    at = now()
    body = words.for_language(ticket.language)
    seq = statements.set_next(
        conversation_id=ticket.conversation_id, author_id=words.author.pk, excerpt=excerpt(body), at=at
    )
    message = Message.objects.create(
        conversation_id=ticket.conversation_id, seq=seq, author=words.author, key=words.key, body=body, via=words.via,
        at=at, visibility=words.visibility, side=words.side,
        system=words.system(ticket),
    )  # fmt: skip
    _attach(ticket, message, words)
    prefetch_related_objects([message], "ticket_files__file")  # all who are told of it look at them
    if words.side == Side.TOWN:
        _follow_town(work, ticket, message, stance, words)
    else:
        _follow_requester(work, ticket, message)
    tell_follow_up(work, ticket, message)
    return message


def _attach(ticket: Ticket, message: Message, words: _Words) -> None:
    if not words.files:
        return
    by_town = words.side == Side.TOWN
    sent = by_town and words.visibility == Visibility.EXTERNAL
    if not words.origin:  # else they are kept there
        TicketFile.objects.bulk_create(
            TicketFile(ticket=ticket, file=file, message=message, by_town=by_town, sent=sent, position=position)
            for position, file in enumerate(words.files)
        )
    if by_town:
        Ticket.objects.filter(pk=ticket.pk).update(town_files=F("town_files") + len(words.files))
    else:
        photos = sum(file.is_picture for file in words.files)
        Ticket.objects.filter(pk=ticket.pk).update(requester_photos=F("requester_photos") + photos)


def _follow_town(work: Unit, ticket: Ticket, message: Message, stance: Stance, words: _Words) -> None:
    internal = message.visibility == Visibility.INTERNAL
    count = "internal_count" if internal else "external_count"
    changed: dict[str, Any] = {count: F(count) + 1, "changed_at": message.at}
    if not internal:
        changed["answered_at"] = None
        changed["first_answer_at"] = Coalesce("first_answer_at", Value(message.at))
    Ticket.objects.filter(pk=ticket.pk).update(**changed)
    started = start(work, ticket, message.author, stance, quiet=not internal)
    if internal and not words.past:
        mail.send_internal(ticket, message, but=words.box)
        people = queries.staff_with_news(ticket)
        if message.author is not None:
            ring_staff(work, ticket, "ticket_internal", people, message.author, message.body)
    elif not internal:
        mail.send_follow_up(ticket, message, told=words.told, ends_it=words.ends_it and not ticket.closed)
        ring_requester(work, ticket, "ticket_follow_up", message.author, message.body)
    if not started:
        tell_changed(work, ticket)


def _follow_requester(work: Unit, ticket: Ticket, message: Message) -> None:
    """Of a duplicate, it is told where it goes on: there somebody treats it."""
    treated = ticket.parent if ticket.merged and ticket.parent else ticket
    changed: dict[str, Any] = {"external_count": F("external_count") + 1, "changed_at": message.at}
    if treated is ticket:
        changed["answered_at"] = message.at
    else:
        Ticket.objects.filter(pk=treated.pk).update(answered_at=message.at, changed_at=message.at)
    Ticket.objects.filter(pk=ticket.pk).update(**changed)
    mail.send_answered(treated, message, duplicate=ticket if treated is not ticket else None)
    if message.author is not None:
        ring_staff(work, treated, "ticket_answered", queries.staff_with_news(treated), message.author, message.body)
    tell_changed(work, ticket)
    if treated is not ticket:
        tell_changed(work, treated)
