"""Fills a database with a town of many tickets, then asks for its board. `python -m bench.board.asking TICKETS ROUNDS`

Prints one line of JSON: for each thing that is asked, by the manager, who sees all, and by an agent of one small
service, how long each answer took in ms: the whole page, as the process makes it.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.test import Client

from hub.people.models import Person, Role
from hub.tickets.actions import remember_board
from hub.tickets.queries import today_in
from hub.towns.models import Service, Town
from tests import factories
from tests.tickets.crowd import OFTEN, RARE, SERVICES, fill

Times = dict[str, dict[str, list[float]]]


def asked(town: Town) -> dict[str, str]:
    """What is asked for, by the name that people read, as the end of an address."""
    today = today_in(town)
    small = Service.objects.get(town=town, name=SERVICES[-1]).pk
    tabs = {"held": "onglet=non-transferees", "open": "onglet=ouvertes", "closed": "onglet=fermees"}
    found = {f"{name}, latest first": tab for name, tab in tabs.items()}
    for name in ("open", "closed"):
        tab = tabs[name]
        found |= {
            f"{name}, by due date": f"{tab}&ordre=echeance",
            f"{name}, by priority": f"{tab}&ordre=priorite",
            f"{name}, by service": f"{tab}&ordre=service",
            f"{name}, a service": f"{tab}&service={small}",
            f"{name}, two priorities, not internal": f"{tab}&priorite=urgent&priorite=very_important&internes=without",
            f"{name}, a word of one in four": f"{tab}&q={OFTEN}",
            f"{name}, a word of one in 5,000": f"{tab}&q={RARE}",
            f"{name}, one letter": f"{tab}&q=w",
            f"{name}, two words": f"{tab}&mot={OFTEN}&mot=w12",
            f"{name}, a number": f"{tab}&q=TE16-512",
            f"{name}, a kind of one in 1,000": f"{tab}&sorte=permit",
            f"{name}, a source of none": f"{tab}&source=sms",
        }
    span = f"cree_du={today - timedelta(days=400)}&cree_au={today - timedelta(days=390)}"
    due = f"echeance_du={today - timedelta(days=400)}&echeance_au={today - timedelta(days=390)}"
    return found | {
        "open, late": f"{tabs['open']}&retard=1",
        "open, mine": f"{tabs['open']}&pour=me",
        "open, answered": f"{tabs['open']}&reponse=1",
        "closed, made in ten days": f"{tabs['closed']}&{span}",
        "closed, due in ten days": f"{tabs['closed']}&{due}",
        "closed, page 100": f"{tabs['closed']}&page=100",
        "rows that a live page asks for": f"lignes/?{tabs['open']}&numeros=TE16-99990,TE16-99991,TE16-99992",
    }


def people(town: Town) -> dict[str, Person]:
    """Who asks."""
    return {
        "manager": factories.make_person("direction@beaucoup.example", town=town, roles=[Role.MANAGER]),
        "agent": factories.make_person("agent@beaucoup.example", town=town, roles=[Role.AGENT]),
    }


def measure(tickets: int, rounds: int) -> Times:
    """Each answer's time in ms. The first of each is not counted: the process is warm."""
    town = factories.make_town("beaucoup")
    staff = people(town)
    fill(town, tickets, staff["agent"])
    staff["agent"].memberships.get(town=town).services.add(Service.objects.get(town=town, name=SERVICES[-1]))
    found: Times = {}
    for who, person in staff.items():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(person)
        for name, query in asked(town).items():
            remember_board(actor=person, town=town, filters={})
            address = f"/mairie/beaucoup/requetes/{query if '?' in query else '?' + query}"
            times = [_time(client, address) for _ in range(rounds + 1)]
            found.setdefault(name, {})[who] = [round(one, 2) for one in times[1:]]
    return found


def _time(client: Client, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (time.perf_counter() - begun) * 1_000


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
