"""What one says of each danger, ready to be changed: at three in the morning nobody begins with an empty page. Pure.

Texts are not sentences of the page: an alert has its French and its English words whatever its author reads. An SMS
holds plain letters only (`hub.deliveries.gsm`): with a town's name and number it stays one SMS.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.alerts.models import Danger


@dataclass(frozen=True)
class Ready:
    """In one language. `name`: what a team calls it; `{town}` in `sms` and `voice` is the town's name."""

    name: str
    title: str
    body: str
    sms: str
    voice: str


_FR = {
    Danger.WATER: Ready(
        "Avis d’ébullition",
        "Eau non potable : faites-la bouillir",
        "L’eau du robinet ne doit pas être bue telle quelle.\n"
        "Faites-la bouillir une minute à gros bouillons avant de la boire, de cuisiner, de vous brosser les dents ou "
        "de préparer un biberon. La filtrer ne suffit pas. Vous pouvez vous laver, sans en avaler.\n"
        "Nous vous préviendrons dès que l’eau sera de nouveau potable.",
        "{town} : eau non potable. Faites bouillir l'eau 1 minute avant de la boire, filtrée ou non.",
        "Message de {town}. L’eau du robinet n’est pas potable. Faites-la bouillir une minute avant de la boire ou de "
        "cuisiner. Prévenez vos voisins. Nous vous rappellerons quand l’eau sera de nouveau potable.",
    ),
    Danger.FLOOD: Ready(
        "Montée des eaux",
        "Inondation : mettez-vous en hauteur",
        "La rivière monte et peut atteindre les rues basses.\n"
        "Montez à l’étage. Coupez l’électricité et le gaz si l’eau approche. Ne descendez ni à la cave ni au garage, "
        "et ne traversez pas une rue inondée, à pied ou en voiture.\n"
        "N’allez pas chercher les enfants à l’école : on s’en occupe. Appelez les secours si vous êtes en danger.",
        "{town} : inondation. Montez à l'étage, n'allez ni à la cave ni en voiture.",
        "Message de {town}. Une inondation menace les rues basses. Montez à l’étage. Ne descendez pas à la cave et ne "
        "prenez pas votre voiture. Si vous êtes en danger, appelez les secours.",
    ),
    Danger.FIRE: Ready(
        "Fumées d’incendie",
        "Incendie : restez à l’intérieur",
        "Un incendie dégage des fumées dangereuses.\n"
        "Rentrez. Fermez portes et fenêtres, arrêtez la ventilation. N’approchez pas : laissez la place aux pompiers.\n"
        "Si vous respirez mal, appelez les secours.",
        "{town} : incendie. Restez chez vous, fermez tout, coupez la ventilation. N'approchez pas.",
        "Message de {town}. Un incendie dégage des fumées dangereuses. Restez à l’intérieur, fermez portes et "
        "fenêtres, arrêtez la ventilation. N’approchez pas du feu.",
    ),
    Danger.CHEMICAL: Ready(
        "Mise à l’abri",
        "Produit dangereux : mettez-vous à l’abri",
        "Un produit dangereux s’est répandu dans l’air.\n"
        "Entrez dans le bâtiment le plus proche. Fermez portes et fenêtres, arrêtez la ventilation et le chauffage à "
        "air. Ne fumez pas, n’allumez rien.\n"
        "Attendez la fin de l’alerte avant de sortir. N’allez pas chercher les enfants à l’école.",
        "{town} : produit dangereux dans l'air. Rentrez, fermez tout, coupez la ventilation.",
        "Message de {town}. Un produit dangereux s’est répandu dans l’air. Entrez dans un bâtiment, fermez portes et "
        "fenêtres, arrêtez la ventilation. N’en sortez pas avant la fin de l’alerte.",
    ),
    Danger.STORM: Ready(
        "Vents violents ou verglas",
        "Tempête : restez chez vous",
        "Des vents violents, ou du verglas, sont attendus.\n"
        "Reportez vos déplacements. Rentrez ce qui peut s’envoler. Éloignez-vous des arbres et des fils tombés à "
        "terre, et ne les touchez jamais.\n"
        "Gardez à portée une lampe, de l’eau et un téléphone chargé.",
        "{town} : vents violents ou verglas. Restez chez vous, ne touchez pas aux fils tombés.",
        "Message de {town}. Des vents violents ou du verglas sont attendus. Restez chez vous. Ne touchez jamais un fil "
        "tombé à terre. Gardez une lampe et de l’eau à portée de main.",
    ),
    Danger.OUTAGE: Ready(
        "Panne de courant",
        "Panne majeure : ce qui fonctionne",
        "Une panne touche une grande partie de la commune.\n"
        "Débranchez vos appareils. N’utilisez ni barbecue ni groupe électrogène à l’intérieur. Prenez des nouvelles de "
        "vos voisins âgés ou malades.\n"
        "Un accueil chauffé est ouvert à la mairie.",
        "{town} : panne majeure. Accueil ouvert à la mairie. Prenez des nouvelles de vos voisins.",
        "Message de {town}. Une panne touche une grande partie de la commune. Un accueil est ouvert à la mairie. "
        "Prenez des nouvelles de vos voisins âgés ou malades.",
    ),
    Danger.MISSING: Ready(
        "Personne recherchée",
        "Personne disparue : regardez autour de vous",
        "Nous recherchons une personne qui peut être en danger : nom, âge, taille, vêtements, lieu et heure où on l’a "
        "vue pour la dernière fois.\n"
        "Regardez dans votre jardin, votre garage et votre cour. Si vous la voyez, restez avec elle et appelez les "
        "secours.",
        "{town} : personne disparue. Regardez dans votre jardin et votre garage. Vue ? Appelez les secours.",
        "Message de {town}. Nous recherchons une personne disparue qui peut être en danger. Regardez dans votre jardin "
        "et votre garage. Si vous la voyez, appelez les secours.",
    ),
    Danger.OTHER: Ready(
        "Autre danger",
        "",
        "",
        "{town} : ",
        "Message de {town}. ",
    ),
}  # fmt: skip

_EN = {
    Danger.WATER: Ready(
        "Boil water advisory",
        "Water not safe to drink: boil it",
        "Tap water must not be drunk as it is.\n"
        "Bring it to a rolling boil for one minute before you drink it, cook, brush your teeth or prepare a bottle. "
        "Filtering is not enough. You may wash, without swallowing any.\n"
        "We will tell you as soon as the water is safe again.",
        "{town}: water not safe. Boil it for 1 minute before you drink it, filtered or not.",
        "This is {town}. Tap water is not safe to drink. Boil it for one minute before you drink it or cook. Tell your "
        "neighbours. We will call you again when the water is safe.",
    ),
    Danger.FLOOD: Ready(
        "Rising water",
        "Flood: go upstairs",
        "The river is rising and may reach the lower streets.\n"
        "Go upstairs. Turn off power and gas if the water comes near. Stay out of basements and garages, and never "
        "cross a flooded street, on foot or by car.\n"
        "Do not fetch children from school: they are looked after. Call for help if you are in danger.",
        "{town}: flood. Go upstairs, stay out of basements and cars.",
        "This is {town}. A flood threatens the lower streets. Go upstairs. Stay out of basements and do not take your "
        "car. If you are in danger, call for help.",
    ),
    Danger.FIRE: Ready(
        "Smoke from a fire",
        "Fire: stay indoors",
        "A fire gives off dangerous smoke.\n"
        "Go inside. Close doors and windows, turn off ventilation. Keep away: leave room for the firefighters.\n"
        "If you have trouble breathing, call for help.",
        "{town}: fire. Stay indoors, close doors and windows. Keep away.",
        "This is {town}. A fire gives off dangerous smoke. Stay indoors, close doors and windows, turn off "
        "ventilation. Keep away from the fire.",
    ),
    Danger.CHEMICAL: Ready(
        "Shelter in place",
        "Hazardous product: take shelter",
        "A hazardous product has spread in the air.\n"
        "Enter the nearest building. Close doors and windows, turn off ventilation and air heating. Do not smoke, "
        "light nothing.\n"
        "Wait for the end of the alert before you go out. Do not fetch children from school.",
        "{town}: hazardous product in the air. Go inside, close everything, stop ventilation.",
        "This is {town}. A hazardous product has spread in the air. Go into a building, close doors and windows, turn "
        "off ventilation. Stay there until the alert ends.",
    ),
    Danger.STORM: Ready(
        "High winds or ice",
        "Storm: stay at home",
        "High winds, or freezing rain, are expected.\n"
        "Put off your trips. Bring in what may fly away. Keep away from trees and from wires on the ground, and never "
        "touch them.\n"
        "Keep a lamp, water and a charged phone at hand.",
        "{town}: high winds or ice. Stay at home, never touch a fallen wire.",
        "This is {town}. High winds or freezing rain are expected. Stay at home. Never touch a wire on the ground. "
        "Keep a lamp and water at hand.",
    ),
    Danger.OUTAGE: Ready(
        "Power failure",
        "Major outage: what is open",
        "A failure affects a large part of the town.\n"
        "Unplug your appliances. Use no barbecue or generator indoors. Look in on neighbours who are old or ill.\n"
        "A warm place is open at the town hall.",
        "{town}: major outage. A warm place is open at the town hall. Look in on your neighbours.",
        "This is {town}. A failure affects a large part of the town. A warm place is open at the town hall. Look in on "
        "neighbours who are old or ill.",
    ),
    Danger.MISSING: Ready(
        "Person sought",
        "Missing person: look around you",
        "We are looking for a person who may be in danger: name, age, height, clothes, where and when they were last "
        "seen.\n"
        "Look in your garden, your garage and your yard. If you see them, stay with them and call for help.",
        "{town}: missing person. Look in your garden and garage. Seen them? Call for help.",
        "This is {town}. We are looking for a missing person who may be in danger. Look in your garden and garage. If "
        "you see them, call for help.",
    ),
    Danger.OTHER: Ready("Other danger", "", "", "{town}: ", "This is {town}. "),
}  # fmt: skip

_BY_LANGUAGE: Mapping[str, Mapping[Danger, Ready]] = {"fr": _FR, "en": _EN}
_OVER = {
    "fr": Ready(
        "Fin d’alerte", "{title}", "Le danger est passé. Vous pouvez reprendre vos habitudes.\nMerci de votre aide.",
        "{town} : fin de l'alerte. Le danger est passé.",
        "Message de {town}. Fin de l’alerte. Le danger est passé. Merci de votre aide.",
    ),
    "en": Ready(
        "All clear", "{title}", "The danger is over. You may go on as usual.\nThank you for your help.",
        "{town}: end of the alert. The danger is over.",
        "This is {town}. End of the alert. The danger is over. Thank you for your help.",
    ),
}  # fmt: skip


def ready(danger: str, language: str, *, town: str) -> dict[str, str]:
    """{"name", "title", "body", "sms", "voice"} for a danger; of an unknown one those of another danger."""
    known = danger if danger in Danger.values else Danger.OTHER.value
    return _filled(_BY_LANGUAGE[language][Danger(known)], town, "")


def over(language: str, *, town: str, title: str) -> dict[str, str]:
    """The same, for the end of the alert with this title."""
    return _filled(_OVER[language], town, title)


def _filled(said: Ready, town: str, title: str) -> dict[str, str]:
    words = {"name": said.name, "title": said.title, "body": said.body, "sms": said.sms, "voice": said.voice}
    return {name: text.replace("{town}", town).replace("{title}", title) for name, text in words.items()}
