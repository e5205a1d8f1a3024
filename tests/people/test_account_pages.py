"""One's own pages: profile, phones in order, address, tokens, closing the account."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.core.errors import Conflict
from hub.people.actions import close_account, issue_token, set_phones
from hub.people.models import Person, Role
from hub.people.queries import country_of, person_of_token, roles_in
from hub.towns.models import Town
from tests.factories import make_mayor, make_person, make_town
from tests.people.steps import PASSWORD, last_code, mails_to, post, sign_in, text_of, who


@pytest.fixture
def alice(client: Client, citizen: Person) -> Person:
    """Alice, signed in; without a password nothing asks for it again."""
    client.force_login(citizen)
    return citizen


def numbers(person: Person) -> list[str]:
    return list(person.phones.values_list("number", flat=True))


def test_a_profile_is_changed_by_its_owner(client: Client, alice: Person) -> None:
    page = post(
        client, "account", title="mme", first_name="Alix", last_name="Moreau", birth_date="1971-03-14", language="en"
    )
    assert page.status_code == 200
    alice.refresh_from_db()
    assert (alice.title, alice.name, str(alice.birth_date), alice.language) == (
        "mme",
        "Alix Moreau",
        "1971-03-14",
        "en",
    )


@pytest.mark.parametrize("day", ["2999-01-01", "1700-01-01", "hier"])
def test_a_birth_date_is_within_a_life(client: Client, alice: Person, day: str) -> None:
    page = post(client, "account", first_name="Alice", last_name="Moreau", birth_date=day, language="fr")
    assert "Alice Moreau" in text_of(page)
    alice.refresh_from_db()
    assert alice.birth_date is None


def test_a_refused_profile_changes_nothing_even_on_the_page(client: Client, alice: Person) -> None:
    page = post(client, "account", first_name="", last_name="Autre", language="fr")
    assert "Ce champ est obligatoire" in text_of(page)
    alice.refresh_from_db()
    assert alice.last_name == "Moreau"


def test_the_first_phone_is_the_one_that_alerts_use(client: Client, alice: Person) -> None:
    for number in ("06 12 34 56 78", "01 99 00 01 10", "+1 418 555 0142"):
        post(client, "account_phone_add", number=number)
    assert numbers(alice) == ["+33612345678", "+33199000110", "+14185550142"]

    page = client.get(reverse("account_contact"))
    words = text_of(page)
    assert words.index("06 12 34 56 78") < words.index("Relié aux alertes") < words.index("01 99 00 01 10")


def test_a_phone_moves_up_one_place_at_a_time(client: Client, alice: Person) -> None:
    set_phones(person=alice, numbers=["+33612345678", "+33199000110", "+14185550142"])
    last = alice.phones.get(number="+14185550142")
    post(client, "account_phone_up", last.pk)
    assert numbers(alice) == ["+33612345678", "+14185550142", "+33199000110"]
    post(client, "account_phone_up", alice.phones.get(number="+14185550142").pk)
    assert numbers(alice)[0] == "+14185550142"
    post(client, "account_phone_up", alice.phones.get(number="+14185550142").pk)
    assert numbers(alice)[0] == "+14185550142"


def test_without_the_first_phone_the_next_takes_its_place(client: Client, alice: Person) -> None:
    set_phones(person=alice, numbers=["+33612345678", "+33199000110"])
    post(client, "account_phone_remove", alice.phones.get(number="+33612345678").pk)
    assert numbers(alice) == ["+33199000110"]
    assert alice.phones.get().position == 0


def test_nobody_moves_or_removes_anothers_phone(client: Client, alice: Person, town: Town) -> None:
    bruno = make_person(town=town)
    set_phones(person=bruno, numbers=["+33612345678", "+33199000110"])
    for name in ("account_phone_up", "account_phone_remove"):
        post(client, name, bruno.phones.get(number="+33199000110").pk)
    assert numbers(bruno) == ["+33612345678", "+33199000110"]


@pytest.mark.parametrize("number", ["abc", "12", "+999 1234567", "06 12"])
def test_what_is_no_phone_is_refused_with_what_was_typed(client: Client, alice: Person, number: str) -> None:
    page = post(client, "account_phone_add", number=number)
    assert "n’est pas un numéro de téléphone" in text_of(page)
    assert f'value="{number}"' in page.content.decode()
    assert numbers(alice) == []


def test_a_number_given_twice_is_kept_once_and_seven_are_too_many(client: Client, alice: Person) -> None:
    for last in (1, 1, 2, 3, 4, 5, 6):
        post(client, "account_phone_add", number=f"+3361234567{last}")
    assert len(numbers(alice)) == 6
    assert "Six numéros au plus" in text_of(post(client, "account_phone_add", number="+33612345677"))


def test_a_national_number_is_of_the_towns_country(client: Client, db: None) -> None:
    quebec = make_town("ville-du-fleuve", country="CA")
    person = make_person(town=quebec)
    assert country_of(person) == "CA"
    client.force_login(person)
    post(client, "account_phone_add", number="418 555-0142")
    assert numbers(person) == ["+14185550142"]


def test_an_address_is_kept_and_shown_again(client: Client, alice: Person) -> None:
    fields = {"number": "14", "street": "rue du Four", "postal_code": "99000", "city": "Saint-Test"}
    post(client, "account_contact", **fields)
    post(client, "account_contact", **{**fields, "number": "16"})
    alice = Person.objects.get(pk=alice.pk)
    assert str(alice.address) == "16 rue du Four, 99000 Saint-Test"
    assert 'value="rue du Four"' in client.get(reverse("account_contact")).content.decode()


def test_a_token_is_shown_once_and_opens_until_it_is_taken_back(client: Client, alice: Person) -> None:
    page = post(client, "account_tokens", name="tableur du greffe")
    token = next(word for word in page.content.decode().split('"') if word.startswith("parvis_"))
    assert person_of_token(token) == alice
    assert "parvis_" not in client.get(reverse("account_tokens")).content.decode()
    assert "no-store" in page["Cache-Control"]

    post(client, "account_token_revoke", alice.api_tokens.get().pk)
    assert person_of_token(token) is None


def test_nobody_takes_anothers_token_back(client: Client, alice: Person, mayor: Person) -> None:
    token = issue_token(person=mayor, name="à moi")
    post(client, "account_token_revoke", mayor.api_tokens.get().pk)
    assert person_of_token(token) == mayor


def test_tokens_and_closing_ask_again_who_is_there(client: Client, town: Town) -> None:
    make_person("dora@citoyen.example", town=town, password=PASSWORD)
    sign_in(client, "dora@citoyen.example")
    for name in ("account_tokens", "account_close"):
        sent = client.get(reverse(name))
        assert sent["Location"].startswith(reverse("account_reauthenticate"))
    page = post(client, "account_reauthenticate", password="pas le bon")
    assert "Ce n’est pas votre mot de passe" in text_of(page)
    post(client, "account_reauthenticate", password=PASSWORD)
    assert client.get(reverse("account_tokens")).status_code == 200


def test_closing_takes_a_deliberate_yes(client: Client, alice: Person) -> None:
    post(client, "account_close")
    assert who(client) == alice


def test_a_closed_account_is_out_everywhere_and_leaves_no_way_to_reach_it(client: Client, alice: Person) -> None:
    set_phones(person=alice, numbers=["+33612345678"])
    token = issue_token(person=alice, name="programme")
    other = Client()
    other.force_login(alice)

    page = post(client, "account_close", sure="on")

    assert "Votre compte est fermé" in text_of(page)
    assert who(client) is None
    assert other.get(reverse("account")).status_code == 302
    assert person_of_token(token) is None
    closed = Person.objects.get(pk=alice.pk)
    assert (closed.email, closed.birth_date, closed.phones.count(), closed.is_active) == ("", None, 0, False)
    assert closed.name == "Alice Moreau"


def test_the_address_of_a_closed_account_is_free_again(alice: Person, town: Town) -> None:
    close_account(person=alice)
    assert make_person("alice@citoyen.example", town=town).pk != alice.pk


def test_who_manages_a_town_alone_stays_until_someone_else_does(client: Client, town: Town) -> None:
    mayor = make_mayor(town)
    client.force_login(mayor)
    assert "Personne d’autre ne gère Saint-Test" in text_of(post(client, "account_close", sure="on"))

    make_person(town=town, roles=[Role.MANAGER])
    close_account(person=mayor)
    assert roles_in(mayor, town) == frozenset()


def test_a_closed_manager_counts_for_nobody(town: Town) -> None:
    mayor, manager = make_mayor(town), make_person(town=town, roles=[Role.MANAGER])
    close_account(person=manager)
    with pytest.raises(Conflict):
        close_account(person=mayor)


def test_the_email_address_changes_once_the_new_one_is_proven(client: Client, alice: Person) -> None:
    post(client, "account_email", email="alix@citoyen.example", action_add="1")
    alice.refresh_from_db()
    assert alice.email == "alice@citoyen.example"

    post(client, "account_email_verification_sent", code=last_code("alix@citoyen.example"))
    alice.refresh_from_db()
    assert alice.email == "alix@citoyen.example"
    assert "alix@citoyen.example" in mails_to("alice@citoyen.example")[-1].text


def test_an_address_that_is_somebody_elses_is_not_taken(client: Client, alice: Person, mayor: Person) -> None:
    post(client, "account_email", email=mayor.email, action_add="1")
    alice.refresh_from_db()
    assert alice.email == "alice@citoyen.example"


@pytest.mark.parametrize(
    "name", ["account", "account_contact", "account_security", "account_tokens", "account_close", "mfa_index"]
)
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, db: Any, name: str) -> None:
    sent = client.get(reverse(name))
    assert sent["Location"] == f"/compte/connexion/?next={reverse(name)}"
