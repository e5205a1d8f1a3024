"""« Mes demandes », what a town shows to everybody, and what stands of both on its front page."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.conversations.models import Visibility
from hub.core import limits
from hub.people.models import Person
from hub.tickets import rules
from hub.tickets.actions import Changes, add_follow_up, change_ticket
from hub.tickets.models import DeskSettings, Status
from hub.towns.models import Town
from tests import factories
from tests.tickets import making

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(page: str) -> list[str]:
    """Of the list, in its order."""
    return re.findall(r'class="ticket-row" href="/suivi/([^/]+)/"', page)


# Mine.


def test_my_tickets_are_mine_in_all_towns(client: Client, town: Town, citizen: Person) -> None:
    assert client.get("/mes-demandes/").status_code == 302
    client.force_login(citizen)
    assert "Aucune demande en cours" in read(client, "/mes-demandes/")
    elsewhere = factories.make_town()
    mine = [making.make_ticket(place, requester=citizen, title="Mes propres mots") for place in (town, elsewhere)]
    closed = making.make_ticket(
        town, requester=citizen, status=Status.CLOSED_REFUSED, closed_at=timezone.now() - timedelta(days=20)
    )
    making.make_ticket(town, public=True)
    making.make_ticket(town, requester=citizen, internal=True)
    page = read(client, "/mes-demandes/")
    assert numbers(page) == [mine[1].number, mine[0].number]
    assert "Mes propres mots" in page
    assert numbers(read(client, "/mes-demandes/?etat=fermees")) == [closed.number]
    assert "Vous ne suivez aucune demande" in read(client, "/mes-demandes/?etat=suivies")
    assert numbers(read(client, "/mes-demandes/?etat=nulle&page=0")) == numbers(page)
    assert numbers(read(client, "/mes-demandes/?page=2")) == []


def test_what_waits_for_me_comes_first_until_i_have_looked(client: Client, town: Town, citizen: Person) -> None:
    roads = making.make_service(town)
    agent = making.make_staff(town, roads)
    client.force_login(citizen)
    quiet, answered, closed = (making.make_ticket(town, requester=citizen) for _ in range(3))
    add_follow_up(actor=agent, number=answered.number, visibility=Visibility.EXTERNAL, body="Où exactement ?")
    change_ticket(actor=agent, number=closed.number, changes=Changes(status="closed_done"))
    page = read(client, "/mes-demandes/")
    waiting = page.split('id="waiting"')[1].split("</section>")[0]
    assert set(numbers(waiting)) == {answered.number, closed.number}
    assert "La mairie vous a répondu." in waiting
    assert "c’est réglé" in waiting
    portal = read(client, f"/communes/{town.slug}/")
    assert set(numbers(portal)) == {quiet.number, answered.number, closed.number}
    client.get(f"/suivi/{answered.number}/")
    client.post(f"/suivi/{closed.number}/regle/", {"settled": "yes"})
    assert 'id="waiting"' not in read(client, "/mes-demandes/")


# Everybody's.


def test_the_public_list_holds_what_is_public_and_no_word_of_who_asked(client: Client, town: Town) -> None:
    words = {"title": "Ma voiture, dit Zénobie", "description": "Zénobie a crevé.", "first_name": "Zénobie"}
    shown = making.make_ticket(town, public=True, lat=48.1, lon=2.2, **words)
    shown.words = rules.search_words(shown, ["Éclairage"])
    shown.save()
    assert "zenobie" in shown.words
    making.make_ticket(town, **words)
    making.make_ticket(town, internal=True, public=True)
    making.make_ticket(town, public=True, merged=True)
    making.make_ticket(town, public=True, status=Status.NOT_TRANSFERRED)
    making.make_ticket(factories.make_town(), public=True)
    page = read(client, f"/communes/{town.slug}/demandes/")
    assert numbers(page) == [shown.number]
    assert "Éclairage, 12, rue du Four" in page
    assert "Zénobie" not in page
    points = json.loads(re.search(r'data-points="([^"]*)"', page)[1].replace("&quot;", '"'))  # type: ignore[index]
    assert points == [
        {"number": shown.number, "title": "Éclairage, 12, rue du Four", "lat": 48.1, "lon": 2.2,
         "url": f"/suivi/{shown.number}/"}
    ]  # fmt: skip
    # Nor does the search tell what it does not show.
    assert numbers(read(client, f"/communes/{town.slug}/demandes/?q=four eclairage")) == [shown.number]
    for word in ("zenobie", "crevé", "Moreau", "voiture", shown.email):
        assert numbers(read(client, f"/communes/{town.slug}/demandes/?q={word}")) == []


def test_the_public_list_is_narrowed(client: Client, town: Town) -> None:
    works = making.make_category(town, "Travaux publics", icon="road")
    holes = making.make_category(town, "Nids-de-poule", parent=works, name_en="Potholes")
    hole = making.make_ticket(town, public=True, category=holes, address="3, place de l’Église", words="")
    lamp = making.make_ticket(town, public=True, words="12 rue du four eclairage")
    done = making.make_ticket(
        town, public=True, category=holes, status=Status.CLOSED_DONE, closed_at=timezone.now(),
        words="12 rue du four travaux publics nids de poule",
    )  # fmt: skip
    making.make_category(town, "Sans demande")

    def found(query: str) -> list[str]:
        return numbers(read(client, f"/communes/{town.slug}/demandes/?{query}"))

    assert found("") == [done.number, lamp.number, hole.number]
    assert found(f"categorie={works.pk}") == found(f"categorie={holes.pk}") == [done.number, hole.number]
    assert found("etat=en-cours") == [lamp.number, hole.number]
    assert found(f"etat=fermees&categorie={works.pk}&q=FOUR") == [done.number]
    assert found("q=rue du four") == [done.number, lamp.number]
    assert found("q=pothole") == [done.number, hole.number]
    assert found("q=introuvable") == []
    assert "Aucune demande avec ces filtres" in read(client, f"/communes/{town.slug}/demandes/?q=introuvable")
    assert found("categorie=x&etat=x&page=x") == found("")
    page = read(client, f"/communes/{town.slug}/demandes/")
    assert "Travaux publics &gt; Nids-de-poule" in page
    assert "Sans demande" not in page


def test_words_are_not_looked_for_without_end_from_one_address(client: Client, town: Town) -> None:
    making.make_ticket(town, public=True, address="12, rue du Four")
    page = f"/communes/{town.slug}/demandes/"
    codes = [client.get(page, {"q": f"rue {n}"}).status_code for n in range(60)]
    refused = client.get(page, {"q": "rue"})
    assert (set(codes), refused.status_code) == ({200}, 429)
    assert 1 <= int(refused["Retry-After"]) <= 600
    said = " ".join(refused.content.decode().split())
    assert re.search(r"Vous allez un peu vite\. Réessayez dans \d+ minutes\.", said)
    assert client.get(page).status_code == 200  # the list itself stays
    assert client.get(page, {"q": "rue"}, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_nor_is_the_list_read_without_end(client: Client, town: Town) -> None:
    page = f"/communes/{town.slug}/demandes/"
    for _ in range(limits.PUBLIC_LISTS.amount - 1):
        limits.hit(limits.PUBLIC_LISTS, "127.0.0.1")
    assert [client.get(page, {"page": n}).status_code for n in (1, 2)] == [200, 429]


def test_lists_come_in_pages(client: Client, town: Town) -> None:
    made = [making.make_ticket(town, public=True).number for _ in range(22)]
    first, second = (read(client, f"/communes/{town.slug}/demandes/?etat=en-cours&page={n}") for n in (1, 2))
    assert numbers(first) + numbers(second) == made[::-1]
    assert 'href="?etat=en-cours&amp;page=2"' in first
    assert 'href="?etat=en-cours&amp;page=1"' in second


def test_a_town_may_show_none(client: Client, town: Town) -> None:
    making.make_ticket(town, public=True)
    assert "/demandes/" in read(client, f"/communes/{town.slug}/")
    DeskSettings.objects.update_or_create(town=town, defaults={"code": "ST", "public_list": False})
    assert client.get(f"/communes/{town.slug}/demandes/").status_code == 404
    assert client.get("/communes/nulle-part/demandes/").status_code == 404
    assert "/demandes/" not in read(client, f"/communes/{town.slug}/")
