"""The second factor: set up, asked for, lost, and required of staff where the town says so."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from hub.core.errors import Forbidden
from hub.people.actions import issue_token
from hub.people.models import Person, Role
from hub.people.queries import access_desk, needs_second_factor
from hub.towns.models import Town
from tests.factories import make_agent, make_mayor, make_person
from tests.people.steps import PASSWORD, last_code, mails_to, post, sign_in, text_of, who

EMAIL = "agent@saint-test.example"


def code_of_app(secret: str) -> str:
    """What the application on the phone shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client: Client) -> str:
    """Activate the application of codes; its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'id="totp-secret"[^>]*value="(\w+)"', page.content.decode())
    assert secret
    post(client, "mfa_activate_totp", code=code_of_app(secret[1]))
    return secret[1]


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town, EMAIL, password=PASSWORD)


@pytest.fixture
def secret(client: Client, agent: Person) -> str:
    """The agent is signed in, with an application of codes."""
    sign_in(client, EMAIL)
    post(client, "account_reauthenticate", password=PASSWORD)
    return set_up_app(client)


def test_the_app_is_set_up_by_its_code_and_gives_recovery_codes(
    client: Client, agent: Person, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, EMAIL)
    post(client, "account_reauthenticate", password=PASSWORD)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    kinds = Authenticator.objects.filter(user=agent).values_list("type", flat=True)
    assert set(kinds) == {"totp", "recovery_codes"}
    assert [mail.subject for mail in mails_to(EMAIL)] == ["Double vérification activée"]
    assert "10 codes restent sur 10" in text_of(client.get(reverse("mfa_view_recovery_codes")))


def test_a_wrong_code_sets_nothing_up(client: Client, agent: Person) -> None:
    sign_in(client, EMAIL)
    post(client, "account_reauthenticate", password=PASSWORD)
    client.get(reverse("mfa_activate_totp"))
    page = post(client, "mfa_activate_totp", code="000000")
    assert "Ce code n’est pas le bon" in text_of(page)
    assert not Authenticator.objects.exists()


def test_the_password_alone_is_no_longer_enough(client: Client, agent: Person, secret: str) -> None:
    other = Client()
    sign_in(other, EMAIL)
    assert who(other) is None
    assert "Ce code n’est pas le bon" in text_of(post(other, "mfa_authenticate", code="000000"))
    assert who(other) is None
    # The setting-up code was used: an application's code opens once.
    post(other, "mfa_authenticate", code=recovery_codes(client)[0])
    assert who(other) == agent


def recovery_codes(client: Client) -> list[str]:
    return client.get(reverse("mfa_download_recovery_codes")).content.decode().split()[-10:]


def test_a_recovery_code_opens_once(client: Client, agent: Person, secret: str) -> None:
    code = recovery_codes(client)[0]
    for opens in (True, False):
        other = Client()
        sign_in(other, EMAIL)
        post(other, "mfa_authenticate", code=code)
        assert (who(other) == agent) is opens


def test_a_mailed_code_does_not_replace_the_second_factor(client: Client, agent: Person, secret: str) -> None:
    other = Client()
    post(other, "account_request_login_code", email=EMAIL)
    post(other, "account_confirm_login_code", code=last_code(EMAIL))
    assert who(other) is None


def test_guessing_is_stopped_after_five_tries(client: Client, agent: Person, secret: str) -> None:
    other = Client()
    sign_in(other, EMAIL)
    for _try in range(5):
        post(other, "mfa_authenticate", code="000000")
    page = post(other, "mfa_authenticate", code=recovery_codes(client)[0])
    assert "Trop d’essais" in text_of(page)
    assert who(other) is None


def test_taking_it_away_is_told_by_mail(client: Client, agent: Person, secret: str) -> None:
    post(client, "mfa_deactivate_totp")
    assert not Authenticator.objects.filter(user=agent).exists()
    assert "Double vérification retirée" in [mail.subject for mail in mails_to(EMAIL)]


def test_a_town_that_asks_for_it_shuts_the_desk_until_it_is_there(client: Client, town: Town, agent: Person) -> None:
    sign_in(client, EMAIL)
    assert client.get(f"/mairie/{town.slug}/citoyens/").status_code == 200

    Town.objects.filter(pk=town.pk).update(staff_second_factor=True)
    sent = client.get(f"/mairie/{town.slug}/citoyens/")
    assert sent["Location"] == reverse("mfa_index")
    assert "Votre mairie demande une double vérification" in text_of(client.get(reverse("mfa_index")))
    assert client.get(reverse("account")).status_code == 200

    post(client, "account_reauthenticate", password=PASSWORD)
    set_up_app(client)
    assert client.get(f"/mairie/{town.slug}/citoyens/").status_code == 200

    post(client, "mfa_deactivate_totp")
    assert client.get(f"/mairie/{town.slug}/citoyens/").status_code == 302


def test_the_api_refuses_too_with_a_code_for_programs(client: Client, town: Town, agent: Person) -> None:
    Town.objects.filter(pk=town.pk).update(staff_second_factor=True)
    client.force_login(agent)
    refused = client.get("/api/v1/me")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "second_factor_required"


def test_tokens_of_such_staff_open_nothing(client: Client, town: Town, agent: Person) -> None:
    Town.objects.filter(pk=town.pk).update(staff_second_factor=True)
    token = issue_token(person=agent, name="programme")
    refused = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "second_factor_required"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CITIZEN])
def test_it_is_asked_of_every_role_of_the_town_hall(town: Town, role: Role) -> None:
    town.staff_second_factor = True
    town.save()
    person = make_person(town=town, roles=[role])
    assert needs_second_factor(person)
    with pytest.raises(Forbidden) as refusal:
        access_desk(person, town.slug)
    assert refusal.value.code == "second_factor_required"


def test_recovery_codes_alone_are_no_second_factor(town: Town) -> None:
    town.staff_second_factor = True
    town.save()
    mayor = make_mayor(town)
    Authenticator.objects.create(user=mayor, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert needs_second_factor(mayor)
    Authenticator.objects.create(user=mayor, type=Authenticator.Type.WEBAUTHN, data={})
    assert not needs_second_factor(mayor)


def test_citizens_are_never_asked(client: Client, town: Town, citizen: Person) -> None:
    Town.objects.filter(pk=town.pk).update(staff_second_factor=True)
    assert not needs_second_factor(citizen)
    client.force_login(citizen)
    assert client.get("/api/v1/me").status_code == 200


def test_asking_costs_one_query(town: Town, agent: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        needs_second_factor(agent)
