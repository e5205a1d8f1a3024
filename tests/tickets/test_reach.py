"""What the board lists is what the rules let somebody work on: the filter and the rule say the same."""

import itertools

import pytest

from hub.people.models import Role
from hub.tickets import queries, rules
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_service, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_the_filter_is_the_rule(town: Town) -> None:
    roads, library = make_service(town, "Voirie"), make_service(town, "Médiathèque")
    people = [factories.make_person(town=town, roles=[role]) for role in Role]
    people += [factories.make_person(town=town, roles=[Role.AGENT], services=[one]) for one in (roads, library)]
    people.append(factories.make_person(town=town, roles=[Role.OPERATOR, Role.CITIZEN]))
    people.append(factories.make_person(town=factories.make_town(), roles=[Role.MAYOR]))
    truths = (False, True)
    for public, internal, service in itertools.product(truths, truths, (None, roads, library)):
        if not (public and internal):
            make_ticket(town, public=public, internal=internal, service=service)
            make_ticket(town, internal=internal, public=public, service=service, assignee=people[-3])
            make_ticket(town, internal=internal, public=public, service=service, created_by=people[-4])
    tickets = list(Ticket.objects.filter(town=town))
    assert len(tickets) == 27
    for person in people:
        who = queries.reader_of(person, town)
        listed = set(queries.desk_tickets(person, town))
        assert listed == {one for one in tickets if rules.works_on(rules.stance(one, who))}, person
        topics = {(person.pk, one.number) for one in tickets}
        assert queries.may_read_topics(topics, staff=True) == {(person.pk, one.number) for one in listed}
