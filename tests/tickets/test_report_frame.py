"""The form in a frame on a town's own site: who may surround it, no cookie, nobody signed in, its own token."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hub.people.models import Person
from hub.tickets.models import Category, Question, Ticket
from hub.tickets.reporting import door
from hub.towns.models import Town
from tests.tickets.making import make_ticket
from tests.tickets.reporting import filled, form_url, make_lamps

pytestmark = pytest.mark.django_db
SITE = "https://www.ville.example"


@pytest.fixture
def lamps(town: Town) -> tuple[Category, Question]:
    return make_lamps(town)


@pytest.fixture
def strict(settings: Settings) -> Client:
    """As browsers are refused, and with one site allowed."""
    settings.EMBED_ORIGINS = [SITE]
    return Client(enforce_csrf_checks=True)


def token_in(answer: Any) -> str:
    html = answer.content.decode()
    return str(html.split('name="token" value="')[1].split('"')[0])


def send(client: Client, category: Category, said: dict[str, Any], **options: Any) -> Any:
    return client.post(form_url(category, framed=True), said, **options)


def ancestors(answer: Any) -> str:
    policy = answer["Content-Security-Policy"]
    return str(next(part.strip() for part in policy.split(";") if "frame-ancestors" in part))


def test_only_the_sites_allowed_surround_it_and_only_this_form(
    strict: Client, settings: Settings, town: Town, lamps: tuple[Category, Question]
) -> None:
    framed = [reverse("report_framed", args=[town.slug]), form_url(lamps[0], framed=True)]
    for url in framed:
        answer = strict.get(url)
        assert ancestors(answer) == f"frame-ancestors {SITE}"
        assert "X-Frame-Options" not in answer
    for url in (reverse("report", args=[town.slug]), form_url(lamps[0]), reverse("embedding", args=[town.slug])):
        answer = strict.get(url)
        assert ancestors(answer) == "frame-ancestors 'none'"
        assert answer["X-Frame-Options"] == "DENY"
    settings.EMBED_ORIGINS = []
    for url in framed:
        assert ancestors(strict.get(url)) == "frame-ancestors 'none'"
        assert strict.get(url)["X-Frame-Options"] == "DENY"


def test_it_works_without_any_cookie(strict: Client, town: Town, lamps: tuple[Category, Question]) -> None:
    assert not strict.get("/integrer.js").cookies
    assert not strict.get(reverse("report_framed", args=[town.slug])).cookies
    form = strict.get(form_url(lamps[0], framed=True))
    answer = send(strict, lamps[0], filled(lamps[1], token=token_in(form)))
    ticket = Ticket.objects.get()
    receipt = strict.get(answer["Location"])
    assert not strict.cookies
    html = unescape(receipt.content.decode())
    assert ticket.number in html
    assert ticket.secret in html
    assert ancestors(receipt) == f"frame-ancestors {SITE}"


def test_nobody_is_signed_in_there(
    strict: Client, citizen: Person, town: Town, lamps: tuple[Category, Question]
) -> None:
    """Beside a town's own site, of the same domain, a browser sends its cookies along."""
    strict.force_login(citizen)
    form = strict.get(form_url(lamps[0], framed=True))
    assert citizen.email not in form.content.decode()
    assert citizen.name not in form.content.decode()
    send(strict, lamps[0], filled(lamps[1], token=token_in(form)))
    ticket = Ticket.objects.get()
    assert citizen.pk not in {ticket.requester_id, ticket.created_by_id}
    known = make_ticket(town, category=lamps[0], public=True, lat=48.0, lon=2.0)
    near = strict.get(f"{form_url(lamps[0])}proches/?cadre=1", {"lat": "48", "lon": "2", "cadre": "1"})
    assert known.address in unescape(near.content.decode())
    assert "formaction" not in near.content.decode()  # nothing to press in somebody's name


@pytest.mark.parametrize("wrong", ["none", "made up", "old", "elsewhere", "another town", "another site", "no site"])
def test_a_form_that_is_not_ours_is_refused_and_comes_back_with_a_new_token(
    strict: Client, lamps: tuple[Category, Question], monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    token = token_in(strict.get(form_url(lamps[0], framed=True)))
    options: dict[str, Any] = {}
    if wrong == "none":
        token = ""
    elif wrong == "made up":
        token = "WzEsIjEiXQ:1abc:" + "x" * 43
    elif wrong == "old":
        monkeypatch.setattr(door, "TOKEN_LIFE_S", -1)
    elif wrong == "elsewhere":
        options["REMOTE_ADDR"] = "198.51.100.9"
    elif wrong == "another town":
        other = make_lamps(Town.objects.create(slug="ailleurs", name="Ailleurs"))[0]
        token = token_in(strict.get(form_url(other, framed=True)))
    else:
        options["headers"] = {"origin": SITE if wrong == "another site" else "null"}
    answer = send(strict, lamps[0], filled(lamps[1], token=token), **options)
    assert answer.status_code == 403
    assert not Ticket.objects.exists()
    assert "Le lampadaire est éteint" in unescape(answer.content.decode())
    monkeypatch.undo()
    again = filled(lamps[1], token=token_in(answer))
    options.pop("headers", None)
    assert send(strict, lamps[0], again, **options).status_code == 302


def test_the_pages_own_script_is_given_a_new_token(strict: Client, lamps: tuple[Category, Question]) -> None:
    answer = send(strict, lamps[0], filled(lamps[1], token="x"), headers={"accept": "application/json"})
    assert answer.status_code == 403
    said = filled(lamps[1], token=answer.json()["token"])
    done = send(strict, lamps[0], said, headers={"accept": "application/json", "origin": "http://testserver"})
    assert done.status_code == 403  # not an origin of this site (PARVIS_PUBLIC_URL)
    done = send(strict, lamps[0], said, headers={"accept": "application/json"})
    assert done.json()["number"] == Ticket.objects.get().number


def test_strangers_are_counted_there_too(strict: Client, lamps: tuple[Category, Question]) -> None:
    token = token_in(strict.get(form_url(lamps[0], framed=True)))
    codes = [
        send(strict, lamps[0], filled(lamps[1], token=token, description=f"Panne {number}")).status_code
        for number in range(11)
    ]
    assert codes == [302] * 10 + [429]


@pytest.mark.parametrize("wrong", ["made up", "old", "of another town"])
def test_a_receipts_address_is_good_for_an_hour_and_its_town(
    strict: Client, town: Town, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    ticket = make_ticket(town)
    url = door.Door(town, framed=True).done_url(ticket)
    assert strict.get(url).status_code == 200
    if wrong == "made up":
        url = url.replace(url.split("/")[-2], ticket.number)
    elif wrong == "old":
        monkeypatch.setattr(door, "RECEIPT_LIFE_S", -1)
    else:
        other = Town.objects.create(slug="ailleurs", name="Ailleurs")
        url = url.replace(f"/{town.slug}/", f"/{other.slug}/")
    assert strict.get(url).status_code == 404


def test_the_line_to_copy_names_the_town_and_the_script(strict: Client, settings: Settings, town: Town) -> None:
    html = unescape(strict.get(reverse("embedding", args=[town.slug])).content.decode())
    assert f'<script src="{settings.PUBLIC_URL}/integrer.js" data-commune="{town.slug}"' in html
    assert SITE in html
    settings.EMBED_ORIGINS = []
    assert "PARVIS_EMBED_ORIGINS" in strict.get(reverse("embedding", args=[town.slug])).content.decode()


def test_the_script_may_be_taken_by_any_site(strict: Client) -> None:
    answer = strict.get("/integrer.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in answer["Cache-Control"]
    assert b"cookie" not in answer.content.replace(b"no cookie is set", b"")
