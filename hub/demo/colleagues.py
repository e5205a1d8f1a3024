"""Those who work at the town halls besides the printed accounts: they answer tickets, and nobody signs in as them."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from hub.core.folding import folded
from hub.people.actions import grant_role
from hub.people.models import Person, Role
from hub.towns.models import Service, Town


@dataclass(frozen=True)
class Colleague:
    """Somebody of a service, without a password."""

    first_name: str
    last_name: str
    town: str
    service: str

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{folded(self.first_name)}.{folded(self.last_name)}@{self.town}.example"


COLLEAGUES = (
    Colleague("Luc", "Pelletier", "saint-aurele", "Travaux publics"),
    Colleague("Olivier", "Caron", "saint-aurele", "Urbanisme et environnement"),
    Colleague("Nadia", "Bérubé", "saint-aurele", "Loisirs et culture"),
    Colleague("Manon", "Garnier", "valbourg", "Services techniques"),
    Colleague("Claire", "Fontaine", "valbourg", "Enfance et écoles"),
    Colleague("Yves", "Renard", "valbourg", "État civil"),
    Colleague("Sonia", "Lopes", "valbourg", "Urbanisme"),
    Colleague("Marc", "Delattre", "valbourg", "Police municipale"),
)


def engage(towns: dict[str, Town]) -> list[Person]:
    """Make them, each in their service."""
    return [_person(colleague, towns[colleague.town]) for colleague in COLLEAGUES]


def _person(colleague: Colleague, town: Town) -> Person:
    person = Person.objects.create_user(colleague.email, first_name=colleague.first_name, last_name=colleague.last_name)
    EmailAddress.objects.create(user=person, email=colleague.email, verified=True, primary=True)
    services = Service.objects.filter(town=town, name=colleague.service)
    grant_role(actor=None, person=person, town=town, role=Role.AGENT, services=services)
    return person
