"""Fills the braces of a subject's texts with what one ticket has of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hub.demo.tickets.places import Land, Point, Spot

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_NUMBERS = ("deux", "trois", "quatre", "cinq")


@dataclass(frozen=True)
class Wording:
    """What stands for the braces of one ticket's texts. `working`: the town's working day, so many after a day."""

    spot: Spot
    before: str
    few: str
    post: str
    working: Callable[[date, int], date]

    def fill(self, text: str, day: date) -> str:
        """The text as it was written on that day."""
        street = self.spot.street
        name, article = street.name, street.with_article
        return text.format(
            no=self.spot.number, rue=name, Rue=_capital(name), la_rue=article, La_rue=_capital(article),
            de_rue=street.of, sur_rue=f"sur {article}", coin=self.spot.crossing.name,
            de_coin=self.spot.crossing.of, parc=self.spot.park, jour=self.before, n=self.few, poteau=self.post,
            bientot=DAYS[self.working(day, 3).weekday()], street=name, other_street=self.spot.crossing.name,
        )  # fmt: skip

    def place(self, template: str, land: Land) -> tuple[str, Point | None]:
        """The address and the point that a text speaks of; none when it is of nowhere."""
        spot = self.spot
        if "{parc}" in template:
            return _capital(spot.park), spot.at_park
        if "coin}" in template or "{other_street}" in template:
            return f"{_capital(spot.street.name)} et {spot.crossing.name}", spot.at_crossing
        if "rue}" in template or "{street}" in template:
            return f"{spot.number}, {spot.street.name}", spot.at_house
        for called, address, x, y in land.halls:
            if called.lower() in template.lower():
                return address, land.point(x, y)
        return "", None


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def words_for(spot: Spot, rng: Random, day: date, working: Callable[[date, int], date]) -> Wording:
    """The braces of a ticket made on that day at that place."""
    before = day - timedelta(days=rng.randint(1, 4))
    if before.weekday() > 4:
        before -= timedelta(days=before.weekday() - 4)
    post = f"{rng.choice('ABCDEFGH')}{rng.randint(10, 480)}"
    return Wording(spot, DAYS[before.weekday()], rng.choice(_NUMBERS), post, working)
