"""What the demo's groups have said to each other in the last weeks; played by `hub.demo.groups`.

People are called by what stands before the @ of their account, `maire` and `agent` by their office in the town.
"""

from dataclasses import dataclass

from hub.demo.moments import When, days_ago, minutes_ago


@dataclass(frozen=True)
class Line:
    """One message. `answers`: which one of the discussion it quotes; `signs`: who put which; `first`: as it was said
    before its author corrected it."""

    who: str
    when: When
    words: str
    answers: int | None = None
    signs: tuple[tuple[str, str], ...] = ()
    first: str = ""


@dataclass(frozen=True)
class Discussion:
    """One group, or (`live`) a live chat that is over; numbers are those of its lines.

    `removed`: by the mayor, and why. `reported`: by whom, for which reason, and in which words.
    """

    town: str
    title: str
    about: str
    opened: When
    lines: tuple[Line, ...]
    live: bool = False
    pinned: int | None = None
    removed: tuple[int, str] | None = None
    reported: tuple[int, str, str, str] | None = None
    unread: int = 0  # so many of the last lines wait for the accounts of citizens


BUDGET = Discussion(
    "saint-aurele",
    "Budget 2027",
    "Vos priorités pour l’an prochain : rues, loisirs, tarifs. Le conseil vote en décembre.",
    days_ago(16, "09:00"),
    (
        Line(
            "maire", days_ago(16, "09:12"),
            "Bonjour à toutes et à tous. Le conseil vote le budget en décembre. Qu’est-ce qui devrait passer en premier"
            " chez vous ? Je lis tout, et je réponds le soir.",
            signs=(("bravo", "louise"), ("bravo", "samir"), ("like", "alice")),
        ),
        Line("gerard", days_ago(16, "10:05"), "Le rang Saint-Joseph. On y laisse une roue chaque printemps."),
        Line(
            "catherine", days_ago(16, "12:31"),
            "Pour ma part, plus de places au camp de jour : complet en deux heures.",
        ),
        Line("mathieu", days_ago(16, "12:48"), "Même chose pour le hockey mineur, il manque des heures de glace.", 2),
        Line(
            "maire", days_ago(16, "19:20"),
            "Merci Gérard. Le rang est au plan triennal : je demande aux Travaux publics ce qu’on peut devancer."
            " @Maude Lavoie, avez-vous une estimation ?",
            1, signs=(("like", "gerard"),),
        ),
        Line(
            "agente", days_ago(15, "08:40"),
            "Bonjour. Un rapiéçage du rang coûte environ 85 000 $, une réfection complète 640 000 $."
            " La subvention du ministère couvrirait la moitié de la seconde.",
            4, signs=(("like", "gerard"), ("surprise", "mathieu")),
            first="Bonjour. Un rapiéçage du rang coûte environ 58 000 $, une réfection complète 640 000 $."
            " La subvention du ministère couvrirait la moitié de la seconde.",
        ),
        Line("gerard", days_ago(15, "11:14"), "Alors autant attendre la subvention et bien faire."),
        Line("samir", days_ago(13, "18:02"), "Est-ce que le compte de taxes va monter ? On entend 4 %…"),
        Line(
            "maire", days_ago(13, "20:45"),
            "Je vise l’inflation, pas davantage. Le chiffre exact sera présenté à la réunion publique, salle des"
            " Érables.",
            7, signs=(("like", "samir"), ("like", "bruno"), ("heart", "louise")),
        ),
        Line("louise", days_ago(11, "09:33"), "Pensez aux aînés : un banc de plus sur le chemin de la pharmacie."),
        Line("bruno", days_ago(11, "10:01"), "Oui ! Et du sel sur les trottoirs avant 8 h.", 9, (("like", "louise"),)),
        Line(
            "alice", days_ago(8, "07:55"),
            "Peut-on voir le budget de l’an dernier quelque part, avec des mots simples ?",
        ),
        Line(
            "maire", days_ago(8, "12:10"),
            "Bonne idée, Alice : un résumé d’une page est affiché à l’hôtel de ville, et je le mets en ligne cette"
            " semaine.",
            11, signs=(("bravo", "alice"), ("like", "catherine")),
        ),
        Line(
            "catherine", days_ago(5, "21:17"),
            "J’ai parlé aux parents du camp de jour : un groupe de plus suffirait.",
        ),
        Line("mathieu", days_ago(4, "17:40"), "Je peux aider à monter un horaire de glace partagé avec Saint-Gilles."),
        Line("maire", days_ago(3, "19:05"), "Volontiers, Mathieu. Appelez Jacques au greffe, il vous met en lien.", 14),
        Line("gerard", days_ago(1, "13:26"), "La réunion, c’est bien à 19 h ? Je viens avec deux voisins."),
        Line(
            "agente", days_ago(1, "15:02"),
            "Oui, 19 h, salle des Érables. Le café est offert.",
            16, (("smile", "gerard"),),
        ),
        Line(
            "samir", minutes_ago(170),
            "Y aura-t-il une place pour les questions écrites, pour ceux qui travaillent le soir ?",
        ),
        Line(
            "maire", minutes_ago(95),
            "Oui : écrivez-les ici avant la réunion, j’y répondrai de vive voix et par écrit. @Alice Moreau, votre"
            " résumé est en ligne.",
            18,
        ),
        Line("louise", minutes_ago(40), "Merci Madame la maire, c’est apprécié."),
    ),
    pinned=0,
    unread=3,
)  # fmt: skip

SCHOOL = Discussion(
    "saint-aurele",
    "Sécurité près de l’école",
    "Vitesse, traverses, stationnement du matin : ce qui vous inquiète, et ce qu’on essaie.",
    days_ago(12, "16:00"),
    (
        Line(
            "maire", days_ago(12, "16:10"),
            "Bonjour. Trois parents m’ont écrit la même semaine : ça roule trop vite devant l’école. Parlons-en ici.",
            signs=(("like", "catherine"), ("like", "bruno"), ("like", "mathieu")),
        ),
        Line(
            "catherine", days_ago(12, "16:32"),
            "Le matin entre 7 h 45 et 8 h, c’est n’importe quoi au coin de la rue du Four.",
        ),
        Line("bruno", days_ago(12, "18:09"), "Les gens font demi-tour dans l’entrée des autobus.", 1),
        Line(
            "mathieu", days_ago(11, "07:58"),
            "Un brigadier ce matin et tout était calme. Il faudrait qu’il vienne chaque jour.",
        ),
        Line("gerard", days_ago(11, "12:20"), "Les jeunes parents sont des dangers publics, tous des imbéciles."),
        Line("louise", days_ago(11, "12:41"), "On peut dire la même chose sans insulter personne, Gérard."),
        Line(
            "agente", days_ago(10, "09:05"),
            "Ce qu’on essaie dès la semaine prochaine : un brigadier de 7 h 40 à 8 h 10, un radar pédagogique,"
            " et l’entrée des autobus fermée aux voitures. On fait le point dans un mois.",
            signs=(("bravo", "catherine"), ("bravo", "bruno"), ("bravo", "mathieu"), ("like", "alice")),
        ),
        Line("alice", days_ago(10, "09:30"), "Merci ! Et l’après-midi, à la sortie ?", 6),
        Line("agente", days_ago(10, "10:12"), "Le même brigadier, de 15 h à 15 h 30.", 7, (("heart", "alice"),)),
        Line("samir", days_ago(6, "08:20"), "Le radar affiche 52 en moyenne… dans une zone de 30."),
        Line(
            "mathieu", days_ago(6, "17:33"),
            "Il paraît que la police ne passera jamais, c’est la ville qui l’a demandé.",
        ),
        Line(
            "maire", days_ago(6, "19:47"),
            "C’est faux, Mathieu : la patrouille est venue deux fois, elle reviendra.",
            10,
        ),
        Line(
            "catherine", days_ago(2, "16:15"),
            "Grosse différence, on traverse tranquille. Merci à l’équipe.",
            signs=(("like", "agente"),),
        ),
    ),
    pinned=6,
    removed=(4, "Insulte envers d’autres participants. On peut dire la même chose autrement."),
    reported=(10, "bruno", "false", "La patrouille est passée, je l’ai vue."),
)  # fmt: skip

CANTEEN = Discussion(
    "valbourg",
    "Cantine et périscolaire",
    "Menus, horaires, inscriptions : la mairie et les parents en parlent ensemble.",
    days_ago(24, "18:00"),
    (
        Line(
            "maire", days_ago(24, "18:08"),
            "Bonjour à tous. Nous revoyons le contrat de la cantine au printemps. Dites-nous ce qui va, et ce qui ne"
            " va pas.",
            signs=(("like", "nathalie"), ("like", "fatou")),
        ),
        Line(
            "nathalie", days_ago(24, "19:26"),
            "Les enfants aiment le pain de la boulangerie. Gardez-le !",
            signs=(("heart", "thomas"),),
        ),
        Line("thomas", days_ago(23, "08:14"), "Le mercredi, il manque souvent le plat végétarien à la fin du service."),
        Line("fatou", days_ago(23, "12:50"), "Oui, deux fois ce mois-ci pour ma fille.", 2),
        Line(
            "agent", days_ago(22, "09:31"),
            "Merci du signalement. Les commandes du mercredi passent de 12 à 18 portions dès la semaine prochaine.",
            2, signs=(("bravo", "fatou"), ("bravo", "thomas"), ("like", "chloe")),
            first="Merci du signalement. Les commandes du mercredi passent de 12 à 16 portions dès la semaine"
            " prochaine.",
        ),
        Line(
            "sandrine", days_ago(18, "17:22"),
            "La garderie du soir pourrait-elle fermer à 18 h 45 ? Le train arrive à 18 h 32.",
        ),
        Line("julien", days_ago(18, "17:40"), "Même train, même course tous les soirs…", 5, (("sad", "sandrine"),)),
        Line(
            "maire", days_ago(17, "12:15"),
            "Je vous comprends. Il faut une animatrice un quart d’heure de plus : je chiffre et je reviens vers vous.",
            5, signs=(("like", "sandrine"), ("like", "julien")),
        ),
        Line("chloe", days_ago(10, "20:04"), "Qui peut déclarer une allergie en cours d’année, et comment ?"),
        Line(
            "agent", days_ago(9, "08:55"),
            "Vous, à tout moment : un mot du médecin à l’accueil de la mairie suffit.",
            8, (("heart", "chloe"),),
        ),
        Line(
            "maire", days_ago(4, "18:30"),
            "Pour la garderie : essai jusqu’à 18 h 45 dès la rentrée de janvier, sans changer le tarif."
            " @Sandrine Nguyen, @Julien Mercier, dites-nous si cela suffit.",
            signs=(("bravo", "sandrine"), ("bravo", "julien"), ("heart", "nathalie"), ("like", "alice")),
        ),
        Line("sandrine", days_ago(4, "19:02"), "C’est parfait. Merci beaucoup !", 10),
        Line("alice", days_ago(1, "09:47"), "Mon neveu commence en janvier : l’inscription se fait où ?"),
        Line("agent", minutes_ago(150), "À l’accueil, avec un justificatif de domicile. Comptez cinq minutes.", 12),
    ),
    unread=1,
)  # fmt: skip

EVENING = Discussion(
    "saint-aurele",
    "Une heure avec la maire",
    "",
    days_ago(20, "19:00"),
    (
        Line("maire", days_ago(20, "19:01"), "Bonsoir ! Je suis là jusqu’à 20 h. Posez vos questions."),
        Line("samir", days_ago(20, "19:03"), "Quand ouvre la patinoire du parc ?"),
        Line("maire", days_ago(20, "19:05"), "Dès qu’il fait -10 trois nuits de suite.", 1, (("smile", "samir"),)),
        Line("louise", days_ago(20, "19:11"), "La guignolée a-t-elle lieu cette année ?"),
        Line("maire", days_ago(20, "19:14"), "Oui, le premier samedi de décembre. Merci d’avance !", 3),
        Line("gerard", days_ago(20, "19:52"), "Merci pour votre temps, bonne soirée."),
    ),
    live=True,
)  # fmt: skip

DISCUSSIONS = (EVENING, BUDGET, SCHOOL, CANTEEN)
