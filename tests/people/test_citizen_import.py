"""A file of citizens: what is said of each row comes true, and nothing else happens."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub.audit.queries import entries_of
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.deliveries.models import Delivery
from hub.people.actions import (
    complete_sign_up,
    confirm_import,
    drop_import,
    forget_imports,
    open_account,
    register_citizen,
    set_address,
    set_phones,
)  # fmt: skip
from hub.people.models import CitizenImport, Membership, Person, Phone, Role
from hub.people.queries import IMPORT_LIFE, access_import, citizens_of
from hub.towns.models import Town
from tests.factories import make_agent, make_person, make_town
from tests.people.citizen_files import (
    csv_of,
    faults,
    kinds,
    verified,
    xlsx_of,
)  # fmt: skip
from tests.people.steps import mails_to, sign_in_by_code, who

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

FULL = ("Prénom", "Nom", "Courriel", "Téléphone", "Numéro", "Rue", "Code postal", "Ville", "Naissance", "Langue")
NORA = ("Nora", "Petit", "nora@citoyen.example", "06 12 34 56 78")


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town, first_name="Maude", last_name="Lavoie")


def imported(agent: Person, town: Town, *rows: Any, headers: Any = FULL) -> CitizenImport:
    """A file that went all the way."""
    return confirm_import(actor=agent, town=town, import_id=verified(agent, town, csv_of(*rows, headers=headers)).pk)


def details(person: Person) -> dict[str, Any]:
    """All that is kept about somebody."""
    person = Person.objects.get(pk=person.pk)
    address = getattr(person, "address", None)
    return {
        "name": person.name, "email": person.email, "born": person.birth_date, "language": person.language,
        "phones": [phone.number for phone in person.phones.all()], "address": str(address) if address else "",
    }  # fmt: skip


# Large files.


def test_five_thousand_rows_with_fifty_bad_ones(agent: Person, town: Town) -> None:
    wrong = set(random.Random(7).sample(range(5_000), 50))
    rows = [
        ("Nora", f"Petit-{at}", f"nora{at}@citoyen.example", "0612" if at in wrong else f"06{at:08}", at % 90 + 1,
         "rue du Four", "99000", "Saint-Test", date(1980, 1, at % 28 + 1), "français")
        for at in range(5_000)
    ]  # fmt: skip
    held = verified(agent, town, xlsx_of(rows, FULL))
    assert held.counts == {"new": 4_950, "update": 0, "skip": 0, "refused": 50}
    assert {row["row"] - 2 for row in held.report if row["kind"] == "refused"} == wrong
    assert Person.objects.count() == 1

    confirm_import(actor=agent, town=town, import_id=held.pk)
    assert citizens_of(agent, town).count() == Phone.objects.count() == 4_950
    last = details(citizens_of(agent, town, "Petit-4999 rue du four").get())
    assert (last["born"], last["address"]) == (date(1980, 1, 16), "50 rue du Four, 99000 Saint-Test")


def test_more_rows_take_no_more_queries(agent: Person, town: Town) -> None:
    def asked(count: int) -> tuple[int, int]:
        rows = [("Nora", f"P{count}-{at}", f"n{count}-{at}@c.example", f"06{count:04}{at:04}") for at in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as verifying:
            held = verified(agent, town, csv_of(*rows))
        with CaptureQueriesContext(connection) as confirming:
            confirm_import(actor=agent, town=town, import_id=held.pk)
        return len(verifying), len(confirming)

    few, many = asked(3), asked(400)
    # SQLite takes no more than some hundred values a statement.
    assert many[0] == few[0] < 30
    assert many[1] <= few[1] + (0 if connection.vendor == "postgresql" else 30)


# Whom a row is about, and what becomes of them.


def test_somebody_new_is_registered_as_staff_do(agent: Person, town: Town) -> None:
    imported(agent, town, ("Nora", "Petit", "NORA@citoyen.example", "06 12 34 56 78", "4", "rue du Four", "99000",
                           "Saint-Test", "14/03/1971", "anglais"))  # fmt: skip
    nora = citizens_of(agent, town).get()
    assert details(nora) == {
        "name": "Nora Petit", "email": "nora@citoyen.example", "born": date(1971, 3, 14), "language": "en",
        "phones": ["+33612345678"], "address": "4 rue du Four, 99000 Saint-Test",
    }  # fmt: skip
    assert not nora.self_registered
    assert not nora.has_usable_password()
    assert not EmailAddress.objects.filter(user=nora, verified=True).exists()


def test_nobody_is_written_to_nor_signed_in_but_a_code_lets_them_in(agent: Person, town: Town, client: Client) -> None:
    imported(agent, town, NORA, headers=FULL[:4])
    assert not Delivery.objects.exists()
    nora = Person.objects.get(email="nora@citoyen.example")
    assert nora.last_login is None
    sign_in_by_code(client, nora.email)
    assert who(client) == nora
    assert len(mails_to(nora.email)) == 1


@pytest.fixture
def nora(agent: Person, town: Town) -> Person:
    """Registered at the desk, without an account of her own."""
    return register_citizen(
        actor=agent, town=town, fields={"first_name": "Nora", "last_name": "Petit", "email": "nora@citoyen.example"},
        phones=["0612345678", "0199000110"], address={"number": "4", "street": "rue du Four", "city": "Saint-Test"},
    )  # fmt: skip


def test_who_was_registered_at_the_desk_is_brought_up_to_date(agent: Person, town: Town, nora: Person) -> None:
    held = verified(agent, town, csv_of(
        ("Nora", "Grand", "Nora@citoyen.example", "0612345679", "", "", "99000", "", "1971-03-14", ""), headers=FULL
    ))  # fmt: skip
    assert held.report[0]["told"] == [
        ["last_name", "Petit", "Grand"],
        ["birth_date", "", "1971-03-14"],
        ["phones", ["+33612345678", "+33199000110"], ["+33612345679", "+33612345678", "+33199000110"]],
        ["postal_code", "", "99000"],
    ]
    confirm_import(actor=agent, town=town, import_id=held.pk)
    assert details(nora) == {
        "name": "Nora Grand", "email": "nora@citoyen.example", "born": date(1971, 3, 14), "language": "fr",
        "phones": ["+33612345679", "+33612345678", "+33199000110"], "address": "4 rue du Four, 99000 Saint-Test",
    }  # fmt: skip
    assert [person.pk for person in citizens_of(agent, town, "grand 99000")] == [nora.pk]


def test_another_street_replaces_the_whole_address(agent: Person, town: Town, nora: Person) -> None:
    imported(agent, town, ("", "", nora.email, "", "", "chemin du Lac", "", "", "", ""))
    assert details(nora)["address"].startswith(" chemin du Lac,")


def test_who_has_an_account_keeps_every_detail_and_only_gaps_are_filled(
    agent: Person, town: Town, citizen: Person
) -> None:
    set_phones(person=citizen, numbers=["+33612345678"])
    changed = ("Alix", "Autre", citizen.email, "0199000110", "9", "rue Neuve", "99000", "Ville", "1971-03-14", "en")
    imported(agent, town, changed)
    assert details(citizen) == {
        "name": "Alice Moreau", "email": citizen.email, "born": date(1971, 3, 14), "language": "fr",
        "phones": ["+33612345678"], "address": "9 rue Neuve, 99000 Ville",
    }  # fmt: skip
    before = details(citizen)
    held = verified(agent, town, csv_of((*changed[:5], "rue Autre", *changed[6:8], "1972-01-01", "en"), headers=FULL))
    assert kinds(held) == ["skip"]
    set_address(person=citizen, fields={"number": "", "street": "", "postal_code": "", "city": "Ailleurs"})
    assert kinds(verified(agent, town, csv_of(changed, headers=FULL))) == ["skip"]
    assert details(citizen) == {**before, "address": " ,  Ailleurs"}


def test_without_a_known_address_name_and_phone_tell(agent: Person, town: Town) -> None:
    paul = register_citizen(
        actor=agent, town=town, fields={"first_name": "Paul", "last_name": "N’Guyén"}, phones=["0612345678"]
    )
    imported(agent, town, ("PAUL", "N'Guyen", "paul@citoyen.example", "+33 6 12 34 56 78"), headers=FULL[:4])
    assert citizens_of(agent, town).count() == 1
    assert details(paul)["email"] == "paul@citoyen.example"
    assert EmailAddress.objects.get(user=paul).email == "paul@citoyen.example"


def test_a_file_brought_in_again_changes_nothing(agent: Person, town: Town) -> None:
    rows = [NORA, ("Paul", "Roy", "", "06 12 34 56 78")]
    imported(agent, town, *rows, headers=FULL[:4])
    again = verified(agent, town, csv_of(*rows))
    assert kinds(again) == ["skip", "skip"]


def _elsewhere(town: Town, agent: Person) -> None:
    make_person("nora@citoyen.example", town=make_town("ailleurs"))


def _elsewhere_unproven(town: Town, agent: Person) -> None:
    complete_sign_up(person=open_account(email="nora@citoyen.example"), town=make_town("ailleurs"), fields={})


def _waiting(town: Town, agent: Person) -> None:
    complete_sign_up(person=open_account(email="nora@citoyen.example"), town=town, fields={"language": "fr"})


def _other_address(town: Town, agent: Person) -> None:
    make_person("autre@citoyen.example", town=town, first_name="Nora", last_name="Petit")
    set_phones(person=Person.objects.get(email="autre@citoyen.example"), numbers=["+33612345678"])


def _twins(town: Town, agent: Person) -> None:
    for _one in range(2):
        register_citizen(
            actor=agent, town=town, fields={"first_name": "Nora", "last_name": "Petit"}, phones=["0612345678"]
        )


def _closed(town: Town, agent: Person) -> None:
    make_person("nora@citoyen.example", town=town, is_active=False)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (_elsewhere, "2 nora@citoyen.example: Cette adresse a un compte qui ne suit pas votre commune"),
        (_elsewhere_unproven, "2 nora@citoyen.example: Cette adresse a un compte qui ne suit pas votre commune"),
        (_waiting, "2 nora@citoyen.example: Une inscription en ligne attend"),
        (_other_address, "2 nora@citoyen.example: Une fiche a ce nom et ce téléphone, mais un autre courriel"),
        (_twins, "2 : Plusieurs fiches ont ce nom et ce téléphone"),
        (_closed, "2 nora@citoyen.example: Le compte de cette adresse est fermé"),
    ],
)
def test_some_people_are_not_a_files_to_change(agent: Person, town: Town, before: Any, why: str) -> None:
    before(town, agent)
    everybody = list(Person.objects.order_by("pk").values())
    held = verified(agent, town, csv_of(NORA))
    assert [fault[: len(why)] for fault in faults(held)] == [why]
    confirm_import(actor=agent, town=town, import_id=held.pk)
    assert list(Person.objects.order_by("pk").values()) == everybody
    assert not Delivery.objects.exists()


def test_another_towns_people_of_that_name_and_phone_are_nobody_here(agent: Person, town: Town) -> None:
    elsewhere = make_person(town=make_town("ailleurs"), first_name="Nora", last_name="Petit")
    set_phones(person=elsewhere, numbers=["+33612345678"])
    before = details(elsewhere)
    imported(agent, town, NORA, headers=FULL[:4])
    assert details(elsewhere) == before
    assert citizens_of(agent, town).get().pk != elsewhere.pk


def test_who_works_at_the_town_hall_comes_into_the_list_and_nothing_more(agent: Person, town: Town) -> None:
    held = imported(agent, town, ("Maude", "Autre", agent.email, "0612345678"), headers=FULL[:4])
    assert (held.counts["update"], details(agent)["name"], details(agent)["phones"]) == (1, "Maude Lavoie", [])
    assert Membership.objects.filter(person=agent, town=town, role=Role.CITIZEN).exists()


def test_refused_rows_are_told_with_their_number_and_value(agent: Person, town: Town) -> None:
    held = verified(agent, town, csv_of(
        NORA,
        ("Nora", "Petit", "nora@citoyen.example", ""),
        ("Luc", "", "luc@", "12"),
        ("", "", "ana@citoyen.example", ""),
        ("Eve", "Roy", "", ""),
        ("nora", "PETIT", "autre@citoyen.example", "0612345678"),
        ("Jean", "Petit", "jean@citoyen.example", "0612345678"),
    ))  # fmt: skip
    assert faults(held) == [
        "3 : Cette personne est déjà à la ligne 2.",
        "4 luc@: Ce n’est pas une adresse de courriel.",
        "4 12: Ce n’est pas un numéro de téléphone.",
        "5 : Le prénom manque.",
        "5 : Le nom manque.",
        "6 : Ni courriel ni téléphone\u00a0: on ne pourrait pas joindre cette personne.",
        "7 : Cette personne est déjà à la ligne 2.",
    ]
    assert held.counts == {"new": 2, "update": 0, "skip": 0, "refused": 5}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (("Chien", "Chat"), "Titres connus\u00a0: Civilité, Prénom, Nom, Courriel"),
        (("Prénom", "Téléphone"), "Il y faut"),
        (("Prénom", "Nom", "Surname"), "«\u00a0Surname\u00a0»"),
    ],
)
def test_a_file_whose_columns_are_not_clear_is_refused(agent: Person, town: Town, headers: Any, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        verified(agent, town, csv_of(("a", "b", "c"), headers=headers))
    assert why in str(refusal.value)
    assert not CitizenImport.objects.exists()


# Between verification and import.


def test_what_has_changed_since_is_verified_anew_and_nothing_is_written(
    agent: Person, town: Town, nora: Person
) -> None:
    held = verified(agent, town, csv_of(("Nora", "Grand", nora.email, ""), ("Paul", "Roy", "", "0612345670")))
    register_citizen(actor=agent, town=town, fields={"first_name": "Paul", "last_name": "Roy"}, phones=["0612345670"])
    with pytest.raises(Conflict):
        confirm_import(actor=agent, town=town, import_id=held.pk)
    assert details(nora)["name"] == "Nora Petit"
    held.refresh_from_db()
    assert kinds(held) == ["update", "skip"]
    confirm_import(actor=agent, town=town, import_id=held.pk)
    assert details(nora)["name"] == "Nora Grand"


def test_an_import_is_done_once_and_its_file_is_gone(agent: Person, town: Town) -> None:
    held = verified(agent, town, csv_of(NORA, ("Luc", "Roy", "luc@", "")))
    confirm_import(actor=agent, town=town, import_id=held.pk)
    with pytest.raises(Conflict):
        confirm_import(actor=agent, town=town, import_id=held.pk)
    held.refresh_from_db()
    assert (bytes(held.data), kinds(held), citizens_of(agent, town).count()) == (b"", ["refused"], 1)
    entry = entries_of(town, acts="citizens.").get()
    assert (entry.act, entry.actor_id, entry.what) == (
        "citizens.import", agent.pk, {"new": "1", "update": "0", "refused": "1"}
    )  # fmt: skip


def test_a_file_is_its_senders_and_not_for_long(agent: Person, town: Town, mayor: Person) -> None:
    first = verified(agent, town, csv_of(NORA))
    held = verified(agent, town, csv_of(NORA))
    assert list(CitizenImport.objects.values_list("pk", flat=True)) == [held.pk]  # the first one waited no more
    for actor, place in ((mayor, town), (agent, make_town("ailleurs"))):
        with pytest.raises((NotFound, Forbidden)):
            access_import(actor, place, held.pk)
        with pytest.raises((NotFound, Forbidden)):
            drop_import(actor=actor, town=place, import_id=held.pk)
    with pytest.raises(NotFound):
        access_import(agent, town, first.pk)
    assert forget_imports() == 0
    with standing_at(now() + IMPORT_LIFE + timedelta(seconds=1)):
        with pytest.raises(Conflict):
            confirm_import(actor=agent, town=town, import_id=held.pk)
        assert forget_imports() == 1
    assert not citizens_of(agent, town).exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MODERATOR, Role.CITIZEN])
def test_files_are_not_for_every_role(town: Town, client: Client, role: Role) -> None:
    person = make_person(town=town, roles=[role])
    with pytest.raises(Forbidden):
        verified(person, town, csv_of(NORA))
    client.force_login(person)
    answers = [
        client.get(reverse("desk_imports", args=[town.slug])),
        client.post(reverse("desk_imports", args=[town.slug]), {"file": SimpleUploadedFile("a.csv", csv_of(NORA))}),
        client.get(reverse("desk_import_template", args=[town.slug, "csv"])),
        client.post(reverse("desk_citizens_export", args=[town.slug]), {"kind": "csv"}),
    ]
    assert {answer.status_code for answer in answers} == {404 if role == Role.CITIZEN else 403}
    assert not CitizenImport.objects.exists()
