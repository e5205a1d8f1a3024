"""What people say for a category: « nid-de-poule » stands in no name, and means the one of the roads."""

from collections.abc import Collection, Mapping

# By the beginnings of words in categories' names, both folded.
_SAID: Mapping[str, str] = {
    "eclairage": "lampadaire lampe ampoule reverbere lumiere eteint clignote candelabre",
    "voirie": "nid de poule trou chaussee route bitume asphalte trottoir rue goudron affaisse",
    "voies": "nid de poule trou chaussee route bitume asphalte trottoir goudron affaisse orniere",
    "trottoir": "nid trou chaussee bitume pave",
    "deneigement": "neige deneige verglas glace sel sable deblaye congere",
    "signalisation": "panneau feu marquage passage pieton stop balise miroir",
    "aqueduc": "fuite eau canalisation pression robinet conduite rupture",
    "eau": "fuite canalisation pression robinet conduite compteur",
    "egout": "refoulement bouche avaloir regard odeur caniveau debordement",
    "dechet": "poubelle ordures collecte ramassage bac sac camion",
    "recyclage": "bac recyclable tri verre carton plastique collecte",
    "compost": "composteur organique bac brun",
    "proprete": "depot sauvage tag graffiti sale crotte affiche encombrant balayage salete",
    "arbre": "branche elagage haie pelouse herbe tronc souche racine fleur plantation tonte",
    "vegetaux": "branche elagage haie pelouse herbe fleur plantation tonte",
    "animaux": "chien chat rat errant nuisible aboiement guepe frelon pigeon abandonne",
    "batiment": "salle ecole gymnase chauffage porte toiture mairie locaux",
    "mobilier": "banc poubelle abri barriere potelet table fontaine",
    "sport": "stade terrain gymnase piscine filet panier vestiaire",
    "jeu": "aire toboggan balancoire enfants jeux parc tourniquet",
    "bruit": "tapage voisin musique nuisance sonore",
    "stationnement": "voiture vehicule gare parking ventouse epave vignette",
    "urbanisme": "permis construire declaration travaux plu cadastre cloture",
    "etat": "acte naissance mariage deces carte identite passeport",
}  # fmt: skip
# For who searches. In a French mail, « car » and « litter… » would be heard too often.
_IN_ENGLISH: Mapping[str, str] = {
    "eclairage": "street light lamp bulb", "voirie": "pothole hole", "voies": "pothole hole",
    "deneigement": "ice plowing", "signalisation": "traffic light crossing", "aqueduc": "leak pipe", "eau": "leak pipe",
    "egout": "smell drain", "dechet": "bin trash", "recyclage": "bin", "compost": "bin",
    "proprete": "litter dumping graffiti", "arbre": "branch grass", "animaux": "dog cat wasp", "mobilier": "bench",
    "sport": "pool", "jeu": "slide swing", "bruit": "noise", "stationnement": "car parking",
}  # fmt: skip
_SHORTEST = 3  # « et » begins no name


def said_for(names: Collection[str], *, english: bool = False) -> list[str]:
    """The words that people say for a category, folded. `names`: the folded words of its name. `english`: those that
    people say in English, too."""
    told = [name for name in names if len(name) >= _SHORTEST]
    spoken = (_SAID, _IN_ENGLISH) if english else (_SAID,)
    meant = [said for words in spoken for stem, said in words.items() if any(_is_of(name, stem) for name in told)]
    return [word for said in meant for word in said.split()]


def _is_of(name: str, stem: str) -> bool:
    return name.startswith(stem[:8]) or stem.startswith(name)
