"""The desk's list of citizens: found, registered, mended, and closed to other towns."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.actions import (
    register_citizen,
    set_address,
    set_phones,
    unfollow_town,
    update_citizen,
    update_profile,
)
from hub.people.models import Person, Role
from hub.people.queries import access_citizen, citizens_of, roles_in
from hub.towns.models import Town
from tests.factories import make_agent, make_person, make_town
from tests.people.steps import mails_to, post, sign_in_by_code, text_of

NORA = {"first_name": "Nora", "last_name": "Petit", "language": "fr"}


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    """An agent, signed in."""
    person = make_agent(town, first_name="Maude", last_name="Lavoie")
    client.force_login(person)
    return person


def found(agent: Person, town: Town, words: str) -> list[str]:
    return [person.name for person in citizens_of(agent, town, words)]


def test_a_citizen_is_found_by_name_address_or_phone(agent: Person, town: Town, citizen: Person) -> None:
    make_person("zoe@citoyen.example", town=town, first_name="Zoé", last_name="Auger")
    set_phones(person=citizen, numbers=["+33612345678"])
    for words in ("alice", "MOREAU", "mor ali", "alice@citoyen", "06 12", "0612345678", "+33 6 12", "06.12.34.56.78"):
        assert found(agent, town, words) == ["Alice Moreau"], words
    assert found(agent, town, "alice zoé") == []
    assert found(agent, town, "") == ["Zoé Auger", "Alice Moreau"]


def test_accents_ligatures_and_the_place_are_found_too(agent: Person, town: Town, citizen: Person) -> None:
    zoe = make_person("zoe@citoyen.example", town=town, first_name="Zoé", last_name="Œuvré-Noël")
    set_address(person=zoe, fields={"number": "4", "street": "rue des Érables", "postal_code": "G0L 1A0", "city": "Y"})
    for words in ("zoe", "OEUVRE", "noël zoé", "erables", "Zoé érables", "g0l 1a0"):
        assert found(agent, town, words) == ["Zoé Œuvré-Noël"], words
    for nothing in ("%", "_", "zoe%noel", "\\"):
        assert found(agent, town, nothing) == [], nothing


def test_whoever_changes_a_name_or_an_address_is_found_by_the_new_one(
    agent: Person, town: Town, citizen: Person
) -> None:
    update_profile(person=citizen, fields={"last_name": "Élan"})
    set_address(person=citizen, fields={"street": "rue Neuve"})
    set_address(person=citizen, fields={"street": "rue Haute"})
    assert found(agent, town, "elan haute") == ["Alice Élan"]
    assert found(agent, town, "moreau") == found(agent, town, "neuve") == []


def test_staff_and_closed_accounts_are_not_citizens(agent: Person, town: Town, citizen: Person, mayor: Person) -> None:
    assert found(agent, town, "") == ["Alice Moreau"]
    Person.objects.filter(pk=citizen.pk).update(is_active=False)
    assert found(agent, town, "") == []


def test_the_list_has_fifty_a_page_and_keeps_the_search(client: Client, agent: Person, town: Town) -> None:
    for number in range(51):
        make_person(town=town, last_name=f"Dupont {number:02}")
    first = client.get(reverse("desk_citizens", args=[town.slug]), {"q": "Dupont"})
    assert first.content.decode().count("Modifier la fiche de") == 50
    assert "q=Dupont&amp;page=2" in first.content.decode()
    second = client.get(reverse("desk_citizens", args=[town.slug]), {"q": "Dupont", "page": 2})
    assert "Dupont 50" in text_of(second)


def test_the_column_compte_is_ticked_for_who_signed_up_alone(client: Client, agent: Person, town: Town) -> None:
    make_person(town=town, last_name="Seule", self_registered=True)
    make_person(town=town, last_name="Guichet")
    words = text_of(client.get(reverse("desk_citizens", args=[town.slug])))
    assert words.index("Guichet") < words.index("Inscription en mairie") < words.index("Seule")
    assert words.index("Seule") < words.index("Inscription en ligne")


def test_a_new_citizen_is_in_the_list(client: Client, agent: Person, town: Town) -> None:
    assert "Créer le citoyen" in text_of(client.get(reverse("desk_citizen_new", args=[town.slug])))
    page = post(
        client, "desk_citizen_new", town.slug, **NORA, email="Nora@Citoyen.example", phone_1="06 12 34 56 78",
        phone_2="01 99 00 01 10", number="14", street="rue du Four", postal_code="99000", city="Saint-Test",
    )  # fmt: skip
    assert "Nora Petit est dans la liste" in text_of(page)
    nora = citizens_of(agent, town).get()
    assert (nora.email, nora.self_registered) == ("nora@citoyen.example", False)
    assert [phone.number for phone in nora.phones.all()] == ["+33612345678", "+33199000110"]
    assert nora.address.street == "rue du Four"


def test_who_has_no_email_is_reached_by_phone(client: Client, agent: Person, town: Town) -> None:
    for name in ("Nora", "Paul"):
        post(client, "desk_citizen_new", town.slug, **{**NORA, "first_name": name}, phone_1="06 12 34 56 78")
    assert citizens_of(agent, town).filter(email="").count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Donnez un courriel ou un téléphone"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"phone_1": "12"}, "« 12 » n’est pas un numéro de téléphone"),
        ({"first_name": "", "phone_1": "06 12 34 56 78"}, "Ce champ est obligatoire"),
    ],
    ids=["unreachable", "no address", "no phone", "no name"],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(
    client: Client, agent: Person, town: Town, fields: dict[str, str], said: str
) -> None:
    page = post(client, "desk_citizen_new", town.slug, **{**NORA, **fields})
    assert said in text_of(page)
    assert 'value="Petit"' in page.content.decode()
    assert not citizens_of(agent, town).exists()


def test_someone_of_this_town_is_not_registered_twice(agent: Person, town: Town, citizen: Person) -> None:
    again = register_citizen(actor=agent, town=town, fields={**NORA, "email": "ALICE@citoyen.example"})
    assert again == citizen
    assert again.name == "Alice Moreau"


def test_someone_of_another_town_decides_alone_whether_to_be_seen(client: Client, agent: Person, town: Town) -> None:
    elsewhere = make_person("bob@citoyen.example", town=make_town("ailleurs"), first_name="Bob", last_name="Secret")
    page = post(client, "desk_citizen_new", town.slug, **NORA, email="bob@citoyen.example")
    assert "cette personne pourra suivre la vôtre elle-même" in text_of(page)
    assert "Secret" not in text_of(page)
    assert not roles_in(elsewhere, town)
    assert town.name in mails_to("bob@citoyen.example")[0].subject


def test_a_citizens_record_is_mended_by_staff(client: Client, agent: Person, town: Town) -> None:
    nora = register_citizen(actor=agent, town=town, fields={**NORA, "email": "nroa@citoyen.example"})
    assert "Mettre à jour" in text_of(client.get(reverse("desk_citizen", args=[town.slug, nora.pk])))
    page = post(
        client, "desk_citizen", town.slug, nora.pk, **{**NORA, "last_name": "Grand"}, email="nora@citoyen.example",
        phone_1="06 12 34 56 78",
    )  # fmt: skip
    assert "La fiche est à jour" in text_of(page)
    nora.refresh_from_db()
    assert (nora.name, nora.email, nora.phones.get().number) == ("Nora Grand", "nora@citoyen.example", "+33612345678")

    other = Client()
    sign_in_by_code(other, "nora@citoyen.example")
    assert other.get(reverse("account")).status_code == 200


def test_a_record_read_and_saved_unchanged_is_the_same(client: Client, agent: Person, town: Town) -> None:
    nora = register_citizen(
        actor=agent, town=town, fields={**NORA, "email": "nora@citoyen.example", "birth_date": "1971-03-14"},
        phones=["+14185550142", "0612345678"], address={"street": "Grand-Rue"},
    )  # fmt: skip
    form = client.get(reverse("desk_citizen", args=[town.slug, nora.pk])).context["form"]
    post(client, "desk_citizen", town.slug, nora.pk, **{field.name: field.value() or "" for field in form})
    nora = Person.objects.get(pk=nora.pk)
    assert [phone.number for phone in nora.phones.all()] == ["+14185550142", "+33612345678"]
    assert (str(nora.birth_date), nora.address.street) == ("1971-03-14", "Grand-Rue")


def test_staff_do_not_change_the_address_by_which_someone_signs_in(
    client: Client, agent: Person, town: Town, citizen: Person
) -> None:
    fields = {"first_name": "Alice", "last_name": "Moreau", "language": "fr", "phone_1": "06 12 34 56 78"}
    post(client, "desk_citizen", town.slug, citizen.pk, **fields, email="pirate@ailleurs.example")
    citizen.refresh_from_db()
    assert citizen.email == "alice@citoyen.example"
    with pytest.raises(Invalid):
        update_citizen(
            actor=agent, town=town, person_id=citizen.pk, fields={"email": "pirate@ailleurs.example"}, phones=[],
            address={},
        )  # fmt: skip


def test_an_address_of_somebody_else_is_refused(agent: Person, town: Town, citizen: Person) -> None:
    nora = register_citizen(actor=agent, town=town, fields={**NORA, "email": "nora@citoyen.example"})
    with pytest.raises(Conflict):
        update_citizen(
            actor=agent, town=town, person_id=nora.pk, fields={"email": citizen.email}, phones=[], address={}
        )


def test_another_towns_citizen_is_not_there(client: Client, agent: Person, town: Town, citizen: Person) -> None:
    foreign = make_person(town=make_town("ailleurs"))
    refused = client.get(reverse("desk_citizen", args=[town.slug, foreign.pk]))
    missing = client.get(reverse("desk_citizen", args=[town.slug, foreign.pk + 1000]))
    assert refused.status_code == missing.status_code == 404
    with pytest.raises(NotFound):
        access_citizen(agent, town, foreign.pk)
    unfollow_town(person=citizen, town=town)
    with pytest.raises(NotFound):
        access_citizen(agent, town, citizen.pk)


def test_another_towns_desk_is_not_there(client: Client, agent: Person) -> None:
    make_town("ailleurs")
    refused, missing = client.get("/mairie/ailleurs/citoyens/"), client.get("/mairie/nulle-part/citoyens/")
    assert refused.status_code == missing.status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MAYOR, 200), (Role.MANAGER, 200), (Role.AGENT, 200), (Role.OPERATOR, 200), (Role.MODERATOR, 403),
        (Role.CITIZEN, 404),
    ],
)  # fmt: skip
def test_citizens_details_are_for_some_roles(client: Client, town: Town, role: Role, status: int) -> None:
    client.force_login(make_person(town=town, roles=[role]))
    for name in ("desk_citizens", "desk_citizen_new"):
        assert client.get(reverse(name, args=[town.slug])).status_code == status


def test_an_action_asks_too_and_not_only_the_page(town: Town, citizen: Person) -> None:
    moderator = make_person(town=town, roles=[Role.MODERATOR])
    calls: list[Any] = [
        lambda: citizens_of(moderator, town),
        lambda: register_citizen(actor=moderator, town=town, fields={**NORA, "email": ""}),
        lambda: update_citizen(actor=moderator, town=town, person_id=citizen.pk, fields={}, phones=[], address={}),
    ]
    for call in calls:
        with pytest.raises(Forbidden):
            call()


def told(town: Town) -> list[str]:
    """The town's trail in words, the first first."""
    return [trail_line(entry, town).sentence for entry in reversed(entries_of(town))]


def test_who_saw_and_changed_a_record_stands_in_the_trail_and_nothing_of_what_it_holds(
    client: Client, agent: Person, town: Town, citizen: Person
) -> None:
    address = reverse("desk_citizen", args=[town.slug, citizen.pk])
    client.get(address)
    client.get(address)  # within the hour
    known = {"number": "", "street": "", "postal_code": "", "city": ""}
    for fields, phones, place in (
        ({"first_name": citizen.first_name}, None, known),  # as it was
        ({"last_name": "Secret"}, ["0612345678"], {**known, "street": "rue Cachée"}),
    ):
        update_citizen(actor=agent, town=town, person_id=citizen.pk, fields=fields, phones=phones, address=place)
    made = register_citizen(actor=agent, town=town, fields=NORA)
    assert told(town) == [
        f"Maude Lavoie a consulté la fiche du citoyen nº {citizen.pk}.",
        f"Maude Lavoie a changé la fiche du citoyen nº {citizen.pk} : nom, téléphone, adresse.",
        f"Maude Lavoie a inscrit le citoyen nº {made.pk}.",
    ]
    kept = str(list(entries_of(town).values()))
    assert not [word for word in ("Secret", "0612", "612345678", "Cachée", "Petit") if word in kept]
