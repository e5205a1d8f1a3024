"""What people of the demo have said to their mayors in the last days."""

from dataclasses import dataclass
from datetime import timedelta

from hub.conversations.actions import mark_read, open_conversation, post_message
from hub.core.clock import now, standing_at
from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Line:
    """One message: who (citizen or mayor), how long ago, the words."""

    by_mayor: bool
    ago: timedelta
    words: str


def _ago(days: float, minutes: float = 0) -> timedelta:
    return timedelta(days=days, minutes=minutes)


BENCH = (
    Line(
        False, _ago(2, 30),
        "Bonjour Madame la maire, une latte du banc du square est cassée. Ma mère a failli tomber.",
    ),
    Line(
        True, _ago(2, -47),
        "Bonjour Bruno, merci de me prévenir. J’espère que votre mère va bien. J’envoie quelqu’un dès ce soir.",
    ),
    Line(False, _ago(2, -60), "Merci ! Elle va bien, plus de peur que de mal."),
    Line(True, _ago(0, 190), "Le banc est balisé. L’ébéniste passe mardi matin."),
    Line(False, _ago(0, 184), "Parfait, je passe le mot à la résidence."),
    Line(False, _ago(0, 25), "Une question : le portail du parc ferme à quelle heure en hiver ?"),
)  # fmt: skip

SNOW = (
    Line(False, _ago(6, 200), "Bonjour, la rue du Four n’a pas été déneigée jeudi. Est-ce que le trajet a changé ?"),
    Line(
        True, _ago(6, 20),
        "Bonjour Alice. Oui, elle passe maintenant après l’école. Le nouveau trajet est affiché en mairie.",
    ),
    Line(False, _ago(5, 900), "D’accord. Et le trottoir côté pair ?"),
    Line(True, _ago(5, 760), "Il sera fait le même jour. Dites-moi si ce n’est pas le cas."),
    Line(False, _ago(1, 300), "C’était bien fait ce matin, merci à l’équipe."),
    Line(True, _ago(1, 220), "Je leur transmets, cela leur fera plaisir."),
)  # fmt: skip

HALL = (
    Line(False, _ago(4, 500), "Bonjour Monsieur le maire, la salle des fêtes est-elle libre le samedi 12 décembre ?"),
    Line(True, _ago(4, 330), "Bonjour Chloé, elle est libre à partir de 14 h. Je vous la réserve ?"),
    Line(False, _ago(4, 300), "Oui, volontiers. Nous serons 62."),
    Line(True, _ago(3, 900), "C’est noté. Les clés vous attendent vendredi à l’accueil."),
    Line(False, _ago(3, 700), "Faut-il apporter les nappes ?"),
    Line(True, _ago(3, 640), "Non, elles sont sur place."),
    Line(False, _ago(2, 100), "Dernière question : peut-on brancher une sono ?"),
    Line(True, _ago(2, 40), "Oui, jusqu’à minuit."),
    Line(False, _ago(1, 60), "Parfait, merci pour tout."),
    Line(True, _ago(1, 50), "Avec plaisir. Belle fête à vous."),
)  # fmt: skip


def tell(people: dict[str, Person], towns: dict[str, Town]) -> None:
    """Let them say it, each line at its time; the mayors have read all but the last question."""
    for slug, citizen, lines in (
        ("saint-aurele", "bruno@citoyen.example", BENCH),
        ("saint-aurele", "alice@citoyen.example", SNOW),
        ("valbourg", "chloe@citoyen.example", HALL),
    ):
        _tell(towns[slug], people[citizen], people[f"maire@{slug}.example"], lines)


def _tell(town: Town, citizen: Person, mayor: Person, lines: tuple[Line, ...]) -> None:
    talk = open_conversation(actor=citizen, town=town)
    for number, line in enumerate(lines):
        author, reader = (mayor, citizen) if line.by_mayor else (citizen, mayor)
        with standing_at(now() - line.ago):
            said = post_message(actor=author, conversation_id=talk.pk, key=f"demo-{number}", body=line.words)
        if line is not lines[-1]:
            with standing_at(now() - line.ago + timedelta(minutes=3)):
                mark_read(actor=reader, conversation_id=talk.pk, up_to=said.seq)
