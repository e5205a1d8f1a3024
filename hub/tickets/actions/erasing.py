"""Identity goes, the ticket stays (S98): who asked is nobody any more, what was asked and answered remains."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from hub.conversations.actions.reply_addresses import forget_reply_addresses
from hub.conversations.models import Conversation, Message, Side
from hub.conversations.queries import describe
from hub.core.clock import now
from hub.deliveries.actions import forget_thread
from hub.files.models import StoredFile
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.streams.actions import Unit, restate, unit
from hub.tickets import mail, queries, rules
from hub.tickets.actions.citizens import unfollow
from hub.tickets.actions.locking import locked
from hub.tickets.actions.telling import keep_change, renew_follow_up, tell_changed
from hub.tickets.actions.trail import last_change, note_changes
from hub.tickets.identity import CONTACT, check_erasable, is_known, theirs
from hub.tickets.models import BoardMemory, Change, Favourite, Follower, SavedView, Ticket, Watcher
from hub.tickets.tree import Tree
from hub.towns.models import Town


def erase_requester(*, actor: Person, number: str) -> int:
    """Who answers for the town erases a requester without an account, on all of the town's tickets that are theirs.

    Returns how many tickets there were. Safe to call again: then there are none. Raises `NotFound`, `Forbidden`,
    `Conflict` (they have an account, which they close themselves), `Invalid` (it is anonymous or internal).
    """
    seen = queries.access_work(actor, number)
    check_erasable(seen)
    person, found = seen.ticket.requester, theirs(seen.ticket)
    if not is_known(seen.ticket):
        return 0
    addresses = list(found.exclude(email="").values_list("email", flat=True))
    follows = Follower.objects.filter(ticket__town=seen.ticket.town).filter(Q(person=person) | Q(email__in=addresses))
    with unit() as work:
        return _erase(work, person, _nobody(person), found, follows, by=actor)


def forget_person(person: Person) -> None:
    """An account is being closed: its tickets remain without it, in every town; nothing is followed or kept at hand.

    In the transaction of the closing. Internal tickets are their work, not their demands: those keep their name.
    """
    asked = Ticket.objects.filter(requester=person, internal=False)
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    follows = Follower.objects.filter(Q(person=person) | Q(email__in=list(addresses)))
    with unit() as work:
        heir = Person.objects.create_user("", language=person.language) if asked.exists() else person
        _erase(work, person, heir, asked, follows, by=None)
    for model in (Favourite, Watcher, SavedView, BoardMemory):
        model._default_manager.filter(person=person).delete()


def _nobody(person: Person) -> Person:
    """Whose the tickets are from now on: who is known by them alone stays, without a name; else somebody new."""
    if person.email or person.memberships.exists() or person.phones.exists():
        return Person.objects.create_user("", language=person.language)
    person.first_name = person.last_name = ""
    person.save(update_fields=["first_name", "last_name"])
    return person


def _erase(
    work: Unit, person: Person, heir: Person, found: QuerySet[Ticket], follows: QuerySet[Follower], *, by: Person | None
) -> int:  # fmt: skip
    """`found`: the tickets that remain without them; `follows`: what they hear of no more. How many remain."""
    rows, since = _held(found, follows), last_change()
    addresses = {getattr(row, name) for row in rows for name in ("email", "phone", "phone2")} - {""}
    forget_thread(references=[mail.thread_of(row) for row in rows], addresses=addresses)
    forget_reply_addresses([row.conversation_id for row in rows], addresses)
    for row in rows:
        _forget(row, person, heir)
        keep_change(row, by or heir, "erased", at=row.changed_at)
        _forget_words_of(row, person, heir)
        tell_changed(work, row)
    for follower in follows:
        unfollow(secret=follower.secret)
    for row in rows:
        note_changes(row, since)
    return len(rows)


def _held(found: QuerySet[Ticket], follows: QuerySet[Follower]) -> list[Ticket]:
    """Those of `found`, locked; town by town, with those that are followed, in the order of their ids."""
    theirs = set(found.values_list("pk", flat=True))
    held = Ticket.objects.filter(pk__in=theirs | set(follows.values_list("ticket", flat=True)))
    towns = Town.objects.filter(pk__in=held.values("town")).order_by("pk")
    return [row for town in towns for row in locked(held.filter(town=town), town) if row.pk in theirs]


def _forget(row: Ticket, person: Person, heir: Person) -> None:
    """Of the ticket itself. What they wrote stays, with the address of the place: it is what the town works on."""
    for name in CONTACT:
        setattr(row, name, "")
    row.wants_follow_ups, row.requester, row.changed_at = False, heir, now()
    if row.talk is not None:
        _unname(row, row.talk)
        row.talk = None  # it leads to somebody with a name
    if row.created_by_id == person.pk:
        row.created_by = heir
    tree = Tree(row.town)
    category = tree.get(row.category_id)
    row.words = rules.search_words(row, [one.name for one in tree.path(category)] if category else ())
    row.save()


def _unname(row: Ticket, talk: Conversation) -> None:
    """The conversation that it was made of says so; it no longer says which one, nor do open pages read it again."""
    for line in Message.objects.filter(conversation=talk, system__code="ticket", system__name=row.number):
        line.system = {**(line.system or {}), "name": "—"}
        line.save(update_fields=["system"])
        told = describe(line, "")
        restate(talk.topic, [told.event_name], f'{{"id":{line.pk},', told)


def _forget_words_of(row: Ticket, person: Person, heir: Person) -> None:
    """Of what was said and done on it: who said it is nobody, also in what open pages may read again."""
    said = Message.objects.filter(conversation=row.conversation_id, side=Side.REQUESTER)
    said.filter(author=person).update(author=heir)
    Conversation.objects.filter(pk=row.conversation_id, last_author=person).update(last_author=heir)
    Change.objects.filter(ticket=row, actor=person).update(actor=heir)
    StoredFile.objects.filter(ticket_file__ticket=row, owner=person).update(owner=heir)
    Notification.objects.filter(subject=row.staff_topic, actor=person).update(actor=None)
    Notification.objects.filter(subject=row.topic, person=person).delete()
    for message in said:
        renew_follow_up(row, message)
