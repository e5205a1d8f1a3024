"""What citizens follow, what staff keep at hand, and what people are told of the last days."""

from datetime import timedelta

from hub.conversations.models import Message, Side, Visibility
from hub.core.clock import standing_at
from hub.core.ids import new_secret
from hub.demo.tickets.dossier import Dossier
from hub.demo.tickets.world import World
from hub.people.models import Person
from hub.streams.actions import unit
from hub.tickets import filters, queries, rules
from hub.tickets.actions.telling import ring_requester, ring_staff
from hub.tickets.filters import Filters, Order, Tab
from hub.tickets.models import OPEN, Favourite, Follower, Priority, SavedView, Watcher

_FRESH = timedelta(days=2)


def follow(world: World, dossiers: list[Dossier]) -> None:
    """Others follow public tickets: with an account, or by an address. Before they are stored."""
    rng = world.rng("followers")
    for dossier in dossiers:
        if not rules.is_open_to_all(dossier.ticket):
            continue
        for person in rng.sample(list(world.accounts.values()), rng.choice((0, 0, 0, 0, 1, 2))):
            if person != dossier.ticket.requester and (not person.has_usable_password() or rng.random() < 0.5):
                _follow(world, dossier, person=person)
        for _time in range(rng.choice((0, 0, 0, 0, 1, 2))):
            _follow(world, dossier, email=f"voisin{rng.randint(100, 99_999)}@courriel.example")


def _follow(world: World, dossier: Dossier, *, person: Person | None = None, email: str = "") -> None:
    ticket = dossier.ticket
    at = ticket.created_at + (min(world.present, ticket.created_at + timedelta(days=3)) - ticket.created_at) * 0.5
    follower = Follower(
        ticket=ticket, person=person, email=email, language=person.language if person else "fr",
        secret=new_secret(), created_at=at, confirmed_at=at,
    )  # fmt: skip
    dossier.followers.append(follower)
    ticket.follower_count += 1


def keep_at_hand(world: World, accounts: list[Person]) -> None:
    """Stars, watched tickets and a view of the board for those of the staff whom one may be."""
    views = _views(world)
    for person in accounts:
        rng = world.rng("stars", person.email)
        mine = queries.desk_tickets(person, world.town).filter(status__in=OPEN).order_by("pk")
        starred = rng.sample(list(mine), min(5, len(mine)))
        Favourite.objects.bulk_create(Favourite(person=person, ticket=ticket) for ticket in starred)
        Watcher.objects.bulk_create(Watcher(person=person, ticket=ticket) for ticket in starred[:2])
        SavedView.objects.bulk_create(
            SavedView(town=world.town, person=person, name=name, filters=filters.memory(kept))
            for name, kept in views.items()
        )


def _views(world: World) -> dict[str, Filters]:
    outside = [world.categories[name].pk for name in ("Voies de circulation", "Signalisation", "Éclairage")]
    return {
        "Tournée du matin": Filters(Tab.OPEN, Order.DUE, categories=tuple(sorted(outside)), internal="without"),
        "Ce qui presse": Filters(
            Tab.OPEN, Order.PRIORITY, priorities=(int(Priority.URGENT), int(Priority.VERY_IMPORTANT))
        ),
    }


def ring(world: World, dossiers: list[Dossier]) -> None:
    """The bells of the last days, as the actions would have rung them; of what is older, all has been read."""
    accounts = set(world.accounts.values())
    for dossier in dossiers:
        ticket, said = dossier.ticket, _last(dossier)
        if said is None or said.at < world.present - _FRESH or ticket.closed:
            continue
        with standing_at(said.at), unit() as work:
            if said.side == Side.REQUESTER:
                told = queries.staff_with_news(ticket)
                ring_staff(work, ticket, "ticket_answered", told, ticket.requester, said.body)
            elif ticket.requester in accounts:
                ring_requester(work, ticket, "ticket_follow_up", said.author, said.body)


def _last(dossier: Dossier) -> Message | None:
    """What was last said between town hall and requester."""
    external = [message for message in dossier.messages if message.visibility == Visibility.EXTERNAL]
    return external[-1] if external else None
