"""Fills the bench's database with a town in a live chat. `python -m bench.live.seed FOLDER PEOPLE`

Everybody follows the town, has entered the chat and is signed in; the file `chat` in FOLDER says, per person, the
`Cookie` header and what they read.
"""

import sys
from datetime import timedelta
from pathlib import Path

from bench.fanout import seed as fanout  # sets Django up
from hub.conversations.actions import join, open_live
from hub.conversations.models import Participant
from hub.core.clock import now
from hub.people.actions import grant_role
from hub.people.models import Membership, Person, Role
from hub.towns.models import Town


def seed(folder: Path, how_many: int) -> None:
    """Make them, an account of a month each: newcomers may say less."""
    folder.mkdir(exist_ok=True)
    town = Town.objects.create(slug="en-direct", name="En direct", languages=["fr"])
    mayor, *people = Person.objects.bulk_create(
        Person(email=f"direct-{n}@parvis.test", first_name="Camille", last_name=f"Direct {n}", password="!")
        for n in range(how_many + 1)
    )
    Person.objects.update(created_at=now() - timedelta(days=30))
    grant_role(actor=None, person=mayor, town=town, role=Role.MAYOR)
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    chat = open_live(actor=mayor, town=town, title="Crue : vos questions")
    join(actor=people[0], conversation_id=chat.pk)  # one by the door, the others past it
    Participant.objects.bulk_create(
        Participant(conversation=chat, person=person, part="citizen") for person in people[1:]
    )
    fanout.write(folder / "chat", people, [[chat] for _ in people])


if __name__ == "__main__":
    seed(Path(sys.argv[1]), int(sys.argv[2]))
