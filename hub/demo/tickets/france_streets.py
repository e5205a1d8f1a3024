"""What people of Valbourg write about streets, signs and lights."""

from hub.demo.tickets.subject import AUTUMN, SCHOOL, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FROST = (12, 1, 2)

FIELDS = {
    "chaussee": Field(
        answers=(
            "Bonjour, merci pour votre signalement. L’équipe voirie passera {bientot}.",
            "Bonjour, l’endroit est balisé en attendant l’intervention, prévue d’ici {bientot}.",
            "Bonjour, nous avons demandé l’entreprise titulaire du marché. Elle intervient sous dix jours.",
        ),
        notes=(
            "Vu sur place avec Manon. Enrobé à froid pour l’instant, reprise au marché de printemps.",
            "Voie départementale en traverse : prévenir le département avant de poser les cônes.",
            "DICT à faire, il y a le gaz sous le trottoir.",
        ),
        says=(
            "La pluie de cette nuit a encore aggravé les choses.",
            "Un cycliste est tombé hier soir, plus de peur que de mal.",
            "Je précise : c’est côté pair, juste après le passage piéton.",
            "Avez-vous une date ? Nous n’avons vu personne.",
        ),
    ),
    "hiver": Field(
        answers=("Bonjour, la saleuse est en route. Merci de nous avoir prévenus.",),
        notes=("Circuit 2, fait en dernier ce matin : panne de la lame.", "Bac à sel à remplir par la même occasion."),
        says=("C’est encore gelé à l’ombre.",),
    ),
    "signal": Field(
        answers=(
            "Bonjour, merci. L’équipe signalisation passera {bientot}.",
            "Bonjour, le matériel est commandé ; la pose suit dès réception.",
        ),
        notes=(
            "Vu sur place, une demi-journée à deux.",
            "Prévoir un arrêté de circulation pour l’intervention.",
            "En stock aux ateliers.",
        ),
        says=("Toujours rien ce matin, et un accrochage évité de peu.", "Avez-vous une date ?"),
    ),
    "eclairage": Field(
        answers=(
            "Bonjour, la panne est transmise au syndicat d’énergie, qui intervient sous cinq jours ouvrés.",
            "Bonjour, merci. La nacelle passe dans votre quartier d’ici {bientot}.",
        ),
        notes=(
            "Ticket ouvert chez le syndicat d’énergie, référence au dossier.",
            "Armoire 14 à surveiller : deuxième fois en un mois.",
        ),
        says=("Pareil hier soir.", "Les voisins d’en face le voient aussi."),
    ),
}

SUBJECTS = (
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Nid-de-poule devant le {no}, {rue}. Deux voitures y ont laissé un pneu cette semaine.",
            "Gros trou dans la chaussée à hauteur du {no}, {rue}. Les vélos font un écart sans regarder.",
            "La chaussée s’effrite devant le {no}, {rue}. Des gravillons partout, j’ai failli tomber à scooter.",
        ),
        done=(
            "Bonjour, le trou est rebouché depuis ce matin. Merci de votre vigilance.",
            "Bonjour, l’enrobé est refait sur quatre mètres carrés.",
        ),
        season=(1, 2, 3, 4, 5, 10, 11, 12), replied=("Chaussée",), picture="pothole", often=2,
        priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Trottoir défoncé par les racines devant le {no}, {rue}. Ma voisine de 84 ans y est tombée.",
            "Pavé descellé devant le {no}, {rue}. Il bascule dès qu’on pose le pied.",
        ),
        done=("Bonjour, le trottoir est repris. Merci de nous avoir alertés.",),
        replied=("Trottoir",), picture="sidewalk",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Voiture ventouse devant le {no}, {rue}. Elle n’a pas bougé depuis {n} mois et les pneus sont à plat.",
            "Stationnement sur le trottoir tous les soirs, {rue}. On passe avec la poussette sur la route.",
        ),
        done=(
            "Bonjour, après mise en demeure, le véhicule a été enlevé par la fourrière.",
            "Bonjour, la police municipale est passée trois soirs de suite, et deux potelets sont posés.",
        ),
        replied=("Chaussée",), kind=TicketKind.COMPLAINT, personal=True,
        answers=("Bonjour, la police municipale passe constater la situation d’ici {bientot}.",),
        notes=("Immatriculation relevée, identification demandée.",),
        says=("Rien n’a changé ce matin.",),
        hand="Police municipale",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Pourrait-on réparer la piste cyclable {de_rue} ? Les plots sont arrachés après le {no}.",
            "La piste cyclable {de_rue} est couverte de branches et de verre. On finit sur la route.",
        ),
        done=(
            "Bonjour, les balises sont remplacées.",
            "Bonjour, la piste est balayée, et elle le sera désormais chaque mois.",
        ),
        replied=("Piste cyclable",),
        answers=(
            "Bonjour, merci. L’équipe voirie passe d’ici {bientot}.",
        ),
        notes=(
            "Balises en stock aux ateliers.",
        ),
        says=(
            "Un enfant a crevé hier à cet endroit.",
        ),
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Le caniveau ne s’écoule plus devant le {no}, {rue}. On se fait éclabousser à chaque voiture.",
        ),
        done=("Bonjour, le caniveau est curé et la pente reprise sur trois mètres.",),
        season=(9, 10, 11, 12, 1, 2, 3, 4), replied=("Chaussée",), priority=Priority.MINOR,
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Les travaux de la fibre ont laissé une tranchée ouverte, {rue}. Depuis {jour}, sans un seul cône.",
        ),
        done=("Bonjour, l’entreprise a refermé et refait l’enrobé à ses frais.",),
        replied=("Trottoir",), priority=Priority.VERY_IMPORTANT, picture="sidewalk",
    ),
    Subject(
        "Déneigement", "hiver",
        words=(
            "Verglas dans la descente {de_rue}. Trois voitures en travers ce matin à hauteur du {no}.",
            "{La_rue} n’a pas été salée. Le car scolaire n’est pas monté jusqu’au lotissement.",
        ),
        done=("Bonjour, la saleuse est passée. Cette rue fait maintenant partie du premier circuit.",),
        season=FROST, replied=("Rue",), priority=Priority.URGENT, picture="snow",
    ),
    Subject(
        "Déneigement", "hiver",
        words=(
            "Parvis de l’école verglacé ce matin. Deux enfants sont tombés devant le portail.",
            "Les marches de la mairie sont gelées. Il n’y a plus de sel dans le bac.",
        ),
        done=("Bonjour, l’accès est salé chaque jour avant 8 h jusqu’au redoux.",),
        season=FROST, replied=("Entrée d’un bâtiment municipal",), priority=Priority.URGENT, picture="snow",
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Panneau stop couché, angle {rue} et {coin}. Personne ne marque plus l’arrêt.",
            "Sens interdit arraché, angle {rue} et {coin}. On croise des voitures à contresens.",
        ),
        done=("Bonjour, le panneau est remplacé et scellé. Merci.",),
        replied=("Panneau",), priority=Priority.URGENT, picture="sign",
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Passage piéton effacé devant l’école, {rue}. Les voitures ne s’arrêtent plus.",
            "Marquage au sol disparu, angle {rue} et {coin}. On ne sait plus qui a la priorité.",
        ),
        done=("Bonjour, la peinture est refaite à la résine, qui tient cinq ans.",),
        season=WARM, replied=("Marquage au sol",),
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Le feu reste au rouge, angle {rue} et {coin}. Les gens finissent par passer quand même.",
        ),
        done=("Bonjour, la boucle de détection est réparée.",),
        replied=("Feu",), priority=Priority.URGENT,
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Vitesse excessive devant le {no}, {rue}. C’est limité à 30, on entend bien que non.",
            "Demande de ralentisseur, {rue}. Nous sommes {n} familles à le souhaiter, la pétition suit.",
        ),
        done=(
            "Bonjour, le radar pédagogique confirme la moitié des passages au-dessus de 40 km/h. Deux écluses sont"
            " posées à titre d’essai.",
        ),
        refused="Les mesures faites pendant quinze jours donnent une vitesse moyenne de 31 km/h. La commission voirie"
        " n’a pas retenu d’aménagement, mais des contrôles seront faits.",
        season=SCHOOL, kind=TicketKind.COMPLAINT, replied=("Panneau",), priority=Priority.MINOR,
        answers=("Bonjour, un radar pédagogique sera posé quinze jours pour avoir des chiffres.",),
        notes=(
            "Radar pédagogique disponible dans trois semaines.",
            "Comptages de l’an dernier au dossier.",
        ),
        says=(
            "Surtout entre 17 h et 19 h.",
        ),
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Miroir de sortie cassé, angle {rue} et {coin}. On avance au jugé.",
        ),
        done=("Bonjour, un miroir neuf est posé et réglé.",),
        refused="Ce miroir a été posé par un particulier, en dehors du domaine public. La commune ne peut pas le"
        " remplacer ; nous en avons informé son propriétaire.",
        replied=("Panneau",), picture="sign",
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Place pour personnes handicapées effacée, {rue}, devant la pharmacie. Tout le monde s’y gare.",
        ),
        done=("Bonjour, le marquage est refait et un panneau rappelle l’amende.",),
        replied=("Marquage au sol",), priority=Priority.VERY_IMPORTANT,
        answers=(
            "Bonjour, le marquage est prévu d’ici {bientot}, s’il ne pleut pas.",
        ),
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Lampadaire éteint devant le {no}, {rue}. On ne voit plus les marches.",
            "Plus de lumière devant le {no}, {rue}. Depuis {jour}, et c’est là que passent les collégiens.",
        ),
        done=(
            "Bonjour, la lampe est remplacée par une LED.",
            "Bonjour, le point lumineux est réparé. Il s’éteint, comme les autres, de 23 h 30 à 5 h.",
        ),
        replied=("Il est éteint", "{poteau}"), picture="lamp", often=2,
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Lampadaire qui clignote devant le {no}, {rue}. Nous n’avons pas de volets de ce côté.",
            "Les lampadaires restent allumés en plein jour, {rue}. Ce n’est guère sobre.",
        ),
        done=(
            "Bonjour, le ballast est remplacé. Bonne nuit !",
            "Bonjour, l’horloge de l’armoire est remise à l’heure.",
        ),
        priority=Priority.MINOR, picture="lamp",
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Pourquoi l’éclairage est-il coupé à 23 h 30, {rue} ? Ma fille rentre du service à minuit.",
        ),
        done=("Bonjour, la coupure est reportée à minuit et demi dans votre rue, à l’essai jusqu’à l’été.",),
        refused="L’extinction nocturne a été votée par le conseil municipal après consultation. Elle s’applique à"
        " toutes les rues, hors quartier de la gare.",
        season=(9, 10, 11, 12, 1, 2, 3), replied=("Il est éteint", ""), priority=Priority.MINOR,
        answers=(
            "Bonjour, votre question sera posée à la commission de {bientot}.",
        ),
        notes=(
            "Trois demandes du même ordre cette année.",
        ),
        says=(
            "Même une lampe sur deux suffirait.",
        ),
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Trappe ouverte au pied d’un lampadaire, {rue}, face au {no}. Les fils sont à portée d’enfant.",
        ),
        done=("Bonjour, la trappe est refermée et verrouillée. L’agent est passé dans l’heure.",),
        replied=("Il est abîmé", "{poteau}"), priority=Priority.URGENT, picture="lamp",
        answers=(
            "Bonjour, un agent part tout de suite. Merci de tenir les enfants à l’écart.",
        ),
        notes=(
            "Sans tension, vérifié. Trappe neuve aux ateliers.",
        ),
        says=(
            "Un riverain l’a refermée avec du ruban.",
        ),
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Feuilles mortes sur le trottoir {de_rue}. C’est une patinoire devant le {no}.",
        ),
        done=("Bonjour, la balayeuse est passée. Elle revient chaque semaine jusqu’en décembre.",),
        season=AUTUMN, replied=("Trottoir",), priority=Priority.MINOR,
        answers=(
            "Bonjour, la balayeuse passe dans votre rue d’ici {bientot}.",
        ),
        notes=(
            "Balayeuse en réparation jusqu’à lundi, faire à la main.",
        ),
        says=(
            "Le facteur a glissé ce matin.",
        ),
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Des camions traversent le bourg malgré l’interdiction, {rue}. Les murs tremblent au {no}.",
            "Les camions suivent leur GPS et se coincent, {rue}. Hier, il a fallu deux heures pour dégager le virage.",
        ),
        done=("Bonjour, l’interdiction est maintenant annoncée depuis la départementale, et les GPS sont corrigés.",),
        replied=("Panneau",), kind=TicketKind.COMPLAINT,
        answers=("Bonjour, la police municipale fera des contrôles, et la signalisation avancée est à l’étude.",),
        says=("Encore trois ce matin avant 7 h.",), hand="Police municipale",
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Les illuminations ne s’allument plus, {rue}. La moitié de la guirlande est éteinte depuis {jour}.",
        ),
        done=("Bonjour, le transformateur est changé et tout brille. Bonnes fêtes !",),
        season=(12,), replied=("Il est éteint", ""), priority=Priority.MINOR,
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Les bacs restent toute la semaine sur le trottoir, {rue}. Il faut descendre sur la route au {no}.",
            "Trottoir encombré par un chantier au {no}, {rue}. Rien n’indique aux piétons de traverser.",
        ),
        done=(
            "Bonjour, les riverains ont reçu un rappel, et un point de regroupement est marqué au sol.",
            "Bonjour, l’entreprise a posé une passerelle et les panneaux.",
        ),
        replied=("Trottoir",), priority=Priority.MINOR,
    ),
)  # fmt: skip
