"""A ticket for somebody who is to be called back, made by the hub in the name of one of the town's team."""

from collections.abc import Iterable
from dataclasses import replace

from hub.core.errors import NotFound
from hub.people.models import Person
from hub.people.queries import managers_of, works_in
from hub.tickets.actions import create_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Category, Question, Source, Ticket
from hub.tickets.tree import Tree
from hub.towns.models import Town

_ANYTHING = ("autre", "divers", "other")


def known_keys(town: Town, keys: Iterable[str]) -> set[str]:
    """Those of the keys that stand for a ticket already."""
    return set(Ticket.objects.filter(town=town, key__in=list(keys)).values_list("key", flat=True))


def create_call_back(
    *, town: Town, actors: Iterable[Person | None], person: Person, phone: str, words: str, key: str
) -> Ticket:
    """« Rappeler … »: urgent, with the person as requester. The same `key` again gives the same ticket.

    `actors`: in whose name, the first who still works there, else who manages the town. Raises `NotFound` where nobody
    does, or where the town has no category; and as `create_ticket`.
    """
    actor = next((one for one in (*actors, *managers_of(town)) if one is not None and works_in(one, town)), None)
    category = _category(town)
    if actor is None or category is None:
        raise NotFound
    told = Draft(category.pk, words, key=key, source=Source.PHONE, priority="urgent")
    try:
        return create_ticket(actor=actor, town=town, draft=replace(told, requester_id=person.pk))
    except NotFound:  # who works for the town, or whose address nobody has proven, is no citizen of the list
        contact = Contact(person.first_name, person.last_name, phone=phone)
        return create_ticket(actor=actor, town=town, draft=replace(told, contact=contact))


def _category(town: Town) -> Category | None:
    """One that asks nothing, and stands for anything if there is such a one."""
    asking = set(Question.objects.filter(category__town=town, required=True).values_list("category_id", flat=True))
    free = [leaf for leaf in Tree(town).leaves() if leaf.pk not in asking]
    return next((leaf for leaf in free if leaf.name.casefold().startswith(_ANYTHING)), next(iter(free), None))
