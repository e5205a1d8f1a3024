"""Groups and live chats as cards show them (S50), on the portal, among one's groups and at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from hub.conversations import group_words, inbox, queries, rules
from hub.conversations.models import Conversation, Kind, Participant, Report
from hub.conversations.thread import place
from hub.people.models import Person
from hub.people.queries import mayor_of
from hub.people.rules import Roles
from hub.streams import queries as streams
from hub.towns.models import Town

PAST_LIVES = 20


@dataclass(frozen=True)
class Card:
    """One group or live chat. `part`: the reader's own in it, if any; `reports`: how many wait to be looked at."""

    conversation: Conversation
    part: Participant | None
    reports: int = 0

    @property
    def url(self) -> str:
        """Where the reader goes from the card: into the thread, or to its door."""
        if self.part is not None:
            return inbox.url_of(self.part)
        return reverse("enter", args=[self.conversation.pk])

    @property
    def closed(self) -> bool:
        """Whether one may only read there."""
        return self.conversation.closed_at is not None

    @property
    def news(self) -> int:
        """How many messages wait for the reader."""
        return self.part.news if self.part else 0

    @property
    def created(self) -> str:
        return group_words.created(self.conversation)

    @property
    def last_message(self) -> str:
        return group_words.last_message(self.conversation)

    @property
    def posts(self) -> str:
        return group_words.posts(self.conversation)

    @property
    def members(self) -> str:
        return group_words.members(self.conversation)


@dataclass(frozen=True)
class TownGroups:
    """One town's groups on a citizen's page, and its live chat while it is open."""

    town: Town
    groups: list[Card]
    live: Card | None
    may_make: bool
    may_propose: bool
    nothing: str


def cards(person: Person, conversations: Iterable[Conversation]) -> list[Card]:
    """These conversations, in their order, as this person sees them."""
    found = list(conversations)
    parts = queries.parts_in(person, found)
    for conversation in found:
        if part := parts.get(conversation.pk):
            part.conversation, part.person = conversation, person
    return [Card(conversation, parts.get(conversation.pk)) for conversation in found]


def latest_groups(person: Person, town: Town, *, most: int) -> list[Card]:
    """The open groups where somebody wrote last."""
    return cards(person, queries.groups_of(town).filter(closed_at=None)[:most])


def open_live(person: Person, town: Town) -> Card | None:
    """The town's live chat, while it is open."""
    found = queries.open_live_of(town)
    return cards(person, [found])[0] if found else None


def past_lives(person: Person, town: Town) -> list[Card]:
    """The live chats that are over, the latest first."""
    over = Conversation.objects.filter(town=town, kind=Kind.LIVE, closed_at__isnull=False).select_related("town")
    return cards(person, over.order_by("-closed_at", "-pk")[:PAST_LIVES])


def for_desk(person: Person, town: Town) -> list[Card]:
    """All groups of the town, with what is reported in each."""
    waiting = Report.objects.filter(town=town, handled_at=None).order_by()
    reports = dict(waiting.values_list("message__conversation").annotate(count=Count("message", distinct=True)))
    found = cards(person, queries.groups_of(town))
    return [Card(card.conversation, card.part, reports.get(card.conversation.pk, 0)) for card in found]


def of_town(person: Person, town: Town, roles: Roles) -> TownGroups:
    """One town's part of « Groupes de discussion »."""
    mayor = mayor_of(town)
    return TownGroups(
        town=town,
        groups=cards(person, queries.groups_of(town)),
        live=open_live(person, town),
        may_make=rules.may_make_groups(roles),
        may_propose=mayor is not None and mayor != person,
        nothing=group_words.no_group(town, has_mayor=mayor is not None),
    )


# The live page.


def live_state(person: Person, shown: Iterable[Card], *, address: str, town: Town | None = None) -> dict[str, Any]:
    """What groups.js needs: which topics to read, from where, and in which words.

    Each is read from its card's own last message on: the cards were read before the topics are looked at.
    """
    known = list(shown)
    mine = {card.conversation.topic: card.conversation.last_seq for card in known if card.part is not None}
    heads = zip(mine, streams.standing(list(mine)), strict=True) if mine else ()
    return {
        "me": person.pk,
        "address": address,
        "topics": {topic: {"seq": min(mine[topic], head.seq), "epoch": head.epoch} for topic, head in heads},
        "towns": {card.conversation.town.slug: place(card.conversation.town) for card in known},
        "words": group_words.for_cards(town),
    }
