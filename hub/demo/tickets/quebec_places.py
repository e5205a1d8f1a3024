"""What people of Saint-Aurèle write about parks and buildings, permits and the town hall itself; what it writes to
itself."""

from hub.demo.tickets.subject import SUMMER, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "jeux": Field(
        answers=(
            "Bonjour, le jeu est fermé par précaution en attendant la réparation.",
            "Bonjour, merci. Un ouvrier des parcs passera d’ici {bientot}.",
        ),
        notes=(
            "Pièce commandée chez le fabricant, douze jours de délai.",
            "Noté au registre d’inspection des aires de jeu (CAN/CSA-Z614).",
        ),
        says=("On a hâte, les enfants demandent tous les jours !", "Il y avait encore des petits dessus ce midi."),
    ),
    "parcs": Field(
        answers=(
            "Bonjour, merci. Un ouvrier des parcs passera voir d’ici {bientot}.",
            "Bonjour, la pièce est commandée. Nous vous écrivons dès qu’elle est posée.",
        ),
        notes=("Vu avec le menuisier, une demi-journée.", "À faire avec la tournée des parcs du jeudi."),
        says=("C’était pareil en fin de semaine.", "Savez-vous quand ce sera fait ?"),
    ),
    "batiments": Field(
        answers=("Bonjour, le concierge est prévenu et le technicien passera d’ici {bientot}.",),
        notes=("Garantie jusqu’en mars : appeler l’installateur.", "Soumission demandée, moins de 2 000 $."),
        says=("C’est encore arrivé à la réunion de l’âge d’or hier.",),
    ),
    "greffe": Field(
        answers=(
            "Bonjour, votre demande est reçue. Il nous manque une pièce : pouvez-vous nous faire parvenir le plan ?",
            "Bonjour, votre dossier est à l’étude. Vous aurez une réponse d’ici {bientot}.",
        ),
        notes=("Zone RA-12, usage permis. Marge latérale à vérifier.", "Dossier papier au classeur 4."),
        says=("Je vous apporte le document à l’hôtel de ville cet après-midi.", "Faut-il prendre rendez-vous ?"),
    ),
    "interne": Field(
        answers=(),
        notes=(
            "Commencé ce matin, la suite demain.",
            "En attente de la livraison.",
            "Fait à moitié : il manque un homme jusqu’à {bientot}.",
        ),
        says=(),
    ),
}

SUBJECTS = (
    Subject(
        "Structures de jeu", "jeux",
        words=(
            "Balançoire brisée au {parc}. Une chaîne ne tient plus que par un maillon.",
            "Vis qui dépasse de la glissade au {parc}. Mon fils y a déchiré son manteau.",
        ),
        done=("Bonjour, la réparation est faite et le module rouvert. Merci pour les enfants.",),
        season=WARM, replied=("oui",), picture="swing", priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Structures de jeu", "jeux",
        words=(
            "Il n’y a presque plus de copeaux sous les jeux du {parc}. On voit la terre battue.",
        ),
        done=("Bonjour, trente centimètres de fibre de bois ont été remis sous tous les modules.",),
        season=(5, 6, 7, 8, 9), replied=("oui",), picture="swing",
    ),
    Subject(
        "Structures de jeu", "jeux",
        words=(
            "Les jeux d’eau du {parc} ne fonctionnent pas. Il fait 31 degrés, le bouton ne fait rien.",
        ),
        done=("Bonjour, la pompe est repartie. Les jeux d’eau sont ouverts de 10 h à 20 h.",),
        season=SUMMER, replied=("non",),
    ),
    Subject(
        "Équipement sportif", "parcs",
        words=(
            "La patinoire du {parc} n’est pas arrosée. La glace est pleine de craques, on s’y prend les lames.",
            "Lumières de la patinoire éteintes au {parc}. Les jeunes jouent au hockey avec leurs téléphones.",
        ),
        done=("Bonjour, c’est réglé : l’arrosage se fait maintenant chaque soir après 22 h.",),
        season=(12, 1, 2), picture="snow",
        answers=(
            "Bonjour, les bénévoles de la glace sont prévenus et passent d’ici {bientot}.",
        ),
        notes=(
            "Vanne d’arrosage à dégeler d’abord.",
        ),
        says=(
            "Le tournoi des jeunes est samedi…",
        ),
    ),
    Subject(
        "Équipement sportif", "parcs",
        words=(
            "Le filet du terrain de tennis est déchiré au {parc}. On joue avec une corde.",
            "Panier de basket sans filet ni anneau au {parc}. Il ne reste que le panneau.",
        ),
        done=("Bonjour, l’équipement est remplacé. Bonne partie !",),
        season=WARM, priority=Priority.MINOR,
    ),
    Subject(
        "Équipement sportif", "parcs",
        words=(
            "Terrain de soccer détrempé au {parc}. Les {n} derniers matchs ont été annulés.",
        ),
        done=("Bonjour, le drain est débouché et le terrain a été aéré. Il rouvre {bientot}.",),
        season=(5, 6, 9, 10), priority=Priority.MINOR,
    ),
    Subject(
        "Mobilier urbain", "parcs",
        words=(
            "Banc cassé au {parc}. Deux lattes manquent, on ne peut plus s’asseoir.",
            "Le dossier du banc est décloué au {parc}. Les aînés de la résidence n’osent plus s’y asseoir.",
        ),
        done=("Bonjour, le banc est réparé avec du cèdre de la région.",),
        season=WARM, picture="bench", priority=Priority.MINOR,
    ),
    Subject(
        "Mobilier urbain", "parcs",
        words=(
            "Support à vélos arraché devant la bibliothèque. Les vélos sont attachés à la rampe pour fauteuils.",
        ),
        done=("Bonjour, un support de six places est ancré dans le béton.",),
        season=WARM, priority=Priority.MINOR,
    ),
    Subject(
        "Mobilier urbain", "parcs",
        words=(
            "La fontaine à boire coule sans arrêt au {parc}. On nous demande d’économiser l’eau…",
        ),
        done=("Bonjour, la valve est remplacée. La fontaine fonctionne.",),
        season=(5, 6, 7, 8, 9), priority=Priority.MINOR,
    ),
    Subject(
        "Bâtiments municipaux", "batiments",
        words=(
            "La porte automatique de la bibliothèque ne s’ouvre plus. Je suis en fauteuil, on a dû me faire entrer par"
            " le garage.",
            "Il fait 15 degrés dans la salle des Érables. Le cours de yoga s’est fait en manteau.",
        ),
        done=(
            "Bonjour, le moteur de la porte est remplacé. Nos excuses, cela n’aurait pas dû arriver.",
            "Bonjour, la thermopompe est réparée : il fait 20 degrés dans la salle.",
        ),
        season=(10, 11, 12, 1, 2, 3, 4), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Bâtiments municipaux", "batiments",
        words=(
            "Infiltration d’eau au plafond de l’aréna, près du casse-croûte. Il y a une chaudière par terre.",
            "Les toilettes du {parc} sont fermées sans explication. Avec des enfants, on retourne chez soi.",
        ),
        done=(
            "Bonjour, le couvreur a refait le solin et le plafond est sec. La chaudière est rangée !",
            "Bonjour, la serrure est remplacée. Les toilettes sont ouvertes de 8 h à 21 h.",
        ),
        season=WARM,
    ),
    Subject(
        "Permis de construction", "greffe",
        words=(
            "Demande de permis pour une remise de 12 m² au {no}, {rue}. Le croquis suit.",
            "Permis pour agrandir la galerie au {no}, {rue}. Faut-il un plan d’arpenteur ?",
            "Permis pour un cabanon et une clôture au {no}, {rue}. Nous voudrions commencer bientôt.",
        ),
        done=("Bonjour, votre permis est délivré. Il est valide douze mois ; affichez-le du côté de la rue.",),
        refused="La construction projetée empiète sur la marge latérale de deux mètres exigée en zone RA-12. Vous"
        " pouvez demander une dérogation mineure ou déplacer le bâtiment.",
        season=(2, 3, 4, 5, 6, 7, 8, 9), kind=TicketKind.PERMIT, personal=True,
    ),
    Subject(
        "Permis de construction", "greffe",
        words=(
            "Permis pour remplacer {n} fenêtres au {no}, {rue}. Mêmes dimensions que les anciennes.",
            "Permis pour un logement intergénération au {no}, {rue}. Ma mère vient vivre avec nous.",
        ),
        done=("Bonjour, votre permis est prêt. Vous pouvez le prendre au comptoir ou le recevoir par courriel.",),
        kind=TicketKind.PERMIT, personal=True,
    ),
    Subject(
        "Permis de brûlage ou d’abattage", "greffe",
        words=(
            "Permis de brûlage pour des branches au {no}, {rue}. Un tas de {n} mètres, loin du bois.",
            "Demande d’abattage d’un peuplier au {no}, {rue}. Ses racines soulèvent la galerie.",
        ),
        done=("Bonjour, le permis est accordé. Appelez le 418 555-0110 le jour même avant de commencer.",),
        refused="L’indice de danger d’incendie est trop élevé cette semaine : aucun feu à ciel ouvert n’est permis dans"
        " la région. Vous pourrez refaire votre demande lorsqu’il baissera.",
        season=(4, 5, 9, 10, 11), rural=True, kind=TicketKind.PERMIT, personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, l’inspecteur municipal passe voir l’endroit d’ici {bientot}.",
        ),
        notes=(
            "Indice de feu à vérifier le matin même sur le site de la SOPFEU.",
        ),
        says=(
            "Je suis à la maison tous les jours après 15 h.",
        ),
    ),
    Subject(
        "Accueil et services", "greffe",
        words=(
            "Mon compte de taxes ne tient pas compte de mon paiement. J’ai payé au comptoir il y a {n} semaines.",
            "Je n’ai pas reçu mon compte de taxes au {no}, {rue}. Nous avons emménagé cet hiver.",
        ),
        done=(
            "Bonjour, votre paiement est appliqué et un état de compte à jour vous est envoyé.",
            "Bonjour, votre adresse est corrigée au rôle. Une copie du compte est partie ce matin, sans intérêts.",
        ),
        season=(2, 3, 4, 5), kind=TicketKind.COMPLAINT, personal=True,
        answers=("Bonjour, nous vérifions à la caisse et vous revenons d’ici {bientot}.",),
        says=("Je peux passer à l’hôtel de ville vendredi si c’est plus simple.",),
    ),
    Subject(
        "Accueil et services", "greffe",
        words=(
            "Le camp de jour était complet en deux heures. Y a-t-il une liste d’attente pour mes {n} enfants ?",
            "L’inscription en ligne aux loisirs plante au moment de payer. J’ai essayé trois fois.",
        ),
        done=(
            "Bonjour, des places se sont libérées et vos enfants sont inscrits. Au plaisir de les voir !",
            "Bonjour, le paiement en ligne fonctionne de nouveau et votre place vous a été gardée.",
        ),
        season=(3, 4, 5, 8, 9), kind=TicketKind.COMPLAINT, personal=True,
        answers=("Bonjour, c’est vu avec les Loisirs, qui vous appellent d’ici {bientot}.",),
        says=("Je suis joignable le soir après 18 h.",),
    ),
    Subject(
        "Accueil et services", "greffe",
        words=(
            "Quatre appels à l’hôtel de ville sans réponse. La boîte vocale est pleine depuis {jour}.",
            "Je voudrais remercier l’équipe de la voirie. Le trottoir a été réparé le jour même.",
            "Comment obtenir une copie du règlement de zonage ? Je veux savoir si je peux avoir des poules.",
        ),
        done=(
            "Bonjour, nos excuses : la boîte vocale est vidée, et deux personnes répondent maintenant le matin.",
            "Bonjour, c’est transmis à l’équipe et affiché au garage. Merci, cela fait chaud au cœur !",
            "Bonjour, le règlement vous attend au comptoir, sans frais. Trois poules sont permises, sans coq.",
        ),
        kind=TicketKind.COMPLAINT, personal=True,
        priority=Priority.MINOR,
        answers=(
            "Bonjour, votre message est bien reçu. Nous vous revenons d’ici {bientot}.",
        ),
        notes=(
            "Transmis à Jacques.",
        ),
        says=(
            "Merci de me répondre par courriel si possible.",
        ),
    ),
    Subject(
        "Travail interne", "interne",
        words=("Vérifier le stock d’abrasif au dépôt 2. Il doit rester pour trois épisodes de verglas.",),
        done=("Fait : 140 tonnes, commande passée pour 60 de plus.",), season=(10, 11, 12, 1, 2, 3),
        internal=True,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Poser les balises de déneigement sur les bornes. Secteur est d’abord, puis le rang.",
            "Installer le filet de la patinoire et les bandes. Les bénévoles arrosent dès la première nuit à -8.",
        ),
        done=("Terminé, rien à signaler.",), season=(10, 11, 12), internal=True,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Relire la réponse type « gel des conduites ». Le numéro d’urgence a changé.",
            "Mettre à jour la liste des clés de l’hôtel de ville. Deux trousseaux ne sont plus signés.",
            "Remplacer l’ordinateur du comptoir. Il met cinq minutes à ouvrir.",
        ),
        done=("C’est fait.",), internal=True, priority=Priority.MINOR,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Préparer les circuits de balayage du printemps. Commencer par les écoles et la résidence.",
            "Inspecter les modules de jeu avant l’ouverture des parcs. Fiche par fiche, avec photos.",
        ),
        done=("Inspection complète, trois points à corriger, ouverts à part.",), season=(3, 4, 5),
        internal=True,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Réserver les barrières pour la fête nationale. Rue Principale fermée de 13 h à 23 h.",
            "Vidanger et hiverner les fontaines des parcs. Avant le premier gel.",
        ),
        done=("Fait, merci à l’équipe.",), season=(6, 9, 10), internal=True,
    ),
)  # fmt: skip
