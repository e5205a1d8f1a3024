"""Making a ticket: the one way in, whoever brings it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.conversations.models import Conversation, Kind
from hub.conversations.rules import clean_key
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, RateLimited
from hub.core.ids import new_key
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.people.models import Language, Person, Role
from hub.people.queries import access_citizen
from hub.people.rules import is_staff
from hub.streams.actions import Unit, unit
from hub.tickets import mail, queries, reaching, rules
from hub.tickets.actions.numbering import new_secret, next_number
from hub.tickets.actions.telling import keep_change, tell_created
from hub.tickets.actions.trail import note_changes
from hub.tickets.drafts import Contact, Draft, Place, clean_answers, clean_contact, clean_place
from hub.tickets.models import Category, DeskSettings, Priority, Source, Status, Ticket, TicketFile
from hub.tickets.rules import Reader
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town


@dataclass
class _New:
    """A ticket on its way in: what was asked, checked, and who asks."""

    actor: Person | None
    town: Town
    who: Reader
    settings: DeskSettings
    tree: Tree
    draft: Draft
    category: Category
    description: str
    place: Place
    answers: list[dict[str, Any]]
    contact: Contact
    requester: Person | None  # None: a person is made, who has no account
    came_by: Source | None = None  # what the edge knows of it, and no form has asked
    stored: list[StoredFile] = field(default_factory=list)

    @property
    def by_staff(self) -> bool:
        return is_staff(self.who.roles)


def create_ticket(*, actor: Person | None, town: Town, draft: Draft, came_by: Source | None = None) -> Ticket:
    """Make a ticket. Safe to call again with the same key: the same ticket, and no second one.

    `actor` None: somebody without an account (S19); the edge limits how often. `came_by`: the way that it came by
    itself, without a form: nobody was asked the category's questions. Raises `Invalid` with the field, `Forbidden`
    (what only staff may ask for), `Conflict` (the key stands for another ticket), `RateLimited`.
    """
    key = clean_key(draft.key or new_key())
    if known := Ticket.objects.filter(town=town, key=key).first():
        return _same(known, actor, draft)
    new = _checked(actor, town, draft, came_by)
    if actor is not None:
        limits.hit(limits.STAFF_TICKETS if new.by_staff else limits.TICKETS, actor.pk)
    # Before the transaction: others wait for its number, and pictures take their time.
    requester = new.requester or Person.objects.create_user("", language=_language(new, None))
    new.stored = _store(new, requester)
    try:
        with unit() as work:
            return _make(work, new, requester, key)
    except IntegrityError:
        known = Ticket.objects.filter(town=town, key=key).first()
        if known is None:
            raise
        return _same(known, actor, draft)


def _same(known: Ticket, actor: Person | None, draft: Draft) -> Ticket:
    """The ticket that the same key made. Raises `Conflict` when it was another's, or said other things."""
    mine = known.created_by_id == actor.pk if actor and not known.anonymous else not known.requester.email
    if not mine or known.description != rules.clean_description(draft.description):
        raise Conflict(_("Cette clé désigne déjà une autre demande."))
    return known


# What may be asked for.


def _checked(actor: Person | None, town: Town, draft: Draft, came_by: Source | None) -> _New:
    who = queries.reader_of(actor, town)
    by_staff = is_staff(who.roles)
    if not by_staff:
        _check_citizen(draft)
    settings, tree = queries.desk_settings(town), Tree(town)
    category = tree.chosen(draft.category_id, by_citizens=not by_staff)
    if draft.public:
        rules.check_public(allowed=category.public_allowed, internal=draft.internal)
    if draft.anonymous:
        rules.check_anonymous(allowed=settings.anonymous_allowed)
    requester, contact = _requester(actor, town, draft, by_staff=by_staff)
    mobile = reaching.sms_instead(contact, town.country) if draft.sms_will_do else None
    rules.check_follow_ups(
        wanted=draft.wants_follow_ups, anonymous=draft.anonymous, email=contact.email, mobile=mobile
    )  # fmt: skip
    return _New(
        actor=actor, town=town, who=who, settings=settings, tree=tree, draft=draft, category=category,
        description=rules.clean_description(draft.description), place=clean_place(draft.place),
        answers=[] if came_by else clean_answers(tree.questions(category), draft.answers), contact=contact,
        requester=requester, came_by=came_by,
    )  # fmt: skip


def _check_citizen(draft: Draft) -> None:
    """Raises `Forbidden` when a citizen asks for what is the town hall's."""
    staffs = (
        draft.internal, draft.hold, draft.priority, draft.service_id, draft.requester_id, draft.task_of,
        draft.sms_will_do,
    )  # fmt: skip
    if any(staffs) or draft.source not in {Source.WEB, Source.API}:
        raise Forbidden


def _requester(actor: Person | None, town: Town, draft: Draft, *, by_staff: bool) -> tuple[Person | None, Contact]:
    """Whose demand it is, and how to reach them."""
    if draft.anonymous:
        return None, Contact()
    given = clean_contact(draft.contact, town.country) if draft.contact else Contact()
    if by_staff and not draft.internal:
        if draft.requester_id is not None and actor is not None:
            person = access_citizen(actor, town, draft.requester_id)
            return person, _filled(given, person)
        if draft.contact:
            return queries.owner_of(given.email), given
    if actor is None:
        _check_reachable(given, draft)
        return None, given
    return actor, _filled(given, actor)


def _check_reachable(given: Contact, draft: Draft) -> None:
    """Who has no account says who they are (S85); to remain unknown there is the box for it (S99)."""
    if not given.last_name and not given.first_name:
        raise Invalid(_("Donnez votre nom."), field="last_name")
    if not given.email and not given.phone:
        raise Invalid(_("Donnez un courriel ou un téléphone, pour que la mairie puisse vous répondre."), field="email")


def _filled(given: Contact, person: Person) -> Contact:
    """What was not given stands in the account."""
    phones = [phone.number for phone in person.phones.all()[:2]] + ["", ""]
    return Contact(
        given.first_name or person.first_name,
        given.last_name or person.last_name,
        given.email or person.email,
        given.phone or phones[0],
        given.phone2 or (phones[1] if not given.phone else ""),
    )


# Writing it down.


def _make(work: Unit, new: _New, requester: Person, key: str) -> Ticket:
    at, draft = now(), new.draft
    conversation = Conversation.objects.create(town=new.town, kind=Kind.TICKET, subject="", last_at=at)
    ticket = Ticket(
        number=next_number(new.town, new.settings.code, at), secret=new_secret(), town=new.town,
        conversation=conversation, requester=requester, key=key, kind=draft.kind,
        created_by=requester if draft.anonymous or new.actor is None else new.actor, category=new.category,
        source=Source.INTERNAL if draft.internal else new.came_by or draft.source, description=new.description,
        title=(draft.title.strip() or rules.title_of(new.description))[: rules.MAX_TITLE],
        answers=new.answers, address=new.place.address, lat=new.place.lat, lon=new.place.lon,
        first_name=new.contact.first_name, last_name=new.contact.last_name, email=new.contact.email,
        phone=new.contact.phone, phone2=new.contact.phone2, language=_language(new, requester),
        wants_follow_ups=draft.wants_follow_ups, public=draft.public, anonymous=draft.anonymous,
        internal=draft.internal, created_at=at, changed_at=at,
    )  # fmt: skip
    _settle_workflow(new, ticket)
    if _by_town(new):
        ticket.town_files = len(new.stored)
    else:
        ticket.requester_photos = sum(file.is_picture for file in new.stored)
    ticket.words = rules.search_words(ticket, [one.name for one in new.tree.path(new.category)])
    ticket.save(force_insert=True)
    _keep_files(new, ticket)
    keep_change(ticket, ticket.created_by, "created", after=ticket.status, at=at)
    tell_created(work, ticket)
    _write(new, ticket)
    note_changes(ticket, 0)
    return ticket


def _language(new: _New, requester: Person | None) -> str:
    """The language that the requester is written to in (S10)."""
    wanted = new.draft.language or (requester.language if requester and requester.email else "")
    here = (get_language() or "fr")[:2]
    if wanted not in Language.values:
        wanted = here if not new.by_staff and here in Language.values else Language.FRENCH
    return wanted


def _settle_workflow(new: _New, ticket: Ticket) -> None:
    """Status, service, priority and due date as they begin."""
    draft = new.draft
    held = draft.hold if new.by_staff else new.settings.operator_first
    if held and (not new.by_staff or Role.OPERATOR in new.who.roles):
        ticket.status = Status.NOT_TRANSFERRED
    else:
        ticket.status, ticket.transferred_at = Status.TRANSFERRED, ticket.created_at
    ticket.service = _service(new)
    if draft.priority:
        ticket.priority = rules.priority_named(draft.priority)
        if ticket.priority != Priority.IMPORTANT and new.who.roles.isdisjoint(_PRIORITISING):
            raise Forbidden  # operators normally don't change it (S108)
    delay = rules.longest_delay(new.tree.delays(new.category), new.settings.default_delay_days)
    calendar = queries.calendar_of(new.settings, new.town)
    ticket.due_on = calendar.add_days(queries.today_in(new.town, ticket.created_at), delay)
    if draft.task_of and new.actor is not None:
        of = queries.access_work(new.actor, draft.task_of).ticket
        if of.town_id != new.town.pk or not draft.internal:
            raise Invalid(field="task_of")
        ticket.task_of = of


_PRIORITISING = {Role.MAYOR, Role.MANAGER, Role.AGENT}


def _service(new: _New) -> Service | None:
    if new.draft.service_id is None:
        return new.tree.service(new.category)
    service = Service.objects.filter(town=new.town, pk=new.draft.service_id).first()
    if service is None:
        raise Invalid(field="service")
    return service


def _by_town(new: _New) -> bool:
    """Whose the files are: a scan of the requester's letter is the requester's."""
    source = new.came_by or new.draft.source
    return new.by_staff and source not in {Source.LETTER, Source.EMAIL, Source.WEB, Source.API}


def _store(new: _New, requester: Person) -> list[StoredFile]:
    """Photos and files of the description (S83, S84)."""
    owner = new.actor if new.actor and not new.draft.anonymous else requester
    by_form = rules.STAFF_FILES if new.by_staff else rules.WEB_FILES
    return store_files(owner, new.draft.files, rules.ANSWER_FILES if new.came_by else by_form)


def _keep_files(new: _New, ticket: Ticket) -> None:
    by_town = _by_town(new)
    TicketFile.objects.bulk_create(
        TicketFile(ticket=ticket, file=file, by_town=by_town, position=position)
        for position, file in enumerate(new.stored)
    )


def store_files(owner: Person, files: Iterable[tuple[str, Any]], extensions: Iterable[str]) -> list[StoredFile]:
    """Check and keep what came along; a file that is kept already (a letter that was looked at before) is taken as it
    is. Raises `Invalid` (too many, and as `store_file`), `RateLimited`."""
    given = list(files)
    if len(given) > rules.MAX_FILES:
        raise Invalid(_("Joignez dix fichiers au plus."), field="files")
    allowed = frozenset(extensions)
    return [
        content
        if isinstance(content, StoredFile)
        else store_file(owner=owner, name=name, content=content, extensions=allowed)
        for name, content in given
    ]


def _may_be_written_to(new: _New, ticket: Ticket) -> bool:
    """Anybody can type anybody's address: no letter box is filled from here, however many they are who try."""
    if new.by_staff or (new.requester is not None and ticket.email == new.requester.email):
        return True
    try:
        limits.hit(limits.RECEIPTS, ticket.email or ticket.phone or ticket.phone2)
    except RateLimited:
        return False
    return True


def _write(new: _New, ticket: Ticket) -> None:
    """The receipt (S88), and the service's mail (S110)."""
    if not ticket.internal and not ticket.anonymous and _may_be_written_to(new, ticket):
        mail.send_receipt(ticket)
    if ticket.status == Status.TRANSFERRED and ticket.service_id:
        mail.send_assigned(ticket, by=new.actor)
