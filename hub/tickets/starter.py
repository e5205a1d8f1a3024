"""The categories that most towns begin with (S90), in two levels, with their English names, delays and questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core.errors import Conflict
from hub.tickets.models import Answering, Category, Question
from hub.towns.models import Country, Service, Town


@dataclass(frozen=True)
class Ask:
    """A question. `choices`: pairs of French and English words, of a choice only."""

    text: str
    text_en: str
    answering: Answering = Answering.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Leaf:
    """What a ticket is made on. `in_france`: its two names there, where they are others."""

    name: str
    name_en: str
    icon: str
    delay_days: int
    public: bool = False
    asks: tuple[Ask, ...] = ()
    in_france: tuple[str, str] | None = None

    def names_in(self, town: Town) -> tuple[str, str]:
        """Its French and its English name there."""
        return self.in_france if self.in_france and town.country == Country.FRANCE else (self.name, self.name_en)

    def label_in(self, town: Town) -> str:
        """Its name there, in the reader's language."""
        return self.names_in(town)[(get_language() or "fr").startswith("en")]


@dataclass(frozen=True)
class Branch:
    """Categories that one service mostly answers for; `key` names it in `create_starter`'s `services`."""

    key: str
    name: str
    name_en: str
    icon: str
    leaves: tuple[Leaf, ...]

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if (get_language() or "fr").startswith("en") else self.name


STARTER = (
    Branch("streets", "Rues et trottoirs", "Streets and sidewalks", "road", (
        Leaf("Voies de circulation", "Roads and sidewalks", "road", 10, public=True, asks=(
            Ask("Où est-ce abîmé ?", "Where is the damage?", Answering.CHOICE, (
                ("Chaussée", "Roadway"), ("Trottoir", "Sidewalk"), ("Piste cyclable", "Bike path"),
            )),
        )),
        Leaf("Éclairage", "Lighting", "lamp", 10, public=True, asks=(
            Ask("Que fait le lampadaire ?", "What does the street light do?", Answering.CHOICE, (
                ("Il est éteint", "It is off"), ("Il clignote", "It flickers"),
                ("Il reste allumé le jour", "It stays on by day"), ("Il est abîmé", "It is damaged"),
            )),
            Ask("Numéro inscrit sur le lampadaire", "Number on the street light"),
        )),
        Leaf("Déneigement", "Snow removal", "snow", 2, public=True, asks=(
            Ask("Qu’est-ce qui est à dégager ?", "What is to be cleared?", Answering.CHOICE, (
                ("Rue", "Street"), ("Trottoir", "Sidewalk"), ("Arrêt d’autobus", "Bus stop"),
                ("Entrée d’un bâtiment municipal", "Entrance of a municipal building"),
            )),
        )),
        Leaf("Signalisation", "Road signs and signals", "sign", 5, public=True, asks=(
            Ask("De quoi s’agit-il ?", "What is it about?", Answering.CHOICE, (
                ("Panneau", "Sign"), ("Feu", "Traffic light"), ("Marquage au sol", "Road marking"),
            )),
        )),
    )),
    Branch("water", "Eau et égouts", "Water and sewers", "drop", (
        Leaf("Aqueduc", "Water supply", "drop", 2, public=True, in_france=("Eau potable", "Drinking water"), asks=(
            Ask("L’eau coule-t-elle sur la voie publique ?", "Does water run onto the street?", Answering.YES_NO),
        )),
        Leaf("Égouts", "Sewers", "wave", 3, public=True),
    )),
    Branch("waste", "Déchets et propreté", "Waste and cleanliness", "bin", (
        Leaf("Déchets", "Garbage", "bin", 3, asks=(
            Ask("Depuis quel jour ?", "Since which day?"),
        )),
        Leaf("Recyclage", "Recycling", "refresh", 3),
        Leaf("Compost", "Compost", "leaf", 3),
        Leaf("Propreté", "Cleanliness", "broom", 5, public=True, asks=(
            Ask("Qu’avez-vous vu ?", "What did you see?", Answering.CHOICE, (
                ("Dépôt sauvage", "Illegal dumping"), ("Tag ou affiche", "Graffiti or poster"),
                ("Poubelle pleine", "Full bin"), ("Autre chose", "Something else"),
            )),
        )),
    )),
    Branch("nature", "Nature et animaux", "Nature and animals", "tree", (
        Leaf("Arbres et végétaux", "Trees and plants", "tree", 15, public=True),
        Leaf("Animaux", "Animals", "paw", 3, asks=(
            Ask("L’animal est-il blessé ou dangereux ?", "Is the animal hurt or dangerous?", Answering.YES_NO,
                required=True),
        )),
    )),
    Branch("places", "Bâtiments et équipements", "Buildings and facilities", "town", (
        Leaf("Bâtiments municipaux", "Municipal buildings", "town", 15),
        Leaf("Mobilier urbain", "Street furniture", "bench", 20, public=True),
        Leaf("Équipement sportif", "Sports facilities", "ball", 15, public=True),
        Leaf("Structures de jeu", "Playgrounds", "swing", 5, public=True, asks=(
            Ask("Un enfant peut-il s’y blesser ?", "Could a child get hurt there?", Answering.YES_NO, required=True),
        )),
    )),
)  # fmt: skip


def create_starter(town: Town, services: Mapping[str, Service]) -> list[Category]:
    """Give the town these categories; the leaves, in order.

    `services`: who answers for a branch, by its key; a branch that is not named there has no service of its own.
    Raises `Conflict` when the town has a category already.
    """
    with transaction.atomic():
        Town.objects.select_for_update(no_key=True).get(pk=town.pk)  # two clicks at once make one set
        if town.ticket_categories.exists():
            raise Conflict(_("Cette commune a déjà ses catégories."))
        branches = Category.objects.bulk_create(
            Category(
                town=town, name=branch.name, name_en=branch.name_en, icon=branch.icon, position=position,
                service=services.get(branch.key),
            )
            for position, branch in enumerate(STARTER, 1)
        )  # fmt: skip
        leaves = Category.objects.bulk_create(
            _leaf(town, parent, leaf, position)
            for branch, parent in zip(STARTER, branches, strict=True)
            for position, leaf in enumerate(branch.leaves, 1)
        )
        asked = [leaf.asks for branch in STARTER for leaf in branch.leaves]
        Question.objects.bulk_create(
            _question(category, ask, position)
            for category, asks in zip(leaves, asked, strict=True)
            for position, ask in enumerate(asks, 1)
        )
    return leaves


def _leaf(town: Town, parent: Category, leaf: Leaf, position: int) -> Category:
    name, name_en = leaf.names_in(town)
    return Category(
        town=town, parent=parent, name=name, name_en=name_en, icon=leaf.icon, position=position,
        delay_days=leaf.delay_days, public_allowed=leaf.public,
    )  # fmt: skip


def _question(category: Category, ask: Ask, position: int) -> Question:
    return Question(
        category=category, text=ask.text, text_en=ask.text_en, answering=ask.answering, required=ask.required,
        choices=[{"fr": french, "en": english} for french, english in ask.choices], position=position,
    )  # fmt: skip
