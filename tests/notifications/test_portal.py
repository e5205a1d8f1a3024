"""« Notifications » and « Mes notifications », as pages: for citizens and staff, without JavaScript."""

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client

from hub.core.clock import standing_at
from hub.core.jsons import decode
from hub.notifications.models import Kind, Notification
from hub.notifications.queries import total_unread, wishes_of
from hub.notifications.rules import CHOSEN, Wish
from hub.notifications.standing import MOST_TOWNS
from hub.people.actions import follow_town, grant_role
from hub.people.models import Person, Role
from hub.streams import topics
from hub.streams.queries import head
from hub.towns.models import Town
from tests import factories
from tests.notifications.conftest import rows, tell, tell_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_worker")]

LIST, WISHES = "/notifications/", "/notifications/preferences/"
ENTRY = re.compile(r'<li class="told__one.*?</li>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
SUNDAY = datetime(2026, 11, 22, 14, 30, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def page(client: Client, citizen: Person) -> Client:
    """The citizen's browser."""
    client.force_login(citizen)
    return client


def text(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def entries(answer: HttpResponse) -> list[str]:
    """The words of each entry, without markup."""
    return [" ".join(TAG.sub(" ", entry).split()) for entry in ENTRY.findall(text(answer))]


def test_an_entry_says_which_town_who_what_and_when(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    with standing_at(SUNDAY):
        tell(town, citizen, actor=mayor)
    tell(town, citizen, actor=mayor, kind=Kind.GROUP_MESSAGES, code="reply", title="<b>Banc</b>", excerpt="Oui.")
    newest, oldest = entries(page.get(LIST))
    assert "Hélène Carpentier vous a répondu dans « &lt;b&gt;Banc&lt;/b&gt; »" in newest
    assert "« Oui. »" in newest
    # Before it, the initials of who acted.
    assert oldest == "HC Hélène Carpentier vous a écrit Saint-Test Dimanche 22 novembre, 14 h 30 Non lue"


def test_opening_one_reads_it_and_leads_there(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, actor=mayor, path="/messages/42/#fin")
    (row,) = rows(citizen)
    assert f'href="/notifications/{row.pk}/"' in text(page.get(LIST))
    answer = page.get(f"/notifications/{row.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/messages/42/#fin")
    assert total_unread(citizen.pk) == 0
    assert "Non lue" not in text(page.get(LIST))


def test_anothers_is_not_there_and_stays_unread(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, mayor, actor=citizen)
    (row,) = rows(mayor)
    for number in (row.pk, 987_654):
        assert page.get(f"/notifications/{number}/").status_code == 404
        assert page.get(f"{LIST}?avant={number}").status_code == 404
    assert total_unread(mayor.pk) == 1
    assert entries(page.get(LIST)) == []


def test_all_are_read_at_once(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, actor=mayor)
    tell_town(town, mayor)
    assert page.get("/notifications/lues/").status_code == 405
    assert page.post("/notifications/lues/")["Location"] == LIST
    assert total_unread(citizen.pk) == 0
    answer = page.get(LIST)
    assert len(entries(answer)) == 2
    assert "Tout marquer comme lu" not in text(answer)


def test_all_are_deleted_after_a_deliberate_yes(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, citizen, actor=mayor)
    assert "Garder mes notifications" in text(page.get("/notifications/supprimer/"))
    assert len(rows(citizen)) == 1
    answer = page.post("/notifications/supprimer/", follow=True)
    assert "Toutes vos notifications sont supprimées." in text(answer)
    assert "Rien de nouveau" in text(answer)
    assert rows(citizen) == []


def test_fifty_on_a_page_and_none_is_lost_between(page: Client, town: Town, citizen: Person, mayor: Person) -> None:
    for number in range(101):
        tell(town, citizen, actor=mayor, code="group_created", title=f"n° {number}")
    seen: list[str] = []
    address: str | None = LIST
    while address:
        answer = page.get(address)
        found = entries(answer)
        seen += found
        older = re.search(r'href="(/notifications/\?avant=\d+)"', text(answer))
        address = older[1] if older else None
        assert len(found) == (50 if address else 1)
    assert [re.search(r"n° (\d+) ", entry)[1] for entry in seen] == [str(n) for n in range(100, -1, -1)]  # type: ignore[index]


def test_a_list_lacks_nothing_that_a_worker_has_still_to_write(page: Client, town: Town, mayor: Person) -> None:
    tell_town(town, mayor, title="Le marché")
    answer = page.get(LIST)
    assert "a ouvert le groupe « Le marché »" in entries(answer)[0]
    assert 'aria-label="Notifications non lues : 1"' in text(answer)


def test_the_bell_and_the_live_part_of_any_page_know_the_count(
    page: Client, town: Town, citizen: Person, mayor: Person
) -> None:
    tell(town, citizen, actor=mayor)
    tell_town(town, mayor)
    answer = text(page.get("/compte/"))
    assert 'aria-label="Notifications non lues : 2"' in answer
    assert f'"notifications": 2, "kinds": {json.dumps([kind.value for kind in CHOSEN])}' in answer
    assert re.search(r'"towns": {"saint-test": {"seq": 1, "epoch": "[0-9a-f]{8}"}}', answer)
    assert '<a class="tab" href="/notifications/preferences/">' in answer


def live(answer: HttpResponse) -> Any:
    """What the page tells its live part."""
    found = re.search(r'<script id="live" type="application/json">(.*?)</script>', answer.content.decode())
    assert found
    return decode(found[1])


def test_a_page_follows_towns_from_where_they_stand_silent_ones_too(page: Client, town: Town, citizen: Person) -> None:
    tell_town(town)
    silent = factories.make_town("silence")
    follow_town(person=citizen, town=silent)
    towns = live(page.get("/compte/"))["towns"]
    assert {slug: stood["seq"] for slug, stood in towns.items()} == {"saint-test": 1, "silence": 0}
    for slug, stood in towns.items():
        assert stood["epoch"] == head(topics.town(slug)).epoch


def test_who_works_for_many_towns_follows_some_of_them_live(client: Client) -> None:
    agent = factories.make_person()
    for _ in range(MOST_TOWNS + 2):
        grant_role(actor=None, person=agent, town=factories.make_town(), role=Role.AGENT)
    client.force_login(agent)
    assert len(live(client.get("/compte/"))["towns"]) == MOST_TOWNS


def test_staff_read_theirs_at_the_desk(client: Client, town: Town, citizen: Person, mayor: Person) -> None:
    tell(town, mayor, actor=citizen)
    client.force_login(mayor)
    for address in (LIST, WISHES, "/notifications/supprimer/"):
        answer = text(client.get(address))
        assert '<nav class="rail"' in answer
        assert answer.count("<h1") == 1
        assert 'aria-label="Notifications non lues : 1"' in answer
    assert "Alice Moreau vous a écrit" in entries(client.get(LIST))[0]


def test_staff_who_lack_their_second_factor_are_sent_to_set_it_up(client: Client, town: Town, mayor: Person) -> None:
    Town.objects.update(staff_second_factor=True)
    client.force_login(mayor)
    assert client.get(LIST)["Location"] == "/compte/double-verification/"


def test_visitors_sign_in_first(client: Client) -> None:
    for address in (LIST, WISHES, "/notifications/1/", "/notifications/supprimer/"):
        assert client.get(address)["Location"] == f"/compte/connexion/?next={address}"


# What one wants.


def ticked(answer: HttpResponse) -> set[tuple[str, str]]:
    """The boxes of the grid that are ticked: (name, kind)."""
    grid = text(answer).partition('<table class="prefs">')[2].partition("</table>")[0]
    boxes = re.findall(r"<input type=\"checkbox\"[^>]*>", grid)
    named = [re.search(r'name="(\w+)" value="(\w+)"', box) for box in boxes if " checked" in box]
    return {(found[1], found[2]) for found in named if found}


def test_the_grid_shows_what_is_wanted_by_default(page: Client) -> None:
    answer = page.get(WISHES)
    assert ticked(answer) == {*(("site", kind.value) for kind in CHOSEN), ("email", "private_messages")}
    grid = text(answer).partition('<table class="prefs">')[2].partition("</table>")[0]
    assert grid.count('type="checkbox"') == 14  # S30
    said = re.findall(r'<span id="kind-[^>]*>([^<]*)', grid)
    assert said == [
        "Nouvelle publication", "Nouvelle alerte", "Nouveau sondage", "Nouveau groupe", "Messages des groupes",
        "Commentaires sur les publications", "Messages privés",
    ]  # fmt: skip
    assert "Rien n’est envoyé d’autre." in text(answer)


def test_the_grid_is_kept_without_a_script(page: Client, town: Town, citizen: Person) -> None:
    with standing_at(SUNDAY):
        answer = page.post(
            WISHES, {"site": ["new_group"], "email": ["new_group", "moderation"], "town": town.slug}, follow=True
        )
    assert "Enregistré à 14 h 30" in text(answer)
    assert ticked(answer) == {("site", "new_group"), ("email", "new_group")}
    assert wishes_of(citizen)[Kind.GROUP_MESSAGES] == Wish(site=False, email=False)
    assert not Notification.objects.exists()


def test_a_script_is_answered_in_one_sentence(page: Client, town: Town) -> None:
    factories.make_town("ailleurs", time_zone="America/Toronto")
    for slug in (town.slug, "ailleurs", ""):
        with standing_at(SUNDAY):
            answer = page.post(WISHES, {"town": slug}, headers={"Accept": "application/json"})
        assert answer.json() == {"saved": "Enregistré à 14\u00a0h\u00a030"}
