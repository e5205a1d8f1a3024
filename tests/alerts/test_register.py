"""The register of vulnerable people: who may see it, who is in it and why, and that each look is written down."""

import re

import pytest
from django.test import Client

from hub.alerts.models import RegisterRequest, Vulnerable
from hub.alerts.registering import Written, ask_for_register, enter_person, look_at, refuse_request, remove_person
from hub.audit.models import Entry
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.core.typography import phone
from hub.people.actions import close_account, set_phones
from hub.people.models import Address, Person, Phone
from hub.people.records import Asked, collected
from hub.towns.models import Town
from tests.factories import make_agent, make_mayor, make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
WHY = Written("Vit seule", "Sa fille, 06 12 34 00 12", "Respirateur")


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


def living(town: Town, street: str, number: str) -> Person:
    person = make_person(town=town)
    Address.objects.create(person=person, street=street, number=number)
    return person


def acts() -> list[str]:
    return list(Entry.objects.filter(act__startswith="register.").order_by("number").values_list("act", flat=True))


def test_the_list_says_door_person_situation_and_whom_to_call_each_in_its_line(
    client: Client, town: Town, mayor: Person, citizen: Person
) -> None:
    Address.objects.create(person=citizen, number="38", street="rue du Four")
    set_phones(person=citizen, numbers=["0612345678"])
    enter_person(actor=mayor, slug=town.slug, person_id=citizen.pk, written=Written(why="Malentendante", note="Chien"))
    client.force_login(mayor)
    page = client.get(f"/mairie/{town.slug}/registre/").content.decode()
    entry = page.partition('<li class="register__one">')[2].partition("</li>")[0]
    lines = [line.strip() for line in re.sub(r"<[^>]+>", "\n", entry).splitlines() if line.strip()]
    assert lines == [
        "Nº", "38", citizen.name, "Malentendante", "Pour les secours\u00a0: Chien", phone("+33612345678"),
        f": {citizen.name}",
    ]  # fmt: skip


def test_somebody_is_entered_changed_and_taken_out_by_the_team(client: Client, town: Town, agent: Person) -> None:
    person = living(town, "rue du Four", "12")
    client.force_login(agent)
    page = f"/mairie/{town.slug}/registre/"
    assert f"{page}{person.pk}/" in client.get(f"/mairie/{town.slug}/citoyens/{person.pk}/").content.decode()
    assert page in client.get(f"/mairie/{town.slug}/citoyens/").content.decode()
    assert "Personne n’est au registre" in client.get(page).content.decode()
    typed = {"why": WHY.why, "contact": WHY.contact, "note": WHY.note}
    for why in ("Vit seule", "Vit seul"):
        assert client.post(f"{page}{person.pk}/", {**typed, "why": why}).status_code == 302
    entry = Vulnerable.objects.get()
    assert (entry.person, entry.why, entry.contact, entry.note) == (person, "Vit seul", WHY.contact, WHY.note)
    listed = client.get(page).content.decode()
    for said in (person.name, "Vit seul", "rue du Four"):
        assert said in listed
    answer = client.post(f"{page}{person.pk}/", {"why": "x" * 121})
    assert answer.status_code == 200
    assert client.post(f"{page}{person.pk}/retirer/").status_code == 302
    assert client.post(f"{page}{person.pk}/retirer/").status_code == 404
    assert not Vulnerable.objects.exists()
    assert acts() == ["register.view", "register.add", "register.change", "register.view", "register.remove"]


def test_each_look_is_in_the_trail_and_names_nobody_who_is_looked_after(
    client: Client, town: Town, agent: Person, mayor: Person
) -> None:
    streets = [("rue du Four", "12"), ("rue du Four", "2"), ("Allée des Pins", "1")]
    people = [living(town, street, number) for street, number in streets]
    Phone.objects.create(person=people[0], number="+33139980012", by_staff=True)
    nowhere = make_person(town=town)
    for person in (*people, nowhere):
        enter_person(actor=mayor, slug=town.slug, person_id=person.pk, written=WHY)
    found = [(street, [one.person for one in some]) for street, some in look_at(actor=agent, slug=town.slug)]
    assert found == [("Allée des Pins", [people[2]]), ("rue du Four", [people[1], people[0]]), ("", [nowhere])]
    client.force_login(agent)
    printed = client.get(f"/mairie/{town.slug}/registre/imprimer/").content.decode()
    for said in (
        "rue du Four",
        "Adresse inconnue",
        "Respirateur",
        "Confidentiel",
        "01 39 98 00 12".replace(" ", "\u00a0"),
    ):
        assert said in printed or said.replace("\u00a0", " ") in printed, said
    client.head(f"/mairie/{town.slug}/registre/")
    assert acts() == ["register.add"] * 4 + ["register.view", "register.export", "register.view"]
    for entry in Entry.objects.filter(act__startswith="register."):
        sentence = trail_line(entry, town).sentence
        assert entry.act not in sentence
        assert not any(person.name in sentence for person in people)


@pytest.mark.parametrize("role", ["citizen", "moderator", "operator", "stranger"])
def test_nobody_else_sees_or_changes_it(client: Client, town: Town, mayor: Person, role: str) -> None:
    person = make_person(town=town)
    enter_person(actor=mayor, slug=town.slug, person_id=person.pk, written=WHY)
    other = make_mayor(make_town("ailleurs")) if role == "stranger" else make_person(town=town, roles=[role])
    client.force_login(other)
    page, before = f"/mairie/{town.slug}/registre/", acts()
    expected = 404 if role in ("citizen", "stranger") else 403
    for path in (page, f"{page}imprimer/", f"{page}{person.pk}/"):
        assert client.get(path).status_code == expected, path
    for act in ("retirer", "refuser"):
        assert client.post(f"{page}{person.pk}/{act}/").status_code == expected
    assert (acts(), Vulnerable.objects.count()) == (before, 1)


def test_only_citizens_of_the_town_are_entered(town: Town, mayor: Person) -> None:
    stranger = make_person(town=make_town("ailleurs"))
    with pytest.raises(NotFound):
        enter_person(actor=mayor, slug=town.slug, person_id=stranger.pk, written=WHY)
    for refused in (refuse_request, remove_person):
        with pytest.raises(NotFound):
            refused(actor=mayor, slug=town.slug, person_id=stranger.pk)
    with pytest.raises(Forbidden):
        look_at(actor=make_person(town=town, roles=["operator"]), slug=town.slug)


def test_one_asks_for_it_from_ones_account_and_the_team_answers(
    client: Client, town: Town, citizen: Person, agent: Person
) -> None:
    client.force_login(citizen)
    assert "/compte/registre/" in client.get("/compte/").content.decode()
    typed = {"town": town.slug, "why": "Vit seule", "contact": "", "note": ""}
    for why in ("Vit seule", "Fauteuil roulant"):
        assert client.post("/compte/registre/", {**typed, "why": why}).status_code == 302
    assert RegisterRequest.objects.get().why == "Fauteuil roulant"
    assert not Vulnerable.objects.exists()
    assert "attend la réponse" in client.get("/compte/registre/").content.decode()
    client.force_login(agent)
    page = f"/mairie/{town.slug}/registre/"
    assert citizen.name in client.get(page).content.decode()
    assert "Fauteuil roulant" in client.get(f"{page}{citizen.pk}/").content.decode()
    client.post(f"{page}{citizen.pk}/", {"why": "Fauteuil roulant"})
    assert not RegisterRequest.objects.exists()
    client.force_login(citizen)
    assert "Vous êtes au registre" in client.get("/compte/registre/").content.decode()
    ask_for_register(actor=citizen, slug=town.slug, written=WHY)  # changes nothing
    assert not RegisterRequest.objects.exists()
    for _time in range(2):
        client.post("/compte/registre/", {"town": town.slug, "leave": "1"})
    assert not Vulnerable.objects.exists()
    assert acts() == ["register.ask", "register.view", "register.add", "register.leave"]
    asked = Entry.objects.get(act="register.ask")
    assert (asked.actor_id, citizen.name in str(asked.what)) == (None, False)


def test_a_request_may_be_left_aside_and_asks_nothing_of_other_towns(
    client: Client, town: Town, citizen: Person, agent: Person
) -> None:
    other = make_town("ailleurs")
    client.force_login(citizen)
    assert client.post("/compte/registre/", {"town": other.slug}).status_code == 404
    answer = client.post("/compte/registre/", {"town": town.slug, "why": "x" * 121})
    assert answer.status_code == 200
    with pytest.raises(Invalid):
        ask_for_register(actor=citizen, slug=town.slug, written=Written(why="x" * 121))
    ask_for_register(actor=citizen, slug=town.slug, written=WHY)
    client.force_login(agent)
    client.post(f"/mairie/{town.slug}/registre/{citizen.pk}/refuser/")
    assert acts() == ["register.ask", "register.refuse"]
    assert not RegisterRequest.objects.exists()


def test_it_is_in_ones_data_and_goes_with_the_account(town: Town, citizen: Person, mayor: Person) -> None:
    enter_person(actor=mayor, slug=town.slug, person_id=citizen.pk, written=WHY)
    kept = dict(collected(Asked(citizen, citizen)))["alertes"]
    assert kept.data["register"][0]["why"] == "Vit seule"
    close_account(person=citizen)
    assert not Vulnerable.objects.exists()
