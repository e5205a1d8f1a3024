"""Where else the demo's towns send their people."""

from hub.community.links.models import Group, Link
from hub.towns.models import Town

# Group, title, English title, description, English description, the site's name, image.
_Row = tuple[str, str, str, str, str, str, str]

_SAINT_AURELE: tuple[_Row, ...] = (
    (
        Group.SERVICE, "Permis et urbanisme", "Permits and planning",
        "Demander un permis de construire ou de rénover, suivre son dossier.",
        "Apply for a building or renovation permit, follow your file.",
        "urbanisme.saint-aurele.example", "home",
    ),
    (
        Group.SERVICE, "Inscriptions sports et loisirs", "Sports and leisure registration",
        "Natation, soccer, camp de jour : voir les places et s’inscrire.",
        "Swimming, soccer, day camp: see what is free and register.",
        "loisirs.saint-aurele.example", "ball",
    ),
    (
        Group.SERVICE, "Rôle d’évaluation foncière", "Property assessment roll",
        "La valeur inscrite d’un immeuble, par adresse ou par matricule.",
        "The assessed value of a property, by address or roll number.",
        "evaluation.saint-aurele.example", "chart",
    ),
    (
        Group.SERVICE, "Compte de taxes", "Tax account",
        "Consulter son compte, payer un versement.", "See your account, pay an instalment.",
        "taxes.saint-aurele.example", "file",
    ),
    (
        Group.SERVICE, "Nouvelles de la ville", "City news",
        "Les communiqués et le bulletin municipal.", "Press releases and the municipal newsletter.",
        "nouvelles.saint-aurele.example", "megaphone",
    ),
    (
        Group.USEFUL, "Bibliothèque municipale", "Public library",
        "Catalogue, réservations et heures d’ouverture.", "Catalogue, holds and opening hours.",
        "biblio.saint-aurele.example", "file",
    ),
    (
        Group.USEFUL, "Autobus et transport adapté", "Bus and paratransit",
        "Horaires et réservation d’un déplacement.", "Timetables, and booking a ride.",
        "transport.saint-aurele.example", "road",
    ),
    (
        Group.USEFUL, "Écocentre de la MRC", "Regional recycling centre",
        "Ce qu’on y apporte, et quand.", "What to bring, and when.",
        "ecocentre.saint-aurele.example", "bin",
    ),
)  # fmt: skip

_VALBOURG: tuple[_Row, ...] = (
    (
        Group.SERVICE, "Autorisations d’urbanisme", "Planning permission",
        "Déposer un permis ou une déclaration de travaux, suivre son dossier.",
        "Apply for permission or declare works, follow your file.",
        "urbanisme.valbourg.example", "home",
    ),
    (
        Group.SERVICE, "Cantine et périscolaire", "School meals and child care",
        "Inscrire un enfant, réserver ses repas, payer la facture.",
        "Register a child, book meals, pay the bill.",
        "familles.valbourg.example", "users",
    ),
    (
        Group.SERVICE, "Inscriptions sportives", "Sports registration",
        "Piscine, gymnase, stages des vacances.", "Swimming pool, gymnasium, holiday courses.",
        "sports.valbourg.example", "ball",
    ),
    (
        Group.SERVICE, "Actualités de Valbourg", "Valbourg news",
        "Le magazine municipal et les travaux en cours.", "The municipal magazine and current works.",
        "actualites.valbourg.example", "megaphone",
    ),
    (
        Group.USEFUL, "Plan cadastral", "Land register map",
        "Retrouver une parcelle par son adresse.", "Find a plot by its address.",
        "cadastre.valbourg.example", "map",
    ),
    (
        Group.USEFUL, "Médiathèque du Val", "Le Val media library",
        "Catalogue, prêts en cours et animations.", "Catalogue, loans and events.",
        "mediatheque.valbourg.example", "file",
    ),
    (
        Group.USEFUL, "Cars et navettes du Val", "Le Val coaches and shuttles",
        "Horaires, tarifs, transport à la demande.", "Timetables, fares, transport on demand.",
        "cars.valbourg.example", "road",
    ),
)  # fmt: skip


def fill(towns: dict[str, Town]) -> None:
    """Services online and useful links of both towns."""
    for slug, rows in (("saint-aurele", _SAINT_AURELE), ("valbourg", _VALBOURG)):
        Link.objects.bulk_create(
            Link(
                town=towns[slug], group=group, title=title, title_en=title_en, description=description,
                description_en=description_en, address=f"https://{host}/", icon=icon, position=place,
            )
            for place, (group, title, title_en, description, description_en, host, icon) in enumerate(rows)
        )  # fmt: skip
