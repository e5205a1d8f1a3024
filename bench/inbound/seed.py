"""Fills the bench's database with tickets whose requesters will answer. `python -m bench.inbound.seed TICKETS FILE`

FILE gets a line for each: the address that answers are sent to, the requester's own, the ticket's number. Prints one
line of JSON: the town, and the `Cookie` header of an agent who looks at its board.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.db import transaction

from hub.conversations.actions.reply_addresses import give_reply_addresses
from hub.people.models import Role
from tests.factories import cookie, make_person, make_town
from tests.tickets.making import make_category, make_service, make_ticket


@transaction.atomic
def seed(how_many: int, file: Path) -> dict[str, str]:
    """Open tickets of one service, and the agent who hears of what comes to them."""
    town = make_town("courriels")
    service, category = make_service(town), make_category(town)
    agent = make_person("agent@courriels.example", town=town, roles=[Role.AGENT], services=[service])
    with file.open("w") as lines:
        for number in range(how_many):
            email = f"alice-{number}@citoyen.example"
            ticket = make_ticket(town, email=email, service=service, category=category)
            address = give_reply_addresses(ticket.conversation_id, [(email, None)])[email]
            lines.write(f"{address}\t{email}\t{ticket.number}\n")
    return {"town": town.slug, "cookie": cookie(agent)}


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]), Path(sys.argv[2]))))
