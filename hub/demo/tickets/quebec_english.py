"""What the English speakers of Saint-Aurèle write, and are answered."""

from hub.demo.tickets.subject import ALL_YEAR, SNOW, WARM, Field, Subject
from hub.tickets.models import Priority

FIELDS = {
    "english": Field(
        answers=(
            "Hello, thank you for letting us know. A crew will be there within a few days.",
            "Hello, your request is with Public Works. We will write to you here once it is done.",
        ),
        notes=(
            "Répondre en anglais.",
            "Vu sur place. Même équipe que pour la demande voisine.",
        ),
        says=(
            "It is still the same this morning.",
            "Sorry, I forgot to say that it is on the even side of the street.",
        ),
    ),
}

SUBJECTS = (
    Subject(
        "Déneigement", "english",
        words=(
            "The sidewalk was not plowed in front of {no} {street}. We have to walk on the road with the stroller.",
            "Snowbank blocking the view at the corner of {street} and {other_street}. I almost got hit this morning.",
        ),
        done=("Hello, the snow was cleared overnight. Thank you for your patience.",),
        season=SNOW, replied=("Trottoir",), picture="snow", priority=Priority.VERY_IMPORTANT, language="en", often=0.6,
    ),
    Subject(
        "Voies de circulation", "english",
        words=(
            "Deep pothole in front of {no} {street}. My neighbour already lost a hubcap there.",
            "The pavement is breaking up near {no} {street}. It is getting worse with every rain.",
        ),
        done=("Hello, the pothole was filled today. Please write here if it opens up again.",),
        season=(3, 4, 5, 6, 9, 10, 11), replied=("Chaussée",), picture="pothole", language="en", often=0.6,
    ),
    Subject(
        "Éclairage", "english",
        words=(
            "Street light out in front of {no} {street}. It is pitch dark at the bus stop.",
        ),
        done=("Hello, the light was replaced this afternoon. Good night!",),
        season=ALL_YEAR, replied=("Il est éteint", "{poteau}"), picture="lamp", language="en", often=0.6,
    ),
    Subject(
        "Recyclage", "english",
        words=(
            "Our recycling was missed again at {no} {street}. The bin was out before seven.",
        ),
        done=("Hello, the truck came back this morning. We are sorry about that.",),
        season=ALL_YEAR, picture="bin", personal=True, language="en", often=0.6,
    ),
    Subject(
        "Aqueduc", "english",
        words=(
            "Brown water from the tap at {no} {street}. Is it safe to drink?",
        ),
        done=("Hello, the network was flushed and the tests are good: the water is safe, and clear again.",),
        season=ALL_YEAR, replied=("non",), personal=True, priority=Priority.VERY_IMPORTANT, language="en", often=0.6,
    ),
    Subject(
        "Structures de jeu", "english",
        words=(
            "Broken swing at {parc}. One of the chains is about to give way.",
        ),
        done=("Hello, the chain was replaced and the swing is open again.",),
        season=WARM, replied=("oui",), picture="swing", language="en", often=0.6,
    ),
    Subject(
        "Arbres et végétaux", "english",
        words=(
            "Large branch hanging over the sidewalk at {no} {street}. It moves a lot in the wind.",
        ),
        done=("Hello, the branch was taken down this morning. Thank you.",),
        season=ALL_YEAR, picture="tree", priority=Priority.VERY_IMPORTANT, language="en", often=0.6,
    ),
)  # fmt: skip
