"""« Journal »: what is done with tickets is told in sentences, which never say who asked, nor what they wrote."""

from datetime import timedelta

import pytest
from django.test import Client

from hub.audit.queries import entries_of
from hub.conversations.models import Via, Visibility
from hub.conversations.moderation_words import trail_line
from hub.people.models import Person, Role
from hub.tickets import queries
from hub.tickets.actions import (
    Changes,
    add_answer,
    add_follow_up,
    change_ticket,
    create_ticket,
    group_under,
    note_words,
    settle,
    split_ticket,
    ungroup,
)
from hub.tickets.actions.erasing import erase_requester, forget_person
from hub.tickets.drafts import Contact, Draft, Place
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_staff, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

THEIRS = ("Alice", "Moreau", "Secret", "secret@", "Four", "trou", "Merci")


def journal(town: Town) -> list[str]:
    """The trail's sentences, oldest first."""
    told = [trail_line(entry, town).sentence for entry in reversed(entries_of(town))]
    return [sentence.replace("\u00a0", " ").replace("\u202f", " ") for sentence in told]


def check_secrets(told: list[str]) -> None:
    """Nothing of the requester's, and no hole."""
    assert not [one for one in told for theirs in THEIRS if theirs in one]
    assert not [one for one in told if "ticket." in one or "—" in one or "%(" in one]


def test_each_change_is_a_sentence_with_what_it_was_and_is(town: Town, citizen: Person, agent: Person) -> None:
    holes, lights = make_category(town, "Nid-de-poule"), make_category(town)
    draft = Draft(holes.pk, "Un trou devant chez moi.", place=Place("12, rue du Four"))
    number = create_ticket(actor=citizen, town=town, draft=draft).number
    roads = make_service(town, "Voirie", agent)
    mate = make_staff(town, roads, first_name="Paul", last_name="Roy")
    day = queries.today_in(town) + timedelta(days=400)
    for changes in (
        Changes(status="in_progress"), Changes(priority="urgent"), Changes(service_id=roads.pk),
        Changes(assignee_id=mate.pk), Changes(assignee_id=agent.pk), Changes(due_on=day),
        Changes(category_id=lights.pk), Changes(title="Autre titre"), Changes(public=True), Changes(public=False),
        Changes(place=Place("14, rue du Four")), Changes(contact=Contact("Alice", "Secret", email="secret@e.example")),
    ):  # fmt: skip
        change_ticket(actor=agent, number=number, changes=changes)
    told, maude = journal(town), "Maude Lavoie"
    assert told[0] == f"Un habitant a déposé la requête {number}."
    for end in (
        f"a passé la requête {number} de « Transférée » à « En traitement ».",
        f"a passé la priorité de la requête {number} de « Important » à « Urgent ».",
        f"a confié la requête {number} à Paul Roy.",
        f"a passé la requête {number} de Paul Roy à Maude Lavoie.",
        f"a passé la requête {number} de la catégorie « Nid-de-poule » à « Éclairage ».",
        f"a changé le titre de la requête {number}.",
        f"a rendu publique la requête {number}.",
        f"a rendu privée la requête {number}.",
        f"a précisé le lieu de la requête {number}.",
    ):
        assert f"{maude} {end}" in told
    assert any(f"l’échéance de la requête {number}" in one and str(day.year) in one for one in told)
    assert any(f"coordonnées du demandeur de la requête {number} : nom, courriel" in one for one in told)
    check_secrets(told)


def test_what_is_written_is_told_by_who_wrote_it_and_for_whom(town: Town, citizen: Person, agent: Person) -> None:
    number = make_ticket(town, requester=citizen).number
    add_follow_up(actor=agent, number=number, visibility=Visibility.INTERNAL, body="Un trou.")
    add_follow_up(actor=agent, number=number, visibility=Visibility.EXTERNAL, body="Un trou.")
    add_answer(actor=citizen, number=number, body="Merci.")
    note_words(actor=agent, number=number, body="Merci.", via=Via.PHONE)
    change_ticket(actor=agent, number=number, changes=Changes(status="closed_done"))
    settle(actor=citizen, number=number, settled=False, comment="Non merci, dit Alice.")
    told = journal(town)
    for end in (
        f"a écrit un suivi interne sur la requête {number}.",
        f"a écrit un suivi externe sur la requête {number}.",
        f"a noté une réponse du demandeur de la requête {number}.",
        f"a passé la requête {number} de « En traitement » à « Fermée – Traitée ».",
    ):
        assert f"Maude Lavoie {end}" in told
    assert f"Le demandeur de la requête {number} a répondu." in told
    assert f"Le demandeur de la requête {number} dit que ce n’est pas réglé." in told
    check_secrets(told)


def test_tickets_that_are_put_together_and_taken_apart(town: Town, agent: Person) -> None:
    top, one, same = (make_ticket(town) for _ in range(3))
    group_under(actor=agent, number=one.number, parent=top.number)
    group_under(actor=agent, number=same.number, parent=top.number, merged=True)
    ungroup(actor=agent, number=one.number)
    made = split_ticket(actor=agent, number=one.number, draft=Draft(make_category(town).pk, "Autre chose."))
    told = journal(town)
    for end in (
        f"a réuni la requête {one.number} sous la requête {top.number}.",
        f"a fondu la requête {same.number} dans la requête {top.number} : c’est la même.",
        f"a séparé la requête {one.number} de la requête {top.number}.",
        f"a scindé la requête {one.number} : la requête {made.number} en est issue.",
    ):
        assert f"Maude Lavoie {end}" in told


def test_who_is_erased_is_told_without_a_name(town: Town, citizen: Person) -> None:
    boss = factories.make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    theirs, other = make_ticket(town, requester=citizen), make_ticket(town)
    erase_requester(actor=boss, number=other.number)
    forget_person(citizen)
    assert journal(town) == [
        f"Jacques Dufour a effacé l’identité du demandeur de {other.number}.",
        f"Le demandeur de {theirs.number} a fermé son compte : son identité est effacée.",
    ]


def test_the_page_reads_so_and_only_to_moderators(client: Client, town: Town, citizen: Person, agent: Person) -> None:
    ticket, address = make_ticket(town), f"/mairie/{town.slug}/moderation/journal/"
    client.force_login(agent)
    assert client.get(f"/mairie/{town.slug}/requetes/{ticket.number}/").status_code == 200
    assert client.get(address).status_code in {403, 404}
    client.force_login(factories.make_person(town=town, roles=[Role.MODERATOR]))
    assert f"Maude Lavoie a consulté la requête {ticket.number}." in client.get(address).content.decode()
