"""Turns a plan into a ticket as it is on its first day."""

from collections import Counter as Tally
from random import Random

from hub.core.ids import new_key
from hub.demo.tickets.dossier import Dossier, new_conversation
from hub.demo.tickets.names import Caller, someone
from hub.demo.tickets.places import choose
from hub.demo.tickets.plans import BY_CITIZENS, Plan
from hub.demo.tickets.wording import Wording, words_for
from hub.demo.tickets.world import World
from hub.people.models import Language, Person
from hub.tickets import rules
from hub.tickets.actions.numbering import new_secret
from hub.tickets.drafts import clean_answers
from hub.tickets.models import Priority, Source, Status, Ticket

_ANONYMOUS, _PUBLIC, _FOLLOWS, _PICTURED = 0.07, 0.65, 0.85, 0.6


class Register:
    """The last number given in each year."""

    def __init__(self, world: World) -> None:
        self._code = world.settings.code
        self.last: Tally[int] = Tally()

    def number(self, plan: Plan) -> str:
        self.last[plan.at.year] += 1
        return rules.number_of(self._code, plan.at.year, self.last[plan.at.year])


def open_dossier(world: World, plan: Plan, number: str, rng: Random) -> tuple[Dossier, Wording]:
    """The ticket of a plan with its number; what fills its texts."""
    subject = plan.subject
    spot = choose(world.land, rng, rural=subject.rural, street=plan.street, number=plan.number)
    wording = words_for(spot, rng, plan.at.date(), world.working)
    template = plan.words or subject.words[plan.variant]
    address, point = wording.place(template, world.land)
    category = world.categories[subject.category]
    conversation = new_conversation(world.town, plan.at)
    ticket = Ticket(
        number=number, secret=new_secret(), town=world.town, conversation=conversation, key=new_key(),
        kind=subject.kind, source=plan.source, category=category, service=world.tree.service(category),
        description=wording.fill(template, plan.at.date()), address=address, lat=point.lat if point else None,
        lon=point.lon if point else None, status=Status.TRANSFERRED, transferred_at=plan.at, created_at=plan.at,
        changed_at=plan.at, internal=subject.internal,
    )  # fmt: skip
    ticket.title = rules.title_of(ticket.description)
    delay = rules.longest_delay(world.tree.delays(category), world.settings.default_delay_days)
    ticket.due_on = world.calendar.add_days(plan.at.date(), delay)
    ticket.public = not subject.personal and category.public_allowed and rng.random() < _PUBLIC
    asked = world.questions(category)
    replied = {asked[place].pk: wording.fill(text, plan.at.date()) for place, text in enumerate(subject.replied)}
    ticket.answers = clean_answers(asked, replied)
    _sign(world, plan, ticket, rng)
    dossier = Dossier(ticket, conversation, world.staff.operator)
    dossier.note_created()
    _enclose(plan, dossier, rng)
    return dossier, wording


def _sign(world: World, plan: Plan, ticket: Ticket, rng: Random) -> None:
    """Whose it is, who made it, how they are reached."""
    if ticket.internal:
        _of_staff(world, ticket, rng)
    elif plan.account:
        _of_account(world, plan, ticket, rng)
    else:
        _of_nobody(world, plan, ticket, rng)


def _of_staff(world: World, ticket: Ticket, rng: Random) -> None:
    person = rng.choice(world.staff.agents(ticket.service))
    ticket.requester = ticket.created_by = person
    ticket.first_name, ticket.last_name, ticket.email = person.first_name, person.last_name, person.email
    ticket.language = person.language


def _of_account(world: World, plan: Plan, ticket: Ticket, rng: Random) -> None:
    person = world.accounts[plan.account]
    ticket.requester = ticket.created_by = person
    ticket.first_name, ticket.last_name, ticket.email = person.first_name, person.last_name, person.email
    ticket.phone = world.phones.get(person.pk, "")
    ticket.language = person.language
    ticket.wants_follow_ups = bool(plan.story) or rng.random() < _FOLLOWS


def _of_nobody(world: World, plan: Plan, ticket: Ticket, rng: Random) -> None:
    """Without an account: a person known by this ticket alone."""
    english = plan.subject.language == "en"
    ticket.language = Language.ENGLISH if english else Language.FRENCH
    requester = Person(email="", language=ticket.language)
    requester.set_unusable_password()
    ticket.requester = requester
    may_hide = world.settings.anonymous_allowed and plan.source == Source.WEB and not plan.subject.personal
    ticket.anonymous = may_hide and not plan.story and rng.random() < _ANONYMOUS
    ticket.created_by = requester if plan.source in BY_CITIZENS else _taker(world, plan, ticket, rng)
    if not ticket.anonymous:
        _reach(plan, ticket, someone(rng, world.town.country, english=english), rng)
    if plan.source not in {*BY_CITIZENS, Source.PHONE}:
        ticket.priority = plan.subject.priority
    if ticket.created_by == world.staff.operator:
        ticket.priority = Priority.IMPORTANT
        ticket.status, ticket.transferred_at = Status.NOT_TRANSFERRED, None


def _taker(world: World, plan: Plan, ticket: Ticket, rng: Random) -> Person:
    """Who wrote it down."""
    by_operator = plan.source == Source.PHONE and (plan.story or rng.random() < 0.6)
    return world.staff.operator if by_operator else rng.choice(world.staff.agents(ticket.service))


def _reach(plan: Plan, ticket: Ticket, caller: Caller, rng: Random) -> None:
    ticket.first_name, ticket.last_name = caller.first_name, caller.last_name
    by_phone = plan.source in {Source.PHONE, Source.SMS, Source.LETTER}
    if rng.random() < (0.4 if by_phone else 0.85) or plan.source == Source.EMAIL:
        ticket.email = caller.email
    if by_phone or not ticket.email or rng.random() < 0.6:
        ticket.phone = caller.phone
    ticket.wants_follow_ups = bool(ticket.email) and rng.random() < _FOLLOWS


def _enclose(plan: Plan, dossier: Dossier, rng: Random) -> None:
    picture = plan.subject.picture
    if plan.source == Source.LETTER:
        scan = f"Lettre de {dossier.ticket.requester_name}, reçue le {plan.at:%d/%m/%Y}"
        dossier.enclose(["Lettre.pdf"], content=scan, by_town=False)
    elif picture and not plan.words and plan.source in BY_CITIZENS and rng.random() < _PICTURED:
        count = 2 if rng.random() < 0.15 else 1
        first = rng.randint(1200, 8900)
        dossier.enclose([f"IMG_{first + place}.jpg" for place in range(count)], content=picture, by_town=False)
