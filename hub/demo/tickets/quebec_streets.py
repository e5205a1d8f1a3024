"""What people of Saint-Aurèle write about streets, signs and lights."""

from hub.demo.tickets.subject import AUTUMN, SCHOOL, THAW, WARM, Field, Subject
from hub.tickets.models import Priority, TicketKind

FIELDS = {
    "chaussee": Field(
        answers=(
            "Bonjour, votre demande est transmise au contremaître. Une équipe passera d’ici {bientot}.",
            "Bonjour, merci du signalement. L’endroit est balisé en attendant la réparation.",
            "Bonjour, la réparation est prévue au prochain jour sans pluie : l’asphalte froid ne tient pas autrement.",
        ),
        notes=(
            "Passé voir ce matin. À faire avec l’équipe 2, une demi-journée.",
            "Même endroit qu’au printemps dernier : la fondation est molle, à signaler à l’ingénierie.",
            "Matériel au garage. Il manque un signaleur pour jeudi.",
            "Route du ministère ou à nous ? Vérifié : à nous.",
        ),
        says=(
            "Ça s’est agrandi avec la pluie.",
            "Avez-vous une date ? Mes enfants passent là à vélo.",
            "Pour le trouver : c’est juste en face de la maison à volets verts.",
        ),
    ),
    "signal": Field(
        answers=(
            "Bonjour, la signalisation est prévenue. Un ouvrier passera d’ici {bientot}.",
            "Bonjour, merci du signalement. C’est sur la feuille de route de la signalisation.",
        ),
        notes=(
            "Vérifié au plan de signalisation.",
            "Pièce au magasin, une heure de travail.",
            "À faire avant l’école.",
        ),
        says=("Toujours pareil ce matin.", "Une auto a failli en frapper une autre hier soir."),
    ),
    "eclairage": Field(
        answers=(
            "Bonjour, l’électricien passe dans votre secteur d’ici {bientot}.",
            "Bonjour, la pièce est commandée. Comptez une dizaine de jours.",
        ),
        notes=(
            "Relevé de la tournée de nuit : deux autres dans la même rue, à faire ensemble.",
            "Poteau d’Hydro-Québec, luminaire à la Ville. Rien à leur demander.",
            "Cellule photoélectrique à remplacer, il en reste six en stock.",
        ),
        says=("Même chose hier soir.", "Maintenant, c’est celui d’à côté aussi."),
    ),
}

SUBJECTS = (
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Nid-de-poule profond devant le {no}, {rue}. On le contourne en empiétant sur l’autre voie.",
            "Gros trou dans la rue à la hauteur du {no}, {rue}. J’ai entendu une jante cogner {n} fois ce matin.",
            "Un nid-de-poule a brisé mon pneu devant le {no}, {rue}. Il n’y avait aucun cône.",
        ),
        done=(
            "Bonjour, le nid-de-poule a été comblé ce matin. Si l’asphalte se défait, écrivez-nous ici.",
            "Bonjour, la réparation est faite à l’asphalte chaud. Merci de nous avoir prévenus.",
        ),
        season=(3, 4, 5, 6, 9, 10, 11), replied=("Chaussée",), picture="pothole", priority=Priority.VERY_IMPORTANT,
        often=2,
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Nids-de-poule sur tout {la_rue}, surtout avant le {no}. On y laisse une roue chaque printemps.",
            "L’accotement est mangé devant le {no}, {rue}. Avec un camion en face, on tombe dans le fossé.",
        ),
        done=("Bonjour, le rapiéçage est fait sur 300 mètres et l’accotement est rechargé en gravier.",),
        season=(4, 5, 6, 7, 8, 9, 10), rural=True, replied=("Chaussée",), picture="pothole",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Planche à laver {sur_rue} depuis le dégel. La niveleuse ne passe plus au-delà du {no}.",
            "Poussière insupportable devant le {no}, {rue}. À quand l’abat-poussière ?",
        ),
        done=("Bonjour, la niveleuse est passée et l’abat-poussière a été épandu dans la foulée.",),
        season=(5, 6, 7, 8, 9), rural=True, replied=("Chaussée",), priority=Priority.MINOR,
        answers=(
            "Bonjour, la niveleuse passe dans votre secteur d’ici {bientot}, s’il ne pleut pas.",
        ),
        notes=(
            "Abat-poussière : 2 000 litres en réserve.",
            "Niveleuse au garage jusqu’à {bientot}.",
        ),
        says=(
            "Les camions de la carrière n’aident pas.",
        ),
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Trottoir soulevé devant le {no}, {rue}. Ma mère est tombée, heureusement sans se blesser.",
            "Dalle de trottoir brisée à la hauteur du {no}, {rue}. Impossible à franchir en fauteuil roulant.",
        ),
        done=("Bonjour, la dalle est refaite. Le béton est praticable depuis ce matin.",),
        refused="Le décalage mesuré est de huit millimètres, sous le seuil d’intervention de vingt. Le tronçon est noté"
        " pour l’inspection du printemps prochain.",
        season=WARM, replied=("Trottoir",), picture="sidewalk",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Affaissement de la chaussée, coin {rue} et {coin}. Ça descend un peu plus chaque semaine.",
        ),
        done=("Bonjour, la chaussée a été ouverte, la fondation reprise et le pavage refait.",),
        season=WARM, replied=("Chaussée",), priority=Priority.VERY_IMPORTANT, picture="pothole",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Gravier et sable de l’hiver encore sur la piste cyclable, {rue}. Je suis tombé à vélo {jour}.",
            "Sable de l’hiver jamais ramassé {sur_rue}. On le respire dès qu’il vente.",
        ),
        done=("Bonjour, le balai mécanique est passé aujourd’hui.",),
        season=(4, 5, 6), priority=Priority.MINOR,
        answers=(
            "Bonjour, le balayage suit son calendrier ; votre secteur est prévu d’ici {bientot}.",
        ),
        says=(
            "Toujours pas passé dans notre bout.",
        ),
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Bordure de rue arrachée devant le {no}, {rue}. Il en reste un morceau dans mon entrée.",
        ),
        done=("Bonjour, la bordure a été remplacée. Le coffrage sera retiré d’ici {bientot}.",),
        season=THAW, replied=("Trottoir",), priority=Priority.MINOR, picture="sidewalk",
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Panneau d’arrêt couché au coin {de_rue} et {de_coin}. Les gens passent tout droit.",
            "Plus de panneau d’arrêt au coin {de_rue} et {de_coin}. Il ne reste que le poteau.",
        ),
        done=("Bonjour, un panneau neuf est posé. Merci, c’était urgent en effet.",),
        replied=("Panneau",), picture="sign", priority=Priority.URGENT,
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Le feu piéton est muet, coin {rue} et {coin}. Mon frère est aveugle et ne sait plus quand"
            " traverser.",
            "Bouton pour piétons en panne, coin {rue} et {coin}. On attend, et rien ne vient.",
        ),
        done=("Bonjour, le module sonore et le bouton ont été remplacés, et l’attente réduite à trente secondes.",),
        replied=("Feu",), priority=Priority.VERY_IMPORTANT,
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Passage pour piétons effacé près de l’école, {rue}. Le brigadier lui-même s’en plaint.",
            "Marquage au sol effacé, coin {rue} et {coin}. Surtout le soir, sous la pluie.",
        ),
        done=("Bonjour, le marquage est refait avec une peinture à billes de verre.",),
        season=WARM, replied=("Marquage au sol",),
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Une branche cache le panneau de 30 km/h, {rue}. On ne le voit qu’une fois passé.",
        ),
        done=("Bonjour, la branche est coupée et le panneau bien visible.",),
        season=(6, 7, 8, 9), replied=("Panneau",), priority=Priority.MINOR, picture="sign",
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Ça roule beaucoup trop vite devant le {no}, {rue}. Il y a {n} familles avec de jeunes enfants ici.",
            "Serait-il possible d’avoir un dos d’âne, {rue} ? Les gens s’en servent comme raccourci à"
            " l’heure de pointe.",
        ),
        done=(
            "Bonjour, un radar pédagogique a été posé trois semaines ; la vitesse médiane est de 41 km/h. Le comité de"
            " circulation recommande un bollard central, posé ce matin.",
        ),
        refused="Le comité de circulation a étudié votre rue : le débit et les vitesses relevés ne justifient pas un"
        " dos d’âne. La Sûreté du Québec a été avisée des heures que vous mentionnez.",
        season=SCHOOL, kind=TicketKind.COMPLAINT, replied=("Panneau",), priority=Priority.MINOR,
        answers=("Bonjour, votre demande sera étudiée au prochain comité de circulation, le premier mardi du mois.",),
        notes=(
            "Comité de circulation : point 4 de l’ordre du jour.",
        ),
        says=(
            "Le camion de livraison passe à 70, je l’ai vu encore ce matin.",
        ),
    ),
    Subject(
        "Signalisation", "signal",
        words=(
            "Le nom de la rue manque, coin {rue} et {coin}. L’ambulance a cherché dix minutes chez ma voisine.",
        ),
        done=("Bonjour, la plaque est remplacée des deux côtés.",),
        replied=("Panneau",),
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Lampadaire éteint devant le {no}, {rue}. C’est le noir complet jusqu’au coin.",
            "La lumière de rue ne s’allume plus au {no}, {rue}. Ma fille revient du cégep à pied à 22 h.",
        ),
        done=(
            "Bonjour, la lumière est remplacée par une DEL. Bonne soirée.",
            "Bonjour, le fusible du poteau est remplacé et tout s’allume à la brunante.",
        ),
        replied=("Il est éteint", "{poteau}"), picture="lamp", often=2,
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Lampadaire qui clignote toute la nuit en face du {no}, {rue}. Ça donne droit dans notre chambre.",
        ),
        done=("Bonjour, la cellule photoélectrique a été changée. Dites-nous s’il clignote encore.",),
        replied=("Il clignote", "{poteau}"), picture="lamp", priority=Priority.MINOR,
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Toutes les lumières restent allumées en plein jour, {rue}. C’est nous qui payons !",
        ),
        done=("Bonjour, l’horloge du circuit retardait de douze heures. C’est corrigé.",),
        replied=("Il reste allumé le jour", ""), priority=Priority.MINOR,
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Poteau de lumière penché après un accident, {rue}, face au {no}. Les fils touchent l’érable.",
        ),
        done=("Bonjour, le poteau est redressé et les fils sont remis à hauteur. Merci.",),
        replied=("Il est abîmé", "{poteau}"), picture="lamp", priority=Priority.URGENT,
        answers=("Bonjour, l’endroit est balisé et Hydro-Québec est avisée. N’approchez pas des fils.",),
        notes=(
            "Hydro-Québec avisée, ronde demandée dans l’heure.",
            "Constat de police demandé pour l’assurance.",
        ),
        says=(
            "Le vent se lève, ça craque.",
        ),
    ),
    Subject(
        "Éclairage", "eclairage",
        words=(
            "Il fait noir comme chez le loup au {parc}. Les {n} lampadaires du sentier sont éteints.",
            "Plus aucune lumière sur le sentier du {parc}. On n’ose plus y promener le chien après souper.",
        ),
        done=("Bonjour, un câble souterrain était sectionné. Le sentier est éclairé de nouveau.",),
        season=(9, 10, 11, 12, 1, 2), replied=("Il est éteint", ""), picture="lamp",
    ),
    Subject(
        "Voies de circulation", "chaussee",
        words=(
            "Feuilles mouillées plein la rue, coin {rue} et {coin}. Ça glisse autant que de la glace.",
        ),
        done=("Bonjour, le balai aspirateur est passé. Deux autres passages sont prévus cet automne.",),
        season=AUTUMN, replied=("Chaussée",), priority=Priority.MINOR,
        answers=(
            "Bonjour, le balai passe dans votre secteur d’ici {bientot}.",
        ),
        says=(
            "Un cycliste est tombé ce matin.",
        ),
        notes=(
            "Balai disponible l’après-midi seulement.",
        ),
    ),
)  # fmt: skip
