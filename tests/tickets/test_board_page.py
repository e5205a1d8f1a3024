"""The board's pages: what one left is there again, rows say what they must, live pages get what they may."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hub.core.clock import now
from hub.people.models import Person, Role
from hub.tickets.actions import remember_board, save_view
from hub.tickets.models import BoardMemory, Favourite, Priority, SavedView, Status
from hub.tickets.queries import today_in
from hub.towns.models import Town
from tests import factories
from tests.people.steps import text_of
from tests.tickets.making import make_service, make_staff, make_ticket

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

ROW = re.compile(r'<li class="(ticket[^"]*)" data-number="([^"]+)".*?</li>', re.DOTALL)


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    """Of « Travaux publics », signed in."""
    person = make_staff(town, make_service(town), first_name="Maude", last_name="Lavoie")
    client.force_login(person)
    return person


def board(client: Client, query: str = "", town: str = "saint-test") -> str:
    answer = client.get(f"/mairie/{town}/requetes/{query}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: str) -> dict[str, str]:
    """The rows by number, with their classes before their words."""
    found = {}
    for row in ROW.finditer(page):
        words = re.sub(r"<[^>]+>", " ", row[0].partition(">")[2])
        found[row[2]] = f"[{row[1]}] {' '.join(words.split())}"
    return found


def chips(page: str) -> list[str]:
    """The filters that are said to be applied."""
    return [" ".join(label.split()) for label in re.findall(r'name="sans" value="[^"]+">([^<]+)<', page)]


def test_a_row_says_what_it_must(client: Client, agent: Person, town: Town) -> None:
    today = today_in(town)
    old = {"created_at": now() - timedelta(days=5), "transferred_at": now() - timedelta(days=5)}
    made = {
        "new": make_ticket(town, source="phone", due_on=today, priority=Priority.URGENT, title="Bris d’aqueduc"),
        "internal": make_ticket(town, internal=True, town_files=1, due_on=today + timedelta(days=1), **old),
        "late": make_ticket(town, requester_photos=2, due_on=today - timedelta(days=3), answered_at=now(), **old),
        "plain": make_ticket(town, source="letter", due_on=today + timedelta(days=4), priority=Priority.MINOR, **old),
        "started": make_ticket(town, status=Status.IN_PROGRESS, due_on=today - timedelta(days=1)),
    }  # fmt: skip
    Favourite.objects.create(person=agent, ticket=made["plain"])
    page = board(client)
    said = {name: rows(page)[ticket.number] for name, ticket in made.items()}
    assert said["new"].startswith("[ticket ticket--new] Bris d’aqueduc Nouvelle Téléphone TE26-")
    assert said["new"].endswith("12, rue du Four · Éclairage Priorité : Urgent Échéance : Aujourd’hui")
    assert said["internal"].startswith("[ticket ticket--internal] Lampadaire éteint Fichier de la mairie Interne TE26")
    assert said["internal"].endswith("demain")
    assert "Photo du demandeur Réponse Site TE26-" in said["late"]
    assert said["late"].endswith("3 jours de retard")
    assert said["plain"].endswith("Mineur Échéance : " + said["plain"].rpartition(" : ")[2])
    assert said["plain"].endswith("dans 4 jours")
    assert said["started"].endswith("1 jour de retard")
    assert "Nouvelle" not in said["started"] + said["plain"] + said["late"]
    assert page.count('class="due due--late"') == 2
    assert page.count('aria-pressed="true" aria-label="Favorite') == 1


def test_a_closed_row_says_how_it_ended(client: Client, agent: Person, town: Town) -> None:
    late = today_in(town) - timedelta(days=9)
    for status in (Status.CLOSED_DONE, Status.CLOSED_REFUSED):
        make_ticket(town, status=status, closed_at=now(), due_on=late, answered_at=now())
    page = board(client, "?onglet=fermees")
    said = list(rows(page).values())
    assert [words.rpartition(" ")[2] for words in said] == ["Refusée", "Traitée"]
    assert "retard" not in "".join(said)
    assert "Réponse" not in "".join(said)


def test_filters_stay_until_cleared_and_are_there_at_the_next_sign_in(
    client: Client, agent: Person, town: Town
) -> None:
    urgent = make_ticket(town, priority=Priority.URGENT)
    make_ticket(town)
    assert len(rows(board(client))) == 2
    assert not BoardMemory.objects.exists()
    asked = "?onglet=ouvertes&priorite=urgent&q=lampadaire&mot=&ordre=echeance"
    urgent.words = "lampadaire eteint"
    urgent.save()
    assert list(rows(board(client, asked))) == [urgent.number]
    client.logout()
    client.force_login(agent)
    page = board(client)
    assert list(rows(page)) == [urgent.number]
    assert chips(page) == ["« lampadaire »", "Urgent"]
    assert 'data-query="onglet=ouvertes&amp;ordre=echeance&amp;q=lampadaire&amp;priorite=urgent"' in page
    page = board(client, "?onglet=ouvertes&ordre=echeance&q=lampadaire&priorite=urgent&sans=q")
    assert BoardMemory.objects.get().filters == {"onglet": ["ouvertes"], "ordre": ["echeance"], "priorite": ["urgent"]}
    cleared = re.search(r'href="[^?"]*(\?[^"]*)">Tout effacer', page)
    assert cleared
    assert len(rows(board(client, cleared[1].replace("&amp;", "&")))) == 2
    assert len(rows(board(client))) == 2
    assert BoardMemory.objects.get(person=agent).filters == {"onglet": ["ouvertes"], "ordre": ["echeance"]}


def test_what_is_not_understood_is_said_and_harms_nobody(client: Client, agent: Person, town: Town) -> None:
    make_ticket(town)
    theirs = make_service(factories.make_town("ailleurs"))
    page = board(client, f"?onglet=ouvertes&service={theirs.pk}&cree_du=demain&q=%00&page=x")
    assert "Ces filtres n’ont pas été compris et ne comptent pas : services, créées du." in text_of_words(page)
    assert len(rows(page)) == 1
    remember_board(actor=agent, town=town, filters={"service": [str(theirs.pk)], "onglet": 7, "retard": ["1"]})
    assert "ne comptent pas : services." in text_of_words(board(client))
    assert BoardMemory.objects.get().filters == {"onglet": ["ouvertes"], "retard": ["1"]}


def text_of_words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_empty_board_says_why(client: Client, agent: Person, town: Town) -> None:
    cases = {
        "": "Rien n’est ouvert",
        "?onglet=non-transferees": "Tout est transféré",
        "?onglet=fermees": "Aucune requête fermée",
        "?onglet=ouvertes&retard=1&cree_du=2026-11-01&cree_au=2026-11-30": "Aucune requête avec ces filtres "
        "2 filtres sont appliqués : Créées du 1er novembre au 30 novembre, En retard. Tout effacer",
        "?onglet=ouvertes&page=9": "La liste s’arrête avant cette page",
    }
    for query, words in cases.items():
        assert words in text_of_words(board(client, query)), query


def test_chips_name_what_is_chosen(client: Client, agent: Person, town: Town) -> None:
    services = [make_service(town, name).pk for name in ("Eau", "Greffe", "Voirie")]
    asked = "&".join(f"service={pk}" for pk in services)
    page = board(client, f"?onglet=ouvertes&{asked}&source=phone&source=web&internes=only&pour=nobody&mot=a,b")
    assert chips(page) == [
        "« a »", "« b »", "Services : 3", "Internes seules", "Attribuées à personne", "Site, Téléphone",
    ]  # fmt: skip
    assert f'value="{services[0]}" checked' in page


def test_views_are_saved_opened_and_forgotten(client: Client, agent: Person, town: Town) -> None:
    late = make_ticket(town, due_on=today_in(town) - timedelta(days=1))
    make_ticket(town)
    state = {"onglet": "ouvertes", "retard": "1"}
    sent = client.post("/mairie/saint-test/requetes/vues/", {**state, "nom": "Tournée du matin"})
    assert sent.status_code == 302
    page = board(client)
    link = re.search(r'<a class="menu__item" href="[^"?]*(\?[^"]*)"[^>]*>Tournée du matin', page)
    assert link
    page = board(client, link[1].replace("&amp;", "&"))
    assert list(rows(page)) == [late.number]
    assert re.search(r"<summary[^>]*><svg.*?</svg>Tournée du matin", page)
    nameless = client.post("/mairie/saint-test/requetes/vues/", {**state, "nom": " "})
    assert nameless.status_code == 400
    assert "Donnez un nom de 60 caractères au plus." in nameless.content.decode()
    colleague = factories.make_person(town=town, roles=[Role.MANAGER])
    theirs = save_view(actor=colleague, town=town, name="À moi", filters={"retard": ["1"]})
    assert "À moi" not in page
    for view in (theirs, SavedView.objects.get(person=agent)):
        assert client.post(f"/mairie/saint-test/requetes/vues/{view.pk}/supprimer/").status_code == 302
    assert list(SavedView.objects.all()) == [theirs]


def test_a_star_is_kept_without_a_script_too(client: Client, agent: Person, town: Town) -> None:
    ticket = make_ticket(town)
    address = f"/mairie/saint-test/requetes/{ticket.number}/favori/"
    after = "/mairie/saint-test/requetes/?onglet=ouvertes&page=2"
    sent = client.post(address, {"on": "1", "suite": after})
    assert (sent.status_code, sent["Location"]) == (302, after)
    assert Favourite.objects.get().person == agent
    assert client.post(address, {"on": "0"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    assert not Favourite.objects.exists()
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example", "/compte/", ""):
        assert client.post(address, {"on": "1", "suite": elsewhere})["Location"] == "/mairie/saint-test/requetes/"
    foreign = make_ticket(factories.make_town("ailleurs"))
    hidden = make_ticket(town, service=make_service(town, "Eau"))
    for other in (foreign.number, hidden.number, "TE26-99999"):
        assert client.post(address.replace(ticket.number, other), {"on": "1"}).status_code == 404
    assert Favourite.objects.count() == 1


def lines(client: Client, *numbers: str, query: str = "onglet=ouvertes") -> tuple[list[str], list[str], dict[str, str]]:
    """Of these numbers: those shown, those not, and the counts."""
    asked = ",".join(numbers)
    page = client.get(f"/mairie/saint-test/requetes/lignes/?{query}&numeros={asked}").content.decode()
    gone = re.search(r'data-gone="([^"]*)"', page)
    assert gone
    counts = dict(re.findall(r'<data value="([^"]+)">([^<]+)<', page))
    return list(rows(page)), gone[1].split(), counts


def test_a_live_page_gets_the_rows_that_are_its_own(client: Client, agent: Person, town: Town) -> None:
    mine, urgent = make_ticket(town), make_ticket(town, priority=Priority.URGENT)
    hidden = make_ticket(town, service=make_service(town, "Eau"))
    foreign = make_ticket(factories.make_town("ailleurs"))
    shut = make_ticket(town, status=Status.CLOSED_DONE, closed_at=now())
    asked = [one.number for one in (mine, urgent, hidden, foreign, shut)] + ["TE26-99999", "<b>"]
    there, gone, counts = lines(client, *asked)
    assert set(there) == {mine.number, urgent.number}
    # What is another's, another town's or nowhere: all alike.
    assert gone == [hidden.number, foreign.number, shut.number, "TE26-99999", "&lt;b&gt;"]
    assert counts == {"non-transferees": "0", "ouvertes": "2"}
    there, gone, counts = lines(client, mine.number, urgent.number, query="onglet=ouvertes&priorite=urgent")
    assert (there, gone, counts["ouvertes"]) == ([urgent.number], [mine.number], "1")
    assert lines(client)[:2] == ([], [])
    assert not BoardMemory.objects.exists()  # nothing was asked by a person


def test_a_page_knows_where_its_rows_stand(client: Client, agent: Person, town: Town) -> None:
    tickets = [make_ticket(town, created_at=now() - timedelta(hours=hours)) for hours in (3, 1, 2)]
    page = board(client)
    orders = [json.loads(order) for order in re.findall(r'data-order="([^"]+)"', page)]
    assert orders == sorted(orders)
    assert list(rows(page)) == [tickets[at].number for at in (1, 2, 0)]
    told = re.search(r'<script id="board" type="application/json">(.*?)</script>', page)
    assert told
    data: dict[str, Any] = json.loads(told[1])
    assert data["topic"] == "desk.saint-test"
    assert set(data["from"]) == {"seq", "epoch"}
    part = board(client, "?onglet=ouvertes&fragment=1&ouverte=" + tickets[0].number)
    assert "<html" not in part
    assert list(rows(part)) == list(rows(page))
    assert re.search(rf'data-number="{tickets[0].number}"[^>]* aria-current="true"', part)


def test_staff_land_on_their_board(client: Client, agent: Person, town: Town) -> None:
    make_ticket(town, answered_at=now())
    landed = client.get("/mairie/saint-test/", follow=True)
    assert landed.redirect_chain[-1][0] == "/mairie/saint-test/requetes/"
    assert "Requêtes 1 en attente de vous" in text_of(landed)
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    make_ticket(town, status=Status.NOT_TRANSFERRED)
    client.force_login(operator)
    page = board(client)
    assert 'data-query="onglet=non-transferees"' in page
    assert len(rows(page)) == 1
    assert 'name="internes"' not in page
