"""Who writes to the demo's towns without an account: names, and ways to be reached that lead nowhere."""

from dataclasses import dataclass
from random import Random

from hub.core.folding import folded

_QUEBEC_FIRST = (
    "Marie-Ève", "Jean-François", "Sylvie", "Normand", "Ginette", "Réjean", "Chantal", "Martin", "Josée", "Alain",
    "Véronique", "Stéphane", "Isabelle", "Yvon", "Lise", "Gaétan", "Mélanie", "Patrick", "Nathalie", "Denis",
    "Karine", "Éric", "Francine", "Sébastien", "Diane", "Marc-André", "Julie", "Gilles", "Annie", "Mohamed", "Nadia",
    "Pierre-Luc", "Thérèse", "Guillaume", "Lucie", "Rosalie", "Fernand", "Claudette", "Kevin", "Amélie",
)  # fmt: skip
_QUEBEC_LAST = (
    "Roy", "Bélanger", "Ouellet", "Caron", "Pelletier", "Lévesque", "Bérubé", "Dubé", "Michaud", "Landry",
    "Morin", "Thibault", "Desjardins", "Gendron", "Rioux", "D’Amours", "Beaulieu", "Saint-Pierre", "Lebel", "Côté",
    "Plourde", "Sirois", "Malenfant", "Castonguay", "Nguyen", "Benali", "Théberge", "April", "Vaillancourt", "Turcotte",
)  # fmt: skip
_FRANCE_FIRST = (
    "Martine", "Philippe", "Sylvie", "Christophe", "Monique", "Laurent", "Aurélie", "Michel", "Céline", "Nicolas",
    "Brigitte", "David", "Émilie", "Jacqueline", "Mehdi", "Hugo", "Fatima", "Olivier", "Colette", "Antoine",
    "Stéphanie", "Bernard", "Inès", "Romain", "Yvette", "Samuel", "Léa", "Pascal", "Danielle", "Lucas", "Awa",
    "Maxime", "Odile", "Baptiste", "Zoé", "Roger", "Manuela", "Cédric", "Anne-Laure", "Georges",
)  # fmt: skip
_FRANCE_LAST = (
    "Bernard", "Robin", "Garnier", "Faure", "Rousseau", "Blanc", "Chevalier", "Perrin", "Lambert", "Bonnet",
    "Dupuis", "Marchal", "Vidal", "Barbier", "Renaud", "Colin", "Da Silva", "Leroux", "Brunet", "Picard",
    "Traoré", "Masson", "Noël", "Humbert", "Bouvier", "Lemoine", "Haddad", "Rolland", "Pichon", "Guérin",
)  # fmt: skip
_ENGLISH = (
    ("Margaret", "Ross"), ("Kevin", "O’Brien"), ("Susan", "Fraser"), ("Brian", "MacDonald"), ("Emily", "Campbell"),
    ("Doug", "Henderson"), ("Priya", "Sharma"), ("Linda", "Blackburn"),
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """Somebody who writes or calls."""

    first_name: str
    last_name: str
    email: str
    phone: str


def someone(rng: Random, country: str, *, english: bool = False) -> Caller:
    """A name, with an address and a number that nobody has."""
    if english:
        first, last = rng.choice(_ENGLISH)
    elif country == "CA":
        first, last = rng.choice(_QUEBEC_FIRST), rng.choice(_QUEBEC_LAST)
    else:
        first, last = rng.choice(_FRANCE_FIRST), rng.choice(_FRANCE_LAST)
    local = f"{_plain(first)}.{_plain(last)}"
    return Caller(first, last, f"{local}@courriel.example", _phone(rng, country))


def _plain(name: str) -> str:
    return folded(name).replace("'", "").replace(" ", "-")


def _phone(rng: Random, country: str) -> str:
    """Among the numbers that are kept for stories: 555-01xx, and in France those of the 6 39 98."""
    if country == "CA":
        return f"+1{rng.choice(('418', '581', '367'))}55501{rng.randint(0, 99):02d}"
    return f"+33{rng.choice(('63998', '19900', '26191', '35301'))}{rng.randint(0, 9999):04d}"
