"""What people say for a category: « nid-de-poule » stands in no name, and means the one of the roads."""

from collections.abc import Collection, Mapping

# By the beginnings of words in categories' names, both folded; some English last.
_SAID: Mapping[str, str] = {
    "eclairage": "lampadaire lampe ampoule reverbere lumiere eteint clignote candelabre light lamp bulb",
    "voirie": "nid de poule trou chaussee route bitume asphalte trottoir rue goudron affaisse pothole hole",
    "voies": "nid de poule trou chaussee route bitume asphalte trottoir goudron affaisse orniere pothole hole",
    "trottoir": "nid trou chaussee bitume pave",
    "deneigement": "neige deneige verglas glace sel sable deblaye congere ice",
    "signalisation": "panneau feu marquage passage pieton stop balise miroir light crossing",
    "aqueduc": "fuite eau canalisation pression robinet conduite rupture leak pipe",
    "eau": "fuite canalisation pression robinet conduite compteur leak pipe",
    "egout": "refoulement bouche avaloir regard odeur caniveau debordement smell drain",
    "dechet": "poubelle ordures collecte ramassage bac sac camion bin trash",
    "recyclage": "bac recyclable tri verre carton plastique collecte bin",
    "compost": "composteur organique bac brun bin",
    "proprete": "depot sauvage tag graffiti sale crotte affiche encombrant balayage salete litter dumping",
    "arbre": "branche elagage haie pelouse herbe tronc souche racine fleur plantation tonte branch grass",
    "vegetaux": "branche elagage haie pelouse herbe fleur plantation tonte",
    "animaux": "chien chat rat errant nuisible aboiement guepe frelon pigeon abandonne dog cat wasp",
    "batiment": "salle ecole gymnase chauffage porte toiture mairie locaux",
    "mobilier": "banc poubelle abri barriere potelet table fontaine bench",
    "sport": "stade terrain gymnase piscine filet panier vestiaire pool",
    "jeu": "aire toboggan balancoire enfants jeux parc tourniquet slide swing",
    "bruit": "tapage voisin musique nuisance sonore noise",
    "stationnement": "voiture vehicule gare parking ventouse epave vignette car",
    "urbanisme": "permis construire declaration travaux plu cadastre cloture building",
    "etat": "acte naissance mariage deces carte identite passeport birth wedding",
}  # fmt: skip
_SHORTEST = 3  # « et » begins no name


def said_for(names: Collection[str]) -> list[str]:
    """The words that people say for a category, folded. `names`: the folded words of its name."""
    told = [name for name in names if len(name) >= _SHORTEST]
    meant = [said for stem, said in _SAID.items() if any(_is_of(name, stem) for name in told)]
    return [word for said in meant for word in said.split()]


def _is_of(name: str, stem: str) -> bool:
    return name.startswith(stem[:8]) or stem.startswith(name)
