"""The desk's list as each person wants it: columns, order, kept for them; and taken out as a file."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hub.audit.queries import entries_of
from hub.core.errors import Forbidden, Invalid
from hub.people.actions import export_citizens, keep_view, register_citizen, set_address, set_phones
from hub.people.citizen_list import COLUMNS, ordered, view, view_of
from hub.people.models import ListChoice, Person, Role
from hub.people.queries import citizens_of
from hub.towns.models import Town
from tests.factories import make_agent, make_person, make_town
from tests.people.citizen_files import kinds, rows_of_csv, rows_of_xlsx, verified, whole
from tests.people.steps import post, text_of

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

EVERYTHING = [column.key for column in COLUMNS]


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    """An agent, signed in."""
    person = make_agent(town, first_name="Maude", last_name="Lavoie")
    client.force_login(person)
    return person


@pytest.fixture
def people(agent: Person, town: Town) -> list[Person]:
    """Three citizens, none like another."""
    zoe = make_person("b@citoyen.example", town=town, first_name="Zoé", last_name="Abel", self_registered=True)
    elie = register_citizen(
        actor=agent, town=town, fields={"first_name": "Élie", "last_name": "Écu", "email": "c@citoyen.example",
        "birth_date": date(1980, 5, 1), "language": "en"}, phones=["0612345678"],
        address={"number": "4", "street": "rue du Four", "postal_code": "99000", "city": "Saint-Test"},
    )  # fmt: skip
    yann = register_citizen(
        actor=agent, town=town, fields={"first_name": "Yann", "last_name": "eden", "birth_date": date(1970, 5, 1)},
        phones=["0199000110", "+1 418 555 0142"], address={"city": "Ailleurs"},
    )  # fmt: skip
    return [zoe, elie, yann]


def heads(page: str) -> list[str]:
    """The words of the table's head."""
    found = re.findall(r"<th scope=\"col\".*?</th>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", head).split()) for head in found]


def test_columns_are_chosen_and_there_again_for_that_person(
    client: Client, agent: Person, town: Town, people: list[Person]
) -> None:
    address = reverse("desk_citizens", args=[town.slug])
    assert heads(client.get(address).content.decode()) == [
        "Nom", "Courriel", "Téléphone", "Compte", "Inscription", "Action",
    ]  # fmt: skip
    chosen = ["birth_date", "address", "nonsense"]
    page = post(client, "desk_citizens_view", town.slug, chosen="1", columns=chosen, q="ecu")
    assert page.redirect_chain[-1][0] == f"{address}?q=ecu"
    assert heads(page.content.decode()) == ["Nom", "Adresse", "Date de naissance", "Action"]
    assert "4 rue du Four, Saint-Test" in text_of(page)
    assert "1 mai 1980" in text_of(page)

    other = Client()
    other.force_login(agent)
    assert heads(other.get(address).content.decode()) == ["Nom", "Adresse", "Date de naissance", "Action"]
    post(other, "desk_citizens_view", town.slug, chosen="1")
    assert heads(client.get(address).content.decode()) == ["Nom", "Action"]
    assert view_of(make_agent(town)) != view_of(agent)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", "Zoé Élie Yann"), ("-name", "Yann Élie Zoé"), ("email", "Zoé Élie Yann"), ("-email", "Élie Zoé Yann"),
        ("phone", "Yann Élie Zoé"), ("address", "Yann Élie Zoé"), ("-address", "Élie Yann Zoé"),
        ("postal_code", "Élie Zoé Yann"), ("language", "Élie Zoé Yann"), ("-account", "Zoé Élie Yann"),
        ("birth_date", "Yann Élie Zoé"), ("-birth_date", "Élie Yann Zoé"), ("registered", "Zoé Élie Yann"),
        ("-registered", "Yann Élie Zoé"), ("nonsense", "Zoé Élie Yann"),
    ],
)  # fmt: skip
def test_any_column_orders_the_list_and_gaps_come_last(
    agent: Person, town: Town, people: list[Person], order: str, names: str
) -> None:
    assert [person.first_name for person in ordered(citizens_of(agent, town), view([], order))] == names.split()


def test_the_order_is_turned_by_a_second_click_and_kept(client: Client, agent: Person, town: Town) -> None:
    make_person(town=town)
    page = post(client, "desk_citizens_view", town.slug, order="email").content.decode()
    assert re.search(r'aria-sort="ascending">\s*<button[^>]*value="-email"', page)
    page = post(client, "desk_citizens_view", town.slug, order="-email").content.decode()
    assert re.search(r'aria-sort="descending">\s*<button[^>]*value="email"', page)
    assert ListChoice.objects.get(person=agent).columns == ["email", "phone", "account", "registered"]


def test_the_day_of_registration_is_the_towns_own(client: Client, agent: Person, town: Town) -> None:
    person = make_person(town=make_town("ailleurs"))
    Person.objects.filter(pk=person.pk).update(created_at="2001-01-01T00:00:00Z")
    person.memberships.create(town=town, role=Role.CITIZEN)
    assert "2001" not in text_of(client.get(reverse("desk_citizens", args=[town.slug])))


# Files.


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_taken_out_with_its_columns_and_told_in_the_trail(
    client: Client, agent: Person, town: Town, people: list[Person], kind: str
) -> None:
    keep_view(person=agent, columns=EVERYTHING, order="-name")
    answer = client.post(reverse("desk_citizens_export", args=[town.slug]), {"kind": kind})
    assert re.search(rf'attachment; filename="citoyens-saint-test-[\d-]+\.{kind}"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"
    rows = rows_of_csv(whole(answer)) if kind == "csv" else rows_of_xlsx(whole(answer))
    assert list(rows[0]) == [
        "Prénom", "Nom", "Courriel", "Téléphone", "Téléphone 2", "Numéro", "Rue", "Code postal", "Ville", "Langue",
        "Compte", "Date de naissance", "Inscription", "Thématiques d’alerte", "Moyens d’alerte",
    ]  # fmt: skip
    cells = [str(cell or "") for cell in rows[1]]
    assert cells[:5] == ["Yann", "eden", "", "01 99 00 01 10", "'+1 418-555-0142"]
    assert (cells[9], cells[10], cells[11][:10]) == ("Français", "non", "1970-05-01")
    assert [row[0] for row in rows[1:]] == ["Yann", "Élie", "Zoé"]
    entry = entries_of(town, acts="citizens.").get()
    assert (entry.act, entry.actor_id, entry.what["count"], entry.what["kind"], entry.what["found"]) == (
        "citizens.export", agent.pk, "3", kind, "",
    )  # fmt: skip


def test_only_those_found_leave_and_only_what_is_shown(
    client: Client, agent: Person, town: Town, people: list[Person]
) -> None:
    keep_view(person=agent, columns=["email"])
    make_person("autre@citoyen.example", town=make_town("ailleurs"), last_name="Écu")
    data = b"".join(export_citizens(actor=agent, town=town, search="ecu", kind="csv"))
    assert rows_of_csv(data) == [["Prénom", "Nom", "Courriel"], ["Élie", "Écu", "c@citoyen.example"]]
    assert "ecu" not in str(entries_of(town, acts="citizens.").get().what)
    with pytest.raises(Invalid):
        export_citizens(actor=agent, town=town, search="", kind="html")
    operator = make_person(town=town, roles=[Role.OPERATOR])
    with pytest.raises(Forbidden):
        export_citizens(actor=operator, town=town, search="", kind="csv")
    assert entries_of(town, acts="citizens.").count() == 1
    client.force_login(operator)
    assert "Exporter" not in text_of(client.get(reverse("desk_citizens", args=[town.slug])))


def test_nothing_that_people_typed_runs_in_a_spreadsheet(agent: Person, town: Town, citizen: Person) -> None:
    Person.objects.filter(pk=citizen.pk).update(first_name="=cmd|' /C calc'!A0", last_name="\t@SUM(A1)")
    set_address(person=citizen, fields={"street": "-2+3", "city": "+1"})
    keep_view(person=agent, columns=["address"])
    for kind in ("csv", "xlsx"):
        data = b"".join(export_citizens(actor=agent, town=town, search="", kind=kind))
        rows = rows_of_xlsx(data) if data.startswith(b"PK") else rows_of_csv(data)
        assert list(rows[1]) in (
            ["'=cmd|' /C calc'!A0", "'\t@SUM(A1)", None, "'-2+3", "'+1"],
            ["'=cmd|' /C calc'!A0", "'\t@SUM(A1)", "", "'-2+3", "'+1"],
        )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_that_was_taken_out_comes_back_as_it_was(
    agent: Person, town: Town, people: list[Person], language: str, kind: str
) -> None:
    set_phones(person=people[0], numbers=["+33612345670"])
    keep_view(person=agent, columns=EVERYTHING)
    with translation.override(language):
        data = b"".join(export_citizens(actor=agent, town=town, search="", kind=kind))
    held = verified(agent, town, data)
    assert (kinds(held), held.ignored) == (["skip"] * 3, [])
