"""How the demo's town halls treat tickets: whose services answer for what, their rules, the replies they keep."""

from dataclasses import dataclass

from hub.tickets.models import CannedReply, Category, DeskSettings
from hub.tickets.starter import create_starter
from hub.towns.models import Service, Town


@dataclass(frozen=True)
class Own:
    """A category of the town's own, below `branch`."""

    branch: str
    name: str
    name_en: str
    icon: str
    service: str
    delay_days: int
    for_citizens: bool = True


@dataclass(frozen=True)
class TownHall:
    """`services`: name, what stands before the @, phone. `answering`: branches of the starter, and who treats them.
    `handed`: leaves of it that another service treats. `replies`: title, text, text in English."""

    code: str
    anonymous: bool
    services: tuple[tuple[str, str, str], ...]
    answering: dict[str, str]
    handed: dict[str, str]
    own: tuple[Own, ...]
    replies: tuple[tuple[str, str, str], ...]


SAINT_AURELE = TownHall(
    "SA", True,
    (
        ("Travaux publics", "travaux.publics", "+14185550120"),
        ("Greffe", "greffe.municipal", "+14185550111"),
        ("Loisirs et culture", "loisirs", "+14185550130"),
        ("Urbanisme et environnement", "urbanisme", "+14185550125"),
    ),
    {
        "streets": "Travaux publics", "water": "Travaux publics", "waste": "Urbanisme et environnement",
        "nature": "Urbanisme et environnement", "places": "Loisirs et culture",
    },
    {"Propreté": "Travaux publics", "Bâtiments municipaux": "Travaux publics"},
    (
        Own("Permis et hôtel de ville", "Permis de construction", "Building permits", "home",
            "Urbanisme et environnement", 20),
        Own("Permis et hôtel de ville", "Permis de brûlage ou d’abattage", "Burning and felling permits", "flame",
            "Urbanisme et environnement", 5),
        Own("Permis et hôtel de ville", "Accueil et services", "Front desk and services", "service", "Greffe", 10),
        Own("Travaux de la Ville", "Travail interne", "Internal work", "file", "Travaux publics", 10,
            for_citizens=False),
    ),
    (
        (
            "Accusé, déneigement",
            "Bonjour {prenom},\n\nNous avons bien reçu votre demande {numero}. Pendant une opération, les artères, les"
            " côtes et l’école passent en premier ; votre rue suit. Merci de votre patience.\n\n{service}",
            "Hello {prenom},\n\nWe received your request {numero}. During an operation, main streets, hills and the"
            " school come first; your street is next. Thank you for your patience.\n\n{service}",
        ),
        (
            "Nid-de-poule comblé",
            "Bonjour {prenom},\n\nLe nid-de-poule ({adresse}) est comblé. S’il s’ouvre de nouveau, répondez à ce"
            " message.\n\n{service}",
            "Hello {prenom},\n\nThe pothole ({adresse}) has been filled. If it opens up again, just answer this"
            " message.\n\n{service}",
        ),
        (
            "Gel des conduites",
            "Bonjour {prenom},\n\nEn cas de gel, laissez un robinet d’eau froide entrouvert et appelez le 418 555-0120,"
            " jour et nuit. N’utilisez jamais de flamme.\n\n{service}",
            "Hello {prenom},\n\nIf your pipes freeze, leave a cold tap slightly open and call 418 555-0120, day or"
            " night. Never use a flame.\n\n{service}",
        ),
        (
            "Il manque un renseignement",
            "Bonjour {prenom},\n\nPour traiter votre demande « {titre} », il nous faut une adresse ou une photo."
            " Répondez simplement à ce message.\n\n{service}",
            "Hello {prenom},\n\nTo treat your request “{titre}”, we need an address or a photo. Simply answer this"
            " message.\n\n{service}",
        ),
        (
            "Date promise",
            "Bonjour {prenom},\n\nVotre demande {numero} sera traitée au plus tard le {echeance}.\n\n{service}",
            "Hello {prenom},\n\nYour request {numero} will be treated by {echeance} at the latest.\n\n{service}",
        ),
    ),
)  # fmt: skip

VALBOURG = TownHall(
    "VB", False,
    (
        ("Services techniques", "services.techniques", "+33199000120"),
        ("État civil", "etat.civil", "+33199000112"),
        ("Enfance et écoles", "enfance", "+33199000130"),
        ("Urbanisme", "urbanisme", "+33199000125"),
        ("Police municipale", "police.municipale", "+33199000117"),
    ),
    dict.fromkeys(("streets", "water", "waste", "nature", "places"), "Services techniques"),
    {"Animaux": "Police municipale"},
    (
        Own("Écoles et démarches", "Cantine et périscolaire", "School meals and care", "group", "Enfance et écoles", 5),
        Own("Écoles et démarches", "État civil et papiers", "Civil status and papers", "file", "État civil", 10),
        Own("Écoles et démarches", "Urbanisme", "Planning", "home", "Urbanisme", 20),
        Own("Écoles et démarches", "Bruit et voisinage", "Noise and neighbours", "hazard", "Police municipale", 3),
        Own("Travaux de la commune", "Travail interne", "Internal work", "file", "Services techniques", 10,
            for_citizens=False),
    ),
    (
        (
            "Accusé, voirie",
            "Bonjour {prenom},\n\nVotre demande {numero} est bien arrivée à l’équipe voirie. Nous intervenons au plus"
            " tard le {echeance}.\n\n{service}",
            "Hello {prenom},\n\nYour request {numero} has reached the roads team. It will be treated by {echeance} at"
            " the latest.\n\n{service}",
        ),
        (
            "Collecte : intercommunalité",
            "Bonjour {prenom},\n\nLa collecte relève de la communauté de communes : nous lui avons transmis votre"
            " message et suivons sa réponse.\n\n{service}",
            "",
        ),
        (
            "Éclairage, panne transmise",
            "Bonjour {prenom},\n\nLa panne ({adresse}) est transmise au syndicat d’énergie, qui intervient sous cinq"
            " jours ouvrés.\n\n{service}",
            "",
        ),
        (
            "Il manque un renseignement",
            "Bonjour {prenom},\n\nPour traiter votre demande « {titre} », il nous faut une adresse précise ou une"
            " photo. Il suffit de répondre à ce message.\n\n{service}",
            "",
        ),
    ),
)  # fmt: skip


def name_services(town: Town, hall: TownHall) -> None:
    """Its services, with their addresses and phones."""
    Service.objects.bulk_create(
        Service(town=town, name=name, email=f"{local}@{town.slug}.example", phone=phone)
        for name, local, phone in hall.services
    )


def furnish(town: Town, hall: TownHall) -> DeskSettings:
    """Categories, rules and replies."""
    services = {service.name: service for service in Service.objects.filter(town=town)}
    create_starter(town, {branch: services[name] for branch, name in hall.answering.items()})
    for leaf, name in hall.handed.items():
        Category.objects.filter(town=town, name=leaf).update(service=services[name])
    _add_own(town, hall, services)
    CannedReply.objects.bulk_create(
        CannedReply(town=town, title=title, body=body, body_en=english) for title, body, english in hall.replies
    )
    return DeskSettings.objects.create(town=town, code=hall.code, anonymous_allowed=hall.anonymous)


def _add_own(town: Town, hall: TownHall, services: dict[str, Service]) -> None:
    last = Category.objects.filter(town=town, parent=None).count()
    branches: dict[str, Category] = {}
    for position, own in enumerate(hall.own, 1):
        if own.branch not in branches:
            branches[own.branch] = Category.objects.create(
                town=town, name=own.branch, icon=own.icon, position=last + len(branches) + 1,
                name_en=_BRANCHES[own.branch], for_citizens=own.for_citizens,
            )  # fmt: skip
        Category.objects.create(
            town=town, parent=branches[own.branch], name=own.name, name_en=own.name_en, icon=own.icon,
            position=position, service=services[own.service], delay_days=own.delay_days,
            for_citizens=own.for_citizens,
        )  # fmt: skip


_BRANCHES = {
    "Permis et hôtel de ville": "Permits and town hall",
    "Travaux de la Ville": "Work of the town",
    "Écoles et démarches": "Schools and papers",
    "Travaux de la commune": "Work of the town",
}
