"""What demands are made of: the things that people write about, and what the town hall says to them.

In all texts, braces stand for what each ticket has of its own (`hub.demo.tickets.wording`): {no} and {rue} of its
place, with an article {la_rue} and {de_rue}, the street it meets {coin} and {de_coin}, its {parc}; {jour}, a day of the
week before it was written, {bientot}, one after; {n}, a small number in letters; {poteau}, one on a lamp post.
"""

from dataclasses import dataclass

from hub.tickets.models import Priority, TicketKind

ALL_YEAR = tuple(range(1, 13))
SNOW = (12, 1, 2, 3)
THAW = (3, 4, 5)
SUMMER = (6, 7, 8)
WARM = (4, 5, 6, 7, 8, 9, 10)
AUTUMN = (10, 11)
SCHOOL = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Subject:
    """One thing that people write about.

    `words`: ways to say it; as for every ticket, the first sentence becomes the title. `done`: what the town says in
    the end; as many as `words`: each answers its own. `refused`: why it may be declined. `answers`, `notes`, `says`:
    what the town, the colleagues among themselves and the requester say on the way; without any, what is said of its
    `field`. `replied`: to the questions of its category, in their order.
    """

    category: str
    field: str
    words: tuple[str, ...]
    done: tuple[str, ...]
    season: tuple[int, ...] = ALL_YEAR
    rural: bool = False  # on a road outside the village
    kind: TicketKind = TicketKind.REQUEST
    priority: Priority = Priority.IMPORTANT
    refused: str = ""
    answers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    replied: tuple[str, ...] = ()
    picture: str = ""
    personal: bool = False  # nobody would make it public
    internal: bool = False  # written by the town hall for itself
    language: str = "fr"
    often: float = 1  # beside the others of its season
    hand: str = ""  # the service to which it is handed on


@dataclass(frozen=True)
class Field:
    """What is said of all that is of one sort, when a subject says nothing of its own."""

    answers: tuple[str, ...]
    notes: tuple[str, ...]
    says: tuple[str, ...]
