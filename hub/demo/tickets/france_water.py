"""What people of Valbourg write about water and sewers."""

from hub.demo.tickets.subject import SUMMER, Field, Subject
from hub.tickets.models import Priority

FIELDS = {
    "fuite": Field(
        answers=(
            "Bonjour, l’astreinte de l’eau est prévenue. Un agent passe d’ici {bientot}.",
            "Bonjour, une recherche de fuite est programmée. La coupure éventuelle sera annoncée la veille.",
        ),
        notes=(
            "Conduite de 80 en fonte grise, 1962. Au programme de renouvellement.",
            "Le débit de nuit du secteur a doublé depuis lundi : la fuite est réelle.",
        ),
        says=("Cela coule toujours, on l’entend la nuit.",),
    ),
    "robinet": Field(
        answers=("Bonjour, un agent de l’eau passe faire un prélèvement d’ici {bientot}.",),
        notes=(
            "Prélèvement au labo, résultat sous 48 heures.",
            "Purge du secteur faite la veille, cela peut venir de là.",
        ),
        says=("Je suis joignable au travail jusqu’à 17 h.", "Ma voisine du dessus a la même chose."),
    ),
    "egout": Field(
        answers=("Bonjour, l’hydrocureur passe dans votre rue d’ici {bientot}.",),
        notes=("Passage caméra à prévoir.", "Réseau unitaire ici : voir avec l’intercommunalité."),
        says=("Il a plu cette nuit, et c’est reparti.", "Dites-moi si je dois déplacer ma voiture."),
    ),
}

SUBJECTS = (
    Subject(
        "Eau potable", "fuite",
        words=(
            "De l’eau jaillit du trottoir devant le {no}, {rue}. Le caniveau coule comme un ruisseau.",
            "Fuite d’eau sur la chaussée, {rue}, à hauteur du {no}. Elle a doublé depuis {jour}.",
        ),
        done=("Bonjour, la conduite est réparée et l’eau rétablie. Laissez couler quelques minutes avant de boire.",),
        replied=("oui",), priority=Priority.URGENT, picture="leak",
    ),
    Subject(
        "Eau potable", "robinet",
        words=(
            "L’eau a un goût de chlore très fort au {no}, {rue}. Peut-on la donner au bébé ?",
            "Eau trouble au robinet depuis {jour}, {no}, {rue}. Elle est blanche, puis elle s’éclaircit.",
        ),
        done=(
            "Bonjour, le dosage a été corrigé et les analyses sont conformes : l’eau est potable.",
            "Bonjour, c’était de l’air après une coupure, sans danger. Les analyses sont conformes.",
        ),
        replied=("non",), personal=True, priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Eau potable", "robinet",
        words=(
            "Plus de pression au {no}, {rue}. La chaudière se met en sécurité tous les soirs.",
            "Compteur d’eau gelé au {no}, {rue}. Le regard est fendu et l’eau remonte.",
        ),
        done=(
            "Bonjour, une vanne de quartier était restée à moitié fermée. La pression est à 3,5 bars.",
            "Bonjour, le compteur est remplacé et le regard isolé.",
        ),
        refused="La pression au compteur est de 3,2 bars, donc normale. La cause est à chercher après le compteur, chez"
        " vous : un plombier pourra vous aider.",
        season=(12, 1, 2), replied=("non",), personal=True,
        answers=(
            "Bonjour, un agent de l’eau passe chez vous d’ici {bientot}.",
        ),
    ),
    Subject(
        "Eau potable", "fuite",
        words=(
            "La fontaine {de_rue} ne coule plus. Avec cette chaleur, les promeneurs la cherchent.",
        ),
        done=("Bonjour, la fontaine est remise en eau, et l’analyse est affichée.",),
        season=SUMMER, replied=("non",), priority=Priority.MINOR,
        answers=(
            "Bonjour, le fontainier passe d’ici {bientot}.",
        ),
        notes=(
            "Vanne du bassin fermée depuis l’hiver ?",
        ),
        says=(
            "Les enfants sont déçus, elle est si belle.",
        ),
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Bouche d’égout obstruée devant le {no}, {rue}. L’eau est entrée dans le garage à l’orage.",
            "Avaloir plein de feuilles, {rue}, devant le {no}. La rue devient une mare.",
        ),
        done=("Bonjour, l’avaloir est curé et l’eau s’écoule.",),
        season=(5, 6, 7, 8, 9, 10, 11), picture="drain",
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Odeur d’égout insupportable près du {no}, {rue}. Surtout le soir, quand il fait chaud.",
            "Des rats sortent de la grille devant le {no}, {rue}. J’en ai compté {n} hier soir.",
        ),
        done=(
            "Bonjour, le siphon de la grille était cassé ; il est remplacé.",
            "Bonjour, la dératisation du réseau est faite. Elle sera renouvelée dans un mois.",
        ),
        season=(5, 6, 7, 8, 9, 10),
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Plaque d’égout descellée, {rue}, face au {no}. Elle claque à chaque voiture, nuit et jour.",
        ),
        done=("Bonjour, la plaque est recalée sur un joint neuf. Silence revenu, nous l’espérons.",),
    ),
)  # fmt: skip
