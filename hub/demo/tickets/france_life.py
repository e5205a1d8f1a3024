"""What people of Valbourg write about waste, cleanliness, trees and animals."""

from hub.demo.tickets.subject import AUTUMN, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "dechets": Field(
        answers=(
            "Bonjour, la collecte relève de la communauté de communes : nous lui avons transmis votre message.",
            "Bonjour, c’est noté. Un rattrapage est demandé d’ici {bientot}.",
        ),
        notes=(
            "Transmis au service déchets de l’intercommunalité, copie au dossier.",
            "Le chauffeur parle d’une voiture mal garée à l’angle. À vérifier.",
        ),
        says=("Le bac est toujours là, et il commence à sentir.", "Pareil chez les voisins des deux côtés."),
    ),
    "proprete": Field(
        answers=("Bonjour, l’équipe propreté passe d’ici {bientot}. Merci de l’avoir signalé.",),
        notes=("Vu sur place.", "Deuxième signalement du mois au même endroit."),
        says=("C’est pire depuis le week-end.",),
    ),
    "vert": Field(
        answers=(
            "Bonjour, le responsable des arbres passe voir d’ici {bientot}.",
            "Bonjour, l’endroit est balisé. Le grimpeur est demandé.",
        ),
        notes=("À l’inventaire : dernière taille il y a six ans.", "Domaine privé ? Vérifier le cadastre."),
        says=("Une autre branche est tombée cette nuit.", "Merci, je vous ouvrirai le portail si besoin."),
    ),
    "plantes": Field(
        answers=("Bonjour, les espaces verts passent d’ici {bientot}. Merci de votre signalement.",),
        notes=("Vu avec l’équipe des espaces verts.", "À mettre au planning de la semaine."),
        says=("Merci, je vous ouvrirai le portail si besoin.", "Savez-vous quand ce sera fait ?"),
    ),
    "animaux": Field(
        answers=("Bonjour, la police municipale et la fourrière sont prévenues. Ne vous en approchez pas.",),
        notes=("Fourrière départementale appelée.", "Puce lue : propriétaire rue voisine."),
        says=("Je l’ai revu ce matin au même endroit.",),
    ),
}

SUBJECTS = (
    Subject(
        "Déchets", "dechets",
        words=(
            "Bac d’ordures oublié au {no}, {rue}. Il était sorti la veille au soir.",
            "Toute la rue a été oubliée {jour}, {rue}. Les bacs encombrent le trottoir.",
        ),
        done=("Bonjour, le rattrapage a eu lieu ce matin. Nous sommes désolés de l’oubli.",),
        replied=("{jour}",), personal=True, picture="bin",
    ),
    Subject(
        "Déchets", "dechets",
        words=(
            "Demande d’enlèvement d’encombrants au {no}, {rue}. Un canapé et un lave-linge, je n’ai pas de voiture.",
            "Comment obtenir un bac plus grand au {no}, {rue} ? Nous sommes passés à {n} à la maison.",
        ),
        done=(
            "Bonjour, les encombrants ont été enlevés. Le prochain passage est le premier mercredi du mois.",
            "Bonjour, le nouveau bac de 240 litres a été livré.",
        ),
        personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, c’est inscrit. Passage d’ici {bientot}.",
        ),
        notes=(
            "Inscrit au planning des encombrants.",
        ),
        says=(
            "Puis-je ajouter un matelas ?",
        ),
    ),
    Subject(
        "Recyclage", "dechets",
        words=(
            "Colonne à verre pleine sur le parking de la halle. Les bouteilles s’entassent au pied.",
            "Bac jaune refusé au {no}, {rue}. Il n’y avait que des cartons pliés.",
        ),
        done=("Bonjour, c’est vidé. Merci de votre patience.",),
        refused="Le contrôle a trouvé du textile et du polystyrène dans le bac. Triez-le à nouveau : il sera collecté"
        " la semaine prochaine.",
        personal=True, picture="bin",
        answers=(
            "Bonjour, le vidage est demandé au prestataire d’ici {bientot}.",
        ),
    ),
    Subject(
        "Compost", "dechets",
        words=(
            "Le composteur partagé {de_rue} est plein. Les gens déposent leurs épluchures à côté.",
            "Je voudrais un composteur pour le {no}, {rue}. Jardin de 200 m², on m’a parlé d’une aide.",
        ),
        done=(
            "Bonjour, le bac est retourné et du broyat apporté. Un second composteur arrive au printemps.",
            "Bonjour, votre composteur vous attend aux services techniques, avec son petit seau.",
        ),
        season=WARM, personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, le maître composteur passe d’ici {bientot}.",
        ),
        notes=(
            "Broyat disponible aux ateliers.",
        ),
        says=(
            "Merci, je peux donner un coup de main.",
        ),
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Dépôt sauvage au bout {de_rue}. Gravats, pots de peinture et un matelas.",
            "Un camion de gravats vidé au bord du chemin, {rue}, vers le {no}. Il y a des plaques qui"
            " ressemblent à de l’amiante.",
        ),
        done=("Bonjour, tout est enlevé, et une plainte est déposée. Merci de votre vigilance.",),
        replied=("Dépôt sauvage",), rural=True, picture="dump", priority=Priority.VERY_IMPORTANT, often=2,
        notes=(
            "Photos prises avant enlèvement, pour le procès-verbal.",
            "Prévoir le camion-grue.",
        ),
        says=(
            "Il y en a encore plus depuis le week-end.",
            "J’ai noté une plaque, dites-moi si elle vous est utile.",
        ),
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Tag sur le mur du lavoir, {rue}. Il venait d’être rejointoyé.",
            "Affiches collées partout sur les platanes, {rue}. Pour un cirque, jusque sur les plaques de rue.",
        ),
        done=("Bonjour, c’est nettoyé, à basse pression pour ne rien abîmer.",),
        replied=("Tag ou affiche",), picture="graffiti", priority=Priority.MINOR,
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Corbeilles pleines au {parc} tous les lundis. Les corbeaux étalent le reste.",
            "La corbeille du {parc} a brûlé cette nuit. Le sol est noir et ça sent encore.",
        ),
        done=(
            "Bonjour, un passage est ajouté le dimanche soir.",
            "Bonjour, la corbeille est remplacée et le sol lavé.",
        ),
        replied=("Poubelle pleine",), picture="bin",
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Déjections canines devant l’école, {rue}. Les enfants marchent dedans chaque matin.",
            "Plus de sacs pour chiens au {parc}. Le distributeur est vide depuis {n} semaines.",
        ),
        done=("Bonjour, c’est nettoyé, et les distributeurs sont remplis.",),
        replied=("Autre chose",), priority=Priority.MINOR,
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Après le marché, la place reste sale jusqu’au soir. Cagettes, glace fondue et feuilles de salade.",
        ),
        done=("Bonjour, l’heure du nettoyage est avancée à 13 h 30, et les commerçants sont prévenus.",),
        replied=("Autre chose",), priority=Priority.MINOR, kind=TicketKind.COMPLAINT,
        hand="Police municipale",
    ),
    Subject(
        "Arbres et végétaux", "vert",
        words=(
            "Branche cassée au-dessus du trottoir, {rue}, devant le {no}. Elle se balance au vent.",
            "Un platane perd de grosses branches, {rue}, à hauteur du {no}. Une est tombée sur une voiture.",
        ),
        done=("Bonjour, la branche est coupée et l’arbre vérifié par le grimpeur.",),
        picture="tree", priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Les haies du {no}, {rue}, débordent sur le trottoir. Il faut descendre sur la route.",
            "Les ronces ont avalé le sentier derrière {la_rue}. On ne passe plus avec les enfants.",
        ),
        done=(
            "Bonjour, le propriétaire a taillé après notre courrier.",
            "Bonjour, le sentier est débroussaillé sur toute sa longueur.",
        ),
        season=(5, 6, 7, 8, 9, 10), priority=Priority.MINOR,
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Nids de chenilles processionnaires dans les pins du {parc}. Mon chien a été brûlé à la langue.",
        ),
        done=("Bonjour, les nids sont retirés et des pièges posés pour l’an prochain.",),
        season=(1, 2, 3, 4), priority=Priority.URGENT, picture="tree",
        answers=(
            "Bonjour, l’allée est fermée. Tenez enfants et chiens à distance des pins.",
        ),
        notes=(
            "Entreprise demandée, combinaison obligatoire.",
        ),
        says=(
            "Il y en a aussi dans le pin d’à côté.",
        ),
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Ambroisie en fleur le long du {parc}. Nous sommes {n} allergiques dans la rue.",
            "Nid de frelons asiatiques dans le tilleul du {parc}. Gros comme un ballon, à six mètres.",
        ),
        done=(
            "Bonjour, l’ambroisie est arrachée avant la montée en graines.",
            "Bonjour, le nid est détruit par l’entreprise agréée.",
        ),
        season=(7, 8, 9, 10), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Les jeunes arbres {de_rue} meurent de soif. Les feuilles sont grillées sur {n} d’entre eux.",
            "L’herbe du cimetière est trop haute. On ne voit plus les tombes de l’allée du fond.",
        ),
        done=(
            "Bonjour, un arrosage hebdomadaire est mis en place jusqu’en septembre.",
            "Bonjour, les allées sont fauchées. Le reste est enherbé exprès : nous n’employons plus de désherbant.",
        ),
        season=(6, 7, 8), priority=Priority.MINOR,
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Chien errant près {de_rue}. Grand, noir, sans collier, il suit les enfants.",
            "Aboiements toute la journée au {no}, {rue}. Le chien est seul de 7 h à 19 h.",
        ),
        done=(
            "Bonjour, le chien a été recueilli ; son propriétaire est retrouvé.",
            "Bonjour, la police municipale a rencontré le propriétaire, qui fait garder son chien.",
        ),
        replied=("non",), personal=True, kind=TicketKind.COMPLAINT,
        notes=(
            "Puce lue : propriétaire rue voisine.",
            "Fourrière départementale appelée.",
        ),
        says=(
            "Encore ce matin.",
        ),
        answers=(
            "Bonjour, la police municipale passe d’ici {bientot}. Merci de ne pas intervenir vous-même.",
        ),
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Colonie de chats derrière la halle. Une douzaine, dont des petits, certains mal en point.",
            "Pigeons par dizaines sous la halle. Le sol est glissant et les étals souillés.",
        ),
        done=(
            "Bonjour, l’association a stérilisé et relâché les adultes ; les petits sont adoptés.",
            "Bonjour, des filets sont posés sous la charpente.",
        ),
        replied=("non",),
        notes=(
            "Association contactée, elle a déjà travaillé pour nous.",
        ),
        says=(
            "Il y en a un de plus depuis hier.",
        ),
        answers=(
            "Bonjour, nous passons voir d’ici {bientot}. Merci de votre attention.",
        ),
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Sanglier mort sur le bas-côté, {rue}, vers le {no}. Il dépasse sur la route.",
            "Essaim d’abeilles sur un volet au {no}, {rue}. Elles sont calmes, mais nous avons un bébé.",
        ),
        done=(
            "Bonjour, l’animal a été retiré par l’équarrissage.",
            "Bonjour, l’apiculteur est venu les chercher. Elles ont une ruche neuve.",
        ),
        season=(4, 5, 6, 7), rural=True, replied=("oui",),
        notes=(
            "Équarrisseur ou apiculteur : numéros au tableau d’astreinte.",
        ),
        says=(
            "Toujours là à midi.",
        ),
        answers=(
            "Bonjour, c’est pris en charge ce jour. Gardez vos distances.",
        ),
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Qui ramasse les feuilles devant le {no}, {rue} ? Le tas atteint le rebord de la fenêtre.",
        ),
        done=("Bonjour, les feuilles sont ramassées et partent au compost communal.",),
        season=AUTUMN, priority=Priority.MINOR,
    ),
)  # fmt: skip
