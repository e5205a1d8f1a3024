"""What people of Valbourg write about parks and buildings, schools and papers; what the town hall writes to itself."""

from hub.demo.tickets.subject import SCHOOL, SUMMER, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "jeux": Field(
        answers=(
            "Bonjour, le jeu est fermé par précaution en attendant la pièce.",
            "Bonjour, merci. Les services techniques passent d’ici {bientot}.",
        ),
        notes=("Pièce commandée, dix jours.", "Contrôle annuel de l’aire de jeux le mois prochain : le signaler."),
        says=("Les enfants retirent la rubalise pour y jouer…", "Savez-vous quand cela rouvrira ?"),
    ),
    "lieux": Field(
        answers=(
            "Bonjour, merci. Les services techniques passent d’ici {bientot}.",
            "Bonjour, l’artisan est demandé. Nous vous tenons au courant.",
        ),
        notes=("Devis reçu, sous le seuil : on commande.", "Une demi-journée à deux, avec la camionnette."),
        says=("Même chose ce matin.", "Savez-vous quand ce sera fait ?"),
    ),
    "enfance": Field(
        answers=("Bonjour, nous voyons cela avec la directrice et revenons vers vous d’ici {bientot}.",),
        notes=("Vu avec l’école. Rien de tel les années passées.",),
        says=("Je peux passer au service en fin de journée.",),
    ),
    "papiers": Field(
        answers=(
            "Bonjour, votre demande est bien reçue. Il manque un justificatif de domicile de moins de trois mois.",
        ),
        notes=("Dossier complet après relance.",),
        says=("Je vous envoie la pièce ce soir.",),
    ),
    "interne": Field(
        answers=(),
        notes=("Commencé, suite {bientot}.", "En attente du fournisseur."),
        says=(),
    ),
}

SUBJECTS = (
    Subject(
        "Bâtiments municipaux", "lieux",
        words=(
            "Il fait 14 degrés au gymnase. Les petits de la danse gardent leur manteau.",
            "Fuite au plafond de la bibliothèque, rayon des bandes dessinées. On a mis une bassine.",
            "La rampe de la salle des fêtes est descellée. En fauteuil, c’est impossible.",
        ),
        done=(
            "Bonjour, le circulateur est remplacé : 19 degrés ce matin.",
            "Bonjour, la tuile est remplacée et le plafond sèche. Les albums sont saufs.",
            "Bonjour, la rampe est rescellée et contrôlée.",
        ),
        season=(10, 11, 12, 1, 2, 3, 4),
    ),
    Subject(
        "Bâtiments municipaux", "lieux",
        words=(
            "La porte du cimetière ne ferme plus. Des chiens y entrent la nuit.",
            "L’horloge de l’église sonne onze coups à midi. Cela amuse les touristes, moins les voisins.",
            "Les toilettes publiques de la halle sont fermées. Un jour de marché, c’est gênant.",
        ),
        done=(
            "Bonjour, la gâche est remplacée.",
            "Bonjour, le campaniste est passé : douze coups à midi, comme avant.",
            "Bonjour, les toilettes sont débouchées et rouvertes.",
        ),
        priority=Priority.MINOR,
    ),
    Subject(
        "Mobilier urbain", "lieux",
        words=(
            "Banc cassé au {parc}. L’assise est fendue, on se pince.",
            "Banc vandalisé au {parc}. Deux lattes ont brûlé.",
        ),
        done=("Bonjour, les lattes sont remplacées. Le banc vous attend.",),
        picture="bench", priority=Priority.MINOR,
    ),
    Subject(
        "Mobilier urbain", "lieux",
        words=(
            "Vitre de l’abribus brisée, {rue}. Du verre partout sur le trottoir.",
            "Il faudrait des arceaux à vélos devant la bibliothèque. On les attache aux descentes d’eau.",
        ),
        done=(
            "Bonjour, le verre est ramassé et la vitre remplacée.",
            "Bonjour, six arceaux sont posés.",
        ),
        priority=Priority.IMPORTANT,
    ),
    Subject(
        "Équipement sportif", "lieux",
        words=(
            "Filet de but déchiré au stade. Le ballon part dans le ruisseau à chaque tir.",
            "Les vestiaires du stade n’ont plus d’eau chaude. Les {n} équipes rentrent boueuses.",
        ),
        done=("Bonjour, c’est réparé pour l’entraînement de ce soir.",),
        season=(9, 10, 11, 12, 1, 2, 3, 4, 5, 6),
    ),
    Subject(
        "Équipement sportif", "lieux",
        words=(
            "Le terrain de pétanque du {parc} est plein d’herbes. Les boules s’y arrêtent net.",
            "Une planche du skatepark s’est soulevée. À pleine vitesse, c’est la chute assurée.",
        ),
        done=("Bonjour, le terrain est remis en état. Bonne partie !",),
        season=WARM, priority=Priority.MINOR,
    ),
    Subject(
        "Structures de jeu", "jeux",
        words=(
            "Balançoire décrochée au {parc}. La chaîne traîne par terre.",
            "Toboggan fendu au {parc}. Le plastique coupe, ma fille s’est griffée.",
        ),
        done=("Bonjour, le jeu est réparé, contrôlé et rouvert.",),
        season=WARM, replied=("oui",), picture="swing", priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Structures de jeu", "jeux",
        words=(
            "Le portillon de l’aire de jeux ne ferme plus au {parc}. Elle donne sur la route.",
        ),
        done=("Bonjour, le ressort du portillon est changé.",),
        replied=("oui",), picture="swing", priority=Priority.URGENT,
    ),
    Subject(
        "Cantine et périscolaire", "enfance",
        words=(
            "Facture de cantine fausse pour le mois dernier. Ma fille a été absente {n} jours, certificat à l’appui.",
            "Il n’y a plus de plat végétarien à la fin du service. Mon fils a mangé du pain.",
            "Inscrire mon enfant à l’étude du mardi : est-ce encore possible ? Le portail dit que c’est complet.",
        ),
        done=(
            "Bonjour, la facture est corrigée et l’avoir apparaîtra le mois prochain.",
            "Bonjour, le nombre de plats a été revu avec le prestataire.",
            "Bonjour, une place s’est libérée : votre enfant est inscrit.",
        ),
        season=SCHOOL, personal=True,
    ),
    Subject(
        "Cantine et périscolaire", "enfance",
        words=(
            "Le car scolaire passe avec dix minutes d’avance, {rue}. Trois enfants l’ont manqué {jour}.",
            "Une vitre de la classe de CP ferme mal. Les enfants ont froid, la maîtresse a mis du carton.",
        ),
        done=(
            "Bonjour, l’horaire est rappelé au transporteur. Dites-nous s’il recommence.",
            "Bonjour, la fenêtre est réparée pendant la récréation de ce matin.",
        ),
        season=SCHOOL, personal=True, kind=TicketKind.COMPLAINT,
    ),
    Subject(
        "État civil et papiers", "papiers",
        words=(
            "Demande d’acte de naissance pour un passeport. Née à Valbourg, je vis maintenant à l’étranger.",
            "Pas de rendez-vous pour une carte d’identité avant {n} mois. Mon départ est plus tôt que cela.",
            "Renouvellement d’une concession au cimetière. Elle est au nom de mon grand-père.",
        ),
        done=(
            "Bonjour, l’acte est parti par la poste ce matin.",
            "Bonjour, un créneau s’est libéré : nous vous l’avons réservé.",
            "Bonjour, la concession est renouvelée pour trente ans. L’arrêté vous est envoyé.",
        ),
        personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, votre demande est bien reçue. Nous vous répondons d’ici {bientot}.",
        ),
        notes=(
            "Registre vérifié.",
        ),
    ),
    Subject(
        "Urbanisme", "papiers",
        words=(
            "Déclaration préalable pour une clôture au {no}, {rue}. Un grillage de 1,50 m et une haie.",
            "Déclaration pour un abri de jardin de 9 m² au {no}, {rue}. Faut-il consulter l’architecte des Bâtiments de"
            " France ?",
            "Autorisation de poser un échafaudage devant le {no}, {rue}. Pour un ravalement, quinze jours.",
        ),
        done=("Bonjour, votre autorisation est signée. Vous devez l’afficher sur le terrain, visible de la rue.",),
        refused="Le projet se trouve dans le périmètre de l’église classée, et l’architecte des Bâtiments de France a"
        " rendu un avis défavorable. Vous pouvez présenter une version modifiée.",
        kind=TicketKind.PERMIT, personal=True,
        notes=("Zone UB du PLU, périmètre de l’église.",),
        answers=("Bonjour, votre dossier est complet. Le délai d’instruction est d’un mois.",),
    ),
    Subject(
        "Urbanisme", "papiers",
        words=(
            "Autorisation de buvette pour la fête de l’association. Au {parc}, le samedi, de 14 h à 23 h.",
            "Demande d’occupation du domaine public pour une terrasse, {rue}. Quatre tables, de juin à septembre.",
        ),
        done=("Bonjour, l’arrêté est signé. Un exemplaire doit rester sur place.",),
        season=(3, 4, 5, 6), kind=TicketKind.PERMIT, personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, votre demande est à la signature du maire.",
        ),
        notes=(
            "Vérifié : troisième buvette de l’association cette année, cinq permises.",
        ),
        says=(
            "Faut-il aussi prévenir les riverains ?",
        ),
    ),
    Subject(
        "Bruit et voisinage", "papiers",
        words=(
            "La fête du quartier a duré jusqu’à trois heures du matin, {rue}. Personne n’a répondu au"
            " numéro d’astreinte.",
            "Du bruit tous les soirs au {parc}, jusqu’à deux heures. Enceintes et scooters, nous ne dormons plus.",
        ),
        done=("Bonjour, la police municipale a fait plusieurs passages, et l’arrêté sur le bruit est affiché.",),
        answers=("Bonjour, la police municipale passera le soir, aux heures que vous indiquez.",),
        notes=("Deux autres riverains ont appelé.",),
        says=("Cette nuit encore, jusqu’à deux heures.",),
        season=SUMMER, personal=True, kind=TicketKind.COMPLAINT,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Faire le plein du silo à sel. Livraison à confirmer avant la première gelée.",
            "Installer les illuminations de Noël. Commencer par la place et {la_rue}.",
            "Purger les fontaines et les arrosages. Avant les premières gelées.",
        ),
        done=("Fait.",), season=(10, 11, 12), internal=True,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Contrôler les extincteurs du gymnase. Le registre s’arrête à l’an dernier.",
            "Mettre à jour la liste d’astreinte. Le numéro de Manon a changé.",
            "Réparer l’imprimante de l’accueil. Elle avale le papier à en-tête.",
        ),
        done=("C’est fait.",), internal=True, priority=Priority.MINOR,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Monter l’estrade du 14 juillet. Barrières à demander à l’intercommunalité.",
            "Préparer les classes pour la rentrée. Peinture de la salle 4 et douze tables à régler.",
        ),
        done=("Terminé à temps.",), season=(6, 7, 8), internal=True,
    ),
    Subject(
        "Travail interne", "interne",
        words=(
            "Vérifier les jeux avant les beaux jours. Fiche par fiche, avec photos.",
            "Commander les fleurs des massifs. Moins d’eau, plus de vivaces.",
        ),
        done=("Fait, photos au dossier.",), season=(2, 3, 4), internal=True,
    ),
    Subject(
        "Mobilier urbain", "lieux",
        words=(
            "La boîte à livres a perdu sa porte, {rue}. La pluie a gonflé tous les romans.",
            "Le plan de la ville est illisible au {parc}. Les touristes nous demandent leur chemin.",
        ),
        done=(
            "Bonjour, la porte est remplacée par notre menuisier. Les livres abîmés sont partis au pilon.",
            "Bonjour, un plan neuf est posé, avec les nouveaux commerces.",
        ),
        priority=Priority.MINOR,
    ),
    Subject(
        "Bruit et voisinage", "papiers",
        words=(
            "Chantier dès 6 h du matin au {no}, {rue}. L’arrêté dit bien 8 h ?",
            "Pompe à chaleur du voisin qui ronfle toute la nuit, {rue}. J’ai essayé d’en parler, sans succès.",
        ),
        done=(
            "Bonjour, l’entreprise a été rappelée à l’ordre : pas avant 8 h, ni le samedi.",
            "Bonjour, la mesure est faite et le voisin va poser un caisson. Le conciliateur suit le dossier.",
        ),
        personal=True, kind=TicketKind.COMPLAINT, notes=("Passage fait, bruit constaté.",),
        answers=("Bonjour, la police municipale passera aux heures que vous indiquez.",),
        says=("Encore ce matin.",),
    ),
)  # fmt: skip
