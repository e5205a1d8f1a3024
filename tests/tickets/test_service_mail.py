"""What services and their people are written to about tickets."""

from datetime import date

import pytest
from pytest_django import Settings

from hub.conversations.models import Side, Via, Visibility
from hub.people.models import Person, Role
from hub.tickets import mail
from hub.tickets.models import Priority, Status, Watcher
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import add_message, make_follower, make_service, make_staff, make_ticket
from tests.tickets.outbox import all_of, mails, only

pytestmark = pytest.mark.django_db


def test_a_service_is_told_of_what_is_confided_to_it_and_not_whose_it_is(
    town: Town, mayor: Person, settings: Settings
) -> None:
    ticket = make_ticket(
        town, first_name="Zoé", last_name="Secrète", email="zoe@ailleurs.example", phone="+33612345678",
        priority=Priority.URGENT, due_on=date(2099, 11, 27), language="en",
    )  # fmt: skip
    mail.send_assigned(ticket, by=mayor)
    sent = only("assigned")
    assert (sent.address, sent.person) == ("travaux-publics@saint-test.example", None)
    assert sent.subject == f"Urgent. Nouvelle requête : « Lampadaire éteint » [#{ticket.number}]"
    desk = f"{settings.LINK_BASE}/mairie/{town.slug}/requetes/{ticket.number}/"
    for words in (
        desk,
        ticket.description,
        "12, rue du Four",
        "Priorité\u00a0: Urgent",
        "vendredi 27\u00a0novembre 2099",
    ):
        assert words in sent.text
    for hidden in ("Zoé", "Secrète", "zoe@", "612345678", ticket.secret):
        assert hidden not in all_of(sent)


def test_a_service_without_an_address_is_told_by_its_members_and_without_members_by_the_town_hall(town: Town) -> None:
    town.email = "mairie@saint-test.example"
    town.save()
    service = make_service(town, "Loisirs", email="")
    mail.send_assigned(make_ticket(town, service=service))
    first = make_staff(town, service, email="un@saint-test.example")
    make_staff(town, service, email="two@saint-test.example", language="en")
    gone = make_staff(town, service, email="parti@saint-test.example")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    unproven = make_staff(town, service, email="de-qui@saint-test.example", self_registered=True)
    unproven.emailaddress_set.all().delete()  # type: ignore[attr-defined]
    make_staff(town, make_service(town), email="autre@saint-test.example")
    mail.send_assigned(make_ticket(town, service=service))
    mail.send_assigned(make_ticket(town, service=service), by=first)
    mail.send_assigned(make_ticket(town, service=None))
    assert [one.address.split("@")[0] for one in mails()] == ["mairie", "un", "two", "two"]
    assert '<html lang="en">' in mails()[-1].html


def test_a_service_is_written_to_in_the_towns_first_language(town: Town) -> None:
    town.languages = ["en", "fr"]
    mail.send_assigned(make_ticket(town, service=make_service(town, email="roads@saint-test.example")))
    assert '<html lang="en">' in only().html


def test_internal_words_go_to_service_assignee_and_watchers_who_may_still_read_them(
    town: Town, agent: Person, mayor: Person
) -> None:
    service, elsewhere = make_service(town), make_service(town, "Loisirs")
    ticket = make_ticket(town, assignee=make_staff(town, service, email="assignee@saint-test.example"), public=False)
    left = factories.make_person("partie@saint-test.example", town=town)  # no longer of the town hall
    moved = make_staff(town, elsewhere, email="ailleurs@saint-test.example")
    watching = make_staff(town, service, email="veille@saint-test.example")
    for person in (left, moved, watching, agent):
        Watcher.objects.create(ticket=ticket, person=person)
    make_follower(ticket, "voisine@ailleurs.example")
    mail.send_internal(ticket, add_message(ticket, agent, "La nacelle est en panne.", visibility=Visibility.INTERNAL))
    assert sorted(one.address.split("@")[0] for one in mails()) == ["assignee", "travaux-publics", "veille"]
    for one in mails("internal"):
        assert "La nacelle est en panne." in one.text
        assert "Le demandeur ne voit pas ce suivi." in one.text
    assert agent.name in mails()[0].text


def test_each_address_is_written_to_once(town: Town, mayor: Person) -> None:
    service = make_service(town, email="Maude@saint-test.example")
    maude = make_staff(town, service, email="maude@saint-test.example")
    ticket = make_ticket(town, service=service, assignee=maude)
    Watcher.objects.create(ticket=ticket, person=maude)
    mail.send_internal(ticket, add_message(ticket, mayor, visibility=Visibility.INTERNAL))
    assert [one.address for one in mails()] == ["Maude@saint-test.example"]


def test_the_requesters_words_go_to_the_service_with_how_they_came(town: Town, agent: Person) -> None:
    ticket = make_ticket(town, assignee=agent)
    mail.send_answered(ticket, add_message(ticket, ticket.requester, "Merci\nà vous", side=Side.REQUESTER))
    noted = add_message(ticket, agent, "Elle rappelle.", side=Side.REQUESTER, via=Via.PHONE)
    mail.send_answered(ticket, noted)
    service, assignee, by_phone = mails("answered")
    assert (service.address, assignee.address) == ("travaux-publics@saint-test.example", agent.email)
    assert "Alice Moreau\n\n    Merci\n    à vous\n" in service.text
    assert "Noté par" not in service.text
    assert by_phone.address == service.address
    assert "Reçu par\u00a0: Téléphone. Noté par Maude Lavoie." in by_phone.text


def test_what_the_call_centre_has_still_is_not_the_services_to_answer(town: Town, agent: Person) -> None:
    ticket = make_ticket(town, status=Status.NOT_TRANSFERRED)
    operator = factories.make_person("standard@operateur.example", town=town, roles=[Role.OPERATOR])
    Watcher.objects.create(ticket=ticket, person=operator)
    mail.send_answered(ticket, add_message(ticket, ticket.requester, side=Side.REQUESTER))
    assert [one.address for one in mails()] == [operator.email]
