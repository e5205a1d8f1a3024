"""What people of Saint-Aurèle write about waste, cleanliness, trees and animals."""

from hub.demo.tickets.subject import AUTUMN, SUMMER, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "collectes": Field(
        answers=(
            "Bonjour, nous transmettons au collecteur. Laissez votre bac au chemin, il repassera d’ici {bientot}.",
            "Bonjour, merci. Votre adresse est sur la liste des oublis de cette semaine.",
        ),
        notes=(
            "Collecteur avisé par courriel, réponse attendue aujourd’hui.",
            "Deuxième oubli du mois sur ce circuit : appliquer la pénalité du contrat.",
            "Bac mal placé selon le chauffeur (poignées vers la rue). À expliquer gentiment.",
        ),
        says=(
            "Le bac est toujours au chemin, il déborde.",
            "Même chose chez mes {n} voisins.",
            "Le camion est passé tout droit, je l’ai vu de la fenêtre.",
        ),
    ),
    "proprete": Field(
        answers=(
            "Bonjour, une équipe passera d’ici {bientot}. Merci d’avoir l’œil.",
            "Bonjour, c’est sur la feuille de route des cols bleus.",
        ),
        notes=("Vu en passant, à faire demain matin.", "Deuxième signalement du mois à cet endroit."),
        says=("C’est encore pire depuis la fin de semaine.",),
    ),
    "arbres": Field(
        answers=(
            "Bonjour, notre technicienne en arboriculture passera voir l’arbre d’ici {bientot}.",
            "Bonjour, l’arbre a été inspecté. Les travaux sont confiés à l’émondeur, selon l’urgence.",
        ),
        notes=(
            "Érable argenté de 62 cm à l’inventaire. Cavité à deux mètres.",
            "Limite de terrain à vérifier au cadastre avant de promettre quoi que ce soit.",
        ),
        says=(
            "Il a encore perdu une grosse branche avec le vent.",
            "Si vous venez, sonnez : je peux vous ouvrir la cour.",
        ),
    ),
    "plantes": Field(
        answers=(
            "Bonjour, l’équipe horticole passera voir d’ici {bientot}.",
            "Bonjour, merci. C’est ajouté à la tournée des espaces verts.",
        ),
        notes=("Vu avec l’horticultrice.", "Limite de terrain à vérifier au cadastre."),
        says=("C’est encore plus haut cette semaine.", "Pouvez-vous me dire quand vous passez ?"),
    ),
    "animaux": Field(
        answers=(
            "Bonjour, la patrouille animalière est avisée et passera dans votre rue d’ici {bientot}.",
            "Bonjour, merci. Ne vous en approchez pas, nous envoyons quelqu’un.",
        ),
        notes=("SPA régionale avisée par téléphone.", "Patrouille sur place, constat au dossier."),
        says=("Je l’ai pris en photo, mais de loin.", "Même chose ce matin."),
    ),
}

SUBJECTS = (
    Subject(
        "Déchets", "collectes",
        words=(
            "Bac à déchets oublié au {no}, {rue}. Il était au chemin avant 7 h, comme toujours.",
            "Les vidanges n’ont pas été ramassées dans notre bout, {rue}. Tout le côté impair a été oublié.",
        ),
        done=("Bonjour, le camion est repassé ce matin. Désolés du désagrément.",),
        replied=("{jour}",), picture="bin", personal=True, often=2,
    ),
    Subject(
        "Déchets", "collectes",
        words=(
            "Bac brisé par le camion au {no}, {rue}. Le couvercle et une roue sont par terre.",
            "Il me faudrait un bac de remplacement au {no}, {rue}. Le fond est fendu.",
        ),
        done=("Bonjour, un bac neuf a été livré chez vous et l’ancien repris.",),
        replied=("{jour}",), picture="bin", personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, un bac est réservé à votre nom. La livraison se fait le jeudi.",
        ),
        notes=(
            "Numéro de série du bac noté pour la garantie.",
        ),
        says=(
            "En attendant, je mets les sacs dans le bac du voisin.",
        ),
    ),
    Subject(
        "Déchets", "collectes",
        words=(
            "Quand passe la prochaine collecte des gros rebuts ? J’ai un divan et un vieux matelas au {no}, {rue}.",
            "Demande de ramassage d’un frigo au {no}, {rue}. On m’a dit qu’il fallait un rendez-vous.",
        ),
        done=("Bonjour, les encombrants ont été ramassés. L’écocentre est aussi ouvert le samedi, sans frais.",),
        season=WARM, replied=("",), personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, la collecte des encombrants passe d’ici {bientot}. Tout au chemin avant 7 h.",
        ),
        notes=(
            "Inscrit sur la liste des encombrants.",
        ),
        says=(
            "Est-ce que je peux laisser aussi une table ?",
        ),
    ),
    Subject(
        "Recyclage", "collectes",
        words=(
            "Bac bleu non vidé au {no}, {rue}. Un autocollant parle de contamination, mais il n’y a que du carton.",
            "Le recyclage n’a pas été ramassé {jour} au {no}, {rue}. Le bac est plein depuis deux semaines.",
        ),
        done=("Bonjour, le bac a été vidé. L’autocollant était une erreur du nouveau chauffeur.",),
        refused="Le bac contenait de la styromousse et des sacs de plastique. Une fois retirés, il sera vidé à la"
        " collecte suivante.",
        picture="bin", personal=True,
    ),
    Subject(
        "Recyclage", "collectes",
        words=(
            "La cloche à verre déborde à l’écocentre. Des bouteilles cassées jonchent le sol autour.",
        ),
        done=(
            "Bonjour, la cloche est vidée et le verre balayé. Elle le sera deux fois par semaine jusqu’à la rentrée.",
        ),
        season=(12, 1, 6, 7, 8), picture="dump", personal=True,
        answers=(
            "Bonjour, le recycleur est demandé d’ici {bientot}.",
        ),
        notes=(
            "Deuxième débordement de la saison : demander une cloche de plus.",
        ),
        says=(
            "J’ai ramassé le plus gros, attention aux pneus.",
        ),
    ),
    Subject(
        "Compost", "collectes",
        words=(
            "Bac brun non ramassé depuis deux semaines au {no}, {rue}. Avec la chaleur, ce n’est plus tenable.",
        ),
        done=("Bonjour, le bac est vidé. À l’avenir, la collecte reste hebdomadaire jusqu’en octobre.",),
        season=(6, 7, 8, 9), picture="bin", personal=True, priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Compost", "collectes",
        words=(
            "Le bac brun est gelé dur au {no}, {rue}. Le camion l’a secoué et n’a rien vidé.",
            "Peut-on mettre les cendres froides dans le bac brun ? Personne ne me répond la même chose.",
        ),
        done=(
            "Bonjour, le bac est vidé. Un peu de papier journal au fond évite que tout colle au gel.",
            "Bonjour, non : jamais de cendres, même froides. Gardez-les dans un seau de métal, l’écocentre les prend.",
        ),
        season=(12, 1, 2, 3), personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, nous nous renseignons et vous revenons.",
        ),
        notes=(
            "Réponse à ajouter à la foire aux questions.",
        ),
        says=(
            "Merci, les consignes ne sont pas claires sur le bac.",
        ),
    ),
    Subject(
        "Compost", "collectes",
        words=(
            "Où porter les sacs de feuilles ? J’en ai {n} au {no}, {rue}, et la collecte ne les a pas pris.",
        ),
        done=("Bonjour, vos sacs de papier ont été ramassés. Le plastique, lui, n’est pas accepté.",),
        season=AUTUMN, personal=True, priority=Priority.MINOR,
        answers=(
            "Bonjour, une dernière collecte de feuilles passe d’ici {bientot}.",
        ),
        notes=(
            "Rappeler la consigne du papier dans le prochain bulletin.",
        ),
        says=(
            "Il pleut dessus, ils vont se défaire.",
        ),
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Matelas et pneus jetés au bout {de_rue}. Ça fait trois fois cette année.",
            "Dépôt sauvage dans le fossé, {rue}. Des sacs de bardeaux et un chauffe-eau.",
        ),
        done=("Bonjour, tout a été ramassé, pneus compris. Une caméra de chasse est posée pour l’automne.",),
        season=WARM, rural=True, replied=("Dépôt sauvage",), picture="dump",
        notes=(
            "Photographié avant ramassage, au cas où on trouverait le responsable.",
            "Prévoir le camion à benne.",
        ),
        says=(
            "Il y en a encore plus depuis la fin de semaine.",
            "J’ai vu la plaque d’une camionnette si ça peut aider.",
        ),
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Graffiti sur le mur de la bibliothèque. Des mots pas très beaux, à hauteur des yeux des enfants.",
            "Tag sur l’abribus {de_rue}. Il était neuf de ce printemps.",
        ),
        done=("Bonjour, c’est nettoyé. Un enduit facilitera la prochaine fois, en espérant qu’il n’y en ait pas.",),
        season=WARM, replied=("Tag ou affiche",), picture="graffiti", priority=Priority.MINOR,
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Poubelle pleine à ras bord au {parc}. Les corneilles ont tout étendu.",
            "Les poubelles du {parc} débordent chaque lundi. La fin de semaine, il en faudrait une de plus.",
        ),
        done=("Bonjour, la poubelle est vidée et une seconde est installée jusqu’à l’automne.",),
        season=(5, 6, 7, 8, 9), replied=("Poubelle pleine",), picture="bin",
    ),
    Subject(
        "Propreté", "proprete",
        words=(
            "Crottes de chien partout au {parc}. Il n’y a plus de sacs dans le distributeur depuis un mois.",
            "Les abords du {parc} sont pleins de crottes à la fonte. Les petits jouent là-dedans.",
        ),
        done=("Bonjour, le ménage est fait et le distributeur rempli. La brigade passera le rappeler aux promeneurs.",),
        season=(3, 4, 5, 6), replied=("Autre chose",), priority=Priority.MINOR,
    ),
    Subject(
        "Arbres et végétaux", "arbres",
        words=(
            "Grosse branche cassée au-dessus du trottoir, {no}, {rue}. Elle ne tient plus que par l’écorce.",
            "Branche menaçante au-dessus de la rue devant le {no}, {rue}. Le prochain vent va la faire tomber.",
        ),
        done=("Bonjour, la branche est coupée et le reste de l’arbre est sain.",),
        picture="tree", priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Arbres et végétaux", "arbres",
        words=(
            "Arbre tombé en travers {de_rue}. La moitié de la rue est bloquée, face au {no}.",
        ),
        done=("Bonjour, l’arbre est débité et la rue est libre. Le bois est à qui le veut jusqu’à {bientot}.",),
        season=(5, 6, 7, 8, 9, 10, 11), picture="tree", priority=Priority.URGENT,
        hand="Travaux publics",
    ),
    Subject(
        "Arbres et végétaux", "arbres",
        words=(
            "Le frêne devant le {no}, {rue}, a l’air malade. Il n’a presque plus de feuilles dans le haut.",
            "Serait-il possible de remplacer l’arbre mort devant le {no}, {rue} ? Un érable serait parfait.",
        ),
        done=(
            "Bonjour, l’agrile est confirmé. Le frêne est abattu, et un micocoulier sera planté à l’automne.",
            "Bonjour, l’arbre mort est abattu. Un érable rouge sera planté à l’automne, au même endroit.",
        ),
        season=(6, 7, 8, 9), priority=Priority.MINOR, picture="tree",
        notes=(
            "Agrile ? Écorce à soulever à la prochaine visite.",
            "Frêne nº 88 de l’inventaire.",
        ),
        says=(
            "Le pic-bois y est tous les matins.",
        ),
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Berce du Caucase le long du {parc}. Les enfants jouent juste à côté, c’est dangereux pour la peau.",
            "Herbe à poux en quantité autour du {parc}. Nous sommes {n} allergiques dans la maison.",
        ),
        done=("Bonjour, la plante a été arrachée avec la racine. Le secteur sera revu dans un mois.",),
        season=SUMMER, priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "Le gazon du {parc} n’est plus tondu. Il arrive aux genoux, avec les tiques ce n’est pas rassurant.",
        ),
        done=(
            "Bonjour, la tonte est faite. La bande le long du ruisseau reste haute exprès, pour les pollinisateurs.",
        ),
        season=(6, 7, 8), priority=Priority.MINOR,
    ),
    Subject(
        "Arbres et végétaux", "plantes",
        words=(
            "La haie du {no}, {rue}, déborde sur le trottoir. On ne passe plus à deux.",
        ),
        done=("Bonjour, le propriétaire a taillé sa haie après notre visite.",),
        season=(6, 7, 8, 9), kind=TicketKind.COMPLAINT, priority=Priority.MINOR, personal=True,
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Chien en liberté tous les matins, {rue}. Un berger brun, sans collier.",
            "Chien qui jappe du matin au soir au {no}, {rue}. J’ai parlé au propriétaire, sans succès.",
        ),
        done=("Bonjour, le propriétaire a été rencontré et a reçu un avis écrit. Rappelez-nous si cela recommence.",),
        replied=("non",), kind=TicketKind.COMPLAINT, personal=True,
        answers=(
            "Bonjour, la patrouille animalière passera aux heures que vous indiquez.",
        ),
        notes=(
            "Licence vérifiée : chien connu, deuxième avis cette année.",
        ),
        says=(
            "Encore ce matin, vers 6 h.",
        ),
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Moufette morte au milieu {de_rue}. L’odeur entre dans les maisons.",
            "Chevreuil frappé sur l’accotement, {rue}, près du {no}. Il ne bouge plus.",
        ),
        done=("Bonjour, l’animal a été ramassé ce matin.",),
        season=(4, 5, 6, 7, 8, 9, 10, 11), rural=True, replied=("non",),
        answers=(
            "Bonjour, l’équipe de voirie passe aujourd’hui même.",
        ),
        notes=(
            "Si c’est un chevreuil : aviser la Faune.",
        ),
        says=(
            "Les corneilles s’y sont mises.",
        ),
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Nid de guêpes dans la cabane du {parc}. Un petit s’est fait piquer {jour}.",
        ),
        done=("Bonjour, le nid a été retiré à l’aube. La cabane est rouverte.",),
        season=(7, 8, 9), replied=("oui",), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Animaux", "animaux",
        words=(
            "Chat trouvé au {no}, {rue}. Tigré gris, très doux, il boite de la patte avant.",
            "Renard qui tourne autour du {parc} en plein jour. Il a l’air malade et n’a pas peur des gens.",
        ),
        done=("Bonjour, la SPA est venue le chercher ; il est soigné. Merci pour lui.",),
        replied=("oui",),
    ),
)  # fmt: skip
