"""The town says which details of citizens it asks for (S11): at the desk, at sign-up, in one's own account."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.core.errors import Invalid
from hub.people.actions import register_citizen, set_address, set_phones
from hub.people.models import Person
from hub.people.queries import citizens_of
from hub.towns.actions import set_citizen_fields
from hub.towns.citizen_fields import FIELDS, PLACES, Asked, asked_by, asked_by_any, choices_of
from hub.towns.models import Town
from tests.factories import make_agent, make_town
from tests.people.steps import PASSWORD, post, text_of

NORA = {"first_name": "Nora", "last_name": "Petit", "email": "nora@citoyen.example", "language": "fr"}


def say(town: Town, **changed: str) -> None:
    """The town asks so from now on: `desk_phone="required"`."""
    said: dict[str, Asked] = {place: asked_by(town, place) for place in PLACES}
    for name, ask in changed.items():
        place = next(place for place in PLACES if name.startswith(f"{place}_"))
        said[place][name.removeprefix(f"{place}_")] = ask
    set_citizen_fields(town=town, said=said)


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    """An agent, signed in."""
    person = make_agent(town)
    client.force_login(person)
    return person


def names(page: Any) -> set[str]:
    """The fields of the page's form."""
    return set(page.context["form"].fields)


# What a town may say.


@pytest.mark.parametrize(
    ("place", "field", "choices"),
    [
        ("desk", "email", {"optional", "required"}), ("sign_up", "email", set()), ("account", "email", set()),
        ("desk", "language", {"hidden", "optional"}), ("sign_up", "phone", {"hidden", "optional", "required"}),
        ("account", "address", {"hidden", "optional", "required"}),
    ],
)  # fmt: skip
def test_each_detail_has_its_choices(place: str, field: str, choices: set[str]) -> None:
    assert {str(ask) for ask in choices_of(place, field)} == choices


def test_until_a_town_says_more_sign_up_is_short_and_gaps_may_stay(town: Town) -> None:
    assert {field for field, ask in asked_by(town, "sign_up").items() if ask != "hidden"} == {"language"}
    assert set(asked_by(town, "desk").values()) == set(asked_by(town, "account").values()) == {"optional"}


def test_what_is_no_choice_is_refused(town: Town) -> None:
    with pytest.raises(Invalid) as refusal:
        say(town, desk_email="hidden")
    assert refusal.value.field == "desk_email"
    town.citizen_fields = {"desk": {"phone": "nonsense"}, "sign_up": {"email": "required"}}
    assert (asked_by(town, "desk")["phone"], "email" in asked_by(town, "sign_up")) == ("optional", False)


def test_of_several_towns_the_one_that_asks_most_is_heard(town: Town) -> None:
    other = make_town("ailleurs")
    say(town, account_phone="hidden", account_title="hidden", account_address="required")
    say(other, account_title="hidden")
    asked = asked_by_any([town, other], "account")
    assert (asked["phone"], asked["title"], asked["address"]) == ("optional", "hidden", "required")
    assert asked_by_any([], "account")["phone"] == "optional"


# The settings page.


def test_the_mayor_chooses_and_the_page_shows_it_again(client: Client, town: Town, mayor: Person) -> None:
    client.force_login(mayor)
    chosen = {f"{place}_{field}": ask for place in PLACES for field, ask in asked_by(town, place).items()}
    page = post(client, "desk_citizen_fields", town.slug, **{**chosen, "sign_up_phone": "required"})
    assert "Les champs des fiches sont à jour" in text_of(page)
    town.refresh_from_db()
    assert asked_by(town, "sign_up")["phone"] == "required"
    assert page.context["form"]["sign_up_phone"].value() == "required"
    page = post(client, "desk_citizen_fields", town.slug, **{**chosen, "desk_email": "hidden"})
    assert "field--error" in page.content.decode()
    assert len(chosen) == len(PLACES) * len(FIELDS) - 2


def test_the_settings_are_not_for_agents(client: Client, agent: Person, town: Town) -> None:
    assert client.get(reverse("desk_citizen_fields", args=[town.slug])).status_code == 403
    assert client.post(reverse("desk_citizen_fields", args=[town.slug])).status_code == 403


# At the desk.


def test_the_desks_form_asks_what_the_town_does(client: Client, agent: Person, town: Town) -> None:
    say(town, desk_title="hidden", desk_phone="hidden", desk_birth_date="required", desk_language="hidden",
        desk_address="required")  # fmt: skip
    page = client.get(reverse("desk_citizen_new", args=[town.slug]))
    assert names(page) == {"first_name", "last_name", "birth_date", "email", "number", "street", "postal_code", "city"}
    page = post(client, "desk_citizen_new", town.slug, **NORA, street="rue du Four", phone_1="0612345678")
    assert [name for name, field in page.context["form"].errors.items()] == ["birth_date", "city"]
    post(
        client, "desk_citizen_new", town.slug, **{**NORA, "language": "en"}, street="rue du Four", city="Saint-Test",
        birth_date="1971-03-14", phone_1="0612345678", title="mme",
    )  # fmt: skip
    nora = citizens_of(agent, town).get()
    assert (nora.language, nora.title, nora.phones.count(), nora.address.city) == ("fr", "", 0, "Saint-Test")


def test_without_phones_an_email_is_the_way_to_reach_somebody(client: Client, agent: Person, town: Town) -> None:
    say(town, desk_phone="hidden")
    page = post(client, "desk_citizen_new", town.slug, **{**NORA, "email": ""}, phone_1="0612345678")
    assert "Donnez un courriel, pour pouvoir joindre cette personne" in text_of(page)


def test_a_record_keeps_what_is_no_longer_asked_for_and_its_gaps_may_wait(
    client: Client, agent: Person, town: Town
) -> None:
    nora = register_citizen(
        actor=agent, town=town, fields={**NORA, "title": "mme"}, phones=["0612345678"],
        address={"street": "rue du Four", "postal_code": "99000"},
    )  # fmt: skip
    say(town, desk_title="hidden", desk_phone="hidden", desk_address="hidden", desk_birth_date="required")
    page = post(client, "desk_citizen", town.slug, nora.pk, **{**NORA, "last_name": "Grand"}, postal_code="99001")
    assert "La fiche est à jour" in text_of(page)
    nora = Person.objects.get(pk=nora.pk)
    assert (nora.name, nora.title, nora.phones.count()) == ("Nora Grand", "mme", 1)
    assert (nora.address.street, nora.address.postal_code) == ("rue du Four", "99001")


def test_the_form_has_its_parts_and_six_phones(client: Client, agent: Person, town: Town) -> None:
    page = text_of(client.get(reverse("desk_citizen_new", args=[town.slug])))
    assert "Renseignements personnels" in page
    assert "Adresse et téléphones" in page
    assert "Abonnements" in page
    numbers = [f"06123456{place}0" for place in range(1, 7)]
    post(client, "desk_citizen_new", town.slug, **NORA,
         **{f"phone_{place}": number for place, number in enumerate(numbers, 1)})  # fmt: skip
    nora = citizens_of(agent, town).get()
    assert [phone.number for phone in nora.phones.all()] == [f"+33{number[1:]}" for number in numbers]
    shown = client.get(reverse("desk_citizen", args=[town.slug, nora.pk])).content.decode()
    assert '<details class="unfold" open>' in shown
    say(town, desk_phone="hidden", desk_address="hidden", desk_postal_code="hidden")
    assert "Adresse et téléphones" not in text_of(client.get(reverse("desk_citizen_new", args=[town.slug])))


# At sign-up.


def details(town: Town, **more: str) -> dict[str, str]:
    return {**NORA, "password1": PASSWORD, "town": town.slug, "consent": "on", **more}


def test_sign_up_asks_what_the_chosen_town_does(client: Client, town: Town) -> None:
    other = make_town("ailleurs")
    say(town, sign_up_phone="required", sign_up_birth_date="optional", sign_up_language="hidden",
        sign_up_address="optional", sign_up_postal_code="optional")  # fmt: skip
    address = reverse("account_signup")
    asked = {"phone", "birth_date", "number", "street", "postal_code", "city"}
    assert not names(client.get(address)) & asked
    assert not names(client.get(address, {"town": other.slug})) & asked
    page = client.get(address, {"town": town.slug})
    assert names(page) & (asked | {"language", "title"}) == asked
    assert client.get(address, {"next": reverse("town", args=[town.slug])}).context["form"].initial["town"] == town.slug

    page = post(client, "account_signup", **details(town))
    assert list(page.context["form"].errors) == ["phone"]
    page = post(client, "account_signup", **details(town, phone="12", birth_date="2999-01-01"))
    assert set(page.context["form"].errors) == {"phone", "birth_date"}
    assert not Person.objects.exists()
    post(client, "account_signup", **details(town, phone="06 12 34 56 78", birth_date="1971-03-14", street="Four",
                                             title="mme"))  # fmt: skip
    nora = Person.objects.get()
    assert (str(nora.birth_date), nora.phones.get().number, nora.address.street) == (
        "1971-03-14",
        "+33612345678",
        "Four",
    )
    assert (nora.title, nora.language, nora.self_registered) == ("", "fr", True)


def test_what_another_town_asks_for_is_not_kept(client: Client, town: Town) -> None:
    say(town, sign_up_phone="required")
    post(client, "account_signup", **details(make_town("ailleurs"), phone="06 12 34 56 78"))
    assert not Person.objects.get().phones.exists()


# In one's own account.


def test_an_account_shows_what_ones_towns_ask_for(client: Client, town: Town, citizen: Person) -> None:
    client.force_login(citizen)
    say(town, account_title="hidden", account_birth_date="required", account_phone="hidden", account_address="hidden",
        account_postal_code="hidden")  # fmt: skip
    assert names(client.get(reverse("account"))) == {"first_name", "last_name", "birth_date", "language"}
    page = post(client, "account", first_name="Alice", last_name="Moreau", language="fr")
    assert list(page.context["form"].errors) == ["birth_date"]
    words = text_of(client.get(reverse("account_contact")))
    assert "Votre commune ne demande ni téléphone ni adresse" in words
    assert "Vos téléphones" not in words

    other = make_town("ailleurs")
    citizen.memberships.create(town=other, role="citizen")
    assert "title" in names(client.get(reverse("account")))
    assert "Vos téléphones" in text_of(client.get(reverse("account_contact")))


def test_what_is_kept_about_somebody_is_shown_to_them_all_the_same(client: Client, town: Town, citizen: Person) -> None:
    client.force_login(citizen)
    set_phones(person=citizen, numbers=["+33612345678"])
    set_address(person=citizen, fields={"street": "rue du Four"})
    say(town, account_phone="hidden", account_address="hidden", account_postal_code="hidden")
    page = client.get(reverse("account_contact"))
    assert "06\u00a012\u00a034\u00a056\u00a078" in page.content.decode()
    assert names(page) == {"number", "street", "city"}


def test_a_number_that_is_needed_is_asked_for_and_may_still_be_taken_away(
    client: Client, town: Town, citizen: Person
) -> None:
    client.force_login(citizen)
    say(town, account_phone="required")
    assert "Votre commune demande un numéro" in text_of(client.get(reverse("account_contact")))
    post(client, "account_phone_add", number="06 12 34 56 78")
    assert "Votre commune demande un numéro" not in text_of(client.get(reverse("account_contact")))
    post(client, "account_phone_remove", citizen.phones.get().pk)
    assert not citizen.phones.exists()
