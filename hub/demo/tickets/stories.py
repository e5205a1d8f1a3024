"""Tickets of the demo that are told one by one: those of the printed accounts, calls just taken, incidents that many
neighbours report, tasks that come of them."""

from dataclasses import dataclass

from hub.demo.moments import When, days_ago, minutes_ago
from hub.tickets.models import Source

_JUST_NOW = minutes_ago(38)


@dataclass(frozen=True)
class Story:
    """One ticket. `account`: whose; `begins`: the first words of its subject. `course`: what comes of it (`told`).
    `last`: the town's last words, `last_at` when. `street`, `number`: where; `words`, `english`: of neighbours."""

    key: str
    account: str
    when: When
    begins: str
    course: str
    source: Source = Source.WEB
    last: str = ""
    last_at: When = _JUST_NOW
    street: str = ""
    number: int = 0
    words: str = ""
    english: bool = False
    of: str = ""  # the key of the ticket that it is grouped under, or a task of


@dataclass(frozen=True)
class Word:
    """An external follow-up of an incident, for all who reported it. `closes`: it is the last one."""

    of: str
    when: When
    words: str
    english: str = ""
    closes: bool = False


SAINT_AURELE = (
    Story(
        "lamp", "bruno", days_ago(6, "20:12"), "Lampadaire éteint devant le", "fresh", street="rue Dionne", number=54,
        last="Bonjour Bruno, la cellule est arrivée. L’électricien passe chez vous {bientot} entre 9 h et 11 h ; la rue"
        " sera éclairée dès le soir.",
    ),
    Story("stop", "bruno", days_ago(9, "07:48"), "Panneau d’arrêt couché", "waiting", last_at=days_ago(5, "15:20")),
    Story("bin", "bruno", minutes_ago(82), "Bac à déchets oublié", "new", street="rue Dionne", number=54),
    Story("dog", "bruno", days_ago(128, "18:25"), "Chien en liberté", "past", street="rue Dionne", number=54),
    Story(
        "pressure", "bruno", days_ago(57, "19:02"), "Pression d’eau très faible", "refused", street="rue Dionne",
        number=54,
    ),
    Story(
        "branch", "alice", days_ago(4, "12:31"), "Grosse branche cassée", "fresh", street="rue du Four", number=14,
        last="Bonjour Alice, l’émondeur est confirmé pour {bientot} matin. Le trottoir sera fermé une heure ; passez"
        " par l’autre côté.", last_at=minutes_ago(125),
    ),
    Story(
        "flicker", "alice", days_ago(15, "21:40"), "Lampadaire qui clignote", "waiting",
        street="rue du Four", number=14,
        last_at=days_ago(8, "10:05"),
    ),
    Story("blue", "alice", days_ago(203, "08:10"), "Bac bleu non vidé", "past", street="rue du Four", number=14),
    Story("held-1", "", minutes_ago(14), "Le feu piéton est muet", "held", Source.PHONE),
    Story("held-2", "", minutes_ago(49), "Bac brisé par le camion", "held", Source.PHONE),
    Story("held-3", "", minutes_ago(133), "Chat trouvé au", "held", Source.PHONE),
    Story(
        "cell", "", days_ago(5, "09:20"), "Mettre à jour la liste", "task-open", Source.INTERNAL, of="lamp",
        words="Commander la cellule photoélectrique. Même modèle que les poteaux de la rue Dionne.",
    ),
    Story(
        "climber", "", days_ago(3, "10:15"), "Mettre à jour la liste", "task-done", Source.INTERNAL, of="branch",
        words="Réserver l’émondeur et la nacelle. Deux heures suffisent, le matin si possible.",
    ),
    Story(
        "main", "", minutes_ago(305), "De l’eau sort de l’asphalte", "incident", Source.PHONE, street="rue Sainte-Anne",
        words="Bris d’aqueduc {rue}, l’eau envahit la chaussée. Plus de pression dans les maisons voisines du {no}.",
    ),
    Story(
        "main-1", "", minutes_ago(298), "De l’eau sort de l’asphalte", "neighbour", of="main", street="rue Sainte-Anne",
        words="Plus une goutte d’eau au {no}, {rue}. Est-ce qu’il y a un bris quelque part ?",
    ),
    Story(
        "main-2", "", minutes_ago(291), "De l’eau sort de l’asphalte", "neighbour", of="main", street="rue Sainte-Anne",
        words="Pas d’eau depuis une demi-heure au {no}, {rue}. Je garde six enfants, c’est urgent.",
    ),
    Story(
        "main-3", "", minutes_ago(284), "De l’eau sort de l’asphalte", "neighbour", of="main", street="rue Sainte-Anne",
        words="No water at all at {no} {rue}. How long will it last?", english=True,
    ),
    Story(
        "main-4", "samir", minutes_ago(277), "De l’eau sort de l’asphalte", "neighbour", of="main",
        street="rue Sainte-Anne",
        words="L’eau coule à flots dans la rue devant le {no}, {rue}. La cave du voisin y passe.",
    ),
    Story(
        "main-5", "", minutes_ago(260), "De l’eau sort de l’asphalte", "neighbour", Source.PHONE, of="main",
        street="rue Sainte-Anne",
        words="Eau brune puis plus rien au {no}, {rue}. Madame est seule et ne peut pas sortir.",
    ),
    Story(
        "main-6", "", minutes_ago(231), "De l’eau sort de l’asphalte", "neighbour", of="main", street="rue Sainte-Anne",
        words="Toujours pas d’eau au {no}, {rue}. Faut-il faire bouillir quand elle reviendra ?",
    ),
    Story(
        "call", "", minutes_ago(214), "Mettre à jour la liste", "task-open", Source.INTERNAL, of="main",
        words="Prévenir la résidence et l’école de la coupure d’eau. Par téléphone, elles ont des repas à préparer.",
    ),
    Story(
        "dark", "", days_ago(43, "22:02"), "Lampadaire éteint devant le", "incident", street="rue des Érables",
        words="{La_rue} est tout entière dans le noir. Du {no} jusqu’au boulevard, pas un lampadaire.",
    ),
    Story(
        "dark-1", "louise", days_ago(43, "22:10"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="rue des Érables",
        words="Les lumières de rue ne s’allument pas au {no}, {rue}. On ne voit pas à trois pas.",
    ),
    Story(
        "dark-2", "", days_ago(43, "22:31"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="rue des Érables",
        words="Panne de lampadaires devant le {no}, {rue}. Les maisons ont du courant, pas la rue.",
    ),
    Story(
        "dark-3", "", days_ago(42, "07:05"), "Lampadaire éteint devant le", "duplicate", of="dark",
        street="rue des Érables", words="Toujours aucune lumière {sur_rue}. J’ai déjà écrit hier, du {no}.",
    ),
)  # fmt: skip

SAINT_AURELE_WORDS = (
    Word(
        "main", minutes_ago(244),
        "Bonjour, une conduite s’est rompue rue Sainte-Anne. L’équipe est sur place et l’eau est coupée entre l’avenue"
        " du Parc et la rue du Couvent. Nous visons un retour dans quelques heures.",
        "Hello, a water main broke on rue Sainte-Anne. The crew is there, and the water is off between avenue du Parc"
        " and rue du Couvent. We expect it back within a few hours.",
    ),
    Word(
        "main", minutes_ago(52),
        "Bonjour, la conduite est à découvert et la pièce est en route. De l’eau embouteillée est distribuée à l’école."
        " Au retour de l’eau, faites-la bouillir une minute jusqu’à notre prochain message.",
        "Hello, the pipe has been reached and the part is on its way. Bottled water is handed out at the school. When"
        " the water is back, boil it for one minute until our next message.",
    ),
    Word(
        "dark", days_ago(42, "08:40"),
        "Bonjour, un câble souterrain est en défaut. L’électricien cherche l’endroit exact aujourd’hui.",
    ),
    Word(
        "dark", days_ago(40, "16:10"), "Bonjour, le câble est remplacé et toute la rue est éclairée."
        " Merci de vos avis.",
        closes=True,
    ),
)  # fmt: skip

VALBOURG = (
    Story(
        "lamp", "chloe", days_ago(6, "21:05"), "Lampadaire éteint devant le", "fresh",
        street="rue de la Fontaine", number=26,
        last="Bonjour Chloé, la nacelle passe {bientot} matin rue de la Fontaine. Merci de laisser libre la place"
        " devant le lampadaire.",
    ),
    Story(
        "paving", "chloe", days_ago(12, "17:52"), "Trottoir défoncé par", "waiting",
        street="rue de la Fontaine", number=26,
        last_at=days_ago(5, "11:30"),
    ),
    Story("baskets", "chloe", minutes_ago(71), "Corbeilles pleines au", "new"),
    Story("birth", "chloe", days_ago(141, "13:20"), "Demande d’acte de naissance", "past"),
    Story(
        "fence", "chloe", days_ago(66, "10:44"), "Déclaration préalable pour une clôture", "refused",
        street="rue de la Fontaine", number=26,
    ),
    Story(
        "branch", "alice", days_ago(3, "18:40"), "Branche cassée au-dessus", "fresh", street="allée des Tilleuls",
        last="Bonjour Alice, le grimpeur coupe la branche {bientot} à 8 h. L’allée sera fermée une demi-heure.",
        last_at=minutes_ago(190),
    ),
    Story("bench", "alice", days_ago(18, "16:15"), "Banc cassé au", "waiting", last_at=days_ago(7, "09:40")),
    Story("bin", "alice", days_ago(171, "07:35"), "Bac d’ordures oublié", "past", street="rue du Moulin"),
    Story("held-1", "", minutes_ago(19), "Le feu reste au rouge", "held", Source.PHONE),
    Story("held-2", "", minutes_ago(58), "Chien errant près", "held", Source.PHONE),
    Story("held-3", "", minutes_ago(146), "Plaque d’égout descellée", "held", Source.PHONE),
    Story(
        "lift", "", days_ago(4, "09:10"), "Contrôler les extincteurs", "task-open", Source.INTERNAL, of="lamp",
        words="Réserver la nacelle du syndicat. Une heure rue de la Fontaine.",
    ),
    Story(
        "order", "", days_ago(2, "08:45"), "Contrôler les extincteurs", "task-done", Source.INTERNAL, of="branch",
        words="Faire signer l’arrêté de circulation. Allée des Tilleuls fermée une demi-heure.",
    ),
    Story(
        "dark", "", days_ago(1, "22:08"), "Lampadaire éteint devant le", "incident", street="avenue de la Gare",
        words="Panne d’éclairage sur toute {la_rue}. Du {no} jusqu’à la gare, on marche à la lampe du téléphone.",
    ),
    Story(
        "dark-1", "thomas", days_ago(1, "22:20"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="avenue de la Gare", words="Plus aucune lumière devant le {no}, {rue}. Depuis un quart d’heure.",
    ),
    Story(
        "dark-2", "", days_ago(1, "22:31"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="avenue de la Gare",
        words="Le quartier de la gare est dans le noir, {rue} comprise. Le souterrain aussi.",
    ),
    Story(
        "dark-3", "", days_ago(1, "22:44"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="avenue de la Gare", words="Lampadaires éteints au {no}, {rue}. Ma mère rentre du train de 23 h.",
    ),
    Story(
        "dark-4", "julien", days_ago(1, "22:52"), "Lampadaire éteint devant le", "neighbour", of="dark",
        street="avenue de la Gare",
        words="Tout est éteint à la sortie de la gare. Trois vélos sans lumière, c’est risqué.",
    ),
    Story(
        "dark-5", "", days_ago(1, "23:05"), "Lampadaire éteint devant le", "duplicate", of="dark",
        street="avenue de la Gare",
        words="Aucune lumière devant le {no}, {rue}. Deuxième message, je n’ai pas eu d’accusé.",
    ),
    Story(
        "water", "", days_ago(49, "07:14"), "De l’eau jaillit du trottoir", "incident", street="rue Pasteur",
        words="Geyser au milieu {de_rue}, devant le {no}. L’eau descend jusqu’au quai.",
    ),
    Story(
        "water-1", "", days_ago(49, "07:26"), "De l’eau jaillit du trottoir", "neighbour", of="water",
        street="rue Pasteur", words="Plus d’eau au {no}, {rue}. Y a-t-il une coupure ?",
    ),
    Story(
        "water-2", "sandrine", days_ago(49, "07:41"), "De l’eau jaillit du trottoir", "neighbour", of="water",
        street="rue Pasteur", words="Pas d’eau ce matin au {no}, {rue}. Les enfants partent sans petit déjeuner chaud.",
    ),
)  # fmt: skip

VALBOURG_WORDS = (
    Word(
        "dark", days_ago(1, "23:20"),
        "Bonjour, l’astreinte du syndicat d’énergie est prévenue. L’armoire de la gare a disjoncté ; un"
        " agent s’y rend.",
    ),
    Word(
        "water", days_ago(49, "08:30"),
        "Bonjour, la conduite de la rue Pasteur s’est rompue. L’eau est coupée jusqu’à midi ; une citerne est à votre"
        " disposition devant la mairie.",
    ),
    Word(
        "water", days_ago(48, "15:45"),
        "Bonjour, la conduite est remplacée et l’eau est revenue. Les analyses sont conformes. Merci de"
        " votre patience.",
        closes=True,
    ),
)  # fmt: skip
