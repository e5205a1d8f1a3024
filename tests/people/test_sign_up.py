"""Creating an account: who one is, which town, and the proof that the address is one's own."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from hub.people.actions import forget_sessions, forget_unproven, register_citizen
from hub.people.models import Person, Role
from hub.people.queries import citizens_of, roles_in
from hub.towns.models import Town
from tests.factories import make_agent, make_person, make_town, session_key
from tests.people.steps import PASSWORD, last_code, mails_to, post, sign_in, sign_in_by_code, text_of, who, wrong

EMAIL = "nora@citoyen.example"


def details(chosen: Town, **changed: Any) -> dict[str, Any]:
    fields = {
        "first_name": "Nora", "last_name": "Petit", "email": EMAIL, "password1": PASSWORD, "town": chosen.slug,
        "language": "fr", "consent": "on",
    }  # fmt: skip
    return {name: value for name, value in {**fields, **changed}.items() if value is not None}


def test_a_citizen_signs_up_proves_the_address_and_is_in(client: Client, town: Town) -> None:
    post(client, "account_signup", **details(town))
    assert who(client) is None

    post(client, "account_email_verification_sent", code=last_code(EMAIL))

    person = who(client)
    assert person is not None
    assert (person.name, person.language, person.self_registered) == ("Nora Petit", "fr", True)
    assert person.consented_at is not None
    assert roles_in(person, town) == {Role.CITIZEN}


def test_a_password_is_not_needed(client: Client, town: Town) -> None:
    post(client, "account_signup", **details(town, password1=""))
    post(client, "account_email_verification_sent", code=last_code(EMAIL))
    person = who(client)
    assert person is not None
    assert not person.has_usable_password()

    other = Client()
    sign_in_by_code(other, EMAIL)
    assert who(other) == person


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"town": None}, "Ce champ est obligatoire"),
        ({"town": "nulle-part"}, "Sélectionnez un choix valide"),
        ({"consent": None}, "Ce champ est obligatoire"),
        ({"first_name": ""}, "Ce champ est obligatoire"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"password1": "court"}, "trop court"),
        ({"password1": "motdepasse1234", "email": "motdepasse1234@citoyen.example"}, "trop semblable"),
    ],
    ids=["no town", "unknown town", "no consent", "no name", "no address", "short", "like the address"],
)
def test_what_is_missing_is_named_and_nothing_is_made(
    client: Client, town: Town, changed: dict[str, Any], said: str
) -> None:
    page = post(client, "account_signup", **details(town, **changed))
    assert said in text_of(page)
    assert not Person.objects.exists()


def test_an_address_that_has_an_account_is_told_by_mail_alone(client: Client, town: Town) -> None:
    make_person(EMAIL, town=town, password=PASSWORD)
    known = text_of(post(client, "account_signup", **details(town)))
    unknown = text_of(post(Client(), "account_signup", **details(town, email="autre@citoyen.example")))
    assert known.replace(EMAIL, "X") == unknown.replace("autre@citoyen.example", "X")
    assert Person.objects.filter(email=EMAIL).count() == 1
    assert "Vous avez déjà un compte" in mails_to(EMAIL)[0].subject


def test_three_wrong_codes_end_the_proof(client: Client, town: Town) -> None:
    post(client, "account_signup", **details(town))
    code = last_code(EMAIL)
    for _try in range(3):
        post(client, "account_email_verification_sent", code=wrong(code))
    post(client, "account_email_verification_sent", code=code)
    assert who(client) is None
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_who_proved_nothing_is_not_among_the_citizens_and_is_forgotten(client: Client, town: Town) -> None:
    agent = make_agent(town)
    post(client, "account_signup", **details(town))
    assert not citizens_of(agent, town).exists()

    assert forget_unproven(older_than=timedelta(days=7)) == 0
    Person.objects.filter(email=EMAIL).update(created_at=timezone.now() - timedelta(days=8))
    register_citizen(actor=agent, town=town, fields={"email": "par-la-mairie@citoyen.example"})
    assert forget_unproven(older_than=timedelta(days=7)) == 1
    assert not Person.objects.filter(email=EMAIL).exists()
    assert citizens_of(agent, town).count() == 1


def test_sign_ins_that_are_over_are_forgotten(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    over = session_key(citizen)
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert forget_sessions() == 1
    assert not Session.objects.filter(session_key=over).exists()
    assert who(client) == citizen


def test_without_proof_the_password_does_not_open(client: Client, town: Town) -> None:
    post(client, "account_signup", **details(town))
    other = Client()
    sign_in(other, EMAIL)
    assert who(other) is None


def test_a_stranger_who_signed_up_with_my_address_keeps_no_password(client: Client, town: Town) -> None:
    post(Client(), "account_signup", **details(town, password1="le mot de l'intrus"))

    sign_in_by_code(client, EMAIL)
    person = who(client)
    assert person is not None
    assert not person.has_usable_password()
    assert client.get("/compte/").status_code == 200

    intruder = Client()
    sign_in(intruder, EMAIL, "le mot de l'intrus")
    assert who(intruder) is None


def test_whom_staff_registered_comes_in_by_a_code(client: Client, town: Town) -> None:
    agent = make_agent(town)
    person = register_citizen(actor=agent, town=town, fields={"email": EMAIL, "first_name": "Nora"})
    sign_in_by_code(client, EMAIL)
    assert who(client) == person
    assert not Person.objects.get(pk=person.pk).self_registered


def test_the_town_one_comes_from_is_chosen_already(client: Client, town: Town) -> None:
    make_town("autre-ville")
    page = client.get("/compte/inscription/?next=/communes/autre-ville/").content.decode()
    chosen = [part for part in page.split("<input") if 'name="town"' in part and "checked" in part.split(">")[0]]
    assert len(chosen) == 1
    assert 'value="autre-ville"' in chosen[0]


def test_where_there_is_one_town_it_is_chosen(client: Client, town: Town) -> None:
    page = client.get("/compte/inscription/").content.decode()
    assert any('value="saint-test"' in part and "checked" in part.split(">")[0] for part in page.split("<input"))


def test_nobody_puts_words_into_a_mail_by_a_name(client: Client, town: Town) -> None:
    post(client, "account_signup", **details(town, first_name="Gagnez sur http://evil.example"))
    assert "evil" not in mails_to(EMAIL)[0].text + mails_to(EMAIL)[0].html
