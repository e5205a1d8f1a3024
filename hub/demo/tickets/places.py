"""Where things happen in the demo's towns: streets, parks and halls, around centres that are on no map."""

from dataclasses import dataclass
from math import cos, radians, sin
from random import Random

# How far the streets of a centre turn from the north, in degrees.
_TURN = 24
_METRES_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Point:
    """WGS 84, degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Street:
    """A straight one. `x`, `y`: its ends, in metres east and north of the centre; `last`: its highest number."""

    name: str
    x: tuple[int, int]
    y: tuple[int, int]
    last: int
    rural: bool = False

    @property
    def across(self) -> bool:
        """Whether it runs from west to east."""
        return self.y[0] == self.y[1]

    @property
    def with_article(self) -> str:
        """« la rue du Four », « le boulevard du Moulin », « l’avenue des Ormes »."""
        if self.name[0] in "aeiouéî":
            return f"l’{self.name}"
        return f"{'la' if self._feminine else 'le'} {self.name}"

    @property
    def of(self) -> str:
        """« de la rue du Four », « du boulevard du Moulin »."""
        if self._feminine or self.name[0] in "aeiouéî":
            return f"de {self.with_article}"
        return f"du {self.name}"

    @property
    def _feminine(self) -> bool:
        return self.name.split()[0] in {"rue", "route", "place", "montée"}


@dataclass(frozen=True)
class Land:
    """A town's ground. `halls`: what people call a building, its address and where it stands (metres)."""

    lat: float
    lon: float
    streets: tuple[Street, ...]
    parks: tuple[tuple[str, int, int], ...]
    halls: tuple[tuple[str, str, int, int], ...]

    def point(self, x: float, y: float) -> Point:
        """So many metres east and north of the centre, in the town's own directions."""
        turn = radians(_TURN)
        east, north = x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn)
        lat = self.lat + north / _METRES_PER_DEGREE
        lon = self.lon + east / (_METRES_PER_DEGREE * cos(radians(self.lat)))
        return Point(round(lat, 6), round(lon, 6))


@dataclass(frozen=True)
class Spot:
    """One place in a town, with all that texts may call it by."""

    number: int
    street: Street
    crossing: Street
    park: str
    at_house: Point
    at_crossing: Point
    at_park: Point


def choose(land: Land, rng: Random, *, rural: bool = False, street: str = "", number: int = 0) -> Spot:
    """A place in the town (or, `rural`, on a road outside); on `street`, at `number`, when they are given."""
    named = [one for one in land.streets if one.name == street]
    main = rng.choice(named or [one for one in land.streets if one.rural == rural])
    crossing = rng.choice([one for one in land.streets if not one.rural and one.across != main.across])
    number = number or rng.randint(1, main.last)
    share = number / main.last
    side = 9 if number % 2 else -9
    x = main.x[0] + share * (main.x[1] - main.x[0])
    y = main.y[0] + share * (main.y[1] - main.y[0])
    house = land.point(x, y + side) if main.across else land.point(x + side, y)
    meet = land.point(crossing.x[0], main.y[0]) if main.across else land.point(main.x[0], crossing.y[0])
    park, park_x, park_y = rng.choice(land.parks)
    near = land.point(park_x + rng.randint(-25, 25), park_y + rng.randint(-25, 25))
    return Spot(number, main, crossing, park, house, meet, near)


SAINT_AURELE = Land(
    47.7364, -69.2718,
    (
        Street("rue Principale", (-720, 720), (0, 0), 480),
        Street("rue de l’Église", (-300, 320), (130, 130), 64),
        Street("rue des Érables", (-520, 540), (-150, -150), 310),
        Street("rue du Couvent", (-380, 360), (260, 260), 140),
        Street("rue Saint-Jean", (-460, 480), (-290, -290), 220),
        Street("rue Labelle", (-520, 300), (390, 390), 180),
        Street("avenue du Parc", (-360, 560), (-430, -430), 150),
        Street("rue de la Gare", (-640, 420), (-560, -560), 260),
        Street("boulevard du Moulin", (-420, -420), (-700, 640), 520),
        Street("rue du Four", (-120, -120), (-320, 420), 98),
        Street("avenue des Ormes", (60, 60), (-600, 480), 240),
        Street("rue Sainte-Anne", (220, 220), (-520, 420), 210),
        Street("rue des Pionniers", (380, 380), (-480, 300), 176),
        Street("rue des Bouleaux", (520, 520), (-440, 160), 92),
        Street("rue du Pont", (-600, -600), (-560, 280), 118),
        Street("rue Dionne", (-260, -260), (-560, 400), 160),
        Street("rang Saint-Joseph", (720, 3200), (0, 900), 640, rural=True),
        Street("chemin du Lac", (-720, -2600), (300, 1700), 410, rural=True),
        Street("3e Rang", (-600, -400), (-700, -3200), 560, rural=True),
        Street("route de la Montagne", (100, 900), (640, 2900), 330, rural=True),
    ),
    (
        ("parc des Bouleaux", 610, -330),
        ("parc des Sources", -500, 470),
        ("parc du Moulin", -480, -120),
        ("parc Édouard-Dionne", -190, -470),
    ),
    (
        ("bibliothèque", "Bibliothèque, 22, rue du Couvent", -260, 270),
        ("aréna", "Aréna, 205, rue de la Gare", 190, -570),
        ("salle des Érables", "Salle des Érables, 60, rue des Érables", -310, -140),
        ("écocentre", "Écocentre, 250, rue de la Gare", 400, -580),
        ("dépôt 2", "Dépôt 2, 170, rue Labelle", 260, 400),
        ("hôtel de ville", "Hôtel de ville, 1, rue de l’Église", -290, 140),
        ("école", "École Notre-Dame, 30, rue du Couvent", -200, 270),
    ),
)  # fmt: skip

VALBOURG = Land(
    47.2086, 4.1182,
    (
        Street("rue de la République", (-520, 540), (0, 0), 118),
        Street("rue Victor-Hugo", (-360, 420), (-140, -140), 76),
        Street("rue du Château", (-300, 260), (150, 150), 42),
        Street("avenue de la Gare", (-200, 620), (-300, -300), 94),
        Street("rue Pasteur", (-420, 360), (-440, -440), 68),
        Street("rue Saint-Martin", (-340, 300), (280, 280), 54),
        Street("quai Foch", (-480, 460), (-560, -560), 48),
        Street("rue des Acacias", (-260, 520), (400, 400), 60),
        Street("rue Jean-Jaurès", (-330, -330), (-520, 380), 88),
        Street("rue du Moulin", (-180, -180), (-560, 300), 62),
        Street("rue de la Fontaine", (-40, -40), (-460, 420), 70),
        Street("rue du Lavoir", (110, 110), (-420, 300), 36),
        Street("cours Gambetta", (250, 250), (-500, 380), 82),
        Street("allée des Tilleuls", (390, 390), (-380, 260), 40),
        Street("rue des Prés", (-460, -460), (-420, 240), 52),
        Street("rue de l’École", (20, 20), (160, 460), 24),
        Street("chemin des Vignes", (540, 1900), (120, 820), 140, rural=True),
        Street("route de Saint-Rémy", (-520, -2400), (0, 300), 210, rural=True),
        Street("chemin du Bois-Joli", (-200, -700), (460, 1700), 96, rural=True),
        Street("route des Étangs", (300, 900), (-560, -2100), 180, rural=True),
    ),
    (
        ("square des Tilleuls", 420, -80),
        ("jardin du Château", -240, 190),
        ("parc de la Fontaine", -90, 330),
        ("square Jean-Moulin", 170, -360),
    ),
    (
        ("halle", "Halle, place du Marché", 60, 40),
        ("place", "Place du Marché", 70, 20),
        ("gymnase", "Gymnase, 3, rue de l’École", 30, 200),
        ("bibliothèque", "Bibliothèque, 12, rue Saint-Martin", -200, 290),
        ("salle des fêtes", "Salle des fêtes, 20, cours Gambetta", 260, -280),
        ("cimetière", "Cimetière, chemin du Bois-Joli", -230, 520),
        ("église", "Église Saint-Martin", -60, 230),
        ("stade", "Stade municipal, route des Étangs", 330, -640),
        ("skatepark", "Skatepark, route des Étangs", 350, -660),
        ("école", "École, 8, rue de l’École", 30, 260),
        ("mairie", "Mairie, 2, place de la Mairie", -20, 120),
        ("silo", "Services techniques, route des Étangs", 360, -720),
    ),
)  # fmt: skip
