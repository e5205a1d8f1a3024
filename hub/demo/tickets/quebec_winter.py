"""What people of Saint-Aurèle write about snow, ice, water and sewers."""

from hub.demo.tickets.subject import AUTUMN, SNOW, THAW, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "neige": Field(
        answers=(
            "Bonjour, c’est noté. L’équipe repasse dans votre secteur d’ici {bientot}.",
            "Bonjour, merci de nous avoir prévenus. L’équipe de nuit a votre adresse sur sa feuille de route.",
            "Bonjour, l’opération en cours commence par les artères et l’école ; votre rue suit.",
        ),
        notes=(
            "Troisième appel pour ce tronçon depuis l’automne. Vérifier le trajet avec l’entrepreneur.",
            "Vu en passant ce matin, c’est exact. À faire cette nuit.",
            "Ajouté à la tournée de 4 h. À confirmer par le contremaître.",
            "Contrat de déneigement : ce secteur est au lot 2.",
        ),
        says=(
            "C’est pire depuis la bordée de cette nuit.",
            "Le facteur n’a pas pu passer ce matin.",
            "J’ai oublié de préciser : c’est du côté des numéros pairs.",
            "Toujours rien aujourd’hui. Savez-vous quand ils vont passer ?",
        ),
    ),
    "fuite": Field(
        answers=(
            "Bonjour, un préposé à l’aqueduc passera d’ici {bientot}, entre 8 h et 16 h.",
            "Bonjour, l’endroit est repéré. La réparation demande une excavation ; nous attendons Info-Excavation.",
        ),
        notes=(
            "Localisation demandée à Info-Excavation, réponse sous trois jours.",
            "Plan du réseau joint au dossier. Conduite de 150 mm en fonte, 1974.",
            "À coordonner avec la réfection de chaussée prévue au plan triennal.",
        ),
        says=("Même chose ce matin, un peu plus qu’hier.", "Le soir, ça s’entend jusque dans la maison."),
    ),
    "robinet": Field(
        answers=(
            "Bonjour, un préposé à l’aqueduc passera chez vous d’ici {bientot}, entre 8 h et 16 h.",
            "Bonjour, merci de l’avis. Nous vérifions le réseau dans votre secteur et vous revenons.",
        ),
        notes=(
            "Pression vérifiée à la borne voisine : 410 kPa, normale.",
            "Rinçage du secteur fait la semaine dernière, voir le registre.",
        ),
        says=("Je suis à la maison toute la journée si vous voulez passer.", "Ma voisine d’en face a la même chose."),
    ),
    "egout": Field(
        answers=(
            "Bonjour, le camion de vidange passera dans votre rue d’ici {bientot}.",
            "Bonjour, merci. Un préposé passe vérifier le réseau d’ici {bientot}.",
        ),
        notes=("Inspection par caméra demandée.", "Regard ouvert et vérifié : l’eau s’écoule lentement vers l’aval."),
        says=("Il a plu cette nuit, et c’est pareil.", "Je peux vous montrer l’endroit exact, je suis là le matin."),
    ),
}

SUBJECTS = (
    Subject(
        "Déneigement", "neige",
        words=(
            "Trottoir non déneigé devant le {no}, {rue}. On marche dans la rue avec la poussette depuis {jour}.",
            "Le trottoir n’est pas ouvert devant le {no}, {rue}. Les enfants du coin marchent dans la rue pour aller"
            " prendre l’autobus.",
        ),
        done=(
            "Bonjour, le trottoir est dégagé depuis ce matin. Merci de nous avoir prévenus.",
            "Bonjour, la chenillette est passée cette nuit et le trottoir a été sablé. Bonne journée.",
        ),
        season=SNOW, replied=("Trottoir",), picture="snow", priority=Priority.VERY_IMPORTANT, often=3.5,
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "La gratte a laissé un banc de neige devant mon entrée. Au {no}, {rue}, haut comme le capot de l’auto."
            " C’est la deuxième fois cette semaine.",
            "Andain de neige durcie en travers de mon entrée, {no}, {rue}. J’ai 78 ans, je ne peux pas pelleter ça.",
        ),
        done=(
            "Bonjour, la souffleuse a ouvert votre entrée. Nous avons rappelé la consigne au conducteur.",
        ),
        refused="Le règlement de la Ville laisse le dégagement des entrées privées à leurs propriétaires. Le Centre"
        " d’action bénévole tient une liste de personnes qui peuvent vous aider.",
        season=SNOW, replied=("Rue",), picture="snow", often=3.5,
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "{La_rue} n’a pas été déneigée de la nuit. Il y a au moins 20 cm et deux voitures sont prises"
            " dans la côte.",
            "Pas un passage de charrue sur {la_rue} depuis {jour}. On ne voit plus les bords du chemin.",
        ),
        done=("Bonjour, la rue a été ouverte ce matin à 6 h 30. Un bris d’équipement avait retardé le circuit.",),
        season=SNOW, often=2, replied=("Rue",), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "Glace noire au coin {de_rue} et {de_coin}. Deux voitures ont glissé à l’arrêt ce matin.",
            "L’intersection {de_rue} et {de_coin} est une patinoire. Il faudrait du sel ou du sable avant l’heure de"
            " l’école.",
        ),
        done=("Bonjour, l’intersection a été sablée et le sera à chaque épisode de verglas.",),
        season=SNOW, often=2, replied=("Rue",), priority=Priority.URGENT,
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "Banc de neige trop haut, coin {rue} et {coin}. On avance jusque dans la rue pour voir les autos.",
            "On ne voit rien à cause de la neige, coin {rue} et {coin}. Ça finira par un accident.",
        ),
        done=("Bonjour, le coin a été soufflé et le triangle de visibilité est rétabli.",),
        season=SNOW, often=2, replied=("Rue",), picture="snow",
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "L’arrêt d’autobus devant le {no}, {rue}, est plein de neige. On attend debout dans la rue.",
            "Abribus enneigé {de_rue}, à la hauteur du {no}. La porte ne s’ouvre plus.",
        ),
        done=("Bonjour, l’arrêt et son accès ont été dégagés à la pelle ce matin.",),
        season=SNOW, often=2, replied=("Arrêt d’autobus",), picture="snow",
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "Borne d’incendie ensevelie devant le {no}, {rue}. On n’en voit plus que le fanion.",
        ),
        done=("Bonjour, la borne est dégagée sur un mètre et demi, comme il se doit. Merci de votre vigilance.",),
        season=SNOW, often=2, replied=("Rue",), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "La charrue a accroché ma boîte aux lettres au {no}, {rue}. Le poteau est cassé net.",
            "Boîte aux lettres arrachée par le déneigement, {no}, {rue}. Qui paie pour la remplacer ?",
        ),
        done=(
            "Bonjour, après vérification, l’entrepreneur remplacera la boîte et le poteau à ses frais d’ici {bientot}.",
        ),
        refused="La boîte empiétait de 40 cm sur l’emprise municipale, et le bris vient du poids de la neige et non de"
        " l’équipement. La Ville ne peut donc pas rembourser.",
        season=SNOW, often=2, rural=True, kind=TicketKind.COMPLAINT, personal=True, replied=("Rue",),
        answers=(
            "Bonjour, nous vérifions avec l’entrepreneur qui était au volant cette nuit-là.",
        ),
        notes=(
            "Entrepreneur appelé, il reconnaît le passage vers 3 h.",
            "Distance à l’emprise à mesurer.",
        ),
        says=(
            "Le facteur refuse de livrer en attendant.",
            "J’ai gardé les morceaux si vous voulez les voir.",
        ),
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "Gazon arraché par la chenillette sur toute la façade. C’est au {no}, {rue}, on l’a découvert à la fonte.",
            "Le terrain est labouré par le déneigement au {no}, {rue}. La bordure de pavés est partie aussi.",
        ),
        done=(
            "Bonjour, l’équipe a remis de la terre et ensemencé. Merci d’arroser un peu les deux premières semaines.",
        ),
        season=THAW, kind=TicketKind.COMPLAINT, personal=True, replied=("Trottoir",), priority=Priority.MINOR,
        answers=("Bonjour, votre terrain est sur la liste des réparations du printemps, qui commence à la mi-mai.",),
        notes=("Photos de l’automne : gazon intact. À réparer.", "Liste du printemps : 34 terrains à ce jour."),
        says=("Est-ce que je peux réparer moi-même et vous envoyer la facture ?",),
    ),
    Subject(
        "Déneigement", "neige",
        words=(
            "Abri d’auto trop près du trottoir au {no}, {rue}. La chenillette ne passe plus et laisse tout sur place.",
        ),
        done=("Bonjour, le propriétaire a été avisé et a reculé son abri. Le trottoir peut être entretenu.",),
        season=(11, 12, 1, 2), replied=("Trottoir",), priority=Priority.MINOR, personal=True,
        hand="Urbanisme et environnement",
        answers=(
            "Bonjour, une inspectrice passera mesurer d’ici {bientot}.",
        ),
        notes=(
            "Recul exigé : 1,5 m de la bordure. Mesuré : 0,8 m.",
        ),
        says=(
            "Il y en a un autre, trois maisons plus loin.",
        ),
    ),
    Subject(
        "Aqueduc", "fuite",
        words=(
            "De l’eau sort de l’asphalte devant le {no}, {rue}. Ça coule jusqu’au puisard, jour et nuit.",
            "Fuite d’eau sur la chaussée à la hauteur du {no}, {rue}. Depuis {jour}, et ça augmente.",
        ),
        done=(
            "Bonjour, la conduite est réparée et la chaussée refermée. L’eau peut être brouillée quelques minutes ;"
            " laissez couler un robinet d’eau froide.",
        ),
        replied=("oui",), picture="leak", priority=Priority.URGENT,
    ),
    Subject(
        "Aqueduc", "robinet",
        words=(
            "L’eau du robinet est brune au {no}, {rue}. Est-ce qu’on peut la boire ? J’ai un bébé de {n} mois.",
            "Eau rouillée depuis {jour} au {no}, {rue}. Le linge blanc est sorti jaune de la laveuse.",
        ),
        done=(
            "Bonjour, le rinçage du réseau est terminé. Les analyses sont conformes : l’eau est potable et redevenue"
            " claire.",
        ),
        replied=("non",), priority=Priority.VERY_IMPORTANT, personal=True,
        answers=(
            "Bonjour, la coloration vient du fer remué par une manœuvre de vannes. L’eau reste potable, mais laissez-la"
            " couler avant de laver du blanc.",
        ),
    ),
    Subject(
        "Aqueduc", "robinet",
        words=(
            "Pression d’eau très faible au {no}, {rue}. À l’étage, la douche ne marche presque plus.",
            "Plus de pression depuis {jour} au {no}, {rue}. Le voisin a la sienne comme d’habitude.",
        ),
        done=(
            "Bonjour, le robinet d’arrêt de la rue était à moitié fermé. Il est rouvert et la pression est normale.",
        ),
        refused="La pression mesurée à la limite de votre terrain est normale. Le problème se situe dans la plomberie"
        " du bâtiment : un plombier pourra vous aider.",
        replied=("non",), personal=True,
    ),
    Subject(
        "Aqueduc", "robinet",
        words=(
            "Entrée d’eau gelée au {no}, {rue}. Plus une goutte depuis ce matin, nous sommes {n} dans la maison.",
        ),
        done=(
            "Bonjour, la conduite est dégelée. Laissez couler un mince filet d’eau jusqu’à la fin des grands froids.",
        ),
        season=(1, 2, 3), replied=("non",), priority=Priority.URGENT, personal=True,
        answers=(
            "Bonjour, l’équipe de dégel est en route. Gardez un robinet d’eau froide ouvert.",
        ),
        notes=(
            "Troisième gel à cette adresse : conduite à moins de 1,8 m ?",
        ),
        says=(
            "Toujours rien. Le voisin nous a passé un boyau.",
        ),
    ),
    Subject(
        "Aqueduc", "fuite",
        words=(
            "Borne d’incendie qui coule, coin {rue} et {coin}. Il s’est formé une plaque de glace autour.",
        ),
        done=("Bonjour, la borne est réparée et remise en service.",),
        season=(11, 12, 1, 2, 3, 4), replied=("oui",), picture="leak",
        priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Aqueduc", "robinet",
        words=(
            "Un voisin arrose en plein après-midi malgré l’interdiction. {Rue}, tous les jours depuis {jour}.",
            "Gicleurs ouverts toute la nuit au {no}, {rue}. On nous demande pourtant d’économiser l’eau.",
        ),
        done=("Bonjour, un avis a été remis au propriétaire et la situation est corrigée.",),
        season=(6, 7, 8), kind=TicketKind.COMPLAINT, personal=True, replied=("non",), priority=Priority.MINOR,
        hand="Urbanisme et environnement",
        answers=(
            "Bonjour, une patrouille passera aux heures que vous indiquez.",
        ),
        notes=(
            "Avis de courtoisie laissé à la porte.",
        ),
        says=(
            "Encore hier, de 13 h à 16 h.",
        ),
    ),
    Subject(
        "Aqueduc", "fuite",
        words=(
            "Couvercle de vanne qui dépasse de la chaussée devant le {no}, {rue}. On l’entend claquer toute la nuit.",
        ),
        done=("Bonjour, la boîte de vanne a été remise à niveau et le couvercle remplacé.",),
        season=(4, 5, 6, 7, 8, 9, 10, 11), replied=("non",),
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Refoulement d’égout au sous-sol, {no}, {rue}. L’eau remonte par le drain du plancher à chaque orage.",
            "De l’eau d’égout dans mon sous-sol au {no}, {rue}. Ça a commencé {jour}, il y en a dix centimètres.",
        ),
        done=(
            "Bonjour, la conduite principale était obstruée par des racines ; elle est nettoyée et"
            " inspectée par caméra.",
        ),
        refused="L’inspection par caméra montre que l’obstruction se trouve sur votre branchement privé. Un plombier"
        " doit intervenir ; le règlement demande aussi un clapet antiretour.",
        season=(4, 5, 6, 7, 8, 9, 10), priority=Priority.URGENT, personal=True,
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Puisard bouché devant le {no}, {rue}. À chaque pluie il se forme un lac jusqu’au trottoir.",
            "Grille de rue obstruée à la hauteur du {no}, {rue}. L’eau entre dans mon entrée de garage.",
        ),
        done=("Bonjour, le puisard a été vidé par le camion-vacuum et l’eau s’écoule bien.",),
        season=(3, 4, 5, 6, 9, 10, 11), picture="drain",
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Puisard plein de feuilles, coin {rue} et {coin}. La rue est inondée dès qu’il pleut.",
        ),
        done=("Bonjour, les feuilles ont été ramassées et la grille nettoyée. Merci !",),
        season=AUTUMN, picture="drain",
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Forte odeur d’égout près du {no}, {rue}. C’est pire le soir, on ne peut plus ouvrir les fenêtres.",
        ),
        done=("Bonjour, le regard a été rincé et son couvercle remplacé par un modèle étanche.",),
        season=(5, 6, 7, 8, 9),
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Fossé plein devant le {no}, {rue}. L’eau monte sur l’accotement et le ponceau semble écrasé.",
            "Ponceau bouché au {no}, {rue}. La fonte s’en vient et l’eau n’a nulle part où aller.",
        ),
        done=("Bonjour, le fossé est nettoyé sur 80 mètres et le ponceau dégagé.",),
        refused="Le ponceau d’une entrée privée appartient au propriétaire du terrain. Le fossé lui-même sera nettoyé"
        " selon le programme de l’été.",
        season=(3, 4, 5, 10, 11), rural=True,
    ),
    Subject(
        "Égouts", "egout",
        words=(
            "Couvercle d’égout déplacé sur {la_rue}, face au {no}. Un vélo pourrait tomber dedans.",
        ),
        done=("Bonjour, le couvercle a été replacé dans l’heure et boulonné. Merci d’avoir appelé.",),
        priority=Priority.URGENT, season=(4, 5, 6, 7, 8, 9, 10, 11),
        answers=(
            "Bonjour, un préposé part tout de suite avec des cônes.",
        ),
    ),
)  # fmt: skip
