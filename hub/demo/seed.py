"""Fills an empty demo; on later starts it changes nothing."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from hub.core.clock import now
from hub.demo import alarms, alerts, colleagues, groups, links, presence, residents, talks, tickets
from hub.demo.tickets import places, town_hall
from hub.people.actions import follow_town, grant_role, set_address, set_phones
from hub.people.models import Membership, Person, Role
from hub.towns.models import Country, Emblem, Grammar, Service, Town

KNOWN_FOR = timedelta(days=120)
PASSWORD = "parvis-demo"  # noqa: S105 (known on purpose; accounts exist in a demo home only)


@dataclass(frozen=True)
class Account:
    """One demo account: who, and what in which towns."""

    email: str
    first_name: str
    last_name: str
    roles: tuple[tuple[str, Role, str], ...]  # town, role, service
    drawing: str = ""
    language: str = "fr"


ACCOUNTS = (
    Account("maire@saint-aurele.example", "Hélène", "Carpentier", (("saint-aurele", Role.MAYOR, ""),), "helene"),
    Account("agente@saint-aurele.example", "Maude", "Lavoie", (("saint-aurele", Role.AGENT, "Travaux publics"),)),
    Account("greffe@saint-aurele.example", "Jacques", "Dufour", (("saint-aurele", Role.MANAGER, "Greffe"),)),
    Account("maire@valbourg.example", "Étienne", "Marchand", (("valbourg", Role.MAYOR, ""),), "etienne"),
    Account("agent@valbourg.example", "Karim", "Benali", (("valbourg", Role.AGENT, "Services techniques"),)),
    Account(
        "standard@operateur.example", "Sophie", "Tremblay",
        (("saint-aurele", Role.OPERATOR, ""), ("valbourg", Role.OPERATOR, "")),
    ),
    Account(
        "alice@citoyen.example", "Alice", "Moreau",
        (("saint-aurele", Role.CITIZEN, ""), ("valbourg", Role.CITIZEN, "")),
    ),
    Account("bruno@citoyen.example", "Bruno", "Gagnon", (("saint-aurele", Role.CITIZEN, ""),)),
    Account("chloe@citoyen.example", "Chloé", "Petit", (("valbourg", Role.CITIZEN, ""),)),
)  # fmt: skip


def run() -> None:
    """Make the tables, and the demo's people when there are none. Exits when the database holds real people."""
    call_command("migrate", interactive=False, verbosity=0)
    if Person.objects.filter(email=ACCOUNTS[0].email).exists():
        return
    if Person.objects.exists():
        sys.exit("hub: this database holds real people; the demo needs an empty one.")
    people, others, towns = settle()
    tickets.fill(people, others, towns)
    talks.tell(people, towns)
    groups.hold(people, others, towns)
    presence.set_hours(towns)
    alarms.sound(people, others, towns)
    alerts.fill(towns)
    links.fill(towns)


def settle() -> tuple[dict[str, Person], dict[str, Person], dict[str, Town]]:
    """The towns and who is there: the printed accounts by address, other residents by key, towns by their slug."""
    with transaction.atomic():
        towns = _towns()
        hashed = make_password(PASSWORD)  # once for all: it is slow on purpose, and no secret
        people = {account.email: _person(account, towns, hashed) for account in ACCOUNTS}
        others = residents.settle(towns)
        _let_be_known([*people.values(), *others.values(), *colleagues.engage(towns)])
        _details(people, towns)
    return people, others, towns


def _towns() -> dict[str, Town]:
    saint_aurele = Town.objects.create(
        slug="saint-aurele", name="Saint-Aurèle", country=Country.CANADA, time_zone="America/Toronto",
        languages=["fr", "en"], emblem=Emblem.WAVE, mayor_grammar=Grammar.FEMININE,
        meeting_hours="Le premier samedi du mois, de 9 h 30 à midi, à l’hôtel de ville, sans rendez-vous",
        postal_address="1, rue de l’Église, Saint-Aurèle (Québec)", phone="+14185550110",
        email="mairie@saint-aurele.example", latitude=places.SAINT_AURELE.lat, longitude=places.SAINT_AURELE.lon,
    )  # fmt: skip
    valbourg = Town.objects.create(
        slug="valbourg", name="Valbourg", country=Country.FRANCE, time_zone="Europe/Paris",
        languages=["fr", "en"], emblem=Emblem.LEAF, mayor_grammar=Grammar.MASCULINE,
        meeting_hours="Chaque samedi, de 10 h à midi, en mairie, sans rendez-vous",
        postal_address="2, place de la Mairie, 99000 Valbourg", phone="+33199000110",
        email="mairie@valbourg.example", latitude=places.VALBOURG.lat, longitude=places.VALBOURG.lon,
    )  # fmt: skip
    town_hall.name_services(saint_aurele, town_hall.SAINT_AURELE)
    town_hall.name_services(valbourg, town_hall.VALBOURG)
    return {"saint-aurele": saint_aurele, "valbourg": valbourg}


def _person(account: Account, towns: dict[str, Town], hashed: str) -> Person:
    person = Person.objects.create_user(
        account.email, first_name=account.first_name, last_name=account.last_name, drawing=account.drawing,
        language=account.language, self_registered=account.email.endswith("@citoyen.example"),
    )  # fmt: skip
    person.password = hashed
    person.save(update_fields=["password"])
    EmailAddress.objects.create(user=person, email=account.email, verified=True, primary=True)
    for slug, role, service in account.roles:
        if role == Role.CITIZEN:
            follow_town(person=person, town=towns[slug])
        else:
            services = Service.objects.filter(town=towns[slug], name=service)
            grant_role(actor=None, person=person, town=towns[slug], role=role, services=services)
    return person


def _details(people: dict[str, Person], towns: dict[str, Town]) -> None:
    alice = people["alice@citoyen.example"]
    set_phones(person=alice, numbers=["+14185550142"])
    set_address(
        person=alice,
        fields={"number": "14", "street": "rue du Four", "postal_code": "G0L 1A0", "city": "Saint-Aurèle"},
    )


def _let_be_known(people: list[Person]) -> None:
    """Their accounts are no longer new, and may write as others do: all of this was said in the last weeks."""
    for person in people:
        person.created_at = now() - KNOWN_FOR
    Person.objects.bulk_update(people, ["created_at"])


def announce(host: str, port: int, others: Sequence[str] = ()) -> None:
    """Say where to go and who one may be. `others`: more ports, each with what it is for."""
    towns = dict(Town.objects.values_list("slug", "name"))
    print(f"\nParvis, demonstration: http://{host}:{port}\n\nAccounts (password {PASSWORD}):")
    for account in ACCOUNTS:
        held = Membership.objects.filter(person__email=account.email).select_related("town")
        roles = ", ".join(f"{m.role} in {towns[m.town.slug]}" for m in held)
        print(f"  {account.email:<32} {account.first_name} {account.last_name}: {roles}")
    ports = ", ".join([f"{port} (HTTP and WebSocket)", *others])
    print(
        f"\nPorts: {ports}. What would have been sent: http://{host}:{port}/demo/outbox\nCtrl-C stops it.\n",
        flush=True,
    )
