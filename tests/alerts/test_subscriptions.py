"""Who wants which alerts by what means (S24–S29): rules, questions, what changes it, the API and its page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hub.alerts import queries, rules
from hub.alerts.actions import leave, set_subscription, subscribe_newcomer
from hub.alerts.models import Subscription, Theme
from hub.alerts.rules import NOTHING, Wanted
from hub.audit.models import Entry
from hub.conversations.moderation_words import trail_line
from hub.core.errors import Forbidden, NotFound
from hub.people.actions import (
    add_phone,
    close_account,
    complete_sign_up,
    follow_town,
    register_device,
    set_phones,
    unfollow_town,
    update_citizen,
)
from hub.people.models import Device, Person, Phone, Role
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, call, stranger

__all__ = ["call", "stranger"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

ALL = frozenset({"sms", "email", "voice", "push"})
Call = Callable[[Person], Caller]
MOBILE, LANDLINE = "+33612345678", "+33199000110"


@pytest.fixture
def themes(town: Town) -> list[Theme]:
    names = ("Eau potable", "Travaux", "Écoles")
    return [Theme.objects.create(town=town, name=name, position=place) for place, name in enumerate(names)]


def want(person: Person, town: Town, *themes: Theme, all_themes: bool = False, by: frozenset[str] = ALL) -> None:
    wanted = Wanted(frozenset(theme.pk for theme in themes), all_themes, by)
    set_subscription(actor=person, person=person, town=town, wanted=wanted)


# Rules.


@pytest.mark.parametrize(
    ("number", "channels"),
    [("", {"email"}), (MOBILE, {"email", "sms"}), (LANDLINE, {"email"}), ("+14185550142", {"email", "sms"})],
)
def test_who_signs_up_is_told_all_by_what_they_gave(number: str, channels: set[str]) -> None:
    assert rules.on_sign_up(number) == Wanted(frozenset(), True, frozenset(channels))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Wanted({1, 2}, False, ALL), Wanted({2}, False, ALL)),
        (Wanted({2}, False, ALL), Wanted({2}, False, ALL)),
        (Wanted(frozenset(), True, ALL), Wanted({2, 3}, False, ALL)),
        (NOTHING, NOTHING),
    ],
)  # fmt: skip
def test_a_theme_is_taken_away_and_the_others_stay(before: Wanted, after: Wanted) -> None:
    assert rules.without_theme(before, 1, [1, 2, 3]) == after


def test_calls_are_for_emergencies() -> None:
    assert rules.channels_for(emergency=True) == ["sms", "email", "push", "voice"]
    assert rules.channels_for(emergency=False) == ["sms", "email", "push"]


@pytest.mark.parametrize(
    ("first", "last", "said"), [("Alice", "Tremblay", "A. T."), ("", "Roy", "R."), ("", "", "—"), (" é", "x", "É. X.")]
)
def test_a_name_is_told_by_its_initials(first: str, last: str, said: str) -> None:
    assert rules.initials(first, last) == said


def test_an_address_is_known_again_by_its_owner_alone() -> None:
    assert rules.masked_number(MOBILE) == "•• 78"
    assert rules.masked_email("alice@citoyen.example") == "a•••@citoyen.example"
    assert (rules.masked_number(""), rules.masked_email("")) == ("", "")


# Who subscribes.


def test_all_themes_count_for_those_created_later(town: Town, citizen: Person, themes: list[Theme]) -> None:
    some = factories.make_person(town=town)
    want(citizen, town, all_themes=True)
    want(some, town, themes[0])
    later = Theme.objects.create(town=town, name="Culture", position=9)
    assert list(queries.subscribers(town, later, "sms")) == [citizen]
    assert set(queries.subscribers(town, themes[0], "sms")) == {citizen, some}
    assert set(queries.subscribers(town, themes[1], "sms")) == {citizen}
    assert list(queries.subscribers(town, None, "sms")) == [citizen]


def test_each_is_told_by_their_own_means_in_their_own_town(town: Town, citizen: Person, themes: list[Theme]) -> None:
    want(citizen, town, themes[0], by=frozenset({"email"}))
    assert [channel for channel in sorted(ALL) if queries.subscribers(town, themes[0], channel).exists()] == ["email"]
    elsewhere = factories.make_town()
    with pytest.raises(NotFound):
        queries.subscribers(elsewhere, themes[0], "email")
    assert not queries.subscribers(elsewhere, None, "email").exists()


def test_who_left_or_closed_or_never_proved_is_told_nothing(town: Town, citizen: Person, themes: list[Theme]) -> None:
    left, closed = factories.make_person(town=town), factories.make_person(town=town)
    for person in (citizen, left, closed):
        want(person, town, all_themes=True)
    unfollow_town(person=left, town=town)
    close_account(person=closed)
    assert list(queries.subscribers(town, themes[0], "email")) == [citizen]
    assert not Subscription.objects.filter(person=closed).exists()
    Person.objects.filter(pk=citizen.pk).update(self_registered=True)
    citizen.emailaddress_set.update(verified=False)
    assert not queries.subscribers(town, themes[0], "email").exists()


def test_a_theme_that_is_archived_is_wanted_no_more_and_comes_back_as_it_was(
    town: Town, citizen: Person, themes: list[Theme]
) -> None:
    want(citizen, town, themes[0], themes[1])
    Theme.objects.filter(pk=themes[0].pk).update(archived_at=citizen.created_at)
    assert queries.wanted_of(citizen, town).themes == {themes[1].pk}
    want(citizen, town, themes[2])
    Theme.objects.update(archived_at=None)
    assert queries.wanted_of(citizen, town).themes == {themes[0].pk, themes[2].pk}


# What changes it.


def test_what_was_said_stands_until_something_else_is(town: Town, citizen: Person, themes: list[Theme]) -> None:
    want(citizen, town, themes[0], by=frozenset({"sms"}))
    first = Subscription.objects.get()
    want(citizen, town, themes[0], by=frozenset({"sms"}))
    assert Subscription.objects.get().changed_at == first.changed_at
    want(citizen, town)
    assert queries.wanted_of(citizen, town) == Wanted(channels=ALL)
    assert Subscription.objects.get().channels == list(rules.CHANNELS)
    assert not Entry.objects.exists()


def test_who_never_said_has_no_row_and_is_told_of_dangers_by_all_they_gave(town: Town, citizen: Person) -> None:
    assert queries.wanted_of(citizen, town) == Wanted(channels=frozenset({"email"}))
    set_phones(person=citizen, numbers=[LANDLINE])
    Device.objects.create(person=citizen, kind="web", target="{}", digest="d", name="Firefox")
    default = queries.wanted_of(citizen, town)
    assert default == Wanted(channels=frozenset({"email", "voice", "push"}))
    set_subscription(actor=citizen, person=citizen, town=town, wanted=default)  # a page sent as it was shown
    assert not Subscription.objects.exists()
    set_phones(person=citizen, numbers=[MOBILE])
    assert queries.wanted_of(citizen, town).channels == {"email", "sms", "push"}  # S15


def test_who_refuses_every_means_has_said_so(town: Town, citizen: Person) -> None:
    set_subscription(actor=citizen, person=citizen, town=town, wanted=NOTHING)
    assert Subscription.objects.get().channels == []
    assert queries.wanted_of(citizen, town) == NOTHING
    set_phones(person=citizen, numbers=[MOBILE])
    assert queries.wanted_of(citizen, town) == NOTHING  # a number given to the town is no consent after that


def test_who_turns_a_first_device_on_is_told_there_too(town: Town, citizen: Person, mayor: Person) -> None:
    for person, by in ((citizen, frozenset({"email"})), (mayor, frozenset())):
        want(person, town, all_themes=True, by=by)
        for number in (1, 2):
            target = f"d0:APA91b{person.pk}_{number}{'x' * 120}"
            register_device(actor=person, kind="fcm", target=target)
            assert queries.wanted_of(person, town).channels == (by | {"push"} if by else by)
    want(citizen, town, all_themes=True, by=frozenset({"email"}))
    register_device(actor=citizen, kind="fcm", target=f"d0:APA91b_third{'x' * 120}")
    assert queries.wanted_of(citizen, town).channels == {"email"}  # a further one changes nothing


def test_of_a_town_that_is_not_theirs_nobody_chooses(town: Town, citizen: Person) -> None:
    with pytest.raises(Forbidden):
        want(citizen, factories.make_town(), all_themes=True)
    neighbour = factories.make_person(town=town)
    with pytest.raises(Forbidden):
        set_subscription(actor=neighbour, person=citizen, town=town, wanted=Wanted(channels=ALL))


def test_leaving_takes_a_theme_or_a_means_and_twice_is_once(town: Town, citizen: Person, themes: list[Theme]) -> None:
    leave(person=citizen, town=town, theme_id=themes[0].pk, channel="email")
    assert not Subscription.objects.exists()
    leave(person=citizen, town=town, theme_id=None, channel="email")  # what came although they never said
    assert queries.wanted_of(citizen, town) == NOTHING
    want(citizen, town, all_themes=True)
    for _ in range(2):
        leave(person=citizen, town=town, theme_id=themes[0].pk, channel="email")
        assert queries.wanted_of(citizen, town) == Wanted({themes[1].pk, themes[2].pk}, False, ALL)
    for _ in range(2):
        leave(person=citizen, town=town, theme_id=None, channel="email")
        assert queries.wanted_of(citizen, town).channels == ALL - {"email"}


# Sign-up and numbers (S15).


def test_signing_up_subscribes_and_says_it_once(town: Town) -> None:
    person = factories.make_person()
    complete_sign_up(person=person, town=town, fields={}, phones=[MOBILE])
    assert queries.wanted_of(person, town) == Wanted(frozenset(), True, frozenset({"email", "sms"}))
    set_subscription(actor=person, person=person, town=town, wanted=NOTHING)
    subscribe_newcomer(person=person, town=town)
    assert queries.wanted_of(person, town) == NOTHING


def test_following_one_more_town_subscribes_too(client: Client, town: Town, citizen: Person) -> None:
    other = factories.make_town("autre-ville")
    client.force_login(citizen)
    client.post("/communes/autre-ville/suivre/")
    assert queries.wanted_of(citizen, other) == Wanted(frozenset(), True, frozenset({"email"}))
    set_subscription(actor=citizen, person=citizen, town=other, wanted=NOTHING)
    for _ in range(2):
        client.post("/communes/autre-ville/ne-plus-suivre/")
        client.post("/communes/autre-ville/suivre/")
    assert queries.wanted_of(citizen, other) == NOTHING


def test_giving_a_mobile_authorises_sms_for_who_wants_alerts(town: Town, citizen: Person) -> None:
    add_phone(person=citizen, number=MOBILE, country="FR")
    assert not Subscription.objects.exists()
    set_phones(person=citizen, numbers=[])
    want(citizen, town, all_themes=True, by=frozenset({"email"}))
    add_phone(person=citizen, number=LANDLINE, country="FR")
    add_phone(person=citizen, number=MOBILE, country="FR")  # the second is not linked to alerts (S9)
    assert queries.wanted_of(citizen, town).channels == {"email"}
    set_phones(person=citizen, numbers=[MOBILE])
    assert queries.wanted_of(citizen, town).channels == {"email"}  # it was known
    set_phones(person=citizen, numbers=["+33612345679"])
    assert queries.wanted_of(citizen, town).channels == {"email", "sms"}


def test_what_is_known_of_a_number_stays_and_who_entered_it_too(town: Town, citizen: Person, mayor: Person) -> None:
    set_phones(person=citizen, numbers=[MOBILE])
    Phone.objects.update(verified_at=citizen.created_at)
    update_citizen(actor=mayor, town=town, person_id=citizen.pk, fields={}, phones=[LANDLINE, MOBILE], address={})
    told = list(Phone.objects.values_list("number", "position", "by_staff", "verified_at"))
    assert told == [(LANDLINE, 0, True, None), (MOBILE, 1, False, citizen.created_at)]
    assert [phone.trusted for phone in citizen.phones.all()] == [True, True]


# Staff, as they are asked to (S24).


def test_staff_change_it_and_the_trail_tells(client: Client, town: Town, mayor: Person, themes: list[Theme]) -> None:
    citizen = factories.make_person("nora@citoyen.example", town=town, first_name="Nora", last_name="Petit")
    want(citizen, town, themes[0], by=frozenset({"email"}))
    client.force_login(mayor)
    address = f"/mairie/{town.slug}/citoyens/{citizen.pk}/"
    page = client.get(address).content.decode()
    assert "Abonnements" in page
    assert f'name="themes" value="{themes[0].pk}" checked' in page
    record = {"first_name": "Nora", "last_name": "Petit", "email": "nora@citoyen.example", "language": "fr"}
    assert client.post(address, record)["Location"] == address
    assert queries.wanted_of(citizen, town).themes == {themes[0].pk}  # a form without the tab
    assert not Entry.objects.filter(act="subscription.change").exists()
    typed = {**record, "subscription": "1", "themes": [str(themes[1].pk), "x", "9" * 30], "channels": ["sms", "fax"]}
    assert client.post(address, typed)["Location"] == address
    assert queries.wanted_of(citizen, town) == Wanted({themes[1].pk}, False, frozenset({"sms"}))
    entry = Entry.objects.get(act="subscription.change")
    assert (entry.act, entry.subject) == ("subscription.change", f"person.{citizen.pk}")
    assert entry.what == {"themes": "Eau potable → Travaux", "channels": "email → sms"}
    assert f"abonnements de la fiche {citizen.pk}" in trail_line(entry, town).sentence


def test_a_new_citizen_is_subscribed_as_they_ask(
    client: Client, town: Town, mayor: Person, themes: list[Theme]
) -> None:
    client.force_login(mayor)
    typed: dict[str, Any] = {
        "first_name": "Nora", "last_name": "Petit", "email": "nora@citoyen.example", "language": "fr",
        "subscription": "1", "all_themes": "1", "channels": ["voice"],
    }  # fmt: skip
    client.post(f"/mairie/{town.slug}/citoyens/nouveau/", typed)
    nora = Person.objects.get(email="nora@citoyen.example")
    assert queries.wanted_of(nora, town) == Wanted(frozenset(), True, frozenset({"voice"}))
    client.post(f"/mairie/{town.slug}/citoyens/nouveau/", {**typed, "channels": ["sms"]})
    assert queries.wanted_of(nora, town).channels == {"voice"}  # who is known stays unchanged
    nothing = {**typed, "first_name": "Omar", "email": "omar@citoyen.example", "all_themes": "", "channels": []}
    del nothing["all_themes"]
    client.post(f"/mairie/{town.slug}/citoyens/nouveau/", nothing)
    omar = Person.objects.get(email="omar@citoyen.example")
    assert not queries.has_said(omar, town)
    address = f"/mairie/{town.slug}/citoyens/{omar.pk}/"
    assert "n’a rien choisi" in client.get(address).content.decode()
    client.post(address, nothing)  # now the tab showed what holds, and all of it was turned off
    assert queries.wanted_of(omar, town) == NOTHING
    assert Entry.objects.get(act="subscription.change", subject=f"person.{omar.pk}").what == {"channels": "email → —"}


# The API.


def test_themes_are_for_everybody_to_read(client: Client, town: Town, themes: list[Theme]) -> None:
    Theme.objects.filter(pk=themes[1].pk).update(archived_at=town.created_at)
    Theme.objects.filter(pk=themes[2].pk).update(name_en="Schools")
    english = client.get(f"/api/v1/towns/{town.slug}/themes", headers={"Accept-Language": "en"})
    assert english.json() == [{"id": themes[0].pk, "name": "Eau potable"}, {"id": themes[2].pk, "name": "Schools"}]
    assert client.get("/api/v1/towns/nulle-part/themes").status_code == 404


def test_programs_read_and_choose(call: Call, town: Town, citizen: Person, themes: list[Theme]) -> None:
    caller, path = call(citizen), f"me/subscriptions?town={town.slug}"
    assert caller.get("me/subscriptions", town=town.slug).json() == {
        "themes": [], "all_themes": False, "channels": ["email"],
    }  # fmt: skip
    said = {"themes": [themes[0].pk], "all_themes": True, "channels": ["voice", "sms"]}
    answer = caller.send("put", path, said)
    assert (
        answer.json() == {**said, "channels": ["sms", "voice"]} == caller.get("me/subscriptions", town=town.slug).json()
    )
    foreign = Theme.objects.create(town=factories.make_town(), name="Ailleurs")
    for wrong, field in (
        ({"themes": [987_654]}, "themes"), ({"themes": [foreign.pk]}, "themes"), ({"channels": ["fax"]}, "channels"),
    ):  # fmt: skip
        refused = caller.send("put", path, {**said, **wrong})
        assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "invalid", field)
        assert refused.headers["Content-Type"] == "application/problem+json"
    assert caller.get("me/subscriptions", town=town.slug).json()["themes"] == [themes[0].pk]
    assert caller.send("put", path, {**said, "sms": True}).status_code == 400


def test_a_foreign_town_is_a_missing_one(call: Call, stranger: Caller, town: Town, citizen: Person) -> None:
    other, caller = factories.make_town(), call(citizen)
    for path in (f"me/subscriptions?town={other.slug}", "me/subscriptions?town=nulle-part"):
        assert caller.send("get", path).status_code == 404
        assert caller.send("put", path, {}).status_code == 404
        assert stranger.send("put", path, {}).status_code == 401


# « Mes notifications ».


def test_each_town_followed_has_its_part(client: Client, town: Town, citizen: Person, themes: list[Theme]) -> None:
    other = factories.make_town("autre-ville", name="Autre-Ville")
    follow_town(person=citizen, town=other)
    desk = factories.make_town("standard")
    factories.grant_role(actor=None, person=citizen, town=desk, role=Role.OPERATOR)
    set_phones(person=citizen, numbers=[MOBILE])
    client.force_login(citizen)
    page = client.get("/notifications/preferences/").content.decode()
    assert page.count("Alertes de la commune") == 2
    assert "Y compris celles qui seront créées plus tard" in page
    assert 'id="alertes-standard"' not in page
    assert "à vérifier avant de recevoir les alertes" in page
    Phone.objects.update(verified_at=citizen.created_at)
    for said, adapters in ((", ce numéro autorise les SMS d’alerte", ["capture"]), ("n’envoie pas encore de SMS", [])):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.ADAPTERS", {"sms": adapters, "email": ["capture"]})
            assert said in client.get("/notifications/preferences/").content.decode()


def test_the_page_says_what_holds_for_who_never_said_and_what_refusing_means(
    client: Client, town: Town, citizen: Person
) -> None:
    client.force_login(citizen)
    page = client.get("/notifications/preferences/").content.decode()
    assert "Vous n’avez rien choisi. En cas de danger, la commune vous prévient par ce qu’elle connaît de vous." in page
    assert 'name="channels" value="email" checked' in page
    assert "Sans aucun moyen, vous ne recevrez rien, même en cas de danger." in page
    client.post(f"/notifications/alertes/{town.slug}/", {})
    page = client.get("/notifications/preferences/").content.decode()
    assert "Vous n’avez rien choisi" not in page
    assert 'name="channels" value="email" checked' not in page


def test_the_page_saves_with_and_without_a_script(
    client: Client, town: Town, citizen: Person, themes: list[Theme]
) -> None:
    client.force_login(citizen)
    path = f"/notifications/alertes/{town.slug}/"
    typed = {"themes": [str(themes[0].pk)], "channels": ["sms"]}
    answer = client.post(path, typed, headers={"Accept": "application/json"})
    assert answer.json()["saved"].startswith("Enregistré à ")
    assert queries.wanted_of(citizen, town) == Wanted({themes[0].pk}, False, frozenset({"sms"}))
    answer = client.post(path, {"all_themes": "1"}, follow=True)
    assert answer.redirect_chain == [(f"/notifications/preferences/#alertes-{town.slug}", 302)]
    assert "Enregistré à" in answer.content.decode()
    assert queries.wanted_of(citizen, town) == Wanted(frozenset(), True, frozenset())
    assert client.post(f"/notifications/alertes/{factories.make_town().slug}/", typed).status_code == 404
    foreign = Theme.objects.create(town=factories.make_town(), name="Ailleurs")
    assert client.post(path, {"themes": [str(foreign.pk)]}).status_code == 422
