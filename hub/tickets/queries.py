"""Guarded reads of tickets. What is not the reader's answers exactly like what is not there."""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, hypot, radians
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.conversations.models import Message, Side, Visibility
from hub.core.clock import now
from hub.core.errors import Forbidden, NotFound
from hub.core.single import single
from hub.files.models import StoredFile
from hub.people.models import Membership, Person, Role
from hub.people.queries import mayor_of, needs_second_factor
from hub.people.rules import Roles, is_staff, roles_of
from hub.tickets import attached, rules
from hub.tickets.calendar import WorkCalendar
from hub.tickets.models import (
    CLOSED,
    OPEN,
    Category,
    DeskSettings,
    Favourite,
    Follower,
    Status,
    Ticket,
    TicketFile,
)
from hub.tickets.rules import Reader, Stance
from hub.towns.models import Town


@dataclass(frozen=True)
class Seen:
    """A ticket that somebody may see, and what they are to it."""

    ticket: Ticket
    stance: Stance
    roles: Roles

    @property
    def works(self) -> bool:
        return rules.works_on(self.stance)


WITH = ("town", "category", "service", "assignee", "requester", "conversation", "created_by")


def reader_of(actor: Person | None, town: Town) -> Reader:
    """What the actor is in the town, with their services there."""
    if actor is None or not actor.is_active:
        return rules.NOBODY
    held = Membership.objects.filter(person=actor, town=town)
    return _read_as(held).get((actor.pk, town.pk), Reader(actor.pk))


def access_ticket(actor: Person | None, number: str, *, known: Ticket | None = None) -> Seen:
    """A ticket by its number, for whom it is there. Raises `NotFound`; `Forbidden` as `access_desk` does for staff.

    `known`: the same as it was read a moment ago: it is not read again.
    """
    ticket = known or single(Ticket.objects.select_related(*WITH).filter(number=number))
    if ticket is None:
        raise NotFound
    return seen_by(actor, ticket)


def seen_by(actor: Person | None, ticket: Ticket) -> Seen:
    """A ticket that was read already. Raises as `access_ticket`."""
    who = reader_of(actor, ticket.town)
    stance = rules.stance(ticket, who)
    if stance is None:
        raise NotFound
    if actor is not None and rules.works_on(stance) and needs_second_factor(actor):
        raise Forbidden(code="second_factor_required")
    return Seen(ticket, stance, who.roles)


def access_work(actor: Person, number: str) -> Seen:
    """A ticket that is the actor's work: town hall or call centre. Raises `NotFound` for all others."""
    seen = access_ticket(actor, number)
    if not seen.works:
        raise NotFound
    return seen


def ticket_by_secret(number: str, secret: str) -> Ticket:
    """The ticket of a receipt (S133). Raises `NotFound` alike for a wrong number and a wrong secret.

    The edge limits how often one may try.
    """
    ticket = single(Ticket.objects.select_related(*WITH).filter(number=number, internal=False))
    kept = ticket.secret if ticket else "-" * rules.SECRET_LENGTH
    same = hmac.compare_digest(kept.encode(), rules.read_secret(secret).encode())
    if ticket is None or not same:
        raise NotFound
    return ticket


def in_reach(who: Reader) -> Q:
    """Of a town's tickets, those that are this person's work: `rules.stance` as a filter."""
    if who.roles & {Role.MAYOR, Role.MANAGER}:
        return Q()
    found = Q(pk__in=())
    if Role.OPERATOR in who.roles:
        found |= Q(internal=False)
    if is_staff(who.roles - {Role.OPERATOR}):
        found |= Q(public=True)
    if Role.AGENT in who.roles:
        if not who.services:
            return Q()
        theirs = Q(assignee=who.person_id) | Q(created_by=who.person_id)
        found |= theirs | Q(service__in=who.services) | Q(service=None)
    return found


def desk_tickets(actor: Person, town: Town) -> QuerySet[Ticket]:
    """The tickets of a town that are the actor's work. The caller has asked `access_desk`."""
    return Ticket.objects.filter(in_reach(reader_of(actor, town)), town=town)


def with_desk_details(found: QuerySet[Ticket], actor: Person) -> QuerySet[Ticket]:
    """With what a row of the board shows; `starred`: the actor's favourite (S120)."""
    stars = Favourite.objects.filter(ticket=OuterRef("pk"), person=actor)
    return found.select_related("category", "service", "assignee").annotate(starred=Exists(stars))


def desk_settings(town: Town) -> DeskSettings:
    """The town's rules for tickets; made with the defaults, and letters of its own, when there are none yet."""
    known = DeskSettings.objects.filter(town=town).first()
    if known is not None:
        return known
    taken = set(DeskSettings.objects.values_list("code", flat=True))
    for code in _codes(town):
        if code in taken:
            continue
        try:
            with transaction.atomic():
                return DeskSettings.objects.get_or_create(town=town, defaults={"code": code})[0]
        except IntegrityError:  # another town took the letters meanwhile
            continue
    raise AssertionError("there are more codes than towns")


def _codes(town: Town) -> Iterable[str]:
    """Letters for a town's numbers, the likely ones first."""
    letters = "".join(letter for letter in town.slug.upper() if "A" <= letter <= "Z") or "PV"
    words = [word[0] for word in town.slug.upper().split("-") if "A" <= word[0] <= "Z"]
    if len(words) > 1:
        yield "".join(words)[:4]
    yield from (letters[0] + letter for letter in letters[1:])
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from (letters[0] + one + other for one in alphabet for other in alphabet)
    yield from (
        one + other + last + end for one in alphabet for other in alphabet for last in alphabet for end in "QXZ"
    )


def calendar_of(settings: DeskSettings, town: Town) -> WorkCalendar:
    """The days on which the town works."""
    return WorkCalendar(
        work_days=settings.work_days,
        closed_days=settings.closed_days,
        country=town.country,
        region=settings.holiday_region,
    )


def today_in(town: Town, at: datetime | None = None) -> date:
    """The day by the town's clocks."""
    return (at or now()).astimezone(ZoneInfo(town.time_zone)).date()


def owner_of(email: str) -> Person | None:
    """Who has proven that this address is theirs."""
    if not email:
        return None
    proven = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    row = proven.select_related("user").first()
    return row.user if row else None


def accountable(town: Town, settings: DeskSettings) -> str:
    """The person who answers for it (S139): whom the town names, else its mayor; empty while there is none."""
    if settings.accountable:
        return settings.accountable
    mayor = mayor_of(town)
    return mayor.name if mayor else ""


# What was said on a ticket.


@dataclass(frozen=True)
class FollowUp:
    """One follow-up or answer, as a page shows it. `name`: whom it speaks for; `noted_by`: who wrote it down;
    `duplicate`: where it was written, of what goes on here."""

    message: Message
    name: str
    noted_by: str
    files: list[TicketFile]
    duplicate: Ticket | None = None

    @property
    def internal(self) -> bool:
        return self.message.visibility == Visibility.INTERNAL

    @property
    def to_neighbours(self) -> bool:
        return (self.message.system or {}).get("to") == TO_NEIGHBOURS

    @property
    def by_requester(self) -> bool:
        return self.message.side == Side.REQUESTER


def follow_ups_of(seen: Seen) -> list[FollowUp]:
    """All that this reader may read, oldest first: staff all, and what the requesters of duplicates say, who are
    treated here; the requester what is external, others (S115) what the town said externally."""
    whose = {one.conversation_id: one for one in Ticket.objects.filter(duplicates_of(seen))}
    written = Q(conversation=seen.ticket.conversation_id) | Q(conversation__in=whose, side=Side.REQUESTER)
    found = Message.objects.filter(written, removed_at=None).exclude(side=Side.NONE)
    if not rules.may_see_internal(seen.stance):
        found = found.filter(visibility=Visibility.EXTERNAL)
    if seen.stance == Stance.READER:
        found = found.filter(side=Side.TOWN)
    rows = found.select_related("author").prefetch_related("ticket_files__file").order_by("at", "seq", "pk")
    return [describe(whose.get(message.conversation_id, seen.ticket), message, seen.ticket) for message in rows]


def duplicates_of(seen: Seen) -> Q:
    """The tickets that go on in this one, for who treats it. They are in their reach with it: what is said on them is
    about it."""
    return Q(parent=seen.ticket, merged=True, anonymous=False) if seen.works else Q(pk__in=())


THE_END = "end"  # `system["with"]` of what was said as the ticket was closed
TO_NEIGHBOURS = "grouped"  # `system["to"]` of what an anonymous ticket keeps: an answer that went past it


def neighbours_of(ticket: Ticket) -> QuerySet[Ticket]:
    """Those under it whose requesters are told what is answered on it (S99: never who is anonymous)."""
    return Ticket.objects.filter(parent=ticket, internal=False, anonymous=False)


def describe(ticket: Ticket, message: Message, on: Ticket | None = None) -> FollowUp:
    """One message of a ticket, with the name that it is shown under. `on`: where it is shown, if elsewhere."""
    duplicate = ticket if on is not None and on.pk != ticket.pk else None
    author = message.author.name if message.author else ""
    files = attached.files_with(message)
    if message.side == Side.REQUESTER:
        noted_by = author if message.author_id not in {ticket.requester_id, None} else ""
        return FollowUp(message, ticket.requester_name, noted_by, files, duplicate)
    return FollowUp(message, author, "", files)


def files_of(seen: Seen) -> list[TicketFile]:
    """The files that this reader may have: staff all; the requester their own and what they were sent (S123)."""
    return list(TicketFile.objects.filter(_may_have(seen)).select_related("file", "message"))


def access_file(seen: Seen, file_id: UUID) -> StoredFile:
    """One of them. Raises `NotFound`."""
    found = TicketFile.objects.filter(_may_have(seen), file=file_id).select_related("file").first()
    if found is None:
        raise NotFound
    return found.file


def _may_have(seen: Seen) -> Q:
    own, lent = Q(ticket=seen.ticket), attached.lent_to(seen.ticket)
    if seen.works:
        return own | lent | Q(ticket__in=Ticket.objects.filter(duplicates_of(seen)).values("pk"), by_town=False)
    if seen.stance == Stance.REQUESTER:
        return own & (Q(by_town=False) | Q(sent=True)) | lent
    # Of a public ticket: what the town sent along, never the requester's (S100).
    return own & attached.SENT | lent


# Lists for citizens.


def tickets_of(person: Person) -> QuerySet[Ticket]:
    """« Mes demandes »: the person's own, the latest first."""
    found = Ticket.objects.filter(requester=person, internal=False)
    return found.select_related("town", "category", "service").order_by("-created_at", "-pk")


def followed_by(person: Person) -> QuerySet[Ticket]:
    """The public tickets that the person follows."""
    followed = Follower.objects.filter(person=person, confirmed_at__isnull=False).values("ticket")
    found = Ticket.objects.filter(_open_to_all(), pk__in=followed)
    return found.select_related("town", "category", "service").order_by("-created_at", "-pk")


def public_tickets(town: Town) -> QuerySet[Ticket]:
    """What everybody may see of a town, the latest first (S101)."""
    found = Ticket.objects.filter(_open_to_all(), town=town)
    return found.select_related("town", "category", "service").order_by("-created_at", "-pk")


def _open_to_all() -> Q:
    return Q(public=True, internal=False, merged=False) & ~Q(status=Status.NOT_TRANSFERRED)


def near(town: Town, category: Category, lat: float, lon: float, *, limit: int = 5) -> list[tuple[Ticket, int]]:
    """Open public tickets of that category close to a point, with their distance in metres, the nearest first (S75)."""
    degrees = rules.NEAR_M / 111_320
    wide = degrees / max(0.05, cos(radians(lat)))
    box = Q(lat__range=(lat - degrees, lat + degrees), lon__range=(lon - wide, lon + wide))
    found = public_tickets(town).filter(box, category=category, status__in=OPEN)[:200]
    far = [(ticket, _metres(lat, lon, ticket.lat or 0, ticket.lon or 0)) for ticket in found]
    close = [(ticket, distance) for ticket, distance in far if distance <= rules.NEAR_M]
    return sorted(close, key=lambda pair: pair[1])[:limit]


def _metres(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    """Between two points close to each other."""
    north = (other_lat - lat) * 111_320
    east = (other_lon - lon) * 111_320 * cos(radians(lat))
    return round(hypot(north, east))


def is_following(person: Person | None, ticket: Ticket) -> bool:
    """Whether the person follows this public ticket."""
    if person is None:
        return False
    return Follower.objects.filter(ticket=ticket, person=person, confirmed_at__isnull=False).exists()


# For open sockets: which of many may read what, in few queries.


def may_read_topics(pairs: Collection[tuple[int, str]], *, staff: bool) -> set[tuple[int, str]]:
    """Which of these (person, ticket number) pairs may read `ticket.NUMBER`, or with `staff` `ticket.NUMBER.staff`."""
    tickets = {ticket.number: ticket for ticket in Ticket.objects.filter(number__in={number for _, number in pairs})}
    people = {person_id for person_id, _ in pairs}
    readers = _readers(people, {ticket.town_id for ticket in tickets.values()})
    open_to = {Stance.STAFF, Stance.OPERATOR} | (set() if staff else {Stance.REQUESTER})
    found = set()
    for person_id, number in pairs:
        ticket = tickets.get(number)
        if ticket is None:
            continue
        who = readers.get((person_id, ticket.town_id), Reader(person_id))
        if rules.stance(ticket, who) in open_to:
            found.add((person_id, number))
    return found


def _readers(people: Collection[int], towns: Collection[int]) -> dict[tuple[int, int], Reader]:
    return _read_as(Membership.objects.filter(person__in=people, town__in=towns, person__is_active=True))


def _read_as(held: QuerySet[Membership]) -> dict[tuple[int, int], Reader]:
    """What these memberships make of people, by person and town."""
    roles: dict[tuple[int, int], set[str]] = {}
    services: dict[tuple[int, int], set[int]] = {}
    for person_id, town_id, role, service_id in held.values_list("person_id", "town_id", "role", "services"):
        place = (person_id, town_id)
        roles.setdefault(place, set()).add(role)
        services.setdefault(place, set()).update({service_id} - {None})
    return {place: Reader(place[0], roles_of(roles[place]), frozenset(services[place])) for place in roles}


def works_at(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these (person, town's slug) pairs are of that town's desk."""
    people, slugs = {person for person, _ in pairs}, {slug for _, slug in pairs}
    held = Membership.objects.filter(person__in=people, town__slug__in=slugs, person__is_active=True)
    return set(pairs) & {
        (row[0], row[1]) for row in held.exclude(role=Role.CITIZEN).values_list("person_id", "town__slug")
    }


def staff_with_news(ticket: Ticket) -> set[int]:
    """Whom the bell tells what is written: the assignee, else the service's members; and watchers.

    Of these, who may still open it: roles and services change, and what they were told quotes it.
    """
    people = ticket.watchers.values_list("person_id", flat=True)
    if ticket.service_id and not ticket.assignee_id:
        members = Membership.objects.filter(town=ticket.town_id, services=ticket.service_id)
        people = people.union(members.values_list("person_id", flat=True))
    told = set(people) | ({ticket.assignee_id or 0} - {0})
    # By their numbers: asked together with who they are, a city's whole people would be looked through.
    readers = _readers(told, {ticket.town_id})
    return {who.person_id for who in readers.values() if who.person_id and rules.works_on(rules.stance(ticket, who))}


def open_tasks(ticket: Ticket) -> int:
    """How many internal tasks of it are not done: closing it warns."""
    return ticket.tasks.exclude(status__in=CLOSED).count()
