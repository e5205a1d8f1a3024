"""Signing in and out: by password, by code; what a stranger learns from it; what ends a session."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from hub.deliveries.models import Delivery
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests.factories import make_person
from tests.people.steps import PASSWORD, last_code, mails_to, post, sign_in, sign_in_by_code, text_of, who, wrong

ALICE = "alice@citoyen.example"
NOBODY = "personne@ailleurs.example"


@pytest.fixture
def alice(town: Town) -> Person:
    return make_person(ALICE, town=town, password=PASSWORD, first_name="Alice")


def test_the_page_has_the_fields_of_the_contract(client: Client, db: None) -> None:
    html = client.get("/compte/connexion/").content.decode()
    form = next(form for form in html.split("<form") if 'name="login"' in form)
    assert 'name="password"' in form.split("</form>")[0]
    assert 'type="submit"' in form.split("</form>")[0]


def test_address_and_password_open_the_door(client: Client, alice: Person) -> None:
    page = sign_in(client, "Alice@Citoyen.example")
    assert page.status_code == 200
    assert who(client) == alice


def test_one_comes_back_to_where_one_was_sent_from(client: Client, alice: Person) -> None:
    sent = client.post("/compte/connexion/?next=/compte/coordonnees/", {"login": ALICE, "password": PASSWORD})
    assert sent["Location"] == "/compte/coordonnees/"


def test_another_site_is_nowhere_to_come_back_to(client: Client, alice: Person) -> None:
    sent = client.post("/compte/connexion/?next=https://evil.example/", {"login": ALICE, "password": PASSWORD})
    assert "evil" not in sent["Location"]


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        (Role.MAYOR, "/mairie/saint-test/requetes/"),
        (Role.AGENT, "/mairie/saint-test/requetes/"),
        (Role.OPERATOR, "/mairie/saint-test/requetes/"),
    ],
)
def test_staff_land_at_their_desk(client: Client, town: Town, role: Role, landing: str) -> None:
    make_person("agent@saint-test.example", town=town, roles=[role], password=PASSWORD)
    assert sign_in(client, "agent@saint-test.example").request["PATH_INFO"] == landing


def test_who_follows_no_town_lands_where_one_is_chosen(client: Client, db: None) -> None:
    make_person(ALICE, password=PASSWORD)
    assert sign_in(client, ALICE).request["PATH_INFO"] == reverse("towns")


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client: Client, alice: Person) -> None:
    known = text_of(sign_in(client, ALICE, "pas le bon mot"))
    unknown = text_of(sign_in(client, NOBODY, "pas le bon mot"))
    assert "Ce mot de passe ne correspond pas à cette adresse." in known
    assert known == unknown


def test_the_tries_that_are_left_are_counted_truly(client: Client, alice: Person) -> None:
    left = []
    for _try in range(5):
        said = text_of(sign_in(client, ALICE, "pas le bon mot"))
        found = re.search(r"Il vous reste (\d) essai", said)
        left.append(int(found[1]) if found else 0)
    assert left == [4, 3, 2, 1, 0]

    assert "Trop d’essais" in text_of(sign_in(client, ALICE, PASSWORD))
    assert who(client) is None


def test_without_limits_no_number_is_told(client: Client, alice: Person, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    said = text_of(sign_in(client, ALICE, "pas le bon mot"))
    assert "ne correspond pas" in said
    assert "essai" not in said


def test_a_code_opens_the_door(client: Client, alice: Person) -> None:
    sign_in_by_code(client, ALICE)
    assert who(client) == alice


def test_a_code_may_be_typed_with_spaces_or_without_its_hyphen(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    post(client, "account_confirm_login_code", code=last_code(ALICE).replace("-", " ") + " ")
    assert who(client) == alice


def test_an_unknown_address_sees_the_same_page_and_gets_no_code(client: Client, alice: Person) -> None:
    known = text_of(post(client, "account_request_login_code", email=ALICE))
    unknown = text_of(post(Client(), "account_request_login_code", email=NOBODY))
    assert known.replace(ALICE, "X") == unknown.replace(NOBODY, "X")

    mail = mails_to(NOBODY)[0]
    assert not re.search(r"\d{4}-\d{4}", mail.text)
    assert reverse("account_signup") in mail.text


def test_three_wrong_codes_end_it(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    code = last_code(ALICE)
    for _try in range(3):
        post(client, "account_confirm_login_code", code=wrong(code))
    post(client, "account_confirm_login_code", code=code)
    assert who(client) is None


def test_a_code_dies_after_fifteen_minutes(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 15 * 60 + 1
    session.save()
    post(client, "account_confirm_login_code", code=last_code(ALICE))
    assert who(client) is None


def test_a_code_belongs_to_the_browser_that_asked(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    other = Client()
    post(other, "account_confirm_login_code", code=last_code(ALICE))
    assert who(other) is None


def test_the_first_code_is_worthless_once_another_was_sent(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    first = last_code(ALICE)
    post(client, "account_confirm_login_code", action="resend")
    assert len(mails_to(ALICE)) == 2
    post(client, "account_confirm_login_code", code=first)
    assert who(client) is None
    post(client, "account_confirm_login_code", code=last_code(ALICE))
    assert who(client) == alice


def test_a_mailed_code_is_queued_and_not_worth_sending_after_fifteen_minutes(client: Client, alice: Person) -> None:
    post(client, "account_request_login_code", email=ALICE)
    delivery = Delivery.objects.get(address=ALICE)
    assert delivery.person == alice
    assert delivery.dispatch.cause == "login_code"
    assert delivery.expires_at - timezone.now() <= timedelta(minutes=15)
    assert last_code(ALICE) in delivery.html


def test_signing_out_takes_a_deliberate_click(client: Client, alice: Person) -> None:
    sign_in(client, ALICE)
    assert client.get("/compte/deconnexion/").status_code == 200
    assert who(client) == alice
    left = client.post("/compte/deconnexion/")
    assert "Clear-Site-Data" not in left
    assert who(client) is None
    assert client.get("/compte/")["Location"].startswith("/compte/connexion/")


def test_a_closed_account_stays_outside(client: Client, alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    sign_in(client, ALICE)
    assert who(client) is None


def test_a_new_password_signs_other_browsers_out_and_keeps_this_one(client: Client, alice: Person) -> None:
    other = Client()
    sign_in(client, ALICE)
    sign_in(other, ALICE)
    post(
        client,
        "account_change_password",
        oldpassword=PASSWORD,
        password1="une phrase neuve",
        password2="une phrase neuve",
    )
    assert who(client) == alice
    assert client.get("/compte/").status_code == 200
    assert who(other) is None
    assert other.get("/compte/").status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"oldpassword": "faux", "password1": "une phrase neuve", "password2": "une phrase neuve"},
            "pas votre mot de passe",
        ),
        (
            {"oldpassword": PASSWORD, "password1": "une phrase neuve", "password2": "une autre phrase"},
            "ne sont pas les mêmes",
        ),
        ({"oldpassword": PASSWORD, "password1": "court", "password2": "court"}, "trop court"),
    ],
    ids=["old one wrong", "not twice the same", "too short"],
)
def test_a_password_is_not_changed_for_less(client: Client, alice: Person, fields: dict[str, str], said: str) -> None:
    sign_in(client, ALICE)
    assert said in text_of(post(client, "account_change_password", **fields))
    assert Person.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_a_forgotten_password_is_replaced_by_a_code(client: Client, alice: Person) -> None:
    other = Client()
    sign_in(other, ALICE)
    post(client, "account_reset_password", email=ALICE)
    post(client, "account_confirm_password_reset_code", code=last_code(ALICE))
    post(client, "account_complete_password_reset", password1="une phrase neuve", password2="une phrase neuve")
    assert who(client) == alice
    assert who(other) is None
    assert "Votre mot de passe a changé" in mails_to(ALICE)[-1].subject


def test_the_new_password_asks_for_the_code_first(client: Client, alice: Person) -> None:
    post(client, "account_reset_password", email=ALICE)
    post(client, "account_confirm_password_reset_code", code=wrong(last_code(ALICE)))
    post(client, "account_complete_password_reset", password1="une phrase neuve", password2="une phrase neuve")
    assert Person.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_a_forgotten_password_tells_nothing_of_who_is_here(client: Client, alice: Person) -> None:
    known = text_of(post(client, "account_reset_password", email=ALICE))
    unknown = text_of(post(Client(), "account_reset_password", email=NOBODY))
    assert known.replace(ALICE, "X") == unknown.replace(NOBODY, "X")


def test_too_many_requests_get_a_page_that_says_so(client: Client, alice: Person) -> None:
    for _try in range(4):
        page = post(Client(), "account_request_login_code", email=ALICE)
    assert "Trop d’essais" in text_of(page)
    for _try in range(31):
        page = client.post("/compte/connexion/", {"login": NOBODY})
    assert page.status_code == 429
    assert "Un peu de patience" in page.content.decode()


def test_mails_speak_the_recipients_language(client: Client, alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(language="en")
    post(client, "account_request_login_code", email=ALICE)
    assert '<html lang="en">' in mails_to(ALICE)[0].html


def test_the_cookie_is_out_of_reach_of_scripts(client: Client, alice: Person) -> None:
    sign_in(client, ALICE)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
