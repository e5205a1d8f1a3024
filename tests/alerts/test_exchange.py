"""Themes and means of citizens in the desk's list and in its files, out and in (S24–S28)."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from hub.alerts.actions import set_subscription
from hub.alerts.models import Subscription, Theme
from hub.alerts.queries import wanted_of
from hub.alerts.rules import Wanted
from hub.core.clock import now
from hub.core.errors import Conflict
from hub.people.actions import confirm_import, export_citizens, keep_view, register_citizen
from hub.people.models import CitizenImport, Person
from hub.people.queries import citizens_of
from hub.towns.models import Town
from tests.factories import make_agent, make_person
from tests.people.citizen_files import csv_of, faults, kinds, rows_of_csv, verified, xlsx_of
from tests.people.steps import text_of

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

HEADERS = ("Prénom", "Nom", "Courriel", "Téléphone", "Thématiques d’alerte", "Moyens d’alerte")


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    person = make_agent(town)
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def themes(town: Town) -> dict[str, Theme]:
    names = [("Eau potable", "Drinking water"), ("Neige, verglas", ""), ("Travaux", ""), ("Foire", "")]
    found = {
        name: Theme.objects.create(town=town, name=name, name_en=english, position=at)
        for at, (name, english) in enumerate(names)
    }
    Theme.objects.filter(name="Foire").update(archived_at=now())
    return found


def row(name: str, themes: str = "", means: str = "", *, email: str = "@", phone: str = "") -> tuple[str, ...]:
    return (
        name,
        "Petit",
        f"{name[0].lower()}{name[2:]}@citoyen.example" if email == "@" else email,
        phone,
        themes,
        means,
    )


def imported(agent: Person, town: Town, *rows: Any) -> CitizenImport:
    held = verified(agent, town, csv_of(*rows, headers=HEADERS))
    return confirm_import(actor=agent, town=town, import_id=held.pk)


def plain(said: str) -> str:
    """With plain spaces."""
    return " ".join(said.split())


def wants(town: Town, name: str) -> Wanted:
    return wanted_of(Person.objects.get(first_name=name), town)


def test_new_people_are_given_what_their_row_says(agent: Person, town: Town, themes: dict[str, Theme]) -> None:
    rows = [
        row("Alix", "Neige, verglas, eau POTABLE", "courriel; appel"),
        row("Béa", "toutes", "Texto, push"),
        row("Carl", "drinking water", phone="06 12 34 56 78"),
        row("Dina", "Travaux", email="", phone="01 99 00 01 10"),
        row("Elie", "aucune", "e-mail"),
        row("Fred"),
        row("Gina", "aucune"),
    ]
    held = verified(agent, town, xlsx_of(rows, HEADERS))
    assert kinds(held) == ["new"] * 7
    confirm_import(actor=agent, town=town, import_id=held.pk)
    water, snow, works = (themes[name].pk for name in ("Eau potable", "Neige, verglas", "Travaux"))
    assert {name: wants(town, name) for name in ("Alix", "Béa", "Carl", "Dina", "Elie")} == {
        "Alix": Wanted(frozenset({water, snow}), channels=frozenset({"email", "voice"})),
        "Béa": Wanted(all_themes=True, channels=frozenset({"sms", "push"})),
        "Carl": Wanted(frozenset({water}), channels=frozenset({"sms", "email"})),  # S15
        "Dina": Wanted(frozenset({works}), channels=frozenset({"voice"})),
        "Elie": Wanted(channels=frozenset({"email"})),
    }
    assert not Subscription.objects.filter(person__first_name__in=["Fred", "Gina"]).exists()  # no refusal


def test_a_row_says_which_theme_and_which_means_are_unknown(agent: Person, town: Town) -> None:
    held = verified(
        agent, town,
        csv_of(row("Alix", "Travaux, Eau pottable"), row("Béa", "Foire"), row("Carl", "toutes", "pigeon"),
               headers=HEADERS),
    )  # fmt: skip
    assert kinds(held) == ["refused"] * 3
    said = "n’existe pas ; on attend Eau potable, Neige, verglas, Travaux, « toutes » ou « aucune »."
    assert [plain(fault) for fault in faults(held)] == [
        f"2 Travaux, Eau pottable: La thématique « Eau pottable » {said}",
        f"3 Foire: La thématique « Foire » {said}",
        "4 pigeon: « pigeon » n’est pas un moyen de contact ; on attend SMS, Courriel, Notification, Appel, ou "
        "« aucun ».",
    ]
    Theme.objects.all().delete()
    (fault,) = faults(verified(agent, town, csv_of(row("Alix", "Eau"), headers=HEADERS)))
    assert "n’a pas encore de thématique" in fault


def test_known_people_change_but_for_what_they_chose_with_their_own_account(
    client: Client, agent: Person, town: Town, themes: dict[str, Theme]
) -> None:
    water, works = themes["Eau potable"].pk, themes["Travaux"].pk
    fields = {"last_name": "Petit"}
    nora = register_citizen(actor=agent, town=town, fields={**fields, "first_name": "Nora", "email": "n@c.example"})
    foire = Subscription.objects.create(person=nora, town=town, channels=["email"], changed_at=now())
    foire.chosen.create(theme=themes["Foire"])
    foire.chosen.create(theme=themes["Travaux"])
    own, silent = (make_person(f"{name}@c.example", town=town, first_name=name) for name in ("Omar", "Paul"))
    set_subscription(actor=own, person=own, town=town, wanted=Wanted(frozenset({works}), channels=frozenset({"sms"})))
    Subscription.objects.filter(person=silent).delete()
    assert EmailAddress.objects.filter(user=silent, verified=True).exists()
    rows = [("", "", f"{name}@c.example", "", "Eau potable", "") for name in ("n", "omar", "paul")]
    held = verified(agent, town, csv_of(*rows, headers=HEADERS))
    assert kinds(held) == ["update", "skip", "update"]
    page = text_of(client.get(reverse("desk_import", args=[town.slug, held.pk])))
    assert "Thématiques d’alerte" in page
    assert "Travaux" in page
    confirm_import(actor=agent, town=town, import_id=held.pk)
    assert wants(town, "Nora") == Wanted(frozenset({water}), channels=frozenset({"email"}))
    assert foire.chosen.filter(theme=themes["Foire"]).exists()  # of before: kept
    assert wants(town, "Omar") == Wanted(frozenset({works}), channels=frozenset({"sms"}))
    assert wants(town, "Paul") == Wanted(frozenset({water}), channels=frozenset({"email"}))
    assert kinds(verified(agent, town, csv_of(*rows, headers=HEADERS))) == ["skip"] * 3


def test_what_was_chosen_meanwhile_is_not_written_over(agent: Person, town: Town, themes: dict[str, Theme]) -> None:
    nora = register_citizen(
        actor=agent, town=town, fields={"first_name": "Nora", "last_name": "Petit", "email": "n@c.example"}
    )
    held = verified(agent, town, csv_of(("", "", "n@c.example", "", "Travaux", ""), headers=HEADERS))
    set_subscription(actor=nora, person=nora, town=town, wanted=Wanted(all_themes=True, channels=frozenset({"email"})))
    with pytest.raises(Conflict):
        confirm_import(actor=agent, town=town, import_id=held.pk)
    assert wants(town, "Nora").all_themes


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_and_its_file_have_them_and_the_file_is_read_back(
    client: Client, agent: Person, town: Town, language: str
) -> None:
    imported(
        agent, town, row("Alix", "Neige, verglas, Travaux", "sms, courriel"), row("Béa", "toutes", "appel"),
        row("Carl"), row("Dina", "aucune", "push"),
    )  # fmt: skip
    keep_view(person=agent, columns=["email", "alerts"], order="alerts")  # which orders nothing
    with translation.override(language):
        file = b"".join(export_citizens(actor=agent, town=town, search="", kind="csv"))
    rows = rows_of_csv(file)
    assert rows[0][3:] == (
        ["Thématiques d’alerte", "Moyens d’alerte"] if language == "fr" else ["Alert themes", "Alert channels"]
    )
    assert [line[0] for line in rows[1:]] == ["Alix", "Béa", "Carl", "Dina"]
    assert (rows[1][3], rows[3][3:]) == ("Neige, verglas, Travaux", ["", ""])
    assert kinds(verified(agent, town, file)) == ["skip"] * 4
    page = text_of(client.get(reverse("desk_citizens", args=[town.slug])))
    assert "Neige, verglas, Travaux · SMS, Courriel" in page
    assert "Toutes · Appel" in page
    keep_view(person=agent, columns=["email"], order="name")
    assert "Neige" not in text_of(client.get(reverse("desk_citizens", args=[town.slug])))


def test_who_fills_in_a_file_is_told_what_it_may_hold(client: Client, agent: Person, town: Town) -> None:
    page = text_of(client.get(reverse("desk_imports", args=[town.slug])))
    assert "leurs noms, séparés par des virgules" in page
    template = client.get(reverse("desk_import_template", args=[town.slug, "csv"])).content
    assert rows_of_csv(template)[0][-2:] == ["Thématiques d’alerte", "Moyens d’alerte"]


def test_more_rows_take_no_more_queries(agent: Person, town: Town) -> None:
    def asked(count: int) -> tuple[int, int]:
        rows = [row(f"N{count}x{at}", "Travaux, Eau potable", "sms, courriel") for at in range(count)]
        with CaptureQueriesContext(connection) as verifying:
            held = verified(agent, town, csv_of(*rows, headers=HEADERS))
        with CaptureQueriesContext(connection) as confirming:
            confirm_import(actor=agent, town=town, import_id=held.pk)
        return len(verifying), len(confirming)

    few, many = asked(3), asked(60)
    assert many[0] == few[0]
    assert many[1] <= few[1]  # the first one begins the town's trail, too
    assert citizens_of(agent, town).count() == 63
