"""« Modération », at the desk: what is shown, to whom, and what its forms do."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hub.conversations import actions
from hub.conversations.models import Conversation, Outcome, Removal, Report, Silence
from hub.core.clock import now, standing_at
from hub.files.actions import store_file
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.web.context import Frame
from tests import factories
from tests.conversations.group import Group
from tests.conversations.moderating import WHY, act, address, page, report, say, words

pytestmark = pytest.mark.django_db

READY = "Ces mots blessent ou menacent quelqu’un."
PAGES = ("", "traites/", "sourdine/", "journal/")


@pytest.fixture
def desk(client: Client, group: Group) -> Client:
    """Where a moderator, who is in no group, is signed in."""
    client.force_login(
        factories.make_person(town=group.town, roles=[Role.MODERATOR], first_name="Odile", last_name="Roy")
    )
    return client


@pytest.fixture
def seq(group: Group) -> int:
    """Paul's message, which Zoé reported."""
    seq = say(group, group.paul)
    report(group, group.zoe, seq, words="Encore lui.")
    return seq


def send(desk: Client, group: Group, seq: int, **form: str) -> HttpResponse:
    return desk.post(address(group.town, f"{group.pk}/{seq}/"), form)


# Who.


@pytest.mark.parametrize("name", [*PAGES, "case", "file"])
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MAYOR, 200), (Role.MANAGER, 200), (Role.MODERATOR, 200), (Role.AGENT, 403), (Role.OPERATOR, 403),
     (Role.CITIZEN, 404)],
)  # fmt: skip
def test_it_is_open_to_who_moderates(
    client: Client, group: Group, mayor: Person, name: str, role: Role, status: int
) -> None:
    file = store_file(owner=group.paul, name="a.txt", content=b"bonjour")
    seq = actions.post_message(
        actor=group.paul, conversation_id=group.pk, key="f", body="", file_ids=[str(file.pk)]
    ).seq
    names = {"case": f"{group.pk}/{seq}/", "file": f"{group.pk}/{seq}/fichiers/{file.pk}/"}
    person = mayor if role == Role.MAYOR else factories.make_person(town=group.town, roles=[role])
    client.force_login(person)
    assert client.get(address(group.town, names.get(name, name))).status_code == status
    if name == "case":
        sent = client.post(address(group.town, names["case"]), {"action": "hide", "reason": WHY})
        assert sent.status_code == (302 if status == 200 else status)
        assert (group.message(seq).removal == Removal.HIDDEN) is (status == 200)


def test_another_towns_moderator_finds_nothing(client: Client, group: Group, seq: int) -> None:
    elsewhere = factories.make_town()
    client.force_login(factories.make_mayor(elsewhere))
    for town in (group.town, elsewhere):
        foreign, missing = (client.get(address(town, f"{group.pk}/{number}/")) for number in (seq, 987_654))
        assert foreign.status_code == missing.status_code == 404
        assert client.post(address(town, f"{group.pk}/{seq}/"), {"action": "keep"}).status_code == 404
    assert "Espèces de nuls" not in page(client, Group(elsewhere, *[group.mayor] * 3, group.conversation))


def test_a_private_conversation_is_never_shown(desk: Client, group: Group, citizen: Person) -> None:
    talk = factories.make_conversation(group.town, citizen, "Entre nous")
    assert desk.get(address(group.town, f"{talk.pk}/1/")).status_code == 404
    assert desk.post(address(group.town, f"{talk.pk}/1/"), {"action": "remove", "ready": READY}).status_code == 404


# What waits.


def test_a_report_shows_who_why_and_what_was_said_around(desk: Client, group: Group, seq: int) -> None:
    say(group, group.zoe, "Restons polis.")
    shown = page(desk, group)
    for part in ("Paul Martin, dans « Budget 2027 »", "Espèces de nuls.", "Insulte ou menace", "« Encore lui. »",
                 "Zoé Le Goff", "Restons polis.", "À traiter 1"):  # fmt: skip
        assert part in shown
    assert page(desk, group, "traites/").count("Espèces de nuls.") == 0


def test_what_was_written_before_a_change_is_shown(desk: Client, group: Group) -> None:
    seq = say(group, group.paul, "Une première version.")
    actions.edit_message(actor=group.paul, conversation_id=group.pk, seq=seq, body="Une deuxième.")
    report(group, group.zoe, seq)
    shown = page(desk, group)
    assert "Une première version." in shown
    assert "Modifié 1 fois" in shown


def test_what_others_said_and_is_gone_is_gone_here_too(desk: Client, group: Group, seq: int) -> None:
    around = say(group, group.zoe, "Des mots repris.")
    actions.withdraw_message(actor=group.zoe, conversation_id=group.pk, seq=around)
    shown = page(desk, group)
    assert "Des mots repris." not in shown
    assert "Message retiré par son auteur." in shown


def test_people_s_words_are_never_markup(desk: Client, group: Group) -> None:
    seq = say(group, group.paul, "<script>alert(1)</script>")
    report(group, group.zoe, seq, words="<b>gras</b>")
    body = desk.get(address(group.town)).content.decode()
    assert "<script>alert" not in body
    assert "<b>gras" not in body


def test_the_message_is_read_in_its_thread_by_who_is_in(desk: Client, client: Client, group: Group, seq: int) -> None:
    assert f'href="/messages/{group.pk}/entrer/"' in desk.get(address(group.town)).content.decode()
    client.force_login(group.mayor)
    link = f"/mairie/{group.town.slug}/messages/{group.pk}/?autour={seq}#m{seq}"
    assert link in client.get(address(group.town)).content.decode()


def test_a_file_is_looked_at_be_it_hidden(desk: Client, group: Group) -> None:
    file = store_file(owner=group.paul, name="photo.txt", content=b"des mots")
    posted = actions.post_message(actor=group.paul, conversation_id=group.pk, key="f", body="", file_ids=[str(file.pk)])
    act(actions.hide_message, group.mayor, group, posted.seq)
    link = address(group.town, f"{group.pk}/{posted.seq}/fichiers/{file.pk}/")
    assert link in desk.get(address(group.town)).content.decode()
    assert desk.get(link).content == b"des mots"
    other = say(group, group.paul)
    assert desk.get(address(group.town, f"{group.pk}/{other}/fichiers/{file.pk}/")).status_code == 404


def test_the_navigation_counts_what_waits(desk: Client, group: Group, seq: int, mayor: Person) -> None:
    hidden = say(group, group.paul, "deux")
    act(actions.hide_message, mayor, group, hidden)
    frame: Frame = desk.get(address(group.town)).context["frame"]
    assert [(link.label, link.count, link.current) for link in frame.desk_nav if link.icon == "flag"] == [
        ("Modération", 2, True)
    ]


def test_the_page_is_read_in_one_look_however_many_there_are(
    desk: Client, group: Group, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        report(group, group.zoe, say(group, group.paul, f"N° {number}"))
    desk.get(address(group.town))
    with django_assert_max_num_queries(36 + 2 * 8):
        assert len(desk.get(address(group.town)).context["cases"]) == 8


def test_who_has_looked_is_told_of_the_next_report_anew(desk: Client, group: Group, seq: int) -> None:
    told = Notification.objects.filter(code="reported", person__first_name="Odile", read_at=None)
    assert told.count() == 1
    page(desk, group, "traites/")
    assert told.count() == 1
    page(desk, group)
    assert told.count() == 0


# The forms.


def test_kept(desk: Client, group: Group, seq: int) -> None:
    sent = send(desk, group, seq, action="keep")
    assert sent["Location"] == address(group.town)
    assert "Le message est gardé." in page(desk, group)
    assert Report.objects.get().outcome == Outcome.KEPT
    shown = page(desk, group, "traites/")
    assert "Gardé par Odile Roy" in shown
    assert "Espèces de nuls." in shown


@pytest.mark.parametrize(
    ("form", "reason"),
    [({"ready": READY}, READY), ({"reason": "Pas ici."}, "Pas ici."),
     ({"ready": READY, "reason": " Et deux fois. "}, f"{READY} Et deux fois.")],
)  # fmt: skip
@pytest.mark.parametrize(("action", "removal"), [("hide", Removal.HIDDEN), ("remove", Removal.MODERATION)])
def test_taken_away_with_a_reason_of_those_or_ones_own(
    desk: Client, group: Group, seq: int, form: dict[str, str], reason: str, action: str, removal: Removal
) -> None:
    assert send(desk, group, seq, action=action, **form).status_code == 302
    stored = group.message(seq)
    assert (stored.removal, stored.removal_reason) == (removal, reason)


def test_every_ready_made_reason_fits(desk: Client, group: Group, seq: int) -> None:
    reasons = desk.get(address(group.town)).context["reasons"]
    assert len(set(reasons)) > 4
    assert READY in reasons
    assert all(reason.endswith(".") and len(reason) < 100 for reason in reasons)


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"action": "hide", "reason": "   "}, []),
        ({"action": "remove", "ready": READY, "reason": "mot " * 80}, ["mot mot", f"selected>{READY}"]),
        ({"action": "silence", "for": "month", "everywhere": "1"}, ['value="month" selected', 'value="1" checked']),
        ({"action": "silence", "for": "year", "reason": "Encore."}, ['value="Encore."']),
        ({"action": "close", "reason": "trop " * 70}, ["trop trop"]),
    ],
)
def test_what_is_refused_stands_beside_the_form_with_what_was_typed(
    desk: Client, group: Group, seq: int, form: dict[str, str], kept: list[str]
) -> None:
    answer = send(desk, group, seq, **form)
    body = answer.content.decode()
    assert answer.status_code == 400
    assert 'role="alert"' in body
    assert "Espèces de nuls." in body
    assert len(re.findall(r"<details[^>]* open>", body)) == 1
    for part in kept:
        assert part in body
    assert group.message(seq).removal == ""
    assert not Silence.objects.exists()


def test_no_action_of_these_is_nothing(desk: Client, group: Group, seq: int) -> None:
    for form in ({}, {"action": "burn"}):
        assert send(desk, group, seq, **form).status_code == 404


def test_what_somebody_has_decided_meanwhile_is_said(desk: Client, group: Group, seq: int) -> None:
    act(actions.hide_message, group.mayor, group, seq)
    answer = send(desk, group, seq, action="keep")
    assert answer.status_code == 409
    assert "n’est plus visible" in words(answer)


def test_hidden_then_shown_again(desk: Client, group: Group, seq: int) -> None:
    send(desk, group, seq, action="hide", ready=READY)
    shown = page(desk, group)
    assert "Masqué par Odile Roy" in shown
    assert f"Motif : {READY}" in shown
    assert "Espèces de nuls." in shown
    send(desk, group, seq, action="restore")
    assert "Rien à traiter" in page(desk, group)
    assert "Gardé par Odile Roy" in page(desk, group, "traites/")


def test_removed_words_are_read_by_moderators_and_can_come_back(desk: Client, group: Group, seq: int) -> None:
    send(desk, group, seq, action="remove", ready=READY)
    shown = page(desk, group, "traites/")
    assert "Espèces de nuls." in shown
    assert "Retiré par Odile Roy" in shown
    assert "Rétablir" in shown
    sent = send(desk, group, seq, action="restore", retour="traites")
    assert sent["Location"] == address(group.town, "traites/")
    assert "Le message avait été retiré ; il est de nouveau visible." in page(desk, group, "traites/")
    assert group.message(seq).removal == ""


@pytest.mark.parametrize("back", ["//ailleurs.example", "https://ailleurs.example", "desk_team", ""])
def test_a_form_leads_back_to_pages_of_its_own_only(desk: Client, group: Group, seq: int, back: str) -> None:
    assert send(desk, group, seq, action="keep", retour=back)["Location"] == address(group.town)


def test_what_its_author_took_back_is_filed(desk: Client, group: Group, seq: int) -> None:
    actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)
    assert "Classer" in page(desk, group)
    send(desk, group, seq, action="dismiss")
    assert "Rien à traiter" in page(desk, group)
    assert "Classé par Odile Roy" in page(desk, group, "traites/")
    assert "Son auteur l’avait déjà retiré." in page(desk, group, "journal/")


@pytest.mark.parametrize(("everywhere", "here"), [("", True), ("1", False)])
def test_its_author_is_silent_here_or_everywhere(
    desk: Client, group: Group, seq: int, everywhere: str, here: bool
) -> None:
    send(desk, group, seq, action="silence", **{"for": "week", "everywhere": everywhere, "ready": READY})
    made = Silence.objects.get()
    assert (made.person, made.conversation_id) == (group.paul, group.pk if here else None)
    assert timedelta(days=6) < made.until - now() < timedelta(days=8)
    assert "En sourdine jusqu’au" in page(desk, group)
    listed = page(desk, group, "sourdine/")
    place = "Dans « Budget 2027 »" if here else "Dans toutes les discussions de la commune"
    for part in ("Paul Martin", place, f"Motif : {READY}", "Décidé par Odile Roy"):
        assert part in listed


def test_the_town_halls_own_are_not_silenced(desk: Client, group: Group) -> None:
    seq = say(group, group.mayor, "Bonjour")
    report(group, group.zoe, seq)
    assert "en sourdine" not in page(desk, group).replace("En sourdine", "")
    assert send(desk, group, seq, action="silence", **{"for": "day", "ready": READY}).status_code == 403


def test_a_silence_is_lifted(desk: Client, group: Group) -> None:
    made = actions.silence(actor=group.mayor, town=group.town, person=group.paul, for_name="day", reason=WHY)
    lift = address(group.town, f"sourdine/{made.pk}/lever/")
    assert lift in desk.get(address(group.town, "sourdine/")).content.decode()
    assert desk.get(lift).status_code == 405
    assert desk.post(lift)["Location"] == address(group.town, "sourdine/")
    assert "Personne n’est en sourdine" in page(desk, group, "sourdine/")
    assert desk.post(address(group.town, "sourdine/987654/lever/")).status_code == 404
    say(group, group.paul, "Merci.")


def test_what_has_ended_by_itself_is_not_listed(desk: Client, group: Group) -> None:
    with standing_at(now() - timedelta(days=2)):
        actions.silence(actor=group.mayor, town=group.town, person=group.paul, for_name="day", reason=WHY)
    assert "Personne n’est en sourdine" in page(desk, group, "sourdine/")


def test_the_conversation_is_closed(desk: Client, group: Group, seq: int) -> None:
    assert "Fermer la discussion" in page(desk, group)
    send(desk, group, seq, action="close", reason="Trop d’insultes.")
    assert Conversation.objects.get(pk=group.pk).closed_at is not None
    shown = page(desk, group)
    assert "Fermée" in shown
    assert "Fermer la discussion" not in shown
