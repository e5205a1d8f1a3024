"""What people of the demo have said to their mayors in the last days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from hub.conversations.actions import mark_read, open_conversation, post_message
from hub.core.clock import now, standing_at
from hub.demo import bench
from hub.demo.moments import When, days_ago, minutes_ago
from hub.files.actions import store_file
from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Line:
    """One message: who (citizen or mayor), when, the words, files: their names and what makes them."""

    by_mayor: bool
    when: When
    words: str
    files: tuple[tuple[str, Callable[[], bytes]], ...] = ()


BENCH = (
    Line(
        False, days_ago(2, "16:54"),
        "Bonjour Madame la maire, une latte du banc du square est cassée. Ma mère a failli tomber.",
        (("banc-du-square.jpg", bench.photo),),
    ),
    Line(
        True, days_ago(2, "18:11"),
        "Bonjour Bruno, merci de me prévenir. J’espère que votre mère va bien. J’envoie quelqu’un dès ce soir.",
    ),
    Line(False, days_ago(2, "18:24"), "Merci ! Elle va bien, plus de peur que de mal."),
    Line(
        True, minutes_ago(190), "Le banc est balisé. L’ébéniste passe mardi matin.",
        (("Bon d’intervention.pdf", bench.work_order),),
    ),
    Line(False, minutes_ago(184), "Parfait, je passe le mot à la résidence."),
    Line(False, minutes_ago(25), "Une question : le portail du parc ferme à quelle heure en hiver ?"),
)  # fmt: skip

SNOW = (
    Line(False, days_ago(6, "14:04"), "Bonjour, la rue du Four n’a pas été déneigée. Est-ce que le trajet a changé ?"),
    Line(
        True, days_ago(6, "17:04"),
        "Bonjour Alice. Oui, elle passe maintenant après l’école. Le nouveau trajet est affiché en mairie.",
    ),
    Line(False, days_ago(5, "07:42"), "D’accord. Et le trottoir côté pair ?"),
    Line(True, days_ago(5, "09:10"), "Il sera fait le même jour. Dites-moi si ce n’est pas le cas."),
    Line(False, days_ago(1, "12:24"), "C’était bien fait ce matin, merci à l’équipe."),
    Line(True, days_ago(1, "13:44"), "Je leur transmets, cela leur fera plaisir."),
)  # fmt: skip

HALL = (
    Line(False, days_ago(4, "09:15"), "Bonjour Monsieur le maire, la salle des fêtes est-elle libre le 12 décembre ?"),
    Line(True, days_ago(4, "12:05"), "Bonjour Chloé, elle est libre à partir de 14 h. Je vous la réserve ?"),
    Line(False, days_ago(4, "12:30"), "Oui, volontiers. Nous serons 62."),
    Line(True, days_ago(3, "08:20"), "C’est noté. Les clés vous attendent vendredi à l’accueil."),
    Line(False, days_ago(3, "11:45"), "Faut-il apporter les nappes ?"),
    Line(True, days_ago(3, "12:50"), "Non, elles sont sur place."),
    Line(False, days_ago(2, "18:05"), "Dernière question : peut-on brancher une sono ?"),
    Line(True, days_ago(2, "19:02"), "Oui, jusqu’à minuit."),
    Line(False, days_ago(1, "10:31"), "Parfait, merci pour tout."),
    Line(True, days_ago(1, "10:40"), "Avec plaisir. Belle fête à vous."),
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
    present = now().astimezone(ZoneInfo(town.time_zone))
    for number, line in enumerate(lines):
        author, reader = (mayor, citizen) if line.by_mayor else (citizen, mayor)
        moment = line.when(present)
        with standing_at(moment):
            said = post_message(
                actor=author, conversation_id=talk.pk, key=f"demo-{number}", body=line.words,
                file_ids=[str(store_file(owner=author, name=name, content=make()).pk) for name, make in line.files],
            )  # fmt: skip
        if line is not lines[-1]:
            with standing_at(moment + timedelta(minutes=3)):
                mark_read(actor=reader, conversation_id=talk.pk, up_to=said.seq)
