"""Calendar, rules, words of mails, canned replies and services, as who manages the town sets them up."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core.clock import standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.actions.services import change_service, close_service, open_service
from hub.people.models import Membership, Person, Role
from hub.tickets.actions import settings as actions
from hub.tickets.actions.taxonomy import add_category, change_category
from hub.tickets.models import CannedReply, DeskSettings
from hub.tickets.queries import calendar_of, desk_settings
from hub.towns.actions import remove_service
from hub.towns.models import Country, Service, Town
from tests.factories import make_agent, make_person, make_town
from tests.people.steps import post, text_of
from tests.tickets.making import make_category, make_ticket

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)  # a Wednesday
DELAYS = {"default_delay_days": "10", "reminder_days": "2", "reopen_days": "14"}
WEEK = {"work_days": ["0", "1", "2", "3", "4"], "holiday_region": "", **DELAYS}
RULES = {"public_list": "on", "accountable": "", "code": "ST"}


@pytest.fixture
def boss(client: Client, town: Town) -> Person:
    """Who manages the town, signed in."""
    person = make_person(town=town, roles=[Role.MANAGER], first_name="Jacques", last_name="Dufour")
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def _that_day() -> Any:
    with standing_at(NOW):
        yield


def settings_of(town: Town) -> DeskSettings:
    return DeskSettings.objects.get(town=town)


def plain(page: Any) -> str:
    return text_of(page).replace("\u00a0", " ").replace("\u202f", " ")


def journal(town: Town) -> list[str]:
    """What the trail's page says, the latest first."""
    return [trail_line(entry, town).sentence.replace("\u00a0", " ") for entry in entries_of(town)]


# Calendar.


def test_the_calendar_is_set_and_shows_its_effect(client: Client, boss: Person, town: Town) -> None:
    page = client.get(reverse("desk_ticket_calendar", args=[town.slug]))
    assert "promise pour le mercredi 9 décembre" in plain(page)
    assert "Noël vendredi 25 décembre" in plain(page)
    assert "Saint-Étienne" not in plain(page)
    given = {**WEEK, "work_days": ["1", "2", "3", "4", "5"], "holiday_region": "67", "default_delay_days": "3"}
    page = post(client, "desk_ticket_calendar", town.slug, **given)
    assert "Le calendrier est à jour" in plain(page)
    assert "promise pour le samedi 28 novembre" in plain(page)
    assert "Saint-Étienne samedi 26 décembre" in plain(page)
    kept = settings_of(town)
    assert (kept.work_days, kept.holiday_region, kept.default_delay_days) == ([1, 2, 3, 4, 5], "67", 3)
    assert calendar_of(kept, town).add_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert journal(town) == [
        "Jacques Dufour a changé le calendrier des requêtes : jours ouvrables lundi à vendredi → mardi, mercredi, "
        "jeudi, vendredi, samedi, jours fériés propres — → 67, délai par défaut, en jours ouvrables 10 → 3."
    ]


def test_quebec_has_its_own_holidays_and_no_region_to_choose(client: Client, boss: Person, town: Town) -> None:
    Town.objects.filter(pk=town.pk).update(country=Country.CANADA)
    page = client.get(reverse("desk_ticket_calendar", args=[town.slug]))
    assert "Fête nationale du Québec" in plain(page)
    assert "Moselle" not in plain(page)
    page = post(client, "desk_ticket_calendar", town.slug, **{**WEEK, "holiday_region": "57"})
    assert page.context["form"].errors


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"work_days": []}, "work_days"), ({"work_days": ["7"]}, "work_days"),
        ({"holiday_region": "75"}, "holiday_region"),
        ({"default_delay_days": "-1"}, "default_delay_days"), ({"reminder_days": "400"}, "reminder_days"),
        ({"reopen_days": ""}, "reopen_days"),
    ],
)  # fmt: skip
def test_a_calendar_that_makes_no_sense_is_refused(
    client: Client, boss: Person, town: Town, wrong: dict[str, Any], field: str
) -> None:
    page = post(client, "desk_ticket_calendar", town.slug, **{**WEEK, **wrong})
    assert field in page.context["form"].errors
    assert settings_of(town).work_days == []
    good = {"work_days": [0], "holiday_region": "", "default_delay_days": 1, "reminder_days": 1, "reopen_days": 1}
    broken: dict[str, Any] = {
        "work_days": [9], "holiday_region": "75", "default_delay_days": -1, "reminder_days": 400, "reopen_days": 999
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        actions.set_calendar(actor=boss, town=town, fields={**good, field: broken[field]})
    assert refused.value.field == field


def test_closed_days_are_added_shown_together_and_taken_back(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_ticket_close_days", town.slug, first="2026-12-24", last="2026-12-31")
    assert "Du jeudi 24 décembre au jeudi 31 décembre" in plain(page)
    page = post(client, "desk_ticket_close_days", town.slug, first="2027-05-07")
    assert "Vendredi 7 mai 2027" in plain(page)
    kept = settings_of(town)
    assert len(kept.closed_days) == 9
    assert calendar_of(kept, town).add_days(date(2026, 12, 23), 1) == date(2027, 1, 4)
    post(client, "desk_ticket_close_days", town.slug, first="2026-12-24")  # again: no change
    page = post(client, "desk_ticket_open_days", town.slug, first="2026-12-24", last="2026-12-31")
    assert "de nouveau ouvrables" in plain(page)
    assert settings_of(town).closed_days == ["2027-05-07"]
    assert journal(town) == [
        "Jacques Dufour a retiré des jours de fermeture, du 24 décembre 2026 au 31 décembre 2026.",
        "Jacques Dufour a ajouté des jours de fermeture, du 7 mai 2027 au 7 mai 2027.",
        "Jacques Dufour a ajouté des jours de fermeture, du 24 décembre 2026 au 31 décembre 2026.",
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-24", "2026-12-20"), ("2026-11-01", "2026-11-02"), ("2026-12-01", "2027-12-01"), ("2056-12-01", ""),
     ("", ""), ("demain", "")],
)  # fmt: skip
def test_closed_days_that_make_no_sense_are_refused(
    client: Client, boss: Person, town: Town, first: str, last: str
) -> None:
    page = post(client, "desk_ticket_close_days", town.slug, first=first, last=last)
    assert "field--error" in page.content.decode()
    assert settings_of(town).closed_days == []


def test_past_closed_days_are_forgotten_and_there_are_not_too_many(boss: Person, town: Town) -> None:
    settings = desk_settings(town)
    settings.closed_days = [
        "2026-07-14",
        *(f"2027-{month:02}-{day:02}" for month in range(1, 8) for day in range(1, 29)),
    ]
    settings.save()
    actions.close_days(actor=boss, town=town, first=date(2026, 12, 24), last=date(2026, 12, 24))
    assert settings_of(town).closed_days[0] == "2026-12-24"
    with pytest.raises(Invalid):
        actions.close_days(actor=boss, town=town, first=date(2027, 8, 1), last=date(2027, 8, 30))


# Rules.


def test_rules_are_set(client: Client, boss: Person, town: Town) -> None:
    make_person(town=town, roles=[Role.OPERATOR])
    given = {"anonymous_allowed": "on", "operator_first": "on", "accountable": " Odile  Roy ", "code": "stx"}
    page = post(client, "desk_ticket_rules", town.slug, **given)
    assert "Les règles sont à jour" in plain(page)
    kept = settings_of(town)
    assert (kept.anonymous_allowed, kept.operator_first, kept.public_list) == (True, True, False)
    assert (kept.accountable, kept.code) == ("Odile Roy", "STX")
    assert "accepter les demandes anonymes non → oui" in journal(town)[0]


def test_demands_do_not_go_to_a_call_centre_that_is_not_there(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_ticket_rules", town.slug, **RULES, operator_first="on")
    assert "n’arriveraient à personne" in plain(page)
    assert not settings_of(town).operator_first


@pytest.mark.parametrize("code", ["", "A", "ABCDE", "É1", "A-B", "12"])
def test_numbers_begin_with_two_to_four_letters(client: Client, boss: Person, town: Town, code: str) -> None:
    before = desk_settings(town).code
    page = post(client, "desk_ticket_rules", town.slug, **{**RULES, "code": code})
    assert "code" in page.context["form"].errors
    assert settings_of(town).code == before


def test_letters_of_numbers_are_the_towns_own_and_stay(client: Client, boss: Person, town: Town) -> None:
    taken = desk_settings(make_town("ailleurs")).code
    page = post(client, "desk_ticket_rules", town.slug, **{**RULES, "code": taken})
    assert "Une autre commune a déjà ces lettres" in plain(page)
    make_ticket(town)
    before = desk_settings(town).code
    page = post(client, "desk_ticket_rules", town.slug, **{**RULES, "code": "NEUF"})  # the field is shut
    assert "ne changent plus" in plain(page)
    with pytest.raises(Invalid) as refused:
        actions.set_policies(actor=boss, town=town, fields={"code": "NEUF", "operator_first": False, "accountable": ""})
    assert refused.value.field == "code"
    assert settings_of(town).code == before


# Words in mails.


def test_the_town_adds_its_words_to_a_mail(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_ticket_mail", town.slug, "receipt", text_fr="Merci !", text_en="Thanks!", preview="1")
    assert "Pas encore enregistré" in plain(page)
    assert "Bonjour Alice, Merci !" in plain(page)
    assert settings_of(town).mail_texts == {}
    page = post(client, "desk_ticket_mail", town.slug, "receipt", text_fr="Merci !\r\nÀ bientôt.", text_en="")
    assert "Votre texte est gardé" in plain(page)
    post(client, "desk_ticket_mail", town.slug, "closed", text_fr="Fini.", text_en="Done.")
    assert settings_of(town).mail_texts == {
        "receipt": {"fr": "Merci !\nÀ bientôt."}, "closed": {"fr": "Fini.", "en": "Done."},
    }  # fmt: skip
    assert "Merci !" in plain(client.get(reverse("desk_ticket_mail", args=[town.slug, "receipt"])))
    post(client, "desk_ticket_mail", town.slug, "receipt", text_fr="", text_en="")
    assert settings_of(town).mail_texts == {"closed": {"fr": "Fini.", "en": "Done."}}
    assert "dans le courriel « Accusé de réception »" in journal(town)[0]


def test_too_long_words_and_other_mails_are_refused(client: Client, boss: Person, town: Town) -> None:
    page = post(client, "desk_ticket_mail", town.slug, "receipt", text_fr="x" * 1501)
    assert "text_fr" in page.context["form"].errors
    assert client.get(reverse("desk_ticket_mail", args=[town.slug, "bill"])).status_code == 404
    with pytest.raises(NotFound):
        actions.set_mail_text(actor=boss, town=town, code="bill", texts={"fr": "x"})
    with pytest.raises(Invalid) as refused:
        actions.set_mail_text(actor=boss, town=town, code="receipt", texts={"en": "x" * 1501})
    assert refused.value.field == "text_en"


# Canned replies.


def test_canned_replies_are_written_tried_and_taken_away(client: Client, boss: Person, town: Town) -> None:
    works = Service.objects.create(town=town, name="Travaux publics")
    said = {"title": "Prise en charge", "body": "Bonjour {prenom}, le {numero} est prêt.", "service": works.pk}
    page = post(client, "desk_ticket_reply_new", town.slug, **said, preview="1")
    assert "Bonjour Alice, le" in plain(page)
    assert "{echeance}" in plain(page)
    assert not CannedReply.objects.exists()
    page = post(client, "desk_ticket_reply_new", town.slug, **said)
    reply = CannedReply.objects.get(town=town)
    assert (reply.title, reply.service, reply.body_en) == ("Prise en charge", works, "")
    assert "Travaux publics" in plain(page)
    post(client, "desk_ticket_reply", town.slug, reply.pk, title="Suivi", body="Merci.", body_en="Thanks {Prénom}.")
    reply.refresh_from_db()
    assert (reply.title, reply.service, reply.body, reply.body_en) == ("Suivi", None, "Merci.", "Thanks {Prénom}.")
    assert "Thanks Alice." in plain(client.get(reverse("desk_ticket_reply", args=[town.slug, reply.pk])))
    page = post(client, "desk_ticket_reply_remove", town.slug, reply.pk)
    assert "est supprimée" in plain(page)
    assert not CannedReply.objects.exists()
    assert journal(town) == [
        "Jacques Dufour a supprimé la réponse type « Suivi ».",
        "Jacques Dufour a changé la réponse type « Prise en charge ».",
        "Jacques Dufour a ajouté la réponse type « Prise en charge ».",
    ]


def test_a_reply_with_unknown_fields_or_a_taken_title_is_refused(client: Client, boss: Person, town: Town) -> None:
    CannedReply.objects.create(town=make_town(), title="Suivi", body="x")  # another town's is no reason
    kept = actions.add_reply(actor=boss, town=town, fields={"title": "Suivi", "body": "Merci."})
    page = post(client, "desk_ticket_reply_new", town.slug, title="Autre", body="{prix}", body_en="{price}")
    assert set(page.context["form"].errors) == {"body", "body_en"}
    assert "{prix}" in str(page.context["form"].errors["body"])
    page = post(client, "desk_ticket_reply_new", town.slug, title="Suivi", body="x")
    assert "porte déjà ce titre" in plain(page)
    for wrong in ({"title": "", "body": "x"}, {"title": "x", "body": ""}, {"title": "x", "body": "x", "service": 0}):
        assert post(client, "desk_ticket_reply_new", town.slug, **wrong).context["form"].errors
    with pytest.raises(Invalid):
        actions.change_reply(actor=boss, reply=kept, fields={"body": "{prix}"})
    assert list(town.canned_replies.values_list("body", flat=True)) == ["Merci."]


# Services.


def test_services_are_seen_with_who_gets_what(client: Client, boss: Person, town: Town) -> None:
    agent = make_agent(town, first_name="Maude", last_name="Lavoie")
    works = open_service(
        actor=boss, town=town, fields={"name": "Voirie", "email": "v@x.example", "phone": ""}, members=[agent]
    )
    open_service(actor=boss, town=town, fields={"name": "Parcs", "email": "", "phone": ""})
    make_ticket(town, service=works, category=make_category(town, service=works))
    make_ticket(town, service=None)
    page = plain(client.get(reverse("desk_ticket_services", args=[town.slug])))
    assert "Voirie v@x.example — Maude Lavoie 1 1" in page
    assert "Parcs Aucun : rien ne lui est écrit — — 0 0" in page
    assert "1 requête ouverte n’est confiée à aucun service" in page


def test_members_of_a_service_are_chosen_on_its_page(client: Client, boss: Person, town: Town) -> None:
    maude, paul = (make_agent(town, first_name=name) for name in ("Maude", "Paul"))
    both = Membership.objects.create(person=maude, town=town, role=Role.MANAGER)
    citizen, foreign = make_person(town=town), make_agent(make_town())
    post(client, "desk_service_new", town.slug, name="Voirie", members=[maude.pk])
    works = Service.objects.get(town=town)
    assert set(works.members.values_list("person", "role")) == {(maude.pk, "agent"), (maude.pk, "manager")}
    post(client, "desk_service", town.slug, works.pk, name="Voirie", members=[paul.pk])
    assert list(works.members.values_list("person", flat=True)) == [paul.pk]
    for stranger in (citizen, foreign):
        page = post(client, "desk_service", town.slug, works.pk, name="Pris", members=[stranger.pk])
        assert "members" in page.context["team"].errors
    works.refresh_from_db()
    assert works.name == "Voirie"
    assert both.services.count() == 0
    assert [entry.act for entry in entries_of(town)] == ["service.members", "service.members", "service.add"]


def test_a_service_that_something_is_confided_to_stays(client: Client, boss: Person, town: Town) -> None:
    works = Service.objects.create(town=town, name="Voirie")
    works.members.add(Membership.objects.create(person=make_person(), town=town, role=Role.AGENT))
    reply = CannedReply.objects.create(town=town, title="Suivi", body="x", service=works)
    category = add_category(actor=boss, town=town, fields={"name": "Rue", "service": works})
    ticket = make_ticket(town, service=works, category=category)
    page = post(client, "desk_service_remove", town.slug, works.pk)
    assert "sert encore" in plain(page)
    reply.delete()
    for act in (
        lambda: change_category(actor=boss, category=category, fields={"service": None}),
        lambda: ticket.delete(),
    ):
        with pytest.raises(Conflict):
            remove_service(service=works)
        act()
    page = post(client, "desk_service_remove", town.slug, works.pk)
    assert "Le service est retiré" in plain(page)
    assert not town.services.exists()


def test_only_who_manages_changes_any_of_it(town: Town) -> None:
    agent, works = make_agent(town), Service.objects.create(town=town, name="Voirie")
    reply = CannedReply.objects.create(town=town, title="Suivi", body="x")
    day = date(2026, 12, 24)
    week = {"work_days": [0], "holiday_region": "", "default_delay_days": 1, "reminder_days": 1, "reopen_days": 1}
    for act in (
        lambda: actions.set_calendar(actor=agent, town=town, fields=week),
        lambda: actions.close_days(actor=agent, town=town, first=day, last=day),
        lambda: actions.open_days(actor=agent, town=town, first=day, last=day),
        lambda: actions.set_policies(
            actor=agent, town=town, fields={"code": "ZZ", "operator_first": False, "accountable": ""}
        ),
        lambda: actions.set_mail_text(actor=agent, town=town, code="receipt", texts={"fr": "x"}),
        lambda: actions.add_reply(actor=agent, town=town, fields={"title": "x", "body": "x"}),
        lambda: actions.change_reply(actor=agent, reply=reply, fields={"body": "y"}),
        lambda: actions.remove_reply(actor=agent, reply=reply),
        lambda: open_service(actor=agent, town=town, fields={"name": "x"}),
        lambda: change_service(actor=agent, service=works, fields={"name": "x"}, members=[agent]),
        lambda: close_service(actor=agent, service=works),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not entries_of(town).exists()
