"""Those who live there besides the printed accounts: they talk in groups, and nobody signs in as them."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from hub.people.actions import follow_town
from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Resident:
    """Somebody of a town, without a password. `key`: how the discussions call them."""

    key: str
    first_name: str
    last_name: str
    town: str

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{self.key}@habitant.example"


RESIDENTS = (
    Resident("gerard", "Gérard", "Pottier", "saint-aurele"),
    Resident("louise", "Louise", "Bouchard", "saint-aurele"),
    Resident("samir", "Samir", "Haddad", "saint-aurele"),
    Resident("catherine", "Catherine", "Fortin", "saint-aurele"),
    Resident("mathieu", "Mathieu", "Roy", "saint-aurele"),
    Resident("nathalie", "Nathalie", "Girard", "valbourg"),
    Resident("thomas", "Thomas", "Lefort", "valbourg"),
    Resident("fatou", "Fatou", "Diallo", "valbourg"),
    Resident("julien", "Julien", "Mercier", "valbourg"),
    Resident("sandrine", "Sandrine", "Nguyen", "valbourg"),
)


def settle(towns: dict[str, Town]) -> dict[str, Person]:
    """Make them, each in their town; by key."""
    return {resident.key: _person(resident, towns[resident.town]) for resident in RESIDENTS}


def _person(resident: Resident, town: Town) -> Person:
    person = Person.objects.create_user(
        resident.email, first_name=resident.first_name, last_name=resident.last_name, self_registered=True
    )
    EmailAddress.objects.create(user=person, email=resident.email, verified=True, primary=True)
    follow_town(person=person, town=town)
    return person
